"""The articles in use as plain values, read once and kept until the next edit, with their index.

Notes for staff are not in it: whatever is drawn from here may be shown to a citizen if
`is_public` says so.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import revisions
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.knowledge import rules
from app.knowledge.models import ARTICLES, Article, ArticleCategory, ArticleItem
from app.knowledge.rules import ArticleState, Index

MOST_SHOWN: Final = 50
NONE_SUCH: Final = mark("There is no such article, or it is no longer in use.")
_KEPT: Final = 4

_ARTICLES: Final = (
    select(
        Article.id,
        Article.code,
        Article.title,
        Article.title_en,
        Article.keywords,
        Article.answer,
        Article.answer_en,
        Article.basis,
        Article.is_public,
        Article.is_sample,
        Article.unit_id,
        Article.changed_at,
        Article.version,
        Article.initials,
        Article.pinyin,
    )
    .where(Article.state == ArticleState.IN_USE)
    .order_by(Article.code)
)
_CATEGORIES: Final = select(ArticleCategory.article_id, ArticleCategory.category_id).order_by(
    ArticleCategory.category_id
)
_ITEMS: Final = select(ArticleItem.article_id, ArticleItem.item_code).order_by(
    ArticleItem.item_code
)


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article in use as pages offer it; in a language nobody wrote it in, in Chinese."""

    id: int
    code: str
    title: str
    title_en: str
    answer: str
    answer_en: str
    basis: str
    is_public: bool
    is_sample: bool
    unit_id: int
    changed_at: datetime
    version: int
    category_ids: tuple[int, ...]
    item_codes: tuple[str, ...]

    def title_within(self, language: str) -> str:
        """The question in a language."""
        return (language == "en" and self.title_en) or self.title

    def answer_within(self, language: str) -> str:
        """The answer in a language."""
        return (language == "en" and self.answer_en) or self.answer


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """All articles in use, and what they are found by: for staff, and for everybody."""

    articles: Mapping[int, ArticleView]
    for_staff: Index
    for_all: Index


_shelves: Final[OrderedDict[str, Shelf]] = OrderedDict()
_lock: Final = Lock()


def shelf(session: Session) -> Shelf:
    """The articles in use as this transaction sees them."""
    token = revisions.token_of(session, ARTICLES)
    with _lock:
        kept = _shelves.get(token)
    if kept is None:
        kept = _read(session)
        if token:
            _keep(token, kept)
    return kept


def find_articles(
    session: Session, text: str, *, near: Collection[int] = (), limit: int = MOST_SHOWN
) -> list[ArticleView]:
    """What staff are offered for these words, best first; without words those of `near`."""
    kept = shelf(session)
    return [kept.articles[one] for one in rules.find(kept.for_staff, text, near=near, limit=limit)]


def find_public(session: Session, text: str, *, limit: int = MOST_SHOWN) -> list[ArticleView]:
    """What everybody is offered: no internal article is among it, whatever is typed."""
    kept = shelf(session)
    return [kept.articles[one] for one in rules.find(kept.for_all, text, limit=limit)]


def list_public(session: Session) -> list[ArticleView]:
    """All that everybody may read, by code."""
    return [one for one in shelf(session).articles.values() if one.is_public]


def get_public(session: Session, code: str) -> ArticleView:
    """One article everybody may read.

    Raises:
        NotFoundError: there is none, it is internal, a draft or withdrawn.
    """
    for one in shelf(session).articles.values():
        if one.code == code and one.is_public:
            return one
    raise NotFoundError(NONE_SUCH)


def public_of_item(session: Session, item_code: str) -> list[ArticleView]:
    """What everybody may read about one service item."""
    return [one for one in list_public(session) if item_code in one.item_codes]


def answers_in(session: Session, text: str) -> list[int]:
    """The articles whose answer stands in a text word for word."""
    return [
        one.id
        for one in shelf(session).articles.values()
        if one.answer in text or (one.answer_en and one.answer_en in text)
    ]


def _keep(token: str, kept: Shelf) -> None:
    with _lock:
        _shelves[token] = kept
        while len(_shelves) > _KEPT:
            _shelves.popitem(last=False)


def _read(session: Session) -> Shelf:
    categories, items = defaultdict[int, list[int]](list), defaultdict[int, list[str]](list)
    for row in rows(session, _CATEGORIES):
        categories[row.article_id].append(row.category_id)
    for row in rows(session, _ITEMS):
        items[row.article_id].append(row.item_code)
    articles: dict[int, ArticleView] = {}
    found: list[rules.Findable] = []
    for row in rows(session, _ARTICLES):
        articles[row.id] = ArticleView(
            id=row.id,
            code=row.code,
            title=row.title,
            title_en=row.title_en,
            answer=row.answer,
            answer_en=row.answer_en,
            basis=row.basis,
            is_public=row.is_public,
            is_sample=row.is_sample,
            unit_id=row.unit_id,
            changed_at=row.changed_at,
            version=row.version,
            category_ids=tuple(categories[row.id]),
            item_codes=tuple(items[row.id]),
        )
        found.append(
            rules.findable(
                row.id,
                row.code,
                title=f"{row.title} {row.title_en}",
                keywords=row.keywords,
                text=f"{row.answer} {row.answer_en}",
                initials=row.initials,
                pinyin=row.pinyin,
                categories=categories[row.id],
            )
        )
    return Shelf(articles, rules.index_of(found), rules.index_of(_public_of(articles, found)))


def _public_of(
    articles: Mapping[int, ArticleView], found: Sequence[rules.Findable]
) -> list[rules.Findable]:
    return [one for one in found if articles[one.id].is_public]

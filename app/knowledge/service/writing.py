"""Writing articles: added, changed, looked at again, put in use, withdrawn; each edit is kept.

An edit changes what is offered from now on; answers already given stay as they were given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Actor, Permission
from app.catalogue import queries as catalogue
from app.departments.models import Unit
from app.kernel import audit, pinyin
from app.kernel.authors import MACHINE
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.kernel.text import fold
from app.knowledge import queries
from app.knowledge.models import Article, ArticleCategory, ArticleItem, ArticleVersion
from app.knowledge.queries import Whole
from app.knowledge.rules import (
    MOST_ANSWER,
    MOST_KEYWORDS,
    MOST_NOTE,
    MOST_TITLE,
    ArticleState,
    is_reasonable,
)
from app.service_items import queries as items

_CODE_LENGTH: Final = 16
_TOO_LONG: Final = mark("This is too long.")
_CHANGED: Final = mark("Somebody else changed this article while you were writing.")


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """What is written about an article; `owner_id` None leaves it with the unit."""

    title: str
    answer: str
    unit_id: int
    review_on: date
    title_en: str = ""
    answer_en: str = ""
    keywords: str = ""
    notes: str = ""
    basis: str = ""
    is_public: bool = False
    owner_id: int | None = None
    category_ids: Sequence[int] = ()
    item_codes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """Who writes, when and why; the first filling has nobody. `today` is the hall's day."""

    now: datetime
    today: date
    actor: Actor | None = None
    note: str = ""


def may_edit(actor: Actor, article: Article, unit: Unit) -> bool:
    """Whether this person answers for the article, or looks after those of its unit."""
    return article.owner_id == actor.id or may_write_for(actor, unit)


def may_write_for(actor: Actor, unit: Unit) -> bool:
    """Whether this person looks after the articles of a unit."""
    return actor.covers(
        Permission.KNOWLEDGE_MANAGE,
        unit_id=unit.id,
        unit_path=unit.path,
        region_code=unit.region_code,
        handler_id=None,
    )


def add_article(session: Session, draft: ArticleDraft, *, edit: Edit) -> Article:
    """Write a new article; a draft until it is put in use.

    Raises:
        ForbiddenError, InvalidError: may not write for this unit; a field cannot be accepted.
    """
    unit = _check(session, draft, edit, kept=())
    _require_unit(edit, unit)
    article = Article(code=random_token()[:_CODE_LENGTH], state=ArticleState.DRAFT)
    _fill(article, draft, edit)
    session.add(article)
    session.flush()
    article.code = f"K{article.id:04d}"
    _link(session, article, draft)
    _keep_version(session, article, edit)
    return article


def change_article(
    session: Session, code: str, draft: ArticleDraft, *, seen: int, edit: Edit
) -> Article:
    """Write an article anew; what it said before stays in its history.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, InvalidError: there is none; not this
            person's; changed meanwhile; a field cannot be accepted.
    """
    whole = _for_edit(session, code, seen, edit)
    unit = _check(session, draft, edit, kept=whole.item_codes)
    if unit.id != whole.unit.id:
        _require_unit(edit, unit)
    article = whole.article
    if draft.review_on != article.review_on:
        article.told_on = None
    _fill(article, draft, edit)
    _link(session, article, draft)
    _keep_version(session, article, edit)
    return article


def set_state(
    session: Session, code: str, state: ArticleState, *, seen: int, edit: Edit
) -> Article:
    """Put an article in use, withdraw it, or take it back into work.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, InvalidError: as `change_article`; its
            day to be looked at has passed.
    """
    article = _for_edit(session, code, seen, edit).article
    if article.state is state:
        return article
    if state is ArticleState.IN_USE and not is_reasonable(article.review_on, today=edit.today):
        raise InvalidError(
            fields={"review_on": mark("Look at it first: its day to be looked at has passed.")}
        )
    article.state, article.changed_at = state, edit.now
    _keep_version(session, article, edit)
    return article


def confirm(session: Session, code: str, review_on: date, *, seen: int, edit: Edit) -> Article:
    """Somebody has looked: the article is still right, until another day.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, InvalidError: as `change_article`.
    """
    article = _for_edit(session, code, seen, edit).article
    if sentence := _wrong_day(review_on, edit.today):
        raise InvalidError(fields={"review_on": sentence})
    article.review_on, article.told_on = review_on, None
    _keep_version(session, article, edit)
    return article


def sounds_of(title: str, keywords: str) -> tuple[str, str]:
    """The initials and the readings an article is found by: one part for each name of it."""
    parts = [title, *keywords.replace("，", " ").replace("、", " ").split()]
    initials = ",".join(pinyin.initials(part) for part in parts)
    readings = ",".join(" ".join(_spoken(part)) for part in parts)
    return initials, readings


def _spoken(part: str) -> list[str]:
    found = ("".join(c for c in one if c.isalnum()) for one in pinyin.syllables(fold(part)))
    return [one for one in found if one]


def _for_edit(session: Session, code: str, seen: int, edit: Edit) -> Whole:
    whole = queries.get_whole(session, code)
    article = whole.article
    if edit.actor is not None and not may_edit(edit.actor, article, whole.unit):
        raise ForbiddenError(mark("This article is answered for by others."))
    if article.version != seen:
        raise ConflictError(
            _CHANGED,
            stored={mark("The question"): article.title, mark("The answer"): article.answer},
            fresh={"version": str(article.version)},
        )
    return whole


def _require_unit(edit: Edit, unit: Unit) -> None:
    if edit.actor is not None and not may_write_for(edit.actor, unit):
        raise ForbiddenError(mark("You do not look after the articles of this unit."))


def _check(session: Session, draft: ArticleDraft, edit: Edit, *, kept: Sequence[str]) -> Unit:
    new_items = set(draft.item_codes) - set(kept)  # one that ended meanwhile may stay
    wrong = {**_wrong_words(draft), **_wrong_links(session, draft, new_items, edit.today)}
    if len(edit.note) > MOST_NOTE:
        wrong["note"] = _TOO_LONG
    if sentence := _wrong_day(draft.review_on, edit.today):
        wrong["review_on"] = sentence
    unit = session.get(Unit, draft.unit_id)
    if unit is None:
        wrong["unit_id"] = mark("There is no such unit.")
    if draft.owner_id is not None and session.get(Staff, draft.owner_id) is None:
        wrong["charge_id"] = mark("There is no such person.")
    if wrong or unit is None:
        raise InvalidError(fields=wrong)
    return unit


def _wrong_words(draft: ArticleDraft) -> dict[str, str]:
    limits = {
        "title": MOST_TITLE,
        "title_en": 200,
        "keywords": MOST_KEYWORDS,
        "answer": MOST_ANSWER,
        "answer_en": 2 * MOST_ANSWER,
        "notes": MOST_ANSWER,
        "basis": 300,
    }
    wrong = {name: _TOO_LONG for name, most in limits.items() if len(getattr(draft, name)) > most}
    if not draft.title:
        wrong["title"] = mark("Write the question as people ask it.")
    if not draft.answer:
        wrong["answer"] = mark("Write the answer in plain words.")
    return wrong


def _wrong_links(
    session: Session, draft: ArticleDraft, new_items: set[str], today: date
) -> dict[str, str]:
    wrong = {}
    known = {entry.id for entry in catalogue.snapshot(session).categories.values()}
    if not known.issuperset(draft.category_ids):
        wrong["categories"] = mark("There is no such category.")
    offered = {entry.code for entry in items.list_in_force(session, day=today)}
    if not offered.issuperset(new_items):
        wrong["items"] = mark("There is no service item with one of these codes.")
    return wrong


def _wrong_day(day: date, today: date) -> str:
    if is_reasonable(day, today=today):
        return ""
    return mark("Choose a day after today, within two years.")


def _fill(article: Article, draft: ArticleDraft, edit: Edit) -> None:
    is_renamed = (article.title, article.keywords) != (draft.title, draft.keywords)
    for name in ("title", "title_en", "keywords", "answer", "answer_en", "notes", "basis"):
        setattr(article, name, getattr(draft, name))
    article.is_public, article.unit_id = draft.is_public, draft.unit_id
    article.owner_id, article.review_on = draft.owner_id, draft.review_on
    article.changed_at = edit.now
    if is_renamed:
        article.initials, article.pinyin = sounds_of(draft.title, draft.keywords)


def _link(session: Session, article: Article, draft: ArticleDraft) -> None:
    categories, codes = queries.links_of(session, article.id)
    for gone in set(categories) - set(draft.category_ids):
        session.delete(session.get_one(ArticleCategory, (article.id, gone)))
    for code in set(codes) - set(draft.item_codes):
        session.delete(session.get_one(ArticleItem, (article.id, code)))
    session.add_all(
        ArticleCategory(article_id=article.id, category_id=new)
        for new in sorted(set(draft.category_ids) - set(categories))
    )
    session.add_all(
        ArticleItem(article_id=article.id, item_code=new)
        for new in sorted(set(draft.item_codes) - set(codes))
    )


def _keep_version(session: Session, article: Article, edit: Edit) -> None:
    session.flush()
    last = select(func.max(ArticleVersion.number)).where(ArticleVersion.article_id == article.id)
    number = 1 + (session.scalar(last) or 0)
    author = edit.actor.author() if edit.actor else MACHINE
    session.add(
        ArticleVersion(
            article_id=article.id,
            number=number,
            content=content_of(session, article),
            at=edit.now,
            by=author.id,
            by_name=edit.actor.name if edit.actor else "",
            note=edit.note,
        )
    )
    audit.note(
        session,
        author,
        "knowledge.write",
        ("article", article.id),
        at=edit.now,
        reason=edit.note,
        details={"number": number},
    )
    session.flush()


def content_of(session: Session, article: Article) -> dict[str, Any]:
    """What an article says, as its history keeps it."""
    categories, codes = queries.links_of(session, article.id)
    owner = session.get(Staff, article.owner_id) if article.owner_id else None
    names = catalogue.snapshot(session).categories
    return {
        "title": article.title,
        "answer": article.answer,
        "notes": article.notes,
        "keywords": article.keywords,
        "basis": article.basis,
        "title_en": article.title_en,
        "answer_en": article.answer_en,
        "state": str(article.state),
        "is_public": article.is_public,
        "unit": session.get_one(Unit, article.unit_id).name,
        "owner": owner.display_name if owner else "",
        "review_on": article.review_on.isoformat(),
        "categories": [names[one].name.zh for one in categories if one in names],
        "items": list(codes),
    }

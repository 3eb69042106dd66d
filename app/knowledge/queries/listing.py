"""Lists of the knowledge base for staff: articles by state and owner, remarks, versions.

Every member of staff may read every article; nothing in them is about a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Row, false, func, or_, select, true
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Actor, Permission, Scope
from app.departments.models import Unit
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.paging import Order, Page, list_page
from app.knowledge.models import (
    Article,
    ArticleCategory,
    ArticleItem,
    ArticleRemark,
    ArticleVersion,
)
from app.knowledge.rules import ArticleState

Line: TypeAlias = Row[Any]

_NONE: Final = mark("There is no such article.")
_NO_REMARK: Final = mark("There is no such remark.")
_OPEN_REMARKS: Final = (
    select(func.count())
    .select_from(ArticleRemark)
    .where(ArticleRemark.article_id == Article.id, ArticleRemark.closed_at.is_(None))
    .scalar_subquery()
)
_LINES: Final = (
    select(
        Article.id,
        Article.code,
        Article.title,
        Article.title_en,
        Article.state,
        Article.is_public,
        Article.is_sample,
        Article.review_on,
        Article.used_count,
        Article.useful_count,
        Unit.name.label("unit"),
        Unit.name_en.label("unit_en"),
        Staff.display_name.label("owner"),
        _OPEN_REMARKS.label("remarks"),
    )
    .join(Unit, Unit.id == Article.unit_id)
    .outerjoin(Staff, Staff.id == Article.owner_id)
)
_BY_CODE: Final = Order.by(Article.code)
_BY_DAY: Final = Order.by(Article.review_on, Article.id)
_REMARKS: Final = (
    select(
        ArticleRemark.id,
        ArticleRemark.verdict,
        ArticleRemark.words,
        ArticleRemark.at,
        ArticleRemark.closed_at,
        ArticleRemark.end,
        ArticleRemark.staff_id,
        Article.code,
        Article.title,
        Article.title_en,
        Unit.name.label("unit"),
        Unit.name_en.label("unit_en"),
        Staff.display_name.label("owner"),
    )
    .join(Article, Article.id == ArticleRemark.article_id)
    .join(Unit, Unit.id == Article.unit_id)
    .outerjoin(Staff, Staff.id == Article.owner_id)
)
_OLDEST: Final = Order.by(ArticleRemark.id)
_NEWEST: Final = Order.by(ArticleRemark.id, descending=True)


@dataclass(frozen=True, slots=True)
class Whole:
    """One article with everything about it."""

    article: Article
    unit: Unit
    owner: str
    category_ids: tuple[int, ...]
    item_codes: tuple[str, ...]


def reach_of(actor: Actor) -> ColumnElement[bool]:
    """The articles this person answers for: their own, and those of the units they manage."""
    reached = [Article.owner_id == actor.id]
    for grant in actor.grants_for(Permission.KNOWLEDGE_MANAGE):
        match grant.scope:
            case Scope.ALL:
                reached.append(true())
            case Scope.REGION:
                reached.append(Unit.region_code.startswith(grant.region_code))
            case Scope.SUBTREE:
                reached.append(Unit.path.startswith(grant.unit_path))
            case _:
                reached.append(Unit.id == grant.unit_id)
    return or_(false(), *reached)


def list_articles(
    session: Session,
    *,
    states: Sequence[ArticleState],
    cursor: str | None = None,
    size: int = 50,
) -> Page[Line]:
    """Articles in these states, by code."""
    wanted = _LINES.where(Article.state.in_(states))
    return list_page(session, wanted, _BY_CODE, cursor=cursor, size=size)


def list_to_review(
    session: Session, actor: Actor, *, until: date, cursor: str | None = None, size: int = 50
) -> Page[Line]:
    """The actor's articles to be looked at by this day, the latest first."""
    due = _LINES.where(
        Article.state == ArticleState.IN_USE, Article.review_on <= until, reach_of(actor)
    )
    return list_page(session, due, _BY_DAY, cursor=cursor, size=size)


def list_remarks(
    session: Session, actor: Actor, *, is_open: bool, cursor: str | None = None, size: int = 30
) -> Page[Line]:
    """Remarks on what the actor answers for: the oldest that wait, or the newest that ended."""
    state = ArticleRemark.closed_at.is_(None) if is_open else ArticleRemark.closed_at.is_not(None)
    wanted = _REMARKS.where(state, reach_of(actor))
    return list_page(session, wanted, _OLDEST if is_open else _NEWEST, cursor=cursor, size=size)


def get_whole(session: Session, code: str) -> Whole:
    """One article in whatever state.

    Raises:
        NotFoundError: there is none.
    """
    wanted = (
        select(Article, Unit, Staff.display_name)
        .join(Unit, Unit.id == Article.unit_id)
        .outerjoin(Staff, Staff.id == Article.owner_id)
        .where(Article.code == code)
    )
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotFoundError(_NONE)
    article, unit, owner = found
    return Whole(article, unit, owner or "", *links_of(session, article.id))


def links_of(session: Session, article_id: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The categories and the items an article helps with."""
    categories = (
        select(ArticleCategory.category_id)
        .where(ArticleCategory.article_id == article_id)
        .order_by(ArticleCategory.category_id)
    )
    items = (
        select(ArticleItem.item_code)
        .where(ArticleItem.article_id == article_id)
        .order_by(ArticleItem.item_code)
    )
    return tuple(session.scalars(categories)), tuple(session.scalars(items))


def list_versions(session: Session, article_id: int) -> Sequence[ArticleVersion]:
    """Every version of an article, the newest first."""
    wanted = (
        select(ArticleVersion)
        .where(ArticleVersion.article_id == article_id)
        .order_by(ArticleVersion.number.desc())
    )
    return session.scalars(wanted).all()


def get_remark(
    session: Session, actor: Actor, remark_id: int
) -> tuple[ArticleRemark, Article, str, str]:
    """A remark, its article, and the names of who made and who closed it.

    Whoever made it may read it too.

    Raises:
        NotFoundError: there is none, or neither the article nor the remark is this person's.
    """
    theirs = or_(reach_of(actor), ArticleRemark.staff_id == actor.id)
    wanted = (
        select(ArticleRemark, Article)
        .join(Article, Article.id == ArticleRemark.article_id)
        .join(Unit, Unit.id == Article.unit_id)
        .where(ArticleRemark.id == remark_id, theirs)
    )
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotFoundError(_NO_REMARK)
    remark, article = found
    people = [one for one in (remark.staff_id, remark.closed_by) if one]
    named = select(Staff.id, Staff.display_name).where(Staff.id.in_(people))
    names = {row.id: row.display_name for row in session.execute(named)}
    return remark, article, names.get(remark.staff_id, ""), names.get(remark.closed_by, "")


def articles_to_tell_of(session: Session, *, until: date, after: int, size: int) -> list[Article]:
    """Articles in use whose day comes by then, in the order of their keys."""
    wanted = (
        select(Article)
        .where(Article.state == ArticleState.IN_USE, Article.review_on <= until, Article.id > after)
        .order_by(Article.id)
        .limit(size)
    )
    return list(session.scalars(wanted))


def owners_of(session: Session, unit_path: str) -> list[tuple[int, str]]:
    """Who could answer for articles of a unit: active people of it and of the units under it."""
    wanted = (
        select(Staff.id, Staff.display_name)
        .join(Unit, Unit.id == Staff.unit_id)
        .where(Staff.is_active, Unit.path.startswith(unit_path))
        .order_by(Staff.display_name, Staff.id)
        .limit(200)
    )
    return [(row.id, row.display_name) for row in session.execute(wanted)]

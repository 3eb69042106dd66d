"""Tables of the knowledge base: articles, their links and versions, what readers remark.

An answer is written for whoever asks; notes are for staff and never leave the house.
"""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column, object_session

from app.kernel import revisions
from app.kernel.db import BigInt, JsonDict, Key, Model, Ref
from app.knowledge.rules import ArticleState, RemarkEnd, Verdict

ARTICLES: Final = "articles"  # the name of the articles among the things processes keep
_OPEN = text("closed_at IS NULL")


class Article(Model):
    """A question with its answer, who answers for it, and until when it is believed.

    `initials` and `pinyin` are made from the title and the keywords when they are written.
    `useful_count` and `used_count` are counted up without a new version.
    """

    __tablename__ = "articles"
    __table_args__ = (Index("ix_articles_review", "state", "review_on"),)

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    keywords: Mapped[str] = mapped_column(String(200), default="")
    answer: Mapped[str] = mapped_column(Text)
    answer_en: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    basis: Mapped[str] = mapped_column(String(300), default="")
    initials: Mapped[str] = mapped_column(Text, default="")
    pinyin: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ArticleState]
    is_public: Mapped[bool] = mapped_column(default=False)
    is_sample: Mapped[bool] = mapped_column(default=False)
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("staff.id"), index=True, default=None
    )
    review_on: Mapped[date]
    told_on: Mapped[date | None] = mapped_column(default=None)
    changed_at: Mapped[datetime]
    useful_count: Mapped[int] = mapped_column(default=0)
    used_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class ArticleCategory(Model):
    """A category whose matters an article helps with."""

    __tablename__ = "article_categories"

    article_id: Mapped[int] = mapped_column(BigInt, ForeignKey("articles.id"), primary_key=True)
    category_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("categories.id"), primary_key=True, index=True
    )


class ArticleItem(Model):
    """A service item an article helps with; by its code, which outlives the item's versions."""

    __tablename__ = "article_items"

    article_id: Mapped[int] = mapped_column(BigInt, ForeignKey("articles.id"), primary_key=True)
    item_code: Mapped[str] = mapped_column(String(48), primary_key=True, index=True)


class ArticleVersion(Model):
    """What an article said from one edit on, who wrote it and why. Written once."""

    __tablename__ = "article_versions"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[Key]
    article_id: Mapped[Ref] = mapped_column(ForeignKey("articles.id"))
    number: Mapped[int]
    content: Mapped[JsonDict]
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(BigInt, default=None)
    by_name: Mapped[str] = mapped_column(String(80), default="")
    note: Mapped[str] = mapped_column(String(300), default="")


class ArticleRemark(Model):
    """A reader says that an article is wrong or unclear; open until its owner closes it.

    `words` are masked before they are kept; who wrote them is known only of staff.
    """

    __tablename__ = "article_remarks"
    __table_args__ = (
        Index("ix_article_remarks_open", "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_article_remarks_article", "article_id", "id"),
    )

    id: Mapped[Key]
    article_id: Mapped[Ref] = mapped_column(ForeignKey("articles.id"))
    seen_version: Mapped[int]
    verdict: Mapped[Verdict]
    words: Mapped[str] = mapped_column(String(500), default="")
    staff_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    end: Mapped[RemarkEnd | None] = mapped_column(default=None)
    end_note: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


@event.listens_for(Article, "after_insert")
@event.listens_for(Article, "after_update")
@event.listens_for(ArticleCategory, "after_insert")
@event.listens_for(ArticleCategory, "after_delete")
@event.listens_for(ArticleItem, "after_insert")
@event.listens_for(ArticleItem, "after_delete")
def _articles_changed(
    _: Mapper[Any], connection: Connection, row: Article | ArticleCategory | ArticleItem
) -> None:
    revisions.renew(connection, ARTICLES)
    if (session := object_session(row)) is not None:
        revisions.forget(session)

"""Tables of the catalogue: categories, directory, limits, reply texts and their history.

Running cases copy what they need from here; nothing here points at a case.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.calendars.rules import LimitUnit
from app.catalogue.rules import BasisLevel, CaseKind, ReplyPurpose, ReviewKind, Urgency
from app.kernel.db import BigInt, JsonDict, Key, Model, Ref, StringList


class RevisedType(StrEnum):
    """The things whose every edit is kept."""

    CATEGORY = "category"
    DISPATCH_RULE = "dispatch_rule"
    TIME_LIMIT = "time_limit"
    REPLY_TEXT = "reply_text"
    SETTING = "setting"
    REVIEW_ITEM = "review_item"


class Category(Model):
    """One entry of the tree citizens and clerks choose from."""

    __tablename__ = "categories"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    parent_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("categories.id"), index=True, default=None
    )
    level: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    hint: Mapped[str] = mapped_column(String(300), default="")
    hint_en: Mapped[str] = mapped_column(String(300), default="")
    initials: Mapped[str] = mapped_column(String(60), default="")
    pinyin: Mapped[str] = mapped_column(String(300), default="")
    kinds: Mapped[list[str]] = mapped_column(StringList, default=list)
    may_be_anonymous: Mapped[bool] = mapped_column(default=True)
    on_portal: Mapped[bool] = mapped_column(default=True)
    confidential: Mapped[bool] = mapped_column(default=False)
    default_urgency: Mapped[Urgency] = mapped_column(default=Urgency.NORMAL)
    proofs: Mapped[list[str]] = mapped_column(StringList, default=list, server_default="[]")
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class DispatchRule(Model):
    """One line of the dispatch directory (派单目录); the first that fits, wins."""

    __tablename__ = "dispatch_rules"

    id: Mapped[Key]
    position: Mapped[int] = mapped_column(index=True)
    category_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("categories.id"), index=True, default=None
    )
    region_code: Mapped[str] = mapped_column(String(12), default="")
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"), index=True)
    basis: Mapped[str] = mapped_column(String(300), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class TimeLimit(Model):
    """How long a step may take, for whom, from when, and on what ground.

    `profile` is "common" for rows that hold whichever profile is in force. A row
    without kind, category or urgency holds for all of them.
    """

    __tablename__ = "time_limits"
    __table_args__ = (Index("ix_time_limits_profile_clock", "profile", "clock_kind"),)

    id: Mapped[Key]
    profile: Mapped[str] = mapped_column(String(24))
    code: Mapped[str] = mapped_column(String(48))
    clock_kind: Mapped[str] = mapped_column(String(24))
    case_kind: Mapped[CaseKind | None] = mapped_column(default=None)
    category_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("categories.id"), index=True, default=None
    )
    urgency: Mapped[Urgency | None] = mapped_column(default=None)
    region_code: Mapped[str] = mapped_column(String(12), default="")
    unit: Mapped[LimitUnit]
    value: Mapped[int]
    minutes: Mapped[int] = mapped_column(default=0)
    close_of_business: Mapped[bool] = mapped_column(default=False)
    basis_text: Mapped[str] = mapped_column(String(300))
    basis_level: Mapped[BasisLevel]
    is_sample: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date | None] = mapped_column(default=None)
    valid_to: Mapped[date | None] = mapped_column(default=None)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class ReplyText(Model):
    """A text staff send again and again, with places such as {name} and {due}."""

    __tablename__ = "reply_texts"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(48), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(String(2000))
    purpose: Mapped[ReplyPurpose]
    unit_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("units.id"), index=True, default=None
    )
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class ReviewItem(Model):
    """A point of the checklist a reply is reviewed by, or wording that is marked in it."""

    __tablename__ = "review_items"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(48), unique=True)
    kind: Mapped[ReviewKind]
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)
    is_sample: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class Revision(Model):
    """One edit: what stood before, what stands after, who, when, why. Never changed."""

    __tablename__ = "catalogue_revisions"
    __table_args__ = (UniqueConstraint("object_type", "object_id", "number"),)

    id: Mapped[Key]
    object_type: Mapped[RevisedType]
    object_id: Mapped[Ref]
    number: Mapped[int]
    before: Mapped[JsonDict | None]
    after: Mapped[JsonDict | None]
    by: Mapped[int | None] = mapped_column(BigInt, default=None)
    by_name: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(300), default="")


class CatalogueSetting(Model):
    """A named choice of the catalogue: the active limit profile, the state of the caches."""

    __tablename__ = "catalogue_settings"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(48), unique=True)
    value: Mapped[dict[str, Any]] = mapped_column(StringList)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name

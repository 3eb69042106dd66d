"""Tables of segments: the name, each version of its conditions, each use with its purpose.

Versions and uses are written once; what somebody was told a list meant stays provable.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import BigInt, JsonDict, Key, Model, Ref
from app.segments.rules import UseKind


class Segment(Model):
    """A group of citizens by conditions, under a name staff gave it."""

    __tablename__ = "segments"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    created_by_id: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    retired_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class SegmentVersion(Model):
    """The conditions of a segment from one instant on, as JSON of `rules.Rule`."""

    __tablename__ = "segment_versions"
    __table_args__ = (UniqueConstraint("segment_id", "number"),)

    id: Mapped[Key]
    segment_id: Mapped[Ref] = mapped_column(ForeignKey("segments.id"))
    number: Mapped[int]
    rule: Mapped[JsonDict]
    made_at: Mapped[datetime]
    made_by_id: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))


class SegmentUse(Model):
    """One use: who, when, which version, what for, and how many people that was.

    个人信息保护法 art. 6: a clear purpose, and nothing beyond it. `count` is exact up
    to 1,000; an export counts its own rows.
    """

    __tablename__ = "segment_uses"
    __table_args__ = (Index("ix_segment_uses_version", "version_id", "id"),)

    id: Mapped[Key]
    version_id: Mapped[Ref] = mapped_column(ForeignKey("segment_versions.id"))
    staff_id: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    kind: Mapped[UseKind]
    purpose: Mapped[str] = mapped_column(String(200))
    count: Mapped[int]
    is_capped: Mapped[bool]
    export_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("exports.id"), default=None)

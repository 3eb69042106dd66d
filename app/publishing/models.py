"""Tables of what was released: one publication a repair, its updates and its photos.

Own copies of masked words: what is changed at the matter afterwards changes nothing here.
Only `queries` reads them for the public; nothing here knows who asked.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.kinds import Status
from app.kernel.db import BigInt, Key, Model, Ref

_RELEASED = text("revoked_at IS NULL")
# Where a matter stands inside the house; outside nothing has changed.
INSIDE = frozenset({Status.RETURNING, Status.ADJUDICATING, Status.WAITING_CITIZEN})


def _released_index(name: str, *columns: str) -> Index:
    return Index(name, *columns, postgresql_where=_RELEASED, sqlite_where=_RELEASED)


class Publication(Model):
    """One repair as the public reads it; `revoked_at` takes it from everybody at once.

    `changed_at` is the last public change, `published_at` of an update the moment from which
    others could read it. Where `is_coarse`, position and place are stored already coarse.
    """

    __tablename__ = "publications"
    __table_args__ = (
        _released_index("ix_publications_requested", "requested_at", "id"),
        _released_index("ix_publications_changed", "changed_at", "id"),
        _released_index("ix_publications_category", "category_id", "requested_at", "id"),
        _released_index("ix_publications_point", "lat", "lon"),
    )

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), unique=True)
    public_no: Mapped[str] = mapped_column(String(16), unique=True)
    category_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("categories.id"), default=None
    )
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    region_code: Mapped[str] = mapped_column(String(12), default="")
    title: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    lon: Mapped[Decimal | None] = mapped_column(Numeric(9, 6), default=None)
    lat: Mapped[Decimal | None] = mapped_column(Numeric(9, 6), default=None)
    is_coarse: Mapped[bool] = mapped_column(default=False)
    status: Mapped[Status]
    requested_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    expected_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    released_at: Mapped[datetime]
    released_by: Mapped[int | None] = mapped_column(BigInt, default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_by: Mapped[int | None] = mapped_column(BigInt, default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name

    def stand_as(self, status: Status) -> None:
        """Take the matter's state over; a state inside the house the public is not told of."""
        if status not in INSIDE:
            self.status = status


class PublishedUpdate(Model):
    """A state the repair took, or an answer a person released; the state is that after it."""

    __tablename__ = "published_updates"
    __table_args__ = (
        UniqueConstraint("publication_id", "event_id"),
        Index("ix_published_updates_at", "published_at", "id"),
    )

    id: Mapped[Key]
    publication_id: Mapped[Ref] = mapped_column(ForeignKey("publications.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("case_events.id"), index=True, default=None
    )
    status: Mapped[Status]
    words: Mapped[str] = mapped_column(Text, default="")
    happened_at: Mapped[datetime]
    published_at: Mapped[datetime]


class PublishedPhoto(Model):
    """A photo a person chose, as the public sees it: drawn anew where parts were hidden.

    `boxes` are the hidden parts as `rules.read_boxes` reads them, so that they can be set again.
    """

    __tablename__ = "published_photos"
    __table_args__ = (UniqueConstraint("publication_id", "attachment_id"),)

    id: Mapped[Key]
    publication_id: Mapped[Ref] = mapped_column(ForeignKey("publications.id"), index=True)
    attachment_id: Mapped[Ref] = mapped_column(ForeignKey("attachments.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    content_type: Mapped[str] = mapped_column(String(40))
    alt: Mapped[str] = mapped_column(String(200), default="")
    boxes: Mapped[str] = mapped_column(String(400), default="")

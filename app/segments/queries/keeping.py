"""Segments as they are kept: the list, one with its newest version, its versions and uses."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Staff
from app.accounts.rules import Actor
from app.exports.models import Export
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.segments.models import Segment, SegmentUse, SegmentVersion

Rows = Sequence[Row[*tuple[Any, ...]]]
MOST_LISTED: Final = 200
_SHOWN_USES: Final = 30
_newer: Final = aliased(SegmentVersion)
_last_use: Final = (
    select(func.max(SegmentUse.id))
    .join(SegmentVersion, SegmentVersion.id == SegmentUse.version_id)
    .where(SegmentVersion.segment_id == Segment.id)
    .scalar_subquery()
)
_NEWEST: Final = and_(
    SegmentVersion.segment_id == Segment.id,
    SegmentVersion.number
    == select(func.max(_newer.number)).where(_newer.segment_id == Segment.id).scalar_subquery(),
)
_LIST: Final = (
    select(
        Segment.id,
        Segment.name,
        SegmentVersion.rule,
        SegmentUse.at.label("used_at"),
        SegmentUse.count.label("people"),
        SegmentUse.is_capped,
    )
    .select_from(Segment)
    .join(SegmentVersion, _NEWEST)
    .outerjoin(SegmentUse, SegmentUse.id == _last_use)
    .where(Segment.retired_at.is_(None))
    .order_by(Segment.name, Segment.id)
    .limit(MOST_LISTED)
)
_VERSIONS: Final = (
    select(SegmentVersion.number, SegmentVersion.rule, SegmentVersion.made_at, Staff.display_name)
    .join(Staff, Staff.id == SegmentVersion.made_by_id)
    .where(SegmentVersion.segment_id == bindparam("segment_id"))
    .order_by(SegmentVersion.number.desc())
    .limit(_SHOWN_USES)
)
_USES: Final = (
    select(
        SegmentUse.id,
        SegmentUse.at,
        SegmentUse.kind,
        SegmentUse.purpose,
        SegmentUse.count.label("people"),
        SegmentUse.is_capped,
        SegmentVersion.number,
        Staff.display_name,
        Export.state.label("export_state"),
        Export.rows_done,
    )
    .join(SegmentVersion, SegmentVersion.id == SegmentUse.version_id)
    .join(Staff, Staff.id == SegmentUse.staff_id)
    .outerjoin(Export, Export.id == SegmentUse.export_id)
    .where(SegmentVersion.segment_id == bindparam("segment_id"))
    .order_by(SegmentUse.id.desc())
    .limit(_SHOWN_USES)
)


class Kept(NamedTuple):
    """A segment and the version that counts now."""

    segment: Segment
    version: SegmentVersion


def list_segments(session: Session) -> Rows:
    """Every segment in use by name, with its conditions and what its last use counted."""
    return rows(session, _LIST)


def get_segment(session: Session, segment_id: int) -> Kept:
    """One segment in use.

    Raises:
        NotFoundError: there is none, or it was removed.
    """
    wanted = (
        select(Segment, SegmentVersion)
        .join(SegmentVersion, _NEWEST)
        .where(Segment.id == segment_id, Segment.retired_at.is_(None))
    )
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotFoundError(mark("There is no such segment."))
    return Kept(*found)


def is_taken(session: Session, name: str) -> bool:
    """Whether a segment has this name."""
    return session.scalar(select(Segment.id).where(Segment.name == name)) is not None


def get_version(session: Session, version_id: int) -> SegmentVersion:
    """One version, as it was written."""
    return session.get_one(SegmentVersion, version_id)


def list_versions(session: Session, segment_id: int) -> Rows:
    """The last versions, newest first: number, rule, when, by whom."""
    return rows(session, _VERSIONS, segment_id=segment_id)


def list_uses(session: Session, segment_id: int) -> Rows:
    """The last uses, newest first."""
    return rows(session, _USES, segment_id=segment_id)


def get_use(
    session: Session, use_id: int, actor: Actor
) -> tuple[SegmentUse, SegmentVersion, Segment]:
    """A use of one's own, with what was used.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    wanted = (
        select(SegmentUse, SegmentVersion, Segment)
        .join(SegmentVersion, SegmentVersion.id == SegmentUse.version_id)
        .join(Segment, Segment.id == SegmentVersion.segment_id)
        .where(SegmentUse.id == use_id, SegmentUse.staff_id == actor.id)
    )
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotFoundError(mark("There is no such list, or somebody else opened it."))
    return found[0], found[1], found[2]

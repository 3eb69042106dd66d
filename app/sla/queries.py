"""Reads of the clocks: those of one subject, those that crossed a threshold, those to count anew.

Asks nothing about rights: whoever may see the subject may see its clocks.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.calendars.rules import LimitUnit
from app.kernel.db import rows
from app.sla.models import OPEN, Clock, ClockBreach, ClockExtension, ClockPause
from app.sla.rules import PROVISIONAL_GRACE, Change, ChangeKind, ClockKind, Subject, Threshold

# Built once: these are asked on every step of every case.
_OPEN_CLOCKS: Final = select(Clock).where(
    Clock.subject_type == bindparam("type"), Clock.subject_id == bindparam("id"), OPEN
)
_OPEN_CLOCK: Final = _OPEN_CLOCKS.where(Clock.kind == bindparam("kind"))


def find_open(session: Session, subject: Subject, kind: ClockKind) -> Clock | None:
    """The open clock of that kind, running or paused."""
    asked = {"type": subject.type, "id": subject.id, "kind": kind}
    return session.scalars(_OPEN_CLOCK, asked).one_or_none()


def open_clocks(session: Session, subject: Subject) -> dict[ClockKind, Clock]:
    """Every open clock of the subject, by kind."""
    asked = {"type": subject.type, "id": subject.id}
    return {clock.kind: clock for clock in session.scalars(_OPEN_CLOCKS, asked)}


_SHOWN: Final = select(
    Clock.kind,
    Clock.opened_at,
    Clock.running_since,
    Clock.due_at,
    Clock.warn_at,
    Clock.provisional,
    Clock.unit,
    Clock.basis_text,
    Clock.is_sample,
).where(Clock.subject_type == bindparam("type"), Clock.subject_id == bindparam("id"), OPEN)


def shown_clocks(session: Session, subject: Subject) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every open clock of the subject as a page shows it; one without `running_since` is paused."""
    return rows(session, _SHOWN, type=subject.type, id=subject.id)


def list_clocks(session: Session, subject: Subject) -> Sequence[Clock]:
    """Every clock of the subject, open and ended, in the order they began."""
    wanted = select(Clock).where(Clock.subject_type == subject.type, Clock.subject_id == subject.id)
    return session.scalars(wanted.order_by(Clock.opened_at, Clock.id)).all()


def last_round(session: Session, subject: Subject, kind: ClockKind) -> int:
    """The number of the latest round of that clock, 0 if there was none."""
    latest = select(func.max(Clock.round)).where(
        Clock.subject_type == subject.type, Clock.subject_id == subject.id, Clock.kind == kind
    )
    return session.scalar(latest) or 0


def changes_of(session: Session, clock_ids: Iterable[int]) -> Mapping[int, list[Change]]:
    """What happened to each of these clocks since it began; clocks without changes are absent."""
    ids = list(clock_ids)
    changes: dict[int, list[Change]] = {}
    for pause in session.scalars(select(ClockPause).where(ClockPause.clock_id.in_(ids))):
        own = changes.setdefault(pause.clock_id, [])
        own.append(Change(pause.from_at, ChangeKind.PAUSED))
        if pause.to_at is not None:
            own.append(Change(pause.to_at, ChangeKind.RESUMED))
    for more in session.scalars(select(ClockExtension).where(ClockExtension.clock_id.in_(ids))):
        own = changes.setdefault(more.clock_id, [])
        own.append(Change(more.at, ChangeKind.EXTENDED, more.amount))
    return changes


def crossed(
    session: Session, threshold: Threshold, *, now: datetime, limit: int
) -> Sequence[Clock]:
    """Running clocks past the threshold that nobody has written down yet, oldest first."""
    second = now.replace(microsecond=0)  # as `rules.is_late`
    asked = {"now": now, "second": second, "graced": second - PROVISIONAL_GRACE, "most": limit}
    return session.scalars(_CROSSED[threshold], asked).all()


def _crossed(
    threshold: Threshold, past: ColumnElement[bool], order: InstrumentedAttribute[datetime | None]
) -> Select[Clock]:
    noticed = (
        select(ClockBreach.id)
        .where(ClockBreach.clock_id == Clock.id, ClockBreach.threshold == threshold)
        .exists()
    )
    wanted = select(Clock).where(OPEN, past, ~noticed).order_by(order, Clock.id)
    return wanted.limit(bindparam("most"))


_IS_LATE: Final = and_(
    Clock.due_at < bindparam("second"),
    or_(~Clock.provisional, Clock.due_at < bindparam("graced")),
)
_CROSSED: Final = {
    Threshold.WARN: _crossed(Threshold.WARN, Clock.warn_at <= bindparam("now"), Clock.warn_at),
    Threshold.OVERDUE: _crossed(Threshold.OVERDUE, _IS_LATE, Clock.due_at),
}


def to_recompute(session: Session, *, after_id: int, limit: int) -> Sequence[Clock]:
    """Open clocks whose date hangs on a calendar, in the order of their ids."""
    wanted = select(Clock).where(OPEN, Clock.id > after_id, Clock.unit != LimitUnit.HOUR)
    return session.scalars(wanted.order_by(Clock.id).limit(limit)).all()


def count_provisional(session: Session) -> int:
    """How many open clocks reach into a year without a notice."""
    counted = select(func.count()).select_from(Clock).where(OPEN, Clock.provisional)
    return session.scalar(counted) or 0


def count_open(session: Session) -> int:
    """How many open clocks hang on a calendar."""
    counted = select(func.count()).select_from(Clock).where(OPEN, Clock.unit != LimitUnit.HOUR)
    return session.scalar(counted) or 0

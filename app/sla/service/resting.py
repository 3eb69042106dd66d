"""Lets the clocks of a matter rest while another matter counts for it, and gives them back.

A clock that rested comes back as if it had run on: no time is gained or lost (ADR 0014).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calendars.rules import LimitUnit
from app.kernel.writing import write_all
from app.sla import queries
from app.sla.events import ClockDid
from app.sla.models import Clock
from app.sla.rules import ClockKind, Subject
from app.sla.service.shared import changes_of, first_budget, replay, tell

_COPIED: Final = (
    "kind",
    "region_code",
    "unit_id",
    "unit",
    "close_of_business",
    "budget",
    "spent",
    "opened_at",
    "running_since",
    "due_at",
    "warn_at",
    "met_at",
    "cancelled_at",
    "provisional",
    "limit_code",
    "basis_text",
    "basis_level",
    "is_sample",
)


def rest(session: Session, subject: Subject, *, now: datetime) -> list[int]:
    """Let every open clock of the subject rest; returns their ids, for `go_on`."""
    clocks = list(queries.open_clocks(session, subject).values())
    for clock in clocks:
        clock.cancelled_at = now
        tell(session, clock, ClockDid.RESTED, now, clock.due_at)
    return [clock.id for clock in clocks]


def go_on(session: Session, clock_ids: Iterable[int], *, now: datetime) -> None:
    """Open clocks that rested again: each is due when it always was.

    Counted by the calendar as it is now, as clocks that ran meanwhile were.
    """
    wanted = select(Clock).where(Clock.id.in_(list(clock_ids)), Clock.met_at.is_(None))
    for clock in session.scalars(wanted):
        clock.cancelled_at = None
        if clock.unit is not LimitUnit.HOUR:
            changes = changes_of(session, clock)
            clock.read(replay(session, clock, first_budget(clock, changes), changes))
        tell(session, clock, ClockDid.RESUMED, now)


def copy_last(
    session: Session, subject: Subject, kind: ClockKind, to: Sequence[Subject]
) -> Clock | None:
    """Write the last clock of this kind, which has ended, down for other subjects too.

    For those whose own rested: each gets it as its own latest round. None if there is none.
    """
    own = select(Clock).where(
        Clock.subject_type == subject.type, Clock.subject_id == subject.id, Clock.kind == kind
    )
    clock = session.scalars(own.order_by(Clock.round.desc(), Clock.id.desc()).limit(1)).first()
    if clock is None or not to:
        return clock
    rounds = _last_rounds(session, to, kind)
    copied = {name: getattr(clock, name) for name in _COPIED}
    write_all(
        session,
        [
            Clock(
                subject_type=one.type,
                subject_id=one.id,
                round=rounds.get(one.id, 0) + 1,
                **copied,
            )
            for one in to
        ],
    )
    return clock


def _last_rounds(session: Session, to: Sequence[Subject], kind: ClockKind) -> Mapping[int, int]:
    wanted = (
        select(Clock.subject_id, func.max(Clock.round))
        .where(
            Clock.subject_type == to[0].type,
            Clock.subject_id.in_([one.id for one in to]),
            Clock.kind == kind,
        )
        .group_by(Clock.subject_id)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}

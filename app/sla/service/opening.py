"""Sets clocks going: under a limit of the catalogue, until a given date, or for another round.

One insert each, so that imports and the demo city can do it tens of thousands of times.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.calendars.rules import LimitUnit
from app.catalogue.rules import BasisLevel, ChosenLimit
from app.kernel.writing import write_all
from app.sla import queries, rules
from app.sla.events import ClockDid
from app.sla.models import Clock
from app.sla.rules import ClockKind, Subject, Terms
from app.sla.service.shared import calendar_of, tell

GIVEN_LIMIT: Final = "given"


def start(
    session: Session,
    subject: Subject,
    kind: ClockKind,
    limit: ChosenLimit,
    *,
    now: datetime,
    round_no: int = 1,
    region_code: str = "",
    unit_id: int | None = None,
) -> Clock:
    """Set a clock going at `now` under this limit: one insert, nothing is read back.

    `unit_id` is the unit whose hours count; `region_code` the region whose days count,
    that of the unit if left out. A second open clock of the kind is refused by the database.
    """
    clock = _clock(subject, kind, limit, now, round_no, region_code, unit_id)
    calendar = calendar_of(session, clock)
    clock.read(rules.started(calendar, clock.terms, limit.budget, now))
    return _begin(session, clock)


def start_all(
    session: Session,
    subject: Subject,
    limits: Mapping[ClockKind, ChosenLimit],
    *,
    now: datetime,
    region_code: str = "",
    unit_id: int | None = None,
) -> dict[ClockKind, Clock]:
    """As `start`, for the clocks a matter begins with: one insert for all of them.

    The clocks are to look at only; whoever changes one reads it from the database.
    """
    clocks: dict[ClockKind, Clock] = {}
    for kind, limit in limits.items():
        clock = _clock(subject, kind, limit, now, 1, region_code, unit_id)
        clock.read(rules.started(calendar_of(session, clock), clock.terms, limit.budget, now))
        clocks[kind] = clock
    write_all(session, list(clocks.values()))
    for clock in clocks.values():
        tell(session, clock, ClockDid.STARTED, now)
    return clocks


def start_until(
    session: Session,
    subject: Subject,
    kind: ClockKind,
    due_at: datetime,
    *,
    now: datetime,
    basis_text: str,
    round_no: int = 1,
    region_code: str = "",
    unit_id: int | None = None,
) -> Clock:
    """Set a clock going with a date somebody else gave, outside our rules of limits."""
    given = given_limit(basis_text, region_code)
    clock = _clock(subject, kind, given, now, round_no, region_code, unit_id)
    seconds = max(0, int((due_at - now).total_seconds()))
    clock.read(rules.started(calendar_of(session, clock), clock.terms, seconds, now))
    clock.due_at = due_at
    return _begin(session, clock)


def given_limit(basis_text: str, region_code: str = "") -> ChosenLimit:
    """What stands in a limit's place where somebody else gave the date."""
    return ChosenLimit(
        code=GIVEN_LIMIT,
        unit=LimitUnit.HOUR,
        value=0,
        close_of_business=False,
        basis_text=basis_text,
        basis_level=BasisLevel.SYSTEM,
        is_sample=False,
        region_code=region_code,
    )


def due_under(
    session: Session,
    limit: ChosenLimit,
    *,
    now: datetime,
    region_code: str = "",
    unit_id: int | None = None,
) -> datetime | None:
    """When this limit would end if it began now; for a window that is no duty and has no clock."""
    calendar = calendars.load(session, unit_id, region_code=region_code)
    terms = Terms(limit.unit, limit.close_of_business)
    return rules.started(calendar, terms, limit.budget, now).due_at


def new_round(
    session: Session,
    subject: Subject,
    kind: ClockKind,
    limit: ChosenLimit,
    *,
    now: datetime,
    region_code: str = "",
    unit_id: int | None = None,
) -> Clock:
    """Set a fresh clock going for work done again (重办).

    A clock of the kind that is still open goes on instead: sending work back before it
    was ever approved gives nobody more time.
    """
    if (still_open := queries.find_open(session, subject, kind)) is not None:
        return still_open
    number = queries.last_round(session, subject, kind) + 1
    return start(
        session,
        subject,
        kind,
        limit,
        now=now,
        round_no=number,
        region_code=region_code,
        unit_id=unit_id,
    )


def _clock(
    subject: Subject,
    kind: ClockKind,
    limit: ChosenLimit,
    now: datetime,
    round_no: int,
    region_code: str,
    unit_id: int | None,
) -> Clock:
    return Clock(
        subject_type=subject.type,
        subject_id=subject.id,
        kind=kind,
        round=round_no,
        region_code=region_code,
        unit_id=unit_id,
        unit=limit.unit,
        close_of_business=limit.close_of_business,
        opened_at=now,
        limit_code=limit.code,
        basis_text=limit.basis_text,
        basis_level=limit.basis_level,
        is_sample=limit.is_sample,
    )


def _begin(session: Session, clock: Clock) -> Clock:
    session.add(clock)
    tell(session, clock, ClockDid.STARTED, clock.opened_at)
    return clock

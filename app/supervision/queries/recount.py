"""Works every figure of the board out again from histories and clocks, one matter at a time.

Slow on purpose and independent of the columns the board reads: it is what proves
them (architecture §6). Looks only; what is found wrong is named, never mended.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.cases.kinds import FINAL, RATEABLE, Action, Status
from app.cases.models import Case, CaseEvent
from app.cases.queries.lists import Filter
from app.sla.models import Clock
from app.sla.rules import ClockKind, Lamp, Subject
from app.supervision.queries import (
    counting,
    recount_applications,
    recount_closing,
    recount_incidents,
    recount_repairs,
)
from app.supervision.queries.counting import Period
from app.supervision.rules import Tally

# What tells the citizen for the first time that somebody is there.
RESPONSES: Final = frozenset(
    {
        Action.CONTACT,
        Action.ASK_CITIZEN,
        Action.REPLY,
        Action.ANSWER_ON_SPOT,
        Action.IMPORT_REPLY,
        Action.SHARED_REPLY,
        Action.ARRIVE,  # a crew at the spot
        Action.NOTIFY_DEFECTS,
        Action.ADMIT,
        Action.DEEM_ADMITTED,
        Action.DECIDE_AT_ONCE,
        Action.NOT_ADMIT,
    }
)
_BATCH: Final = 500
_CASE: Final = Subject.case(0).type
_EVENTS: Final = select(CaseEvent.case_id, CaseEvent.at, CaseEvent.action, CaseEvent.to_status)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a matter's history and its clock say; named as the columns that repeat them."""

    opened_at: datetime | None
    first_response_at: datetime | None
    closed_at: datetime | None
    status: Status
    due_at: datetime | None
    on_time: bool | None


_NAMES: Final = tuple(part.name for part in fields(Facts))


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter worked out again, and what its columns hold."""

    stored: Row[*tuple[Any, ...]]
    facts: Facts
    light: Lamp


@dataclass(slots=True)
class Report:
    """How many matters were looked at, and one sentence for each thing that differs."""

    cases: int = 0
    wrong: list[str] = field(default_factory=list)


def check(session: Session, period: Period, *, now: datetime) -> Report:
    """Compare every column the board counts by, then every figure of the whole board."""
    report = Report()
    again: dict[int, Tally] = defaultdict(Tally)
    for matter in matters(session, now=now):
        report.cases += 1
        report.wrong += _differences(matter)
        _count(again[matter.stored.unit_id], matter, period)
    shown = counting.count_all(session, Filter(), period, now=now)
    for unit_id in sorted(again.keys() | shown.by_unit.keys()):
        report.wrong += _unlike(unit_id, shown.by_unit.get(unit_id, Tally()), again[unit_id])
    report.wrong += recount_incidents.check(session, period, now=now)
    report.wrong += recount_closing.check(session, period)
    report.wrong += recount_applications.check(session, period)
    report.wrong += recount_repairs.check(session, period)
    return report


def matters(session: Session, *, now: datetime) -> Iterator[Matter]:
    """Every matter worked out from its history and its clock, in batches."""
    last = 0
    columns = [getattr(Case, name) for name in ("id", "number", "unit_id", "master_id", *_NAMES)]
    while True:
        wanted = select(*columns).where(Case.id > last).order_by(Case.id).limit(_BATCH)
        stored = session.execute(wanted).all()
        if not stored:
            return
        last = stored[-1].id
        ids = [row.id for row in stored]
        led_by = {row.id: row.master_id for row in stored if row.status is Status.MERGED}
        events, clocks = _events(session, ids), _clocks(session, [*ids, *led_by.values()])
        for row in stored:
            # While it follows another, the clock of that one counts for it.
            clock = clocks.get(led_by.get(row.id, row.id))
            facts = facts_of(events.get(row.id, []), clock)
            yield Matter(row, facts, clock.lamp(now) if clock else Lamp.OK)


def facts_of(events: Sequence[Row[*tuple[Any, ...]]], clock: Clock | None) -> Facts:
    """What a history (in its order) and the last clock of the citizen's limit say."""
    status, closed_at = Status.SUBMITTED, None
    for event in events:
        if event.to_status is None:
            continue
        if event.to_status not in FINAL:
            closed_at = None
        elif closed_at is None:
            closed_at = event.at
        status = event.to_status
    responses = [event.at for event in events if event.action in RESPONSES]
    return Facts(
        opened_at=events[0].at if events else None,
        first_response_at=min(responses, default=None),
        closed_at=closed_at,
        status=status,
        due_at=clock.due_at if clock else None,
        on_time=clock.on_time if clock else None,
    )


def _events(session: Session, ids: Sequence[int]) -> Mapping[int, list[Row[*tuple[Any, ...]]]]:
    wanted = _EVENTS.where(CaseEvent.case_id.in_(ids)).order_by(CaseEvent.case_id, CaseEvent.seq)
    rows = session.execute(wanted)
    return {case_id: list(own) for case_id, own in groupby(rows, lambda row: row.case_id)}


def _clocks(session: Session, ids: Sequence[int]) -> Mapping[int, Clock]:
    # In order, so that the clock of the last round stands at the end.
    wanted = (
        select(Clock)
        .where(
            Clock.subject_type == _CASE,
            Clock.subject_id.in_(ids),
            Clock.kind == ClockKind.RESOLVE,
        )
        .order_by(Clock.round, Clock.id)
    )
    found = {clock.subject_id: clock for clock in session.scalars(wanted)}
    session.expunge_all()
    return found


def _differences(matter: Matter) -> Iterator[str]:
    for name in _NAMES:
        stored, told = getattr(matter.stored, name), getattr(matter.facts, name)
        if stored != told:
            yield f"{matter.stored.number}: {name} is {stored}, its history says {told}."


def _count(tally: Tally, matter: Matter, period: Period) -> None:
    facts, light = matter.facts, matter.light
    is_open = facts.closed_at is None
    is_led = matter.stored.master_id is not None
    tally.in_hand += is_open
    tally.matters += is_open and not is_led
    tally.new_matters += _within(facts.opened_at, period) and not is_led
    tally.ended_matters += _within(facts.closed_at, period) and not is_led
    tally.soon += is_open and light is Lamp.WARN
    tally.overdue += is_open and light is Lamp.BAD
    tally.paused += is_open and light is Lamp.PAUSED
    tally.opened += _within(facts.opened_at, period)
    tally.ended += _within(facts.closed_at, period)
    _count_verdict(tally, facts, period, is_missed=is_open and light is Lamp.BAD)
    if _within(facts.first_response_at, period):
        tally.responses = _with(tally.responses, facts.opened_at, facts.first_response_at)
    if _within(facts.closed_at, period) and facts.status in RATEABLE:
        tally.handlings = _with(tally.handlings, facts.opened_at, facts.closed_at)


def _count_verdict(tally: Tally, facts: Facts, period: Period, *, is_missed: bool) -> None:
    if _within(facts.due_at, period):
        tally.kept += facts.on_time is True
        tally.settled += facts.on_time is not None or is_missed


def _within(at: datetime | None, period: Period) -> bool:
    return at is not None and period.start <= at < period.end


def _with(
    times: dict[int, int] | None, start: datetime | None, end: datetime | None
) -> dict[int, int]:
    counted = dict(times or {})
    if start is not None and end is not None:
        taken = max(int(end.timestamp()) - int(start.timestamp()), 0)
        counted[taken] = counted.get(taken, 0) + 1
    return counted


def _unlike(unit_id: int, shown: Tally, again: Tally) -> Iterator[str]:
    for part in fields(Tally):
        one, other = getattr(shown, part.name) or 0, getattr(again, part.name) or 0
        if one != other:
            yield f"Unit {unit_id}: the board counts {part.name} {one}, its matters say {other}."

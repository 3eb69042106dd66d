"""Works out again, matter by matter from the histories, what the board of incidents counts.

Independent of the statements the board uses: it is what proves them. Looks only.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.cases.kinds import FINAL, AccessRole, Action
from app.cases.models import Case, CaseAccess, CaseEvent
from app.cases.queries.incidents import Incident, count_by_unit, count_in_all
from app.cases.queries.lists import Filter, conditions
from app.sla.rules import ClockKind
from app.supervision.queries.counting import Period

_BATCH: Final = 500
_BY_ACTION: Final = {what.action: what for what in Incident}
_ANSWERS: Final = frozenset({Action.ANSWER_URGE, Action.APPROVE_REPLY})
Found = dict[tuple[int | None, Incident], set[int]]
_Rows = Sequence[Row[*tuple[Any, ...]]]


def check(session: Session, period: Period, *, now: datetime) -> Iterator[str]:
    """One sentence for each figure or mark that its histories contradict."""
    again: Found = defaultdict(set)
    for case, events, accesses in _matters(session):
        yield from _marks(case, events)
        _gather(again, case.id, events, accesses, period)
    seen = conditions(Filter(is_open=None), now)
    start, end = period.start, period.end
    shown: dict[tuple[int | None, Incident], int] = {}
    for action, many, unit_id in count_by_unit(session, seen, start=start, end=end, units=None):
        shown[unit_id, _BY_ACTION[action]] = many
    for action, many in count_in_all(session, seen, start=start, end=end, units=None):
        shown[None, _BY_ACTION[action]] = many
    for key in sorted(again.keys() | shown.keys(), key=str):
        if shown.get(key, 0) != len(again[key]):
            unit_id, what = key
            yield f"Unit {unit_id}: {what} {shown.get(key, 0)}, its matters say {len(again[key])}."


def _matters(session: Session) -> Iterator[tuple[Row[*tuple[Any, ...]], _Rows, _Rows]]:
    last = 0
    while True:
        wanted = select(Case.id, Case.number, Case.urge_count, Case.urge_open_at)
        cases = session.execute(wanted.where(Case.id > last).order_by(Case.id).limit(_BATCH)).all()
        if not cases:
            return
        last, ids = cases[-1].id, [case.id for case in cases]
        event = CaseEvent
        lines = select(event.case_id, event.at, event.action, event.payload, event.to_status)
        events = _by_case(
            session.execute(lines.where(event.case_id.in_(ids)).order_by(event.case_id, event.seq))
        )
        periods = select(
            CaseAccess.case_id, CaseAccess.unit_id, CaseAccess.from_at, CaseAccess.to_at
        ).where(CaseAccess.case_id.in_(ids), CaseAccess.role == AccessRole.MAIN)
        accesses = _by_case(session.execute(periods))
        for case in cases:
            yield case, events.get(case.id, []), accesses.get(case.id, [])


def _by_case(found: Any) -> Mapping[int, list[Row[*tuple[Any, ...]]]]:  # noqa: ANN401  # a result of rows
    gathered: dict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in found:
        gathered[row.case_id].append(row)
    return gathered


def _gather(again: Found, case_id: int, events: _Rows, accesses: _Rows, period: Period) -> None:
    for event in events:
        what = _BY_ACTION.get(event.action)
        if what is None or not period.start <= event.at < period.end:
            continue
        if what is Incident.OVERDUE and event.payload.get("clock") != ClockKind.RESOLVE:
            continue
        again[None, what].add(case_id)
        for access in accesses:
            has_ended = access.to_at is not None and access.to_at <= event.at
            if access.from_at <= event.at and not has_ended:
                again[access.unit_id, what].add(case_id)


def _marks(case: Row[*tuple[Any, ...]], events: _Rows) -> Iterator[str]:
    """Whether an urge waits, and how many there were, as the history has it."""
    waits, many = None, 0
    for event in events:
        if event.action is Action.URGE:
            many += 1
            if not event.payload.get("quiet"):
                waits = waits or event.at
        elif event.action in _ANSWERS or event.to_status in FINAL:
            waits = None
    if waits != case.urge_open_at:
        yield f"{case.number}: an urge waits since {case.urge_open_at}, its history says {waits}."
    if many != case.urge_count:
        yield f"{case.number}: {case.urge_count} urges, its history says {many}."

"""Works the figures about repairs out again from their histories alone.

Independent of the columns the board counts by, which it proves. Looks only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from app.cases.kinds import MENDED, NOT_SET_OUT, Action, NotFiled
from app.cases.models import Case, CaseEvent
from app.cases.repair_models import Repair
from app.supervision.queries.counting import Period

_BATCH: Final = 500
_SENT: Final = frozenset({Action.DISPATCH, Action.COORDINATE, Action.REDISTRIBUTE, Action.RULE})
# Each of these says with its round that the work begins anew.
_AGAIN: Final = frozenset(
    {Action.REWORK, Action.DISPUTE, Action.OVERTURN, Action.REOPEN, Action.GRANT_REOPEN}
)


@dataclass(slots=True)
class _Told:
    """What a history says, or what the row holds; the same names for both."""

    filed_at: datetime | None = None
    not_filed: NotFiled | None = None
    dispatched_at: datetime | None = None
    is_territorial: bool = False
    on_site_at: datetime | None = None
    repaired_at: datetime | None = None
    checked_at: datetime | None = None
    rework_count: int = 0


_PARTS: Final = tuple(part.name for part in fields(_Told))
_COLUMNS: Final = tuple(getattr(Repair, name) for name in _PARTS)


def check(session: Session, period: Period) -> Iterator[str]:
    """One sentence for each thing about a repair its history contradicts.

    Looks at every repair that was in hand in the period.
    """
    last = 0
    while True:
        found = session.execute(
            select(Case.id, Case.number, *_COLUMNS)
            .join(Repair, Repair.case_id == Case.id)
            .where(
                Case.id > last,
                Case.opened_at < period.end,
                or_(Case.closed_at.is_(None), Case.closed_at >= period.start),
            )
            .order_by(Case.id)
            .limit(_BATCH)
        ).all()
        if not found:
            return
        last = found[-1].id
        yield from _compared(session, found)


def _compared(session: Session, found: Sequence[Row[*tuple[Any, ...]]]) -> Iterator[str]:
    told = _told(session, [row.id for row in found])
    for row in found:
        said = told.get(row.id, _Told())
        for name in _PARTS:
            one, other = getattr(row, name), getattr(said, name)
            if one != other:
                yield f"{row.number}: {name} is {one}, its history says {other}."


def _told(session: Session, ids: Sequence[int]) -> dict[int, _Told]:
    lines = session.execute(
        select(
            CaseEvent.case_id,
            CaseEvent.at,
            CaseEvent.action,
            CaseEvent.from_status,
            CaseEvent.to_status,
            CaseEvent.payload,
        )
        .where(CaseEvent.case_id.in_(ids))
        .order_by(CaseEvent.case_id, CaseEvent.seq)
    )
    found: dict[int, _Told] = {}
    for case_id, own in groupby(lines, lambda line: line.case_id):
        said = found[case_id] = _Told()
        for line in own:
            is_mended = line.from_status in MENDED
            _hear(said, line.action, line.at, line.payload, is_mended=is_mended)
            if line.to_status in NOT_SET_OUT:
                said.on_site_at = None
    return found


def _hear(
    said: _Told, action: Action, at: datetime, payload: dict[str, Any], *, is_mended: bool
) -> None:
    if action in _SENT:
        said.is_territorial = payload.get("territorial", False)
        if not is_mended:
            said.dispatched_at = at
    elif action in _AGAIN:
        said.rework_count += 1
        said.repaired_at = said.checked_at = None
    elif action is Action.NOT_FILE:
        said.not_filed = NotFiled(payload["reason"])
    elif action in _DATES:
        setattr(said, _DATES[action], at)


_DATES: Final = {
    Action.FILE: "filed_at",
    Action.ARRIVE: "on_site_at",
    Action.FIX: "repaired_at",
    Action.CHECK: "checked_at",
}

"""What happened that supervision counts: returns, rulings, limits passed, reworks, urges.

Read from the histories themselves, each under the unit that had the matter at that time.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.cases.kinds import AccessRole, Action
from app.cases.models import INCIDENTS, Case, CaseAccess, CaseEvent
from app.sla.rules import ClockKind


class Incident(StrEnum):
    """What a board counts; the value is the line of history it is read from."""

    RETURN = Action.REQUEST_RETURN.value
    RULING = Action.RULE.value
    OVERDUE = Action.BREACH.value  # of the citizen's limit alone
    REWORK = Action.REWORK.value
    URGE = Action.URGE.value
    SUPERVISED = Action.SUPERVISE.value

    @property
    def action(self) -> Action:
        """The line of history."""
        return Action(self.value)


# Whose the matter was: a ruling counts under the unit it names, which has it from that instant.
_HAD_IT: Final = and_(
    CaseAccess.case_id == CaseEvent.case_id,
    CaseAccess.role == AccessRole.MAIN,
    CaseAccess.from_at <= CaseEvent.at,
    or_(CaseAccess.to_at.is_(None), CaseAccess.to_at > CaseEvent.at),
)


def cases_where(
    what: Incident,
    *,
    start: datetime | None,
    end: datetime | None,
    unit_id: int | None = None,
    units: Select[int] | None = None,
) -> Select[int]:
    """The keys of the matters to which this happened between the instants, in these hands."""
    found = select(CaseEvent.case_id).where(*_when(start, end), _is(what))
    if unit_id is None and units is None:
        return found
    found = found.join(CaseAccess, _HAD_IT)
    if unit_id is not None:
        found = found.where(CaseAccess.unit_id == unit_id)
    return found if units is None else found.where(CaseAccess.unit_id.in_(units))


def count_by_unit(
    session: Session,
    seen: list[ColumnElement[bool]],
    *,
    start: datetime,
    end: datetime,
    units: Select[int] | None,
) -> list[Row[*tuple[Any, ...]]]:
    """How many matters each thing happened to, by unit: rows of unit, action, count.

    `seen` are the conditions on the matters themselves, as their list has them.
    """
    wanted = _counted(seen, start, end).join(CaseAccess, _HAD_IT)
    wanted = wanted.add_columns(CaseAccess.unit_id)
    if units is not None:
        wanted = wanted.where(CaseAccess.unit_id.in_(units))
    wanted = wanted.group_by(CaseAccess.unit_id, CaseEvent.action)
    return list(session.execute(wanted).all())


def count_in_all(
    session: Session,
    seen: list[ColumnElement[bool]],
    *,
    start: datetime,
    end: datetime,
    units: Select[int] | None,
) -> list[Row[*tuple[Any, ...]]]:
    """The same for all units together: a matter two units had counts once."""
    wanted = _counted(seen, start, end)
    if units is not None:
        wanted = wanted.join(CaseAccess, _HAD_IT).where(CaseAccess.unit_id.in_(units))
    return list(session.execute(wanted.group_by(CaseEvent.action)).all())


def _counted(
    seen: list[ColumnElement[bool]], start: datetime, end: datetime
) -> Select[*tuple[Any, ...]]:
    matters = func.count(CaseEvent.case_id.distinct()).label("matters")
    counted: Select[*tuple[Any, ...]] = select(CaseEvent.action, matters)
    return counted.join(Case, Case.id == CaseEvent.case_id).where(
        *_when(start, end), or_(*(_is(what) for what in Incident)), *seen
    )


def _when(start: datetime | None, end: datetime | None) -> list[ColumnElement[bool]]:
    found: list[Any] = [INCIDENTS]
    if start is not None:
        found.append(CaseEvent.at >= start)
    if end is not None:
        found.append(CaseEvent.at < end)
    return found


def _is(what: Incident) -> ColumnElement[bool]:
    named = CaseEvent.action == what.action
    if what is not Incident.OVERDUE:
        return named
    return and_(named, CaseEvent.payload["clock"].as_string() == str(ClockKind.RESOLVE))

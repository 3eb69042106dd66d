"""Says in whose hands a matter is: who has it, who is to take it over, who decides what is asked.

Reads only. The name behind an id in the history is looked up here too.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.kinds import Action, ApprovalKind
from app.cases.labels import label
from app.cases.models import Approval, Case
from app.cases.queries.history import Line, suspended_until
from app.cases.rules import Situation, staff
from app.cases.workflows import open_steps
from app.dispatching import queries
from app.kernel.messages import mark

_ASKS_FOR_TIME: Final = frozenset({ApprovalKind.EXTENSION, ApprovalKind.SUSPENSION})
_PEOPLE: Final = ("handing_to_id", "handler_id")
CALLED_OFF: Final[Mapping[str, str]] = {
    "leads": mark("called off by itself: the unit leads the matter now"),
    "ended": mark("called off by itself: the matter has ended"),
}


@dataclass(frozen=True, slots=True)
class Hands:
    """In whose hands the matter is, and what waits for whom."""

    handler: str
    next_person: str
    is_for_me: bool
    take_as: int | None  # the reader's own key, where one press takes the matter on
    decider: str
    decider_basis: str
    late_at: datetime | None
    suspended_until: date | None
    is_unit_ending: bool


def hands_of(
    session: Session,
    actor: Actor,
    case: Case,
    situation: Situation,
    pending: Approval | None,
    *,
    now: datetime,
) -> Hands:
    """Everything the page says about it."""
    names = queries.names_of(session, (case.handler_id, case.handing_to_id))
    is_late = pending is not None and pending.kind in _ASKS_FOR_TIME and _is_past(case, now)
    return Hands(
        handler=names.get(case.handler_id or 0, ""),
        next_person=names.get(case.handing_to_id or 0, ""),
        is_for_me=case.handing_to_id == actor.id,
        take_as=actor.id if _may_take(actor, case, situation, now) else None,
        decider=label(pending.level) if pending is not None and pending.level_basis else "",
        decider_basis=pending.level_basis if pending is not None else "",
        late_at=case.due_at if is_late else None,
        suspended_until=suspended_until(session, case),
        is_unit_ending=situation.is_unit_ending,
    )


def _is_past(case: Case, now: datetime) -> bool:
    return case.due_at is not None and case.due_at < now


def _may_take(actor: Actor, case: Case, situation: Situation, now: datetime) -> bool:
    steps = open_steps(case.kind, situation, staff(actor), now)
    return case.handler_id != actor.id and any(step.action is Action.ASSIGN for step in steps)


def people_in(session: Session, lines: Iterable[Line]) -> dict[int, str]:
    """The names behind the ids that lines of a history hold."""
    ids = [line.payload[name] for line in lines for name in _PEOPLE if name in line.payload]
    return queries.names_of(session, ids)


def given_to(line: Line, people: Mapping[int, str]) -> str:
    """To whom a line gave the matter, or whom it asked to take it over."""
    found = next((line.payload[name] for name in _PEOPLE if name in line.payload), None)
    return people.get(found or 0, "")


def said_of(line: Line, otherwise: Callable[[Line], str]) -> str:
    """What a line says beside its words: a decision after the limit, or why a task was ended."""
    if line.payload.get("after_limit"):
        return mark("decided after the limit had passed; that it had passed stays on record")
    return CALLED_OFF.get(str(line.payload.get("why", "")), "") or otherwise(line)

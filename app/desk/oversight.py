"""What stands on a matter's page from above it: urges that wait, supervision orders, reminding.

Reads only; whether the buttons do what they say is checked again when they are pressed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.kinds import FINAL, Action
from app.cases.labels import label
from app.cases.models import Case
from app.cases.queries.history import Line
from app.cases.rules import Situation, staff
from app.cases.service.urging import ANSWERS
from app.cases.workflows import open_steps
from app.desk.bulk import queries
from app.desk.bulk.rules import MACRO_ACTIONS
from app.supervision.labels import ACTS
from app.supervision.orderviews import LineView, lines_of_case
from app.supervision.rules.orders import Act


@dataclass(frozen=True, slots=True)
class Oversight:
    """What the page prints."""

    urged_since: datetime | None
    may_answer: bool
    may_remind: bool
    may_issue: bool
    orders: tuple[LineView, ...]
    macros: tuple[tuple[str, str], ...]


def oversight(
    session: Session,
    actor: Actor,
    case: Case,
    situation: Situation,
    *,
    english: bool,
    now: datetime,
) -> Oversight:
    """The matter as supervision sees it, for this person."""
    orders = lines_of_case(session, case, now=now, english=english)
    is_open = case.status not in FINAL
    supervises = is_open and _covers(actor, Permission.CASE_SUPERVISE, situation)
    is_handler = case.handler_id == actor.id
    able = {step.action for step in open_steps(case.kind, situation, staff(actor), now)}
    macros = queries.list_macros(session, actor) if able & set(MACRO_ACTIONS) else ()
    return Oversight(
        urged_since=case.urge_open_at,
        may_answer=case.urge_open_at is not None
        and any(_covers(actor, needs, situation) for needs in ANSWERS),
        may_remind=supervises and not is_handler,
        may_issue=supervises and not is_handler and all(one.lamp == "done" for one in orders),
        orders=orders,
        macros=tuple((str(row.id), row.name) for row in macros if row.action in able),
    )


def _covers(actor: Actor, needs: Permission, here: Situation) -> bool:
    return actor.covers(
        needs,
        unit_id=here.unit_id,
        unit_path=here.unit_path,
        region_code=here.region_code,
        handler_id=here.handler_id,
    )


def line_label(line: Line) -> str:
    """What a line of history is headed with; of an order it says which act."""
    if line.action is Action.SUPERVISION:
        did = line.payload.get("did", "")
        return ACTS[Act(did)] if did in set(Act) else label(line.action)
    return label(line.action)

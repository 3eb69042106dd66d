"""Says which steps are a reader's but not possible now, why, and who could take them instead.

Reads only; whether a step is possible the workflow's rules say.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.rules import Actor, Reach
from app.calendars import queries as calendars
from app.cases.labels import label
from app.cases.models import Case
from app.cases.rules import Situation, staff
from app.cases.rules.taking import rights_for, too_close
from app.cases.workflows import barred_steps, own_steps

_MOST_NAMED: Final = 3


def barred_of(
    case: Case, situation: Situation, actor: Actor, now: datetime
) -> list[tuple[str, list[str]]]:
    """What would be this reader's to do but is not possible: why, and which steps."""
    found = barred_steps(case.kind, situation, staff(actor), now)
    return [(why, [label(action) for action in actions]) for why, actions in found.items()]


def colleagues_of(
    session: Session, case: Case, situation: Situation, actor: Actor, now: datetime
) -> tuple[list[str], str]:
    """Which steps judge the reader's own work, and who takes them; nothing where none waits.

    The people of the unit come before those above it.
    """
    steps = own_steps(case.kind, situation, staff(actor), now)
    if not steps:
        return [], ""
    step, today = steps[0], calendars.load(session).statutory.local_date(now)
    reach = Reach(situation.unit_id, situation.unit_path, situation.region_code, None)
    found = accounts.list_who_may(
        session, rights_for(step, situation), reach, is_cleared=case.is_confidential, on=today
    )
    away = {*too_close(step, situation), *situation.recused, situation.accused_staff_id}
    names = [name for key, name in found if key not in away]
    return [label(one.action) for one in steps], "、".join(names[:_MOST_NAMED])

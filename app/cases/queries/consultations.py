"""How many questions people answered on the spot: for the day sheet and for who answers them.

Counts only; a matter that is confidential is counted like any other and named nowhere.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.cases.kinds import Action, Status
from app.cases.models import Case, CaseEvent
from app.catalogue.rules import CaseKind
from app.kernel.db import UtcDateTime, rows

_BY_PERSON: Final = (
    select(CaseEvent.actor_id, func.count().label("answered"))
    .join(Case, Case.id == CaseEvent.case_id)
    .where(
        Case.kind == CaseKind.CONSULTATION,
        Case.status == Status.ANSWERED,
        Case.closed_at >= bindparam("since", type_=UtcDateTime()),
        Case.closed_at < bindparam("until", type_=UtcDateTime()),
        CaseEvent.action == Action.ANSWER_ON_SPOT,
        CaseEvent.actor_id.in_(bindparam("people", expanding=True)),
    )
    .group_by(CaseEvent.actor_id)
)


def answered_on_the_spot(
    session: Session, people: Collection[int], *, since: datetime, until: datetime
) -> dict[int, int]:
    """Consultations each of these people answered on the spot; nobody who answered none."""
    found = rows(session, _BY_PERSON, people=list(people), since=since, until=until)
    return {row.actor_id: row.answered for row in found}

"""Lists of repairs: those of a crew, those a crew can take, the rows of the dispatch board.

Statements are built once; each list is one query, whatever its length.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, String, and_, bindparam, func, select
from sqlalchemy.orm import Session

from app.cases.kinds import AT_WORK, Status
from app.cases.models import Case
from app.catalogue.rules import CaseKind
from app.departments.models import Unit
from app.kernel.db import rows
from app.repairs.models import Repair
from app.repairs.queries.emergencies import FIRST

BOARD_COLUMNS: Final = (
    Case.id,
    Case.number,
    Case.title,
    Case.status,
    Case.urgency,
    Case.place,
    Case.region_code,
    Case.lon,
    Case.lat,
    Case.unit_id,
    Case.category_id,
    Case.category_name,
    Case.version,
    Case.round,
    Case.opened_at,
    Case.due_at,
    Case.warn_at,
    Case.is_paused,
    Case.is_provisional,
    Case.next_clock,
    Case.next_due_at,
    Case.next_warn_at,
    Case.sort_at,
    Repair.type_id,
    Repair.asset_id,
    Repair.is_danger,
    Repair.safety_due_at,
    Repair.safety_done_at,
    Repair.crew_id,
    Repair.contractor,
    Repair.needs_before,
    Repair.needs_after,
    Repair.on_way_at,
    Repair.on_site_at,
    Repair.is_territorial,
)
# What came from elsewhere has no row of its own until somebody takes a step.
_LIST: Final = select(*BOARD_COLUMNS).outerjoin(Repair, Repair.case_id == Case.id)
_WITH_CREW: Final = (Status.DISPATCHED, *sorted(AT_WORK))
_OPEN: Final = and_(Case.kind == CaseKind.REPAIR, Case.closed_at.is_(None))
_OF_CREW: Final = (
    _LIST.where(_OPEN, Repair.crew_id == bindparam("crew_id"), Case.status.in_(_WITH_CREW))
    .order_by(FIRST, Case.sort_at, Case.id)
    .limit(200)
)
_FREE: Final = (
    _LIST.join(Unit, Unit.id == Case.unit_id)
    .where(
        _OPEN,
        Repair.crew_id.is_(None),
        func.coalesce(Repair.contractor, "") == "",
        Case.is_confidential.is_(False),
        Case.status.in_((Status.DISPATCHED, Status.SIGNED)),
        bindparam("crew_path", type_=String).startswith(Unit.path),
    )
    .order_by(FIRST, Case.sort_at, Case.id)
    .limit(100)
)
_DONE_BY: Final = select(func.count().label("done")).where(
    Repair.crew_id == bindparam("crew_id"), Repair.repaired_at >= bindparam("since")
)
_FREE_ONE: Final = _FREE.where(Case.id == bindparam("case_id"))


def of_crew(session: Session, crew_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """What a crew has in hand (`BOARD_COLUMNS`), emergencies and then the most pressing first."""
    return rows(session, _OF_CREW, crew_id=crew_id)


def taken_by(session: Session, crew_id: int, since: datetime) -> int:
    """How many repairs of its day a crew has used up: in hand, and finished since then."""
    done = rows(session, _DONE_BY, crew_id=crew_id, since=since)[0].done
    return len(of_crew(session, crew_id)) + int(done)


def grabbable(session: Session, crew_path: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """What no crew has yet and lies with a unit the crew belongs to (抢单), emergencies first."""
    return rows(session, _FREE, crew_path=crew_path)


def find_free(session: Session, crew_path: str, case_id: int) -> Row[*tuple[Any, ...]] | None:
    """The same line for one of them; None where it is not free, or not for this crew."""
    return next(iter(rows(session, _FREE_ONE, crew_path=crew_path, case_id=case_id)), None)

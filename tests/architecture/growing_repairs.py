"""One more row about repairs and crews: open ones, ringing ones, crews with work, a pool."""

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Appointment, Staff
from app.accounts.rules import Role, Scope
from app.cases.kinds import Status
from app.cases.models import Case
from app.cases.repair_models import Repair
from app.catalogue.rules import CaseKind
from app.crews.models import CrewPool, CrewPresence, CrewProfile
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.facilities import queries as facilities
from app.facilities import service as facility_service
from app.repairs.models import StockItem
from tests.support.city import DISTRICT_CODE, WORKS, a_case
from tests.support.clock import MONDAY_9AM

_FIRST = 700


def shelf(session: Session, n: int) -> StockItem:
    """One more material on the shelf of the works."""
    item = StockItem(unit_id=WORKS, name=f"灯头 {n}", measure="只", on_hand=Decimal(n))
    session.add(item)
    return item


def crew(session: Session, n: int) -> int:
    """A crew of the works that mends lamps, with one repair in hand."""
    unit_id = _FIRST + n
    session.add(
        Unit(
            id=unit_id,
            code=f"NEW-{n}",
            name=f"新 {n} 班",
            kind=UnitKind.CREW,
            parent_id=WORKS,
            path=f"/1/3/{unit_id}/",
            region_code=DISTRICT_CODE,
        )
    )
    session.flush()
    session.add(
        CrewProfile(
            unit_id=unit_id,
            skills=["0120"],
            areas=[],
            week=["00:00-24:00"] * 7,
            capacity=8,
            changed_at=MONDAY_9AM,
        )
    )
    session.add(
        CrewPresence(unit_id=unit_id, seen_at=MONDAY_9AM, lon=83.0, lat=39.0, placed_at=MONDAY_9AM)
    )
    _repair(session, crew_id=unit_id)
    return unit_id


def board(session: Session, n: int) -> None:
    """One more crew, one more repair that waits for one, one more emergency."""
    crew(session, n)
    _repair(session)
    _repair(session, is_danger=True)


def pool(session: Session, n: int) -> None:
    """One more repair a crew may take; the first time the crew of whoever looks, too."""
    if n == 0:
        crew_id = crew(session, n)
        leader = session.scalars(select(Staff).where(Staff.username == Role.CREW.value)).one()
        session.add(CrewPool(unit_id=WORKS, may_grab=True))
        session.add(
            Appointment(
                staff_id=leader.id,
                role=Role.CREW,
                unit_id=crew_id,
                scope=Scope.UNIT,
                valid_from=MONDAY_9AM.date(),
                granted_at=MONDAY_9AM,
            )
        )
    _repair(session)


def in_hand(session: Session, n: int) -> None:
    """One more repair of the crew of whoever looks, where another crew has one too."""
    if n == 0:
        pool(session, n)
    _repair(session, crew_id=_FIRST)
    crew(session, n + 100)


def _repair(session: Session, *, crew_id: int | None = None, is_danger: bool = False) -> Case:
    if facilities.type_by_code(session, "0120") is None:
        facility_service.seed(session, now=MONDAY_9AM)
    kind = facilities.get_type_by_code(session, "0120")
    case = a_case(session, lon=Decimal("83.01"), lat=Decimal("39.05"))
    case.kind, case.status, case.unit_id = CaseKind.REPAIR, Status.DISPATCHED, WORKS
    session.add(Repair(case_id=case.id, type_id=kind.id, crew_id=crew_id, is_danger=is_danger))
    return case

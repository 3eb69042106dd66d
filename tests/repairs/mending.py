"""Makes repairs for tests, people who mend, photos and stock, and takes steps of a repair."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Appointment, Staff
from app.accounts.rules import Actor, Grant, Role, Scope
from app.cases import service as cases
from app.cases.kinds import Action, Channel, DoerKind
from app.cases.models import Attachment, Case
from app.cases.rules import NO_FACTS, Facts, StepInput
from app.cases.rules.repairing import NO_WORK, PhotoStage, Work
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.facilities import service as facilities
from app.facilities.models import Asset, FacilityType
from app.facilities.rules import AssetState
from app.kernel.vault import Vault
from app.repairs.models import StockItem
from app.repairs.service import NewRepair, open_repair
from app.sla.models import Clock
from app.sla.rules import ClockKind
from tests.support.city import DISTRICT_CODE, UNUSABLE, WORKS, City, Db, a_city
from tests.support.clock import MONDAY_9AM

LAMP: Final = "0120"
LEAK: Final = "live"  # a danger of lamp posts
_numbers: Final = count(1)


@dataclass(frozen=True)
class Works:
    """The town, its crews, and who inspects."""

    city: City
    inspector: Actor
    crews: tuple[Actor, ...]
    crew_ids: tuple[int, ...]
    lamp_id: int
    type_id: int

    def __getitem__(self, role: Role) -> Actor:
        return self.city[role]


def the_works(
    db: Db, *, crews: int = 2, password_hash: str = UNUSABLE, vault: Vault | None = None
) -> Works:
    """Found the town with that many crews under the works department."""
    city = a_city(db, password_hash=password_hash, vault=vault)
    with city.db.begin() as session:
        facilities.seed(session, now=MONDAY_9AM)
        units = [_crew_unit(session, number) for number in range(crews)]
        people = [
            _mender(session, unit, number, password_hash) for number, unit in enumerate(units)
        ]
        type_id = session.scalars(select(FacilityType.id).where(FacilityType.code == LAMP)).one()
        lamp = Asset(
            code="9901010120000001",
            type_id=type_id,
            place="样板路 12 号对面",
            region_code=DISTRICT_CODE,
            state=AssetState.IN_USE,
            changed_at=MONDAY_9AM,
        )
        session.add(lamp)
        session.flush()
        return Works(
            city,
            city[Role.INSPECTOR],
            tuple(people),
            tuple(unit.id for unit in units),
            lamp.id,
            type_id,
        )


def _crew_unit(session: Session, number: int) -> Unit:
    unit = Unit(
        id=40 + number,
        code=f"CREW-{number}",
        name=f"抢修 {number} 班",
        name_en=f"Crew {number}",
        kind=UnitKind.CREW,
        parent_id=WORKS,
        path=f"/1/3/{40 + number}/",
        region_code=DISTRICT_CODE,
    )
    session.add(unit)
    session.flush()
    return unit


def _mender(session: Session, unit: Unit, number: int, password_hash: str) -> Actor:
    staff = Staff(
        username=f"mender{number}",
        display_name=f"Mender {number}",
        password_hash=password_hash,
        unit_id=unit.id,
        must_change_password=False,
        password_changed_at=MONDAY_9AM,
        created_at=MONDAY_9AM,
    )
    session.add(staff)
    session.flush()
    session.add(
        Appointment(
            staff_id=staff.id,
            role=Role.CREW,
            unit_id=unit.id,
            scope=Scope.UNIT,
            valid_from=MONDAY_9AM.date(),
            granted_at=MONDAY_9AM,
        )
    )
    grant = Grant(Role.CREW, unit.id, unit.path, DISTRICT_CODE, Scope.UNIT)
    return Actor(
        staff.id, staff.username, staff.display_name, unit.id, unit.path, DISTRICT_CODE, (grant,)
    )


def a_repair(
    session: Session, works: Works, *, now: datetime = MONDAY_9AM, **given: object
) -> Case:
    """Open a repair through the real service; keyword arguments are those of `NewRepair`."""
    known: dict[str, object] = {
        "type_id": works.type_id,
        "body": "门口路灯连续三晚不亮，请尽快修复。",
        "channel": Channel.PORTAL,
        "place": "样板路 12 号对面",
        "region_code": DISTRICT_CODE,
        "is_anonymous": True,
    }
    return open_repair(session, NewRepair(**{**known, **given}), now=now)  # type: ignore[arg-type]  # keywords are checked by NewRepair itself


def a_photo(session: Session, *, at: datetime = MONDAY_9AM) -> int:
    """A picture stored beforehand, of no case yet."""
    file = Attachment(
        sha256=f"{next(_numbers):064d}",
        content_type="image/jpeg",
        size=1200,
        width=64,
        height=48,
        by_kind=DoerKind.STAFF,
        at=at,
    )
    session.add(file)
    session.flush()
    return file.id


def shots(session: Session, *stages: PhotoStage) -> tuple[tuple[PhotoStage, int], ...]:
    """A picture for each of these stages."""
    return tuple((stage, a_photo(session)) for stage in stages)


def step(
    session: Session,
    case: Case,
    action: Action,
    actor: Actor,
    *,
    at: datetime = MONDAY_9AM,
    note: str = "",
    text: str = "",
    facts: Facts = NO_FACTS,
    work: Work = NO_WORK,
) -> Case:
    given = StepInput(action, case.version, note=note, text=text, facts=facts, work=work)
    return cases.take_step_as_staff(session, case.id, given, actor=actor, now=at).case


def dispatched(session: Session, works: Works, case: Case, *, at: datetime = MONDAY_9AM) -> Case:
    """File it if nobody did, and send it to the works department."""
    if case.accepted_at is None:
        step(session, case, Action.FILE, works.inspector, at=at)
    return step(
        session, case, Action.DISPATCH, works[Role.DISPATCHER], at=at, facts=Facts(unit_id=WORKS)
    )


def on_site(
    session: Session, works: Works, case: Case, *, crew: int = 0, at: datetime = MONDAY_9AM
) -> Case:
    """Send it, give it to a crew, and let the crew arrive."""
    dispatched(session, works, case, at=at)
    mender, chosen = works.crews[crew], Facts(crew_id=works.crew_ids[crew])
    step(session, case, Action.ASSIGN_CREW, works[Role.DISPATCHER], at=at, facts=chosen)
    step(session, case, Action.SIGN, mender, at=at)
    step(session, case, Action.SET_OUT, mender, at=at)
    return step(session, case, Action.ARRIVE, mender, at=at)


def clock(session: Session, case: Case, kind: ClockKind) -> Clock | None:
    found = select(Clock).where(Clock.subject_id == case.id, Clock.kind == kind)
    return session.scalars(found.order_by(Clock.round.desc())).first()


def stocked(session: Session, on_hand: str = "5", *, unit_id: int = WORKS) -> StockItem:
    """Lamps on the shelf of the works department, or of another."""
    item = StockItem(
        unit_id=unit_id, name="LED 灯头 60W", measure="只", price=8800, on_hand=Decimal(on_hand)
    )
    session.add(item)
    session.flush()
    return item

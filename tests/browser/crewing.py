"""Repairs in the hands of the demo crew, at places a phone can find; photos as phones take them."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.kinds import Action, Channel
from app.cases.models import Case, CaseEvent
from app.cases.rules import Facts, StepInput
from app.cases.service import take_step_as_staff
from app.facilities.queries import get_type_by_code
from app.repairs import queries as repairs
from app.repairs.models import StockItem
from app.repairs.service import NewRepair, assign_crew, open_repair
from tests.browser.town import DISTRICT, Town

LAMP = "0120"
LIVE = "live"  # a danger of lamp posts
CREW, OTHER_CREW, UNIT = "LIGHT-1", "LIGHT-2", "LIGHT"


@dataclass(frozen=True)
class Job:
    """A repair of the crew as the phone knows it."""

    id: int
    number: str

    @property
    def card(self) -> str:
        return f"/crew/{self.number}"


def a_job(
    town: Town,
    place: str,
    *,
    crew: str | None = CREW,
    dangers: tuple[str, ...] = (),
    at: tuple[str, str] = ("110.100000", "30.100000"),
    ago: timedelta = timedelta(hours=1),
    is_only_reported: bool = False,
) -> Job:
    """Reported, filed, dispatched to the street lights, and given to a crew."""
    now = town.edge.now() - ago
    with town.writing() as session:
        kind = get_type_by_code(session, LAMP)
        new = NewRepair(
            type_id=kind.id,
            body="灯杆倾斜，灯罩掉了，联系电话 17900000077。",
            channel=Channel.PORTAL,
            place=place,
            region_code=DISTRICT,
            lon=Decimal(at[0]),
            lat=Decimal(at[1]),
            is_anonymous=True,
            dangers=dangers,
        )
        case = open_repair(session, new, now=now)
        if is_only_reported:
            return Job(case.id, case.number)
        if case.accepted_at is None:
            _step(session, town, case, Action.FILE, Role.INSPECTOR)
        unit = Facts(unit_id=town.staffing.units[UNIT])
        _step(session, town, case, Action.DISPATCH, Role.DISPATCHER, unit)
        if crew is not None:
            give(session, town, case, crew)
        return Job(case.id, case.number)


def give(session: Session, town: Town, case: Case, crew: str) -> None:
    """Into the hands of a crew, whoever has it now."""
    assign_crew(
        session,
        case.id,
        town.staffing.units[crew],
        seen_version=case.version,
        actor=town.actor(Role.DISPATCHER),
        now=town.edge.now(),
    )


def _step(
    session: Session, town: Town, case: Case, action: Action, role: Role, facts: Facts | None = None
) -> None:
    given = StepInput(action, case.version, facts=facts or Facts())
    take_step_as_staff(session, case.id, given, actor=town.actor(role), now=town.edge.now())


def some_lamps(town: Town) -> None:
    """Something on the shelf of the crew's unit."""
    with town.writing() as session:
        unit_id = town.staffing.units[UNIT]
        known = select(StockItem.id).where(StockItem.unit_id == unit_id, StockItem.name == "灯罩")
        if session.scalar(known) is None:
            item = StockItem(unit_id=unit_id, name="灯罩", measure="只", on_hand=Decimal(500))
            session.add(item)


def history(town: Town, job: Job) -> tuple[list[str], list[tuple[str, str]]]:
    """What happened to a repair at the spot, in order; its photos by what they show."""
    with town.edge.reading() as session:
        wanted = select(CaseEvent.action).where(CaseEvent.case_id == job.id)
        done = [str(action) for action in session.scalars(wanted.order_by(CaseEvent.seq))]
        photos = [(str(one.stage), one.sha256) for one in repairs.photos_of(session, job.id)]
    return done, photos


def a_snapshot(shade: int, *, size: tuple[int, int] = (2400, 1800)) -> bytes:
    """A photo as a phone takes it: large, turned by its notes, with time and place in them."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2026:11:20 08:30:00"
    exif.get_ifd(0x8769)[0x9011] = "+08:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (30.0, 6.0, 0.0), "E", (110.0, 6.0, 0.0)
    picture = Image.new("RGB", size, (shade, 120, 60))
    out = BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()

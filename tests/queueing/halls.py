"""A hall for tests: services A, B, C, counters, and clerks to sit at them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Appointment, Staff
from app.accounts.rules import Actor, Grant, Role, Scope
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.kernel.authors import MACHINE
from app.questions import service as questions
from app.questions.service import NewQuestion
from app.queueing import service
from app.queueing.booking_models import BookingRules
from app.queueing.models import QueueHall, Ticket
from app.queueing.queries import halls
from app.queueing.rules import Need, Source
from app.queueing.rules.booking import Terms
from app.queueing.service import NewTicket, booking, setup, terms
from app.queueing.service.booking import NewBooking
from app.queueing.service.contacts import Left
from app.queueing.service.setup import CounterDraft, HallRules, ServiceDraft
from tests.support.city import CENTRE, CITY_CODE, UNUSABLE, City, Db, a_city
from tests.support.clock import MONDAY_9AM

HALL = 5
CODE = "HALL"
LETTERS = {"A": "社会保障", "B": "户籍身份", "C": "综合咨询"}


@dataclass(frozen=True)
class Hall:
    """The hall, its services by letter, its counters by number, its clerks."""

    city: City
    services: dict[str, int] = field(default_factory=dict)
    counters: dict[int, int] = field(default_factory=dict)
    clerks: list[Actor] = field(default_factory=list)

    @property
    def db(self) -> Db:
        return self.city.db

    def sits(self, session: Session, clerk: int, counter: int, *, now: datetime) -> Actor:
        """A clerk signs on to a counter."""
        service.sign_on(session, self.clerks[clerk], self.counters[counter], now=now)
        return self.clerks[clerk]

    def take(
        self,
        session: Session,
        letter: str = "A",
        *,
        now: datetime = MONDAY_9AM,
        need: Need = Need.NONE,
        source: Source = Source.KIOSK,
        citizen_id: int | None = None,
    ) -> Ticket:
        """Somebody takes a number."""
        new = NewTicket(self.services[letter], source, need, citizen_id)
        return service.take(session, HALL, new, now=now)


def a_hall(
    db: Db,
    *,
    counters: int = 3,
    rules: HallRules | None = None,
    city: City | None = None,
    password_hash: str = UNUSABLE,
) -> Hall:
    """Found the town with its hall; every counter calls for every service."""
    hall = Hall(city or a_city(db, password_hash=password_hash))
    now = MONDAY_9AM - timedelta(days=1)
    with hall.db.begin() as session:
        session.add(
            Unit(
                id=HALL,
                code=CODE,
                name="政务服务大厅",
                name_en="Service Hall",
                kind=UnitKind.HALL,
                parent_id=1,
                path="/1/5/",
                region_code=CITY_CODE,
            )
        )
        session.flush()
        setup.set_up(session, HALL, rules or HallRules(), version=0, by=MACHINE, now=now)
        for letter, name in LETTERS.items():
            draft = ServiceDraft(letter, name, name_en=f"Service {letter}", minutes=6)
            hall.services[letter] = setup.add_service(session, HALL, draft, by=MACHINE, now=now).id
        every = frozenset(hall.services.values())
        for number in range(1, counters + 1):
            made = CounterDraft(number, every)
            hall.counters[number] = setup.add_counter(session, HALL, made, by=MACHINE, now=now).id
            hall.clerks.append(_clerk(session, number, now, password_hash))
    return hall


def _clerk(session: Session, number: int, now: datetime, password_hash: str) -> Actor:
    staff = Staff(
        username=f"window{number}",
        display_name=f"窗口员{number}",
        password_hash=password_hash,
        unit_id=HALL,
        must_change_password=False,
        password_changed_at=now,
        created_at=now,
    )
    session.add(staff)
    session.flush()
    session.add(
        Appointment(
            staff_id=staff.id,
            role=Role.CLERK,
            unit_id=HALL,
            scope=Scope.UNIT,
            valid_from=now.date(),
            granted_at=now,
        )
    )
    grant = Grant(Role.CLERK, HALL, "/1/5/", CITY_CODE, Scope.UNIT)
    return Actor(staff.id, staff.username, staff.display_name, HALL, "/1/5/", CITY_CODE, (grant,))


def a_waiting_visitor(session: Session, _n: int) -> None:
    """One more who waits in a hall of the centre, where the clerk sits at counter 1."""
    now = MONDAY_9AM
    if session.get(QueueHall, CENTRE) is None:
        setup.set_up(session, CENTRE, HallRules(), version=0, by=MACHINE, now=now)
        draft = ServiceDraft("A", "综合")
        offered = setup.add_service(session, CENTRE, draft, by=MACHINE, now=now).id
        made = CounterDraft(1, frozenset({offered}))
        counter = setup.add_counter(session, CENTRE, made, by=MACHINE, now=now)
        counter.staff_id = session.scalars(
            select(Staff.id).where(Staff.username == Role.CLERK.value)
        ).one()
        counter.signed_on_at = now
    (offered,) = (one.id for one in halls.services_of(session, CENTRE))
    service.take(session, CENTRE, NewTicket(offered, Source.KIOSK), now=now)


def a_booking(session: Session, n: int) -> None:
    """One more booking of the day in the hall of the centre."""
    a_waiting_visitor(session, n)
    (offered,) = (one.id for one in halls.services_of(session, CENTRE))
    if session.get(BookingRules, CENTRE) is None:
        terms.set_terms(session, CENTRE, Terms(), version=0, by=MACHINE, now=MONDAY_9AM)
        terms.set_plans(session, CENTRE, {offered: (30, 500)}, by=MACHINE, now=MONDAY_9AM)
    new = NewBooking(offered, MONDAY_9AM + timedelta(hours=1), Source.DESK)
    left = Left(f"1790001{n:04d}")
    booking.book(session, CENTRE, new, left, now=MONDAY_9AM)


def an_open_question(session: Session, n: int) -> None:
    """One more question the clerk of the centre was asked first and still owns."""
    clerk = session.scalars(select(Staff).where(Staff.username == Role.CLERK.value)).one()
    grant = Grant(Role.CLERK, CENTRE, "/", CITY_CODE, Scope.ALL)
    actor = Actor(clerk.id, clerk.username, "", CENTRE, "/", CITY_CODE, (grant,))
    questions.ask(session, actor, NewQuestion(f"第 {n} 个问题"), None, now=MONDAY_9AM)

"""Visits of the demo city beside its numbers: booked times, ratings, questions handed on, 办不成事.

Played through the real services within the last days; few dozen rows, people made up.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.cases.kinds import Action, Channel
from app.cases.rules import CITIZEN, StepInput, staff
from app.cases.service import take_step
from app.citizens.service import Person
from app.complaints.service.stuck import NewStuck, open_stuck
from app.demo.notified import count_as_told
from app.demo.people import Staffing
from app.desk.shift import service as shift
from app.kernel.authors import MACHINE
from app.questions import service as questions
from app.questions.service import NewQuestion, Target
from app.queueing import service as queue
from app.queueing.models import Ticket
from app.queueing.queries import halls
from app.queueing.rules import Source, TicketState
from app.queueing.rules.booking import Terms
from app.queueing.service import booking, rating, telling, terms
from app.queueing.service.booking import NewBooking
from app.queueing.service.contacts import Left
from app.queueing.service.floor import local_day

_HALL: Final = "HALL"
_PLANS: Final = ((30, 6), (30, 4), (60, 3), (30, 4))
_BOOKED: Final = 12
_TODAY: Final = slice(0, 1)
_NEXT: Final = slice(0, 3)
_PHONE: Final = "17900009{:03d}"
_LEVELS: Final = (5, 5, 5, 5, 4, 4, 4, 3, 5, 2, 5, 4)
_ASKED: Final = (
    ("退休金换发放银行在哪个窗口办？", "RSJ"),
    ("孩子转学要不要先来大厅开证明？", "JYJ"),
    ("门面房的排污许可找谁问？", "HBJ"),
    ("临时占道的手续在几号窗口？", "CGJ"),
)
_STUCK: Final = (
    ("为给父亲办老年优待证来了三次，每次都说系统不通，让回去等，一直没有办成。", "RSJ"),
    ("不动产加名字跑了两趟，第一次说缺婚姻证明，第二次又说要另一份材料，没有一次讲清。", "HALL"),
    ("开药店的材料交上去二十天没有人答复，打电话互相推。", "SCJ"),
)


def found(session: Session, staffing: Staffing, *, now: datetime, dice: Random) -> None:
    """Let the hall take bookings, and let a few of each thing happen."""
    hall_id = staffing.units[_HALL]
    _book(session, hall_id, now, dice)
    _rate(session, hall_id, now)
    _ask(session, staffing, now)
    _stick(session, staffing, now)
    _leave(session, staffing, now)


def _leave(session: Session, staffing: Staffing, now: datetime) -> None:
    """One clerk has gone home; who sits beside them took over what was open."""
    stays, leaves = staffing.by_role[Role.CLERK][:2]
    before = now - timedelta(minutes=20)
    where = queue.where_of(session, leaves, now=now)
    if where is None:
        return
    if where[1] is not None:
        queue.finish(session, leaves, where[1].id, now=now)
    left = shift.Leaving(stays.id, "一位老人下午回来补身份证复印件，请留意。")
    made = shift.hand_over(session, leaves, left, now=before if where[1] is None else now)
    shift.accept(session, stays, made.id, now=now)


def _book(session: Session, hall_id: int, now: datetime, dice: Random) -> None:
    terms.set_terms(session, hall_id, Terms(), version=0, by=MACHINE, now=now)
    services = [one.id for one in halls.services_of(session, hall_id)]
    plans = dict(zip(services, _PLANS, strict=True))
    terms.set_plans(session, hall_id, plans, by=MACHINE, now=now)
    # Those of the days before stayed away, but for one who cancelled.
    made = _some(session, hall_id, services, dice, first=0, now=now - timedelta(days=6))
    if made:
        booking.cancel(session, made[0], now=now - timedelta(days=6))
    _some(session, hall_id, services, dice, first=_BOOKED, now=now)
    _some(session, hall_id, services, dice, first=2 * _BOOKED, now=now, days=_TODAY)
    count_as_told(session, telling.SUBJECT, now=now)


def _some(
    session: Session,
    hall_id: int,
    services: Sequence[int],
    dice: Random,
    *,
    first: int,
    now: datetime,
    days: slice = _NEXT,
) -> list[int]:
    """A dozen people book on some of the days that can be booked then."""
    chosen = booking.days_of(session, hall_id, now=now)[days]
    made = []
    for n in range(first, first + _BOOKED):
        service_id = dice.choice(services)
        free = booking.free_on(session, hall_id, service_id, chosen, now=now)
        windows = [one.starts_at for some in free.values() for one in some if one.left]
        if windows:
            new = NewBooking(service_id, dice.choice(windows), Source.PHONE)
            left = Left(_PHONE.format(n), "预约示例")
            made.append(booking.book(session, hall_id, new, left, now=now).id)
    return made


def _rate(session: Session, hall_id: int, now: datetime) -> None:
    wanted = select(Ticket).where(
        Ticket.hall_id == hall_id,
        Ticket.day == local_day(session, hall_id, now),
        Ticket.state == TicketState.DONE,
    )
    done = session.scalars(wanted.order_by(Ticket.id))
    for ticket, level in zip(islice(done.all(), len(_LEVELS)), _LEVELS, strict=False):
        rating.rate(session, ticket, level, now=now)


def _ask(session: Session, staffing: Staffing, now: datetime) -> None:
    """One answered, one accepted, one refused, one that waits too long."""
    clerks = staffing.by_role[Role.CLERK]
    asked = []
    for n, (words, unit) in enumerate(_ASKED):
        at = now - timedelta(hours=3 - n * 0.5)
        clerk = clerks[0 if n % 2 else n % len(clerks)]
        to = Target(unit_id=staffing.units[unit])
        asked.append(questions.ask(session, clerk, NewQuestion(words), to, now=at))
    takers = [_worker(staffing, unit) for _, unit in _ASKED]
    soon = now - timedelta(hours=1)
    for question, taker in list(zip(asked, takers, strict=True))[:2]:
        questions.accept(session, question, taker, now=soon)
    questions.answer(
        session, asked[0], takers[0], "到大厅社会保障窗口办理，带身份证和新银行卡。", now=now
    )
    questions.refuse(session, asked[2], takers[2], "不属于本单位，建议问审批窗口。", now=soon)
    questions.remind(session, now=now)


def _worker(staffing: Staffing, unit: str) -> Actor:
    unit_id = staffing.units[unit]
    found = staffing.handler_of(unit_id)
    return found or staffing.by_role[Role.HANDLER][0]


def _stick(session: Session, staffing: Staffing, now: datetime) -> None:
    clerk, made = staffing.by_role[Role.CLERK][0], []
    for n, (words, unit) in enumerate(_STUCK):
        person = Person(name="张示例", phone=_PHONE.format(900 + n)) if n else None
        new = NewStuck(
            words,
            Channel.WINDOW if n else Channel.PORTAL,
            unit_id=staffing.units[unit],
            person=person,
        )
        at = now - timedelta(days=n, hours=2)
        doer = staff(clerk) if n else CITIZEN
        made.append(open_stuck(session, new, doer=doer, now=at))
    words = "已请两家单位当面会商，由市场监管部门一次受理。"
    given = StepInput(Action.ANSWER_ON_SPOT, made[-1].version, text=words)
    take_step(session, made[-1], given, doer=staff(clerk), now=now - timedelta(days=1))

"""Parties of the demo city in full: firms and who acts for them, documents, care, notes, and looks.

Goes through the services a page would call. Numbers have a region that does not exist.
"""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.calendars import queries as calendars
from app.citizens.models import Citizen
from app.citizens.rules import ContactKind, Ground, MarkKind, PartyKind, Visibility
from app.citizens.rules.access import AccessField
from app.citizens.rules.identity import check_sign, organisation_check_sign
from app.citizens.service import notes, representing, revealing, tags
from app.citizens.service.contacts import GivenContact
from app.citizens.service.enrolling import NewParty, enrol
from app.citizens.service.identities import GivenIdentity
from app.citizens.service.marks import GivenMark
from app.citizens.service.representing import GivenRepresentation
from app.citizens.service.revealing import Ask
from app.demo import queries
from app.demo.people import Staffing

_IP: Final = "192.0.2.10"
_FIRMS: Final = ("示例样板餐饮有限公司", "虚拟市政养护有限公司", "模拟物业服务中心")
# Name, year of birth, sequence, care, note.
_PEOPLE: Final[tuple[tuple[str, int, int, MarkKind | None, str], ...]] = (
    ("林样本", 1948, 11, MarkKind.DISABLED, "听力弱，请面对面慢讲。"),
    ("阿卜杜拉·示例", 1979, 12, MarkKind.LANGUAGE, "办理前约好维吾尔语翻译。"),
    ("单示例", 1986, 13, None, ""),
    ("欧阳样板", 1955, 14, None, "上午来，下午要接孩子。"),
    ("王虚拟", 1993, 15, MarkKind.PREGNANT, ""),
    ("李模拟", 1968, 16, MarkKind.VETERAN, ""),
)
_READING: Final = {"单示例": "shan shili"}


def enrol_some(session: Session, staffing: Staffing, *, now: datetime) -> None:
    """Six people and three firms registered at the window, and a month of looks at citizens."""
    clerk = staffing.by_role[Role.CLERK][0]
    at = now - timedelta(days=21)
    people = [_person(session, each, clerk, at) for each in _PEOPLE]
    firms = [_firm(session, name, number, clerk, at) for number, name in enumerate(_FIRMS, start=1)]
    for agent, firm, ground in zip(
        people,
        firms,
        (Ground.AGENT, Ground.LEGAL_REPRESENTATIVE, Ground.CONTACT_PERSON),
        strict=False,
    ):
        given = GivenRepresentation(ground, at.date(), date(at.year + 2, 6, 30), "委托书原件")
        representing.represent(session, agent, firm, given, by_id=clerk.id, now=at)
    guardian = GivenRepresentation(Ground.GUARDIAN, at.date(), None, "户口簿")
    representing.represent(session, people[5], people[0], guardian, by_id=clerk.id, now=at)
    _look(session, staffing, now=now)


def _person(
    session: Session,
    told: tuple[str, int, int, MarkKind | None, str],
    clerk: Actor,
    at: datetime,
) -> Citizen:
    name, year, sequence, care, note = told
    front = f"990101{year}0307{sequence:03d}"
    party = NewParty(
        name,
        reading=_READING.get(name, ""),
        identities=(GivenIdentity(front + check_sign(front), is_seen=True),),
        contacts=(
            GivenContact(ContactKind.MOBILE, f"1790000{8800 + sequence}", is_preferred=True),
            GivenContact(ContactKind.ADDRESS, f"示例市青禾区光明街道样板路{sequence}号2单元301室"),
        ),
        marks=(GivenMark(care, "本人出示证件"),) if care else (),
    )
    citizen_id = enrol(session, party, actor=clerk, ip=_IP, now=at)
    citizen = session.get_one(Citizen, citizen_id)
    if note:
        notes.add(
            session,
            citizen,
            note,
            visibility=Visibility.EVERYONE,
            unit_id=clerk.unit_id,
            by_id=clerk.id,
            now=at,
        )
        tags.add(
            session,
            citizen,
            "提前约好",
            visibility=Visibility.EVERYONE,
            unit_id=clerk.unit_id,
            by_id=clerk.id,
            now=at,
        )
    return citizen


def _firm(session: Session, name: str, number: int, clerk: Actor, at: datetime) -> Citizen:
    front = f"91990101MA{number:07d}"
    party = NewParty(
        name,
        kind=PartyKind.ORGANISATION,
        identities=(GivenIdentity(front + organisation_check_sign(front)),),
        contacts=(GivenContact(ContactKind.LANDLINE, f"0990-888888{number:02d}"),),
    )
    return session.get_one(Citizen, enrol(session, party, actor=clerk, ip=_IP, now=at))


def _look(session: Session, staffing: Staffing, *, now: datetime) -> None:
    """Most looks have a reason in hand; one handler looks at night, and at people without one."""
    people = queries.citizen_ids(session)
    clerk, handler = staffing.by_role[Role.CLERK][0], staffing.by_role[Role.HANDLER][0]
    open_at = calendars.load(session, clerk.unit_id).hours
    call = Ask(AccessField.CONTACT, "call_back", has_open_case=True)
    looks = []
    for n, citizen_id in enumerate(people[:24]):
        at = open_at.add(now - timedelta(days=2 + n % 20), 60 * (7 * n + 1))
        looks.append((at, citizen_id, call, clerk, _IP))
    for n, citizen_id in enumerate(people[24:30]):
        night = (now - timedelta(days=1 + n // 3)).replace(hour=15, minute=5 * n)
        ask = Ask(AccessField.EVERYTHING, reason=f"核对资料{n + 1}")
        looks.append((night, citizen_id, ask, handler, "192.0.2.77"))
    for at, citizen_id, ask, actor, ip in sorted(looks, key=lambda look: look[0]):
        if at < now:
            revealing.reveal(session, citizen_id, ask, actor=actor, ip=ip, now=at)

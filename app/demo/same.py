"""What the demo city shows of the same matter: a street without light, joined orders, signals.

Goes through the services a page would call.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from app.accounts.rules import Actor, Role
from app.cases.kinds import Action, Channel
from app.cases.models import Case
from app.cases.rules import CITIZEN, Facts
from app.cases.service import NewCase
from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind
from app.citizens.service import Person
from app.demo.town import Town
from app.signals import service as signals

_LIGHTS: Final = "0103"
_WALL: Final = "0101"
_STREET: Final = "990101001"
_PLACE: Final = "春晓路"
_LON, _LAT = Decimal("120.150000"), Decimal("30.280000")
_STEP: Final = Decimal("0.000400")  # some 40 metres
_LETTERS: Final = (
    ("春晓路整条路的路灯都不亮", "春晓路从昨晚起整条路的路灯都不亮，晚上出门看不清路。"),
    ("春晓路路灯全灭", "春晓路的路灯全灭了，孩子放学回家不安全。"),
    ("路灯不亮", "春晓路路灯不亮，昨晚有人差点摔倒。"),
    ("春晓路没有路灯", "昨晚春晓路没有路灯，请尽快修复。"),
    ("春晓路小区门口路灯不亮", "春晓路小区门口的路灯不亮，老人不敢出门。"),
    ("春晓路北口路灯坏了", "春晓路北口有一盏路灯灯杆歪了，不是停电的事，请单独看看。"),
)
_NAMES: Final = ("周示例", "吴样板", "郑示例", "王样板", "冯示例", "陈样板")
_GRAVE: Final = ("学校旁围墙坍塌", "春晓路学校旁的围墙坍塌了一段，没有人受伤，请马上围起来。")


def found(town: Town, *, now: datetime) -> None:
    """Six people report one dark street: five orders follow the first, one citizen objects."""
    signals.begin(town.session, since=now - timedelta(days=1))
    clerk = town.staffing.by_role[Role.CLERK][0]
    town.now = now - timedelta(hours=6)
    master, *others = [_report(town, place) for place in range(len(_LETTERS))]
    _to_unit(town, master, clerk)
    for case in others:
        town.now += timedelta(minutes=10)
        facts = Facts(master=master.number)
        note = "同一条路、同一时间，抢修队已到场。"
        town.step(case, Action.MERGE, clerk, note=note, facts=facts)
    town.now += timedelta(minutes=30)
    words = "我说的是北口那根歪了的灯杆，和停电不是一回事。"
    town.step(others[-1], Action.CLAIM_DIFFERENT, None, text=words)
    _open(town, _WALL, *_GRAVE, Person("褚示例", "17900009711"), Decimal("0.020000"))
    while signals.watch(town.session, now=now):
        pass


def _report(town: Town, place: int) -> Case:
    town.now += timedelta(minutes=12)
    title, body = _LETTERS[place]
    person = Person(_NAMES[place], f"1790000970{place}")
    return _open(town, _LIGHTS, title, body, person, _STEP * place)


def _open(town: Town, code: str, title: str, body: str, person: Person, away: Decimal) -> Case:
    category = catalogue.get_category_by_code(town.session, code)
    new = NewCase(
        body=body,
        channel=Channel.PORTAL,
        kind=CaseKind.HELP,
        category_id=category.id,
        title=title,
        place=_PLACE,
        region_code=_STREET,
        lon=_LON,
        lat=_LAT + away,
        person=person,
    )
    return town.open(new, CITIZEN)


def _to_unit(town: Town, case: Case, clerk: Actor) -> None:
    town.step(case, Action.ACCEPT, clerk, facts=Facts(category_id=case.category_id))
    unit_id = town.unit_for(case.category_id or 0, case.region_code)
    dispatcher = town.staffing.by_role[Role.DISPATCHER][0]
    town.step(case, Action.DISPATCH, dispatcher, facts=Facts(unit_id=unit_id))
    handler = town.staffing.handler_of(case.unit_id)
    if handler is not None:
        town.step(case, Action.SIGN, handler)

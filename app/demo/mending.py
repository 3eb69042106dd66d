"""Repairs of the demo city as they stand today: one in every state, and what belongs to them.

A dangerous spot that is fenced in, one put off, one sent back, one nobody owns, one lent to a
contractor; stock on two shelves. All through real services.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from app.accounts.rules import Actor, Role
from app.cases.kinds import Action, Channel, PauseGround
from app.cases.models import Case
from app.cases.rules import NO_FACTS, Facts
from app.cases.rules.repairing import NO_WORK, PhotoStage, Work
from app.citizens.service import Person
from app.demo import shots
from app.demo.hours import DAY
from app.demo.repairing import PICTURED, TYPE_OF, crew_of, opened
from app.demo.town import Town
from app.facilities import queries as facilities
from app.repairs.models import StockItem
from app.repairs.service import NewRepair, lend_link, stock
from app.sla import queries as clocks
from app.sla import service as sla
from app.sla.rules import Subject

_SOON: Final = timedelta(seconds=40)  # the worker looks once a minute
_BETWEEN: Final = timedelta(minutes=12)
_SEED: Final = 20260306
_STREET: Final = "D1"


@dataclass(frozen=True, slots=True)
class _Story:
    """One repair: about what, how many hours ago, with which danger, and what was done since."""

    letter: str
    hours: float
    steps: str = ""
    danger: str = ""


_LAMP, _COVER, _DRAIN = "0103", "0106", "0306"
_STORIES: Final = (
    _Story(_LAMP, 0.4),
    _Story(_COVER, 0.3, danger="missing"),
    _Story(_DRAIN, 2.5, "file"),
    _Story(_LAMP, 3, "file"),
    _Story(_LAMP, 4, "file send"),
    _Story(_LAMP, 2, "file send"),
    _Story(_COVER, 5, "file send"),
    _Story(_LAMP, 6, "file send grab"),
    _Story(_LAMP, 3.5, "file send grab"),
    _Story(_LAMP, 2.8, "file send grab set_out"),
    _Story(_LAMP, 3.2, "file send grab arrive secure", danger="live"),
    _Story(_DRAIN, 20, "file send sign arrive fix"),
    _Story(_LAMP, 26, "file send grab arrive fix"),
    _Story(_LAMP, 27, "file send grab arrive fix check"),
    _Story(_LAMP, 28, "file send grab arrive fix again"),
    _Story(_LAMP, 30, "file send grab arrive ask_rest rest"),
    _Story(_DRAIN, 22, "file send sign lend"),
    _Story(_COVER, 24, "file coordinate"),
    _Story(_LAMP, 52, "file send grab arrive fix check close"),
)
_STOCK: Final = (
    ("LIGHT", "LED 灯头 60W", "只", 8800, "40"),
    ("LIGHT", "电缆 3×2.5", "米", 650, "300"),
    ("LIGHT", "镇流器", "只", 4200, "6"),
    ("DRAIN", "防沉降井盖 φ700", "套", 46000, "12"),
    ("DRAIN", "雨水箅子 450×750", "块", 21000, "20"),
)


def found(town: Town, *, now: datetime) -> None:
    """Fill the shelves and tell every story up to where it stands; the clock ends at `now`."""
    shelves = _fill(town, now=now)
    dice = Random(_SEED)  # noqa: S311  # a story, not a secret
    for number, story in enumerate(_STORIES):
        town.now = now - timedelta(hours=story.hours)
        life = _Life(town, story, _report(town, story, number, dice), shelves)
        for step in story.steps.split():
            town.now = min(town.now + _BETWEEN, now)
            _STEPS[step](life)
        _note_late(town, life.case, now)
    town.now = now


def _fill(town: Town, *, now: datetime) -> dict[str, StockItem]:
    head = Actor.system()
    return {
        name: stock.add_item(
            town.session,
            town.staffing.units[unit],
            name=name,
            measure=measure,
            price=price,
            on_hand=Decimal(on_hand),
            actor=head,
            now=now - 300 * DAY,
        )
        for unit, name, measure, price, on_hand in _STOCK
    }


def _note_late(town: Town, case: Case, now: datetime) -> None:
    """Every limit it has passed by now was noticed within the minute."""
    open_clocks = clocks.open_clocks(town.session, Subject.case(case.id)).values()
    for due_at in sorted(one.due_at for one in open_clocks if one.due_at is not None):
        if due_at < now:
            sla.sweep_breaches(town.session, now=due_at + _SOON)


def _report(town: Town, story: _Story, number: int, dice: Random) -> Case:
    spot = dice.choice(town.texts.spots)
    letter = town.texts.write(story.letter, spot, town.hours.local(town.now).month, dice)
    code = TYPE_OF[story.letter]
    sent = shots.take(town, PICTURED.get(code, "road"), PhotoStage.BEFORE, at=town.now, by_id=None)
    lon, lat = spot.point(dice)
    new = NewRepair(
        type_id=facilities.get_type_by_code(town.session, code).id,
        body=letter.body,
        title=letter.title,
        channel=Channel.PORTAL,
        place=spot.name,
        region_code=spot.region_code,
        lon=lon,
        lat=lat,
        person=Person(name="演示报修人", phone=f"17900008{number:03d}"),
        dangers=(story.danger,) if story.danger else (),
        attachment_ids=[key for _, key in sent],
    )
    return opened(town, new, None)


@dataclass(frozen=True, slots=True)
class _Life:
    """A repair under way, with the hands it goes through."""

    town: Town
    story: _Story
    case: Case
    shelves: dict[str, StockItem]

    def seat(self, role: Role) -> Actor:
        return self.town.staffing.by_role[role][0]

    @property
    def mender(self) -> Actor:
        found = crew_of(self.town, self.case.unit_id)
        return found or self.town.staffing.handler_of(self.case.unit_id) or self.seat(Role.CREW)

    def step(
        self,
        action: Action,
        who: Actor,
        *,
        note: str = "",
        text: str = "",
        facts: Facts = NO_FACTS,
        work: Work = NO_WORK,
    ) -> None:
        self.town.step(self.case, action, who, note=note, text=text, facts=facts, work=work)

    def shot(self, stage: PhotoStage, *used: tuple[str, int]) -> Work:
        kind, now = PICTURED.get(TYPE_OF[self.story.letter], "road"), self.town.now
        return Work(
            shots.take(self.town, kind, stage, at=now, by_id=self.mender.id),
            tuple((self.shelves[name].id, Decimal(much)) for name, much in used),
            hours=Decimal("1.5") if used else None,
            taken_at=now,
            lon=self.case.lon,
            lat=self.case.lat,
        )


def _file(life: _Life) -> None:
    life.step(Action.FILE, life.seat(Role.INSPECTOR))


def _send(life: _Life) -> None:
    case = life.case
    unit_id = life.town.unit_for(case.category_id or 0, case.region_code)
    life.step(Action.DISPATCH, life.seat(Role.DISPATCHER), facts=Facts(unit_id=unit_id))


def _coordinate(life: _Life) -> None:
    facts = Facts(unit_id=life.town.staffing.units[_STREET])
    note = "经查无权属单位，由属地协调处置。"
    life.step(Action.COORDINATE, life.seat(Role.DISPATCHER), note=note, facts=facts)


def _grab(life: _Life) -> None:
    life.town.grab(life.case, life.mender)


def _sign(life: _Life) -> None:
    life.step(Action.SIGN, life.mender)


def _set_out(life: _Life) -> None:
    life.step(Action.SET_OUT, life.mender)


def _arrive(life: _Life) -> None:
    life.step(Action.ARRIVE, life.mender)


def _secure(life: _Life) -> None:
    work = life.shot(PhotoStage.SAFETY)
    life.step(Action.SECURE, life.mender, note="已断电并围挡。", work=work)


def _fix(life: _Life) -> None:
    is_lamp = life.story.letter == _LAMP
    used = ("LED 灯头 60W", 1) if is_lamp else ("雨水箅子 450×750", 1)
    work = life.shot(PhotoStage.AFTER, used)
    life.step(Action.FIX, life.mender, note="已更换损坏部件，试用正常。", work=work)


def _check(life: _Life) -> None:
    life.step(Action.CHECK, life.seat(Role.INSPECTOR))


def _close(life: _Life) -> None:
    text = "您反映的设施已修复，经现场核查正常。感谢您的反映。"
    life.step(Action.CLOSE, life.seat(Role.INSPECTOR), text=text)


def _again(life: _Life) -> None:
    life.step(Action.REWORK, life.seat(Role.INSPECTOR), note="现场核查仍时亮时灭，请重新处置。")


def _ask_rest(life: _Life) -> None:
    until = life.town.hours.local(life.town.now + 40 * DAY).date()
    facts = Facts(
        ground=PauseGround.PLANNED_PROJECT, until=until, evidence="道路改造工程计划第 3 标段"
    )
    note = "灯杆基础随道路改造一并更换，现场已设警示。"
    head = life.town.staffing.by_role[Role.UNIT_HEAD][0]
    life.step(Action.REQUEST_SUSPENSION, head, note=note, facts=facts)


def _rest(life: _Life) -> None:
    facts = Facts(document_no="示照〔2026〕挂字 3 号")
    text = "灯杆基础将随道路改造一并更换，改造期间请注意绕行。"
    life.step(Action.APPROVE_SUSPENSION, life.seat(Role.SUPERVISOR), text=text, facts=facts)


def _lend(life: _Life) -> None:
    lend_link(
        life.town.session,
        life.case.id,
        name="示例管网工程有限公司",
        days=14,
        actor=life.seat(Role.DISPATCHER),
        now=life.town.now,
    )


_STEPS: Final = {
    "file": _file,
    "send": _send,
    "coordinate": _coordinate,
    "grab": _grab,
    "sign": _sign,
    "set_out": _set_out,
    "arrive": _arrive,
    "secure": _secure,
    "fix": _fix,
    "check": _check,
    "close": _close,
    "again": _again,
    "ask_rest": _ask_rest,
    "rest": _rest,
    "lend": _lend,
}

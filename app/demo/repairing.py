"""The lives of repairs in the demo year: letters about lamps, covers and drains walk their table.

Through the same services as everybody; who mends is the crew of the unit, or the unit itself.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from app.accounts.rules import Actor, Role
from app.cases.kinds import Action, Channel, NotFiled, Status
from app.cases.models import Case
from app.cases.rules import CITIZEN, Facts, staff
from app.cases.rules.repairing import PhotoStage, Work
from app.demo import ending, shots
from app.demo.plans import LIGHTS, Course, Plan
from app.demo.playing import OverError, Player
from app.demo.town import Town
from app.facilities import queries as facilities
from app.facilities.models import Asset
from app.repairs.models import Repair
from app.repairs.service import NewRepair, open_repair

# Which type of facility a letter of the catalogue's own categories is about.
TYPE_OF: Final = {LIGHTS: "0120", "0106": "0102", "0306": "0103"}
PICTURED: Final = {"0120": "lamp"}
_HERE: Final = frozenset({Course.PLAIN, Course.DECLINED, Course.REFERRED, Course.WITHDRAWN})
_OWN_HANDS: Final = (Channel.PORTAL, Channel.APP)
_PICTURED: Final = 0.4  # of those who write by their own hands
_KNOWN: Final = 0.3  # of lamps: the number on the post is given
_REDONE: Final = 0.07
_LATE: Final = 0.5
_PRICE: Final = (0, 0, 0, 3500, 12000)


def is_repair(plan: Plan) -> bool:
    """Whether this letter is a repair's: about a facility, and not to stand as an order."""
    return (
        plan.letter.code in TYPE_OF
        and plan.stop is None
        and plan.course in _HERE
        and not plan.is_confidential
    )


@dataclass(slots=True)
class _Life:
    """One repair on its way."""

    p: Player
    kind: str
    mender: Actor | None = None

    @property
    def town(self) -> Town:
        return self.p.town

    @property
    def case(self) -> Case:
        return self.p.case

    def shot(self, stage: PhotoStage) -> Work:
        by_id = self.mender.id if self.mender else None
        now = self.town.now
        taken = shots.take(self.town, self.kind, stage, at=now, by_id=by_id)
        return Work(taken, taken_at=now, lon=self.case.lon, lat=self.case.lat)


def live(p: Player) -> Iterator[datetime]:
    """A whole life; each value is when it wants to be gone on with."""
    code = TYPE_OF[p.plan.letter.code]
    life = _Life(p, PICTURED.get(code, "road"))
    with suppress(OverError):
        yield from _report(life, code)
        yield from _file(life)
        yield from _send(life)
        yield from _mend(life)
        yield from ending.rated(p)


def _report(life: _Life, code: str) -> Iterator[datetime]:
    p, town = life.p, life.town
    plan = p.plan
    yield plan.opened_at
    p.clerk = town.staffing.somebody(Role.CLERK, p.dice, cleared=False)
    is_own = plan.channel in _OWN_HANDS
    lon, lat = plan.spot.point(p.dice)
    has_photo = is_own and p.dice.random() < _PICTURED
    sent = (
        shots.take(town, life.kind, PhotoStage.BEFORE, at=town.now, by_id=None) if has_photo else ()
    )
    new = NewRepair(
        type_id=facilities.get_type_by_code(town.session, code).id,
        body=plan.letter.body,
        title=plan.letter.title,
        channel=plan.channel,
        asset_id=_known(p, code),
        place=plan.spot.name,
        region_code=plan.spot.region_code,
        lon=lon,
        lat=lat,
        person=plan.person,
        is_anonymous=plan.person is None,
        attachment_ids=[key for _, key in sent],
    )
    p.opened(opened(town, new, None if is_own else p.clerk))


def opened(town: Town, new: NewRepair, clerk: Actor | None) -> Case:
    """Somebody reports it, themselves or through a clerk."""
    town.steps += 1
    doer = staff(clerk) if clerk else CITIZEN
    case = open_repair(town.session, new, doer=doer, now=town.now)
    if town.store is None:  # a city without pictures asks for none
        row = town.session.get_one(Repair, case.id)
        row.needs_before = row.needs_after = False
    return case


def _known(p: Player, code: str) -> int | None:
    if p.plan.letter.code != LIGHTS or p.dice.random() > _KNOWN:
        return None
    kind = facilities.get_type_by_code(p.town.session, code)
    wanted = select(Asset.id).where(
        Asset.type_id == kind.id, Asset.region_code.startswith(p.plan.spot.region_code[:6])
    )
    found = p.town.session.scalars(wanted.order_by(Asset.id).limit(20)).all()
    return p.dice.choice(found) if found else None


def _file(life: _Life) -> Iterator[datetime]:
    p = life.p
    inspector = p.somebody(Role.INSPECTOR)
    if life.case.status is Status.REPORTED:
        yield p.when(Action.FILE, p.after(40 if p.is_rush else 160))
        if p.plan.course is Course.DECLINED:
            facts = Facts(not_filed=p.dice.choice(list(NotFiled)[:3]))
            p.take(Action.NOT_FILE, inspector, text=p.phrase("not_filed"), facts=facts)
            raise OverError
        if p.plan.course is Course.REFERRED:
            to = p.dice.choice(p.town.texts.phrases["refer_to"])
            text = p.phrase("referral", to=to)
            p.take(Action.REFER, inspector, text=text, facts=Facts(refer_to=to))
            raise OverError
        p.take(Action.FILE, inspector)


def _send(life: _Life) -> Iterator[datetime]:
    p = life.p
    unit_id = p.town.unit_for(p.case.category_id or 0, p.case.region_code)
    yield p.when(Action.DISPATCH, p.after(15 if p.is_rush else 70))
    p.take(Action.DISPATCH, p.somebody(Role.DISPATCHER), facts=Facts(unit_id=unit_id))
    if p.plan.course is Course.WITHDRAWN:
        yield p.when(Action.WITHDRAW, p.at_home(200))
        p.take(Action.WITHDRAW, None, note=p.say("withdraw_reasons"))
        raise OverError
    yield p.when(Action.SIGN, p.at_desk(10 if p.is_rush else 45))
    crew = crew_of(p.town, unit_id)
    life.mender = crew or p.town.staffing.handler_of(unit_id)
    if crew is not None:
        p.town.grab(p.case, crew)
    else:
        p.take(Action.SIGN, life.mender)


def crew_of(town: Town, unit_id: int) -> Actor | None:
    """Somebody of a crew under this unit, if the city has one."""
    path = town.staffing.paths[unit_id]
    crews = town.staffing.by_role[Role.CREW]
    return next((one for one in crews if one.unit_path.startswith(path)), None)


def _mend(life: _Life) -> Iterator[datetime]:
    p = life.p
    left = max((p.case.due_at or p.town.now) - p.town.now, timedelta(minutes=30))
    slow = _LATE if p.plan.is_late else 0.05
    yield p.when(Action.ARRIVE, p.at_desk(left.total_seconds() / 60 * (0.15 + slow)))
    p.take(Action.ARRIVE, life.mender, work=life.shot(PhotoStage.BEFORE))
    yield from _fix(life)
    if p.dice.random() < _REDONE:
        p.was_redone = True
        yield p.when(Action.REWORK, p.at_desk(120))
        p.take(Action.REWORK, p.somebody(Role.INSPECTOR), note=p.say("rework_reasons"))
        yield p.when(Action.ARRIVE, p.at_desk(90))
        p.take(Action.ARRIVE, life.mender)
        yield from _fix(life)
    yield p.when(Action.CHECK, p.at_desk(60 if p.is_rush else 200))
    p.take(Action.CHECK, p.somebody(Role.INSPECTOR))
    yield p.when(Action.CLOSE, p.after(10))
    text = p.plan.letter.reply(p.town.texts, p.dice, "done")
    p.take(Action.CLOSE, p.somebody(Role.INSPECTOR), text=text)


def _fix(life: _Life) -> Iterator[datetime]:
    p = life.p
    yield p.when(Action.FIX, p.after(45))
    shown = life.shot(PhotoStage.AFTER)
    work = Work(
        shown.photos,
        hours=Decimal(p.dice.randint(1, 6)) / 2,
        cost=p.dice.choice(_PRICE),
        taken_at=shown.taken_at,
        lon=shown.lon,
        lat=shown.lat,
    )
    p.take(Action.FIX, life.mender, note=p.phrase("fixed"), work=work)

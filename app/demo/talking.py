"""Conversations of the demo city: what people came and called about, what they were promised.

Played when the year is over, for the citizens with the newest matters, so that a picture
has something to show; two conversations of the demo clerk are still under way.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Final

from sqlalchemy import select

from app.accounts.rules import Actor, Role
from app.cases.models import Case
from app.citizens import service as citizens
from app.citizens.service import Person
from app.demo.town import Town
from app.interactions import service
from app.interactions.rules import Direction, Medium
from app.interactions.service import Given, NewTalk, Ring

PEOPLE: Final = 60
_SAID: Final = (
    "问诉求办到哪一步了，已告知承办单位和期限。",
    "补充说明了具体位置，楼栋口有蓝色垃圾桶。",
    "来窗口交照片，已转承办人。",
    "问老年证和公交卡怎么办，给了办事指南。",
    "对进度不满意，已解释原因，记下希望周末回电。",
    "感谢路灯修好了。",
    "问社保关系转移要带哪些材料。",
    "听力不太好，请大声慢讲，必要时发短信。",
)
_PROMISED: Final = (
    "回电告知施工时间。",
    "把材料清单寄给他。",
    "请承办人当面说明一次。",
    "问清楚后短信答复。",
)
_WAYS: Final = (
    (Medium.WINDOW, Direction.IN),
    (Medium.PHONE, Direction.IN),
    (Medium.PHONE, Direction.IN),
    (Medium.PHONE, Direction.OUT),
    (Medium.LETTER, Direction.IN),
)
_LONG_PAST: Final = 40
_TO_COME: Final = 5


def talk(town: Town, *, now: datetime, dice: Random) -> None:
    """Let the clerks have talked with citizens in the last weeks, and go on doing so now."""
    matters = _newest(town)
    past = (now - timedelta(days=dice.uniform(0.3, _LONG_PAST)) for _ in matters)
    for case, at in zip(matters, sorted(town.hours.office(at, dice) for at in past), strict=True):
        clerk = town.staffing.somebody(Role.CLERK, dice, cleared=case.is_confidential)
        if at < now - timedelta(hours=1):
            _entry(town, case, clerk, at=at, now=now, dice=dice)
    if len(matters) > _TO_COME:
        _under_way(town, matters, now=now)
    service.mark_broken(town.session, {}, now=now)


def _newest(town: Town) -> list[Case]:
    """The newest matter of each citizen who brought one lately."""
    wanted = (
        select(Case).where(Case.citizen_id.is_not(None)).order_by(Case.id.desc()).limit(PEOPLE * 3)
    )
    by_citizen: dict[int | None, Case] = {}
    for case in town.session.scalars(wanted):
        by_citizen.setdefault(case.citizen_id, case)
    return list(by_citizen.values())[:PEOPLE]


def _entry(
    town: Town, case: Case, clerk: Actor, *, at: datetime, now: datetime, dice: Random
) -> None:
    medium, direction = dice.choice(_WAYS)
    session = town.session
    begun = service.start(session, clerk, NewTalk(medium, direction, case.citizen_id), now=at)
    if case.opened_at <= at and dice.random() < 0.6:  # noqa: PLR2004  # of a story
        service.link_case(session, begun, case)
    if dice.random() < 0.5:  # noqa: PLR2004  # of a story
        due_on = (at + timedelta(days=dice.randrange(1, 2 * _TO_COME))).date()
        given = Given(dice.choice(_PROMISED), due_on, case.citizen_id, begun.id, case.id)
        made = service.promise(session, clerk, given, now=at)
        if made.due_at < now and dice.random() < 0.8:  # noqa: PLR2004  # of a story
            kept_at = at + (made.due_at - at) * dice.uniform(0.2, 1.1)
            service.keep(session, clerk, made.id, now=min(kept_at, now))
    service.write_down(
        session, begun, dice.choice(_SAID), now=at + timedelta(minutes=dice.randrange(2, 15))
    )
    town.steps += 2


def _under_way(town: Town, matters: list[Case], *, now: datetime) -> None:
    """A window conversation on hold, a telephone one open, a missed call, a family's number."""
    session, clerk = town.session, town.staffing.by_role[Role.CLERK][0]
    waiting, talking = (case.citizen_id for case in matters[:2])
    before = now - timedelta(minutes=12)
    service.start(session, clerk, NewTalk(Medium.WINDOW, citizen_id=waiting), now=before)
    number = _family(town, now=now)
    service.ring(
        session, Ring("demo-missed", clerk.username, number), now=now - timedelta(minutes=9)
    )
    service.hang_up(session, "demo-missed", now=now - timedelta(minutes=8))
    begun = service.start(
        session, clerk, NewTalk(Medium.PHONE, citizen_id=talking), now=now - timedelta(minutes=4)
    )
    due_on = (now + timedelta(days=1)).date()
    given = Given(_PROMISED[0], due_on, begun.citizen_id, begun.id)
    service.promise(session, clerk, given, now=now)
    town.steps += 5


def _family(town: Town, *, now: datetime) -> str:
    """Two people of one household, who share a telephone and live at one address."""
    number, home = "17900009901", "示例市样板区东风街道样板路 12 号 3 栋 401 室"
    for name in ("测试父", "测试女"):
        citizens.register(town.session, Person(name, number, address=home), now=now)
    return number

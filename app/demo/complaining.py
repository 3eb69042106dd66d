"""Complaints of the demo city: how they are looked into in its year, and one in every state.

All through real services; whom they are about is a unit that has nobody in the stories told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from app.accounts.rules import Actor, Role
from app.cases.kinds import Action, Channel, Finding, InquiryKind, Outcome, Status, SubjectKind
from app.cases.models import Case
from app.cases.rules import CITIZEN, Facts
from app.cases.service import NewCase
from app.cases.service.confiding import About
from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind
from app.citizens import service as citizens
from app.citizens.service import Person
from app.complaints import service
from app.complaints.service import Line, Measure, callers
from app.demo.hours import DAY
from app.demo.playing import Player
from app.demo.town import Town

_HOUR: Final = timedelta(hours=1)
_DISTRICT: Final = "990101"
_WINDOWS: Final = "1605"
_UPHELD: Final = 0.6
_REPLY: Final = (
    "您好，您反映的问题我单位已调查核实。有关人员已批评教育，窗口已增加引导人员，"
    "并将于本月内完成服务规范培训。感谢您的监督。"
)
_SAID: Final = "与当班人员谈话，其承认当时语气生硬；调阅叫号记录，等候时间与反映一致。"
_WHAT: Final = "组织窗口人员服务规范培训，在取号处增设引导人员。"
_WHY: Final = "有谈话记录和叫号记录两份证据"


def investigate(p: Player) -> Iterator[datetime]:
    """What a complaint needs before it can be answered: a file, a finding, a measure."""
    if p.case.kind is not CaseKind.COMPLAINT or p.case.status is not Status.INVESTIGATING:
        return
    yield p.when(Action.CONCLUDE, p.at_desk(120))
    if p.worker is None:
        return
    _write(p.town, p.case, p.worker)
    is_upheld = p.dice.random() < _UPHELD
    facts = Facts(finding=Finding.UPHELD if is_upheld else Finding.NOT_UPHELD)
    p.take(Action.CONCLUDE, p.worker, note=_WHY, facts=facts)
    yield p.when(Action.CONFIRM_FINDING, p.at_desk(60))
    p.take(Action.CONFIRM_FINDING, p.town.staffing.decider_of(p.case.unit_id, p.dice))
    if is_upheld:
        measure = _lay_down(p.town, p.case, p.worker, days=20)
        _prove(p.town, p.case, measure, p.worker)


def _write(town: Town, case: Case, actor: Actor) -> None:
    line = Line(InquiryKind.INTERVIEW, _today(town), _SAID, "当班窗口人员")
    service.inquire(town.session, case, line, actor=actor, now=town.now)


def _lay_down(town: Town, case: Case, actor: Actor, *, days: int) -> int:
    measure = Measure(_WHAT, _today(town) + timedelta(days=days))
    return service.lay_down(town.session, case, measure, actor=actor, now=town.now).id


def _prove(town: Town, case: Case, measure: int, actor: Actor) -> None:
    proof = "培训签到表和现场照片已存卷。"
    service.prove(town.session, case, measure, proof, actor=actor, now=town.now)


def _today(town: Town) -> date:
    return town.hours.local(town.now).date()


@dataclass(frozen=True, slots=True)
class _Story:
    """One complaint, and how far it has come."""

    title: str
    body: str
    about: About
    until: Action
    days: int = 3
    finding: Finding = Finding.UPHELD
    is_secret: bool = False


_STORIES: Final = (
    _Story(
        "窗口人员中午提前收件截止",
        "上午十一点二十到大厅3号窗口，工作人员说已到中午不再收件，可牌子上写的是十二点。",
        About(SubjectKind.WINDOW, "政务大厅3号窗口"),
        Action.OPEN,
        0,
        is_secret=True,
    ),
    _Story(
        "打电话一直没人接",
        "连续三天打公示的咨询电话都没人接，请查一下是不是没有人值守。",
        About(SubjectKind.UNIT, "公示咨询电话"),
        Action.ACCEPT,
        1,
    ),
    _Story(
        "办证时要求交复印件",
        "网上写着免交复印件，到窗口又要求自己去外面复印。",
        About(SubjectKind.SERVICE, "老年优待证办理"),
        Action.DISPATCH,
        1,
    ),
    _Story(
        "工作人员说话难听",
        "问了两遍要带什么材料，工作人员当众说我听不懂话，态度恶劣。",
        About(SubjectKind.STAFF, "胸牌号0312"),
        Action.SIGN,
        2,
        is_secret=True,
    ),
    _Story(
        "商户多收停车费",
        "商场停车场公示每小时五元，实际按八元收。",
        About(SubjectKind.BUSINESS, "示例广场停车场"),
        Action.CONCLUDE,
        4,
    ),
    _Story(
        "等候两小时无人叫号",
        "取号后等了两个小时，大屏一直不动，问工作人员说系统坏了也没人通知。",
        About(SubjectKind.WINDOW, "社保综合窗口"),
        Action.CONFIRM_FINDING,
        9,
    ),
    _Story(
        "同一材料要求补交三次",
        "每次去都说还缺一份，前后跑了三趟，为什么不能一次说清。",
        About(SubjectKind.SERVICE, "户外广告备案"),
        Action.REPLY,
        8,
    ),
    _Story(
        "反映问题被推来推去",
        "电话转了四个科室，最后又转回第一个，没有人说清该归谁管。",
        About(SubjectKind.UNIT, "业务咨询科"),
        Action.APPROVE_REPLY,
        10,
    ),
    _Story(
        "认为处理避重就轻",
        "只答复说已批评教育，没有说当天为什么提前关窗口。",
        About(SubjectKind.WINDOW, "不动产登记窗口"),
        Action.REQUEST_RECHECK,
        14,
        Finding.NOT_UPHELD,
    ),
)


def found(town: Town, *, now: datetime) -> None:
    """One complaint in every state, one confidential at the portal, one person who calls often."""
    handler = town.staffing.by_role[Role.HANDLER][0]
    heads = [
        one
        for one in town.staffing.by_role[Role.UNIT_HEAD]
        if handler.unit_path.startswith(one.unit_path)
    ]
    for number, story in enumerate(_STORIES):
        town.now = now - story.days * DAY - 2 * _HOUR
        _tell(town, story, number, handler, heads[0])
    town.now = now
    _calls_often(town, now)


def _tell(town: Town, story: _Story, number: int, handler: Actor, head: Actor) -> None:
    category = catalogue.get_category_by_code(town.session, _WINDOWS)
    case = town.open(
        NewCase(
            body=story.body,
            title=story.title,
            channel=Channel.PORTAL,
            kind=CaseKind.COMPLAINT,
            category_id=category.id,
            region_code=_DISTRICT,
            person=Person(name="演示投诉人", phone=f"17900008{number:03d}"),
            about=story.about,
            is_identity_secret=story.is_secret,
        ),
        CITIZEN,
    )
    if story.until is Action.OPEN:
        return
    for action in _life(town, case, story, handler, head):
        if action is story.until:
            return
        town.now += 3 * _HOUR


def _life(town: Town, case: Case, story: _Story, handler: Actor, head: Actor) -> Iterator[Action]:
    """The steps of a complaint one after the other; each is taken before it is named."""
    first = {role: town.staffing.by_role[role][0] for role in (Role.CLERK, Role.DISPATCHER)}
    facts = Facts(category_id=case.category_id)
    town.step(case, Action.ACCEPT, first[Role.CLERK], facts=facts)
    yield Action.ACCEPT
    facts = Facts(unit_id=handler.unit_id)
    town.step(case, Action.DISPATCH, first[Role.DISPATCHER], facts=facts)
    yield Action.DISPATCH
    town.step(case, Action.SIGN, handler)
    yield Action.SIGN
    _write(town, case, handler)
    facts = Facts(finding=story.finding)
    town.step(case, Action.CONCLUDE, handler, note=_WHY, facts=facts)
    yield Action.CONCLUDE
    town.step(case, Action.CONFIRM_FINDING, head)
    if story.finding is not Finding.NOT_UPHELD:
        _lay_down(town, case, handler, days=5)
    yield Action.CONFIRM_FINDING
    facts = Facts(outcome=Outcome.RESOLVED)
    town.step(case, Action.REPLY, handler, text=_REPLY, facts=facts)
    yield Action.REPLY
    reviewer = town.staffing.by_role[Role.REVIEWER][0]
    town.step(case, Action.APPROVE_REPLY, reviewer)
    yield Action.APPROVE_REPLY
    text = "没有说明当天提前关窗口的原因，请上级单位复核。"
    town.step(case, Action.REQUEST_RECHECK, None, text=text)
    yield Action.REQUEST_RECHECK


def _calls_often(town: Town, now: datetime) -> None:
    supervisor = town.staffing.by_role[Role.SUPERVISOR][0]
    manager = town.staffing.by_role[Role.MANAGER][0]
    today = _today(town)
    for place, (name, phone) in enumerate(
        (("演示来电人", "17900008901"), ("演示常客", "17900008902"))
    ):
        who = citizens.register(town.session, Person(name=name, phone=phone), now=now)
        at = now - 10 * DAY
        words = "同一噪声问题一周来电21次，已告知办理进展，无新情况。"
        callers.warn(town.session, who, words, actor=supervisor, now=at)
        limit = callers.propose(
            town.session,
            who,
            measure="就该噪声问题每天告知一次进展；有新情况或其他事项随时受理。",
            reason="告诫后五天内又来电18次，均无新情况，其他市民等候时间明显变长。",
            until_on=today + timedelta(days=30),
            actor=supervisor,
            now=now - 5 * DAY,
        )
        if place:
            callers.decide(
                town.session, limit.id, is_granted=True, actor=manager, now=now - 4 * DAY
            )

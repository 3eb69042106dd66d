"""What the demo city shows of closing: evidence, reviews, tries in vain, answers, a sample.

Goes through the services a page would call; the history before it was closed without them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.cases import service as cases
from app.cases.kinds import Action, Channel, Outcome
from app.cases.models import Case
from app.cases.rules import CITIZEN, Facts, Proof, StepInput
from app.cases.service import NewCase
from app.catalogue import queries as catalogue
from app.catalogue import service as catalogue_service
from app.catalogue.rules import ProofKind
from app.demo import photos, queries
from app.demo.town import Town
from app.followups import service as followups
from app.followups.queries import involved_in
from app.followups.rules import Answer, LinkAnswer, month_before
from app.followups.service import Try

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_LAMPS: Final = "0103"
_DISTRICT: Final = "990101"
_MATTERS: Final = (
    (
        "春晓路公交站旁",
        "春晓路公交站旁路灯不亮",
        "春晓路公交站旁的两盏路灯从上周起不亮，晚上等车看不清路。",
    ),
    ("示范小区东门", "示范小区东门路灯不亮", "示范小区东门外的路灯坏了，已经三天了。"),
    ("滨河步道", "滨河步道路灯白天长亮", "滨河步道的路灯白天一直亮着，浪费电。"),
)
_WITH_PHOTO: Final = 1
_DONE: Final = (
    "您好，示范小区东门外的路灯是线路老化引起的，路灯管理所一班昨晚更换了线路和灯头，"
    "现已正常亮灯。如再出现问题，请随时联系我们。"
)
_VAGUE: Final = "您好，您反映的路灯问题我们高度重视，已安排人员现场查看，原则上将尽快处理。"
_NO_PHOTO: Final = "夜间带电作业，现场不便拍照；修复后的照片明早补上。"
_TRIES: Final = (26 * _HOUR, 20 * _HOUR, 2 * _HOUR)


def found(town: Town, *, now: datetime) -> None:
    """Samples of evidence and checklist come into force; then matters stand at every point."""
    session = town.session
    catalogue_service.seed_closing(session, now=now)
    waiting = [
        session.get_one(Case, key) for key in queries.waiting_to_be_called(session, now - 2 * _DAY)
    ]
    _ring(town, waiting[:3], now)
    _answer(town, waiting[3:5], now)  # in a very small city there is nobody left to answer
    _hand_in(town, now)
    _draw(town, now)


def _ring(town: Town, cases_: Sequence[Case], now: datetime) -> None:
    for place, case in enumerate(cases_):
        reviewer = _reviewer(town, case)
        for ago in _TRIES[: min(place + 1, len(_TRIES))]:
            given = Try(Answer.NO_ANSWER, "无人接听", case.version)
            followups.record_try(town.session, case.id, given, actor=reviewer, now=now - ago)


def _answer(town: Town, cases_: Sequence[Case], now: datetime) -> None:
    said = ((LinkAnswer.NOT_SOLVED, "只修好了一半，另一半还是老样子。"), (LinkAnswer.PARTLY, ""))
    for case, (answer, words) in zip(cases_, said, strict=False):
        followups.answer_by_link(town.session, case, answer, words, now=now - 3 * _HOUR)


def _hand_in(town: Town, now: datetime) -> None:
    category = catalogue.get_category_by_code(town.session, _LAMPS)
    unit = town.unit_for(category.id, _DISTRICT)
    handler = town.staffing.handler_of(unit)
    if handler is None:
        return
    for which, (place, title, body) in enumerate(_MATTERS):
        at = now - _DAY - which * _HOUR
        is_shown = which == _WITH_PHOTO
        dark = photos.take(town, photos.lamp(is_lit=False), at=at) if is_shown else ()
        new = NewCase(
            body=body,
            title=title,
            channel=Channel.PORTAL,
            category_id=category.id,
            region_code=_DISTRICT,
            place=place,
            is_anonymous=True,
            attachment_ids=dark,
        )
        case = cases.open_case(town.session, new, doer=CITIZEN, now=at)
        clerk, dispatcher = (town.staffing.by_role[r][0] for r in (Role.CLERK, Role.DISPATCHER))
        _take(town.session, case, Action.ACCEPT, clerk, at, Facts(category_id=category.id))
        _take(town.session, case, Action.DISPATCH, dispatcher, at, Facts(unit_id=unit))
        _take(town.session, case, Action.SIGN, handler, at + _HOUR)
        if which:
            _reply(town, case, handler, now - 2 * _HOUR, is_shown=is_shown)
        if which > _WITH_PHOTO:
            _send_back(town, case, now - _HOUR)


def _take(
    session: Session,
    case: Case,
    action: Action,
    actor: Actor,
    at: datetime,
    facts: Facts | None = None,
) -> None:
    given = StepInput(action, case.version, facts=facts or Facts())
    cases.take_step_as_staff(session, case.id, given, actor=actor, now=at)


def _proof(town: Town, case: Case, handler: Actor, at: datetime) -> Proof:
    ids = photos.take(town, photos.lamp(is_lit=True), at=at, case=case, by_id=handler.id)
    return Proof(tuple((ProofKind.PHOTO, key) for key in ids), lacking="" if ids else _NO_PHOTO)


def _reply(town: Town, case: Case, handler: Actor, at: datetime, *, is_shown: bool) -> None:
    given = StepInput(
        Action.REPLY,
        case.version,
        text=_DONE if is_shown else _VAGUE,
        facts=Facts(outcome=Outcome.RESOLVED if is_shown else Outcome.PARTLY),
        proof=_proof(town, case, handler, at) if is_shown else Proof(lacking=_NO_PHOTO),
    )
    cases.take_step_as_staff(town.session, case.id, given, actor=handler, now=at)


def _send_back(town: Town, case: Case, at: datetime) -> None:
    note = "没有写明由谁、什么时候修好，请核实后重写。"
    points = ("who_when", "plain")
    given = StepInput(Action.RETURN_REPLY, case.version, note=note, points=points)
    reviewer = town.staffing.by_role[Role.REVIEWER][0]
    cases.take_step_as_staff(town.session, case.id, given, actor=reviewer, now=at)


def _draw(town: Town, now: datetime) -> None:
    zone: ZoneInfo = town.hours.calendar.zone
    month = month_before(now, zone)
    earlier = month_before(month.starts(zone), zone)
    for one in (earlier, month):
        followups.draw_month(town.session, one, zone=zone, now=one.following.starts(zone) + _DAY)
    for place, key in enumerate(queries.drawn_and_waiting(town.session, earlier.name)):
        case = town.session.get_one(Case, key)
        checker = town.staffing.by_role[Role.SUPERVISOR][0]
        if case.is_confidential or checker.id in involved_in(town.session, case.id):
            continue
        action, note = (
            (Action.OVERTURN, "电话核实：仍未修好。")
            if place == 0
            else (Action.UPHOLD, "现场核实：已经办好。")
        )
        given = StepInput(action, case.version, note=note)
        cases.take_step_as_staff(town.session, case.id, given, actor=checker, now=now - _HOUR)


def _reviewer(town: Town, case: Case) -> Actor:
    reviewers = town.staffing.by_role[Role.REVIEWER]
    return reviewers[-1] if case.is_confidential else reviewers[0]

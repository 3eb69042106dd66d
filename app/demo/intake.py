"""The first scenes: a letter comes in, is taken on or not, and gets to the unit that handles it.

Returns of a matter sent to the wrong unit, and the ruling on them, belong here.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from app.accounts.rules import Role
from app.cases.kinds import Action, Channel, DeclineReason
from app.cases.models import Case
from app.cases.queries import merging
from app.cases.rules import CITIZEN, Facts, staff
from app.cases.rules.joining import why_no_lead
from app.cases.service import NewCase
from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind, Urgency
from app.demo.ending import answered
from app.demo.hours import MINUTE
from app.demo.plans import Course
from app.demo.playing import OverError, Player

_OWN_HANDS: Final = (Channel.PORTAL, Channel.APP)
_CONSULTED: Final = 0.75  # of the questions a clerk can answer at once
_HARD: Final = 0.03
# In the order of the sentences in the texts.
_REASONS: Final = (
    DeclineReason.OTHER_PROCEDURE,
    DeclineReason.NO_NEW_FACTS,
    DeclineReason.OUTSIDE_DUTIES,
    DeclineReason.OUTSIDE_DUTIES,
)
_SENT_WRONG: Final = (Course.RETURNED, Course.ADJUDICATED)


def bring(p: Player) -> Iterator[datetime]:
    """The letter comes in."""
    plan, town = p.plan, p.town
    yield plan.opened_at
    category = catalogue.get_category_by_code(town.session, plan.letter.code)
    is_secret = plan.is_confidential or category.confidential
    p.clerk = town.staffing.somebody(Role.CLERK, p.dice, cleared=is_secret)
    lon, lat = plan.spot.point(p.dice)
    new = NewCase(
        body=plan.letter.body,
        channel=plan.channel,
        kind=plan.letter.kind,
        category_id=category.id,
        title=plan.letter.title,
        place=plan.spot.name,
        region_code=plan.spot.region_code,
        lon=lon,
        lat=lat,
        is_anonymous=plan.person is None,
        is_confidential=plan.is_confidential,
        person=plan.person,
    )
    p.opened(town.open(new, CITIZEN if plan.channel in _OWN_HANDS else staff(p.clerk)))


def take_on(p: Player) -> Iterator[datetime]:
    """A clerk takes the matter on, or it ends here."""
    course = _course(p)
    yield p.when(_FIRST.get(course, Action.ACCEPT), _looked_at(p))
    end = _ENDS.get(course)
    if end is not None:
        yield from end(p)
        raise OverError
    is_hard = p.case.urgency is Urgency.NORMAL and p.dice.random() < _HARD
    facts = Facts(
        category_id=p.case.category_id, urgency=Urgency.COMPLEX if is_hard else p.case.urgency
    )
    p.take(Action.ACCEPT, p.clerk, facts=facts)
    if not p.case.is_confidential:
        p.town.leading[_alike(p)] = p.case


def _looked_at(p: Player) -> datetime:
    if p.plan.channel not in _OWN_HANDS:
        return p.after(6)
    return p.after(8) if p.is_rush else p.town.hours.hotline(p.after(70), p.dice)


def _course(p: Player) -> Course:
    """What the plan wants, as far as the town can do it."""
    course = p.plan.course
    if p.plan.stop is not None:
        return course
    if course is Course.MERGED:
        master = p.town.leading.get(_alike(p))
        course = course if master and _may_join(p, master) else Course.PLAIN
    is_question = p.case.kind is CaseKind.CONSULTATION and p.dice.random() < _CONSULTED
    unit_id = p.town.unit_for(p.case.category_id or 0, p.case.region_code)
    has_nobody = p.town.staffing.handler_of(unit_id) is None
    if course not in _FIRST and (is_question or has_nobody):
        return Course.ANSWERED
    return course


def _may_join(p: Player, master: Case) -> bool:
    session = p.town.session
    return why_no_lead(merging.side_of(session, p.case), merging.side_of(session, master)) is None


def _alike(p: Player) -> str:
    return p.plan.letter.code


def _decline(p: Player) -> Iterator[datetime]:
    sentences = p.town.texts.common["declines"]
    place = p.dice.randrange(len(_REASONS))
    facts = Facts(decline_reason=_REASONS[place])
    p.take(Action.DECLINE, p.clerk, text=sentences[place], facts=facts)
    yield from ()


def _refer(p: Player) -> Iterator[datetime]:
    to = p.dice.choice(p.town.texts.phrases["refer_to"])
    text = p.phrase("referral", to=to)
    p.take(Action.REFER, p.clerk, text=text, facts=Facts(refer_to=to))
    yield from ()


def _merge(p: Player) -> Iterator[datetime]:
    master = p.town.leading[_alike(p)]
    facts = Facts(master=master.number)
    p.take(Action.MERGE, p.clerk, note=p.phrase("merge"), facts=facts)
    yield from ()


_FIRST: Final[Mapping[Course, Action]] = {
    Course.ANSWERED: Action.ANSWER_ON_SPOT,
    Course.DECLINED: Action.DECLINE,
    Course.REFERRED: Action.REFER,
    Course.MERGED: Action.MERGE,
}
_ENDS: Final[Mapping[Course, Callable[[Player], Iterator[datetime]]]] = {
    Course.ANSWERED: answered,
    Course.DECLINED: _decline,
    Course.REFERRED: _refer,
    Course.MERGED: _merge,
}


def send_out(p: Player) -> Iterator[datetime]:
    """The matter gets to the unit that handles it, perhaps after an argument, and is signed for."""
    right = p.town.unit_for(p.case.category_id or 0, p.case.region_code)
    wrong = p.town.staffing.another_unit(right, p.dice, cleared=p.case.is_confidential)
    course = p.plan.course
    yield p.when(Action.DISPATCH, _sorted_at(p))
    first = wrong if course in _SENT_WRONG else right
    p.take(Action.DISPATCH, p.somebody(Role.DISPATCHER), facts=Facts(unit_id=first))
    if course is Course.WITHDRAWN:
        yield p.when(Action.WITHDRAW, p.at_home(300))
        p.take(Action.WITHDRAW, None, note=p.say("withdraw_reasons"))
        raise OverError
    if course in _ARGUMENTS:
        yield from _ask_to_return(p, suggested=right if first == wrong else wrong)
        yield from _ARGUMENTS[course](p, Facts(unit_id=right))
    p.worker = p.town.staffing.handler_of(p.case.unit_id)
    if course is Course.RETURN_REFUSED and p.worker is not None:
        p.take(Action.ASSIGN, p.worker, facts=Facts(handler_id=p.worker.id))
        return
    yield p.when(Action.SIGN, p.at_desk(9 if p.is_rush else 38))
    p.take(Action.SIGN, p.worker)


def _sorted_at(p: Player) -> datetime:
    return p.after(22) if p.is_rush else p.town.hours.hotline(p.after(130), p.dice)


def _ask_to_return(p: Player, *, suggested: int) -> Iterator[datetime]:
    asked = p.when(Action.REQUEST_RETURN, p.at_desk(8 if p.is_rush else 55))
    # Whoever wants to be rid of a matter looks at the clock: the window is short.
    last = (p.case.returns_until or asked) - MINUTE
    yield max(min(asked, last), p.town.now + timedelta(seconds=1))
    reason = p.say("return_reasons")
    who = p.town.staffing.handler_of(p.case.unit_id)
    p.take(Action.REQUEST_RETURN, who, note=reason, facts=_asked(p, suggested))


def _asked(p: Player, suggested: int) -> Facts:
    return Facts(suggested_unit_id=suggested, evidence=p.say("return_evidence"))


def _accepted(p: Player, right: Facts) -> Iterator[datetime]:
    dispatcher = p.somebody(Role.DISPATCHER)
    yield p.when(Action.ACCEPT_RETURN, p.at_desk(15 if p.is_rush else 150))
    p.take(Action.ACCEPT_RETURN, dispatcher, note=_answer(p, 0))
    yield p.when(Action.DISPATCH, p.after(12))
    p.take(Action.DISPATCH, dispatcher, note=p.phrase("redispatch"), facts=right)


def _refused(p: Player, _right: Facts) -> Iterator[datetime]:
    yield p.when(Action.REFUSE_RETURN, p.at_desk(15 if p.is_rush else 150))
    p.take(Action.REFUSE_RETURN, p.somebody(Role.DISPATCHER), note=_answer(p, 1))
    yield p.when(Action.ASSIGN, p.at_desk(30))


def _ruled(p: Player, right: Facts) -> Iterator[datetime]:
    yield p.when(Action.ADJUDICATE, p.at_desk(120))
    p.take(Action.ADJUDICATE, p.somebody(Role.DISPATCHER), note=p.phrase("adjudicate"))
    yield p.when(Action.RULE, p.at_desk(240))
    supervisor = p.somebody(Role.SUPERVISOR)
    p.take(Action.RULE, supervisor, note=_answer(p, 2), facts=right)


def _answer(p: Player, place: int) -> str:
    answer: str = p.town.texts.common["return_answers"][place]
    return answer


_ARGUMENTS: Final[Mapping[Course, Callable[[Player, Facts], Iterator[datetime]]]] = {
    Course.RETURNED: _accepted,
    Course.RETURN_REFUSED: _refused,
    Course.ADJUDICATED: _ruled,
}

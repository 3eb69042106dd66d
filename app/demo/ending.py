"""The last scenes: the reply is reviewed, the citizen called back, and asked how it was."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from app.accounts.rules import Role
from app.cases.kinds import Action, CallbackResult, Outcome
from app.cases.rules import REOPEN_WINDOW, Facts
from app.catalogue.queries import follow_ups
from app.catalogue.rules import CaseKind
from app.demo.hours import DAY
from app.demo.playing import Player
from app.ratings.rules import Level

Scene = Callable[[Player], Iterator[datetime]]

_RATED: Final = 0.52
_REVIEW_RETURNED: Final = 0.04
_REWORKED: Final = 0.06
_REOPENED: Final = 0.015
_REOPENED_LATE: Final = 0.006
_GRANTED: Final = 0.5
_BETWEEN_CALLS: Final = timedelta(hours=5)
# How likely the five levels are, from best to worst, after good work and after bad.
_LEVELS: Final = tuple(Level)
_PLEASED: Final = (50, 27, 14, 6, 3)
_ANNOYED: Final = (12, 18, 25, 25, 20)
_SAID: Final = {
    CallbackResult.SOLVED: 72,
    CallbackResult.PARTLY: 5,
    CallbackResult.NO_CLEAR_ANSWER: 6,
    CallbackResult.UNREACHABLE: 9,
    CallbackResult.NOT_WANTED: 5,
    CallbackResult.DECLINED: 3,
}
# Which of the shipped notes goes with what was said.
_NOTES: Final = {
    CallbackResult.SOLVED: 0,
    CallbackResult.NO_CLEAR_ANSWER: 1,
    CallbackResult.UNREACHABLE: 2,
}


def answered(p: Player) -> Iterator[datetime]:
    """A clerk answers at once."""
    text = p.plan.letter.reply(p.town.texts, p.dice, "explained")
    facts = Facts(outcome=Outcome.EXPLAINED)
    p.take(Action.ANSWER_ON_SPOT, p.clerk, text=text, facts=facts)
    yield from rated(p)


def close(p: Player, reply: Scene) -> Iterator[datetime]:
    """Review, call-back, closing; `reply` is the scene played again where work is sent back."""
    yield from _review(p, reply)
    yield p.when(Action.CLOSE, p.at_home(20 * 60))
    if not p.was_redone and p.maybe(_REWORKED):
        p.take(Action.REWORK, p.somebody(Role.REVIEWER), note=p.say("rework_reasons"))
        yield from _again(p, reply)
        return
    said = p.dice.choices(list(_SAID), list(_SAID.values()))[0]
    if said is CallbackResult.UNREACHABLE:
        yield from _ring_in_vain(p)
    place = _NOTES.get(said)
    note = p.town.texts.common["callback_notes"][place] if place is not None else ""
    facts = Facts(callback_result=said)
    p.take(Action.CLOSE, p.somebody(Role.REVIEWER), note=note, facts=facts)


def _ring_in_vain(p: Player) -> Iterator[datetime]:
    """Whoever is never there was rung as often as the rule asks, at different hours."""
    for _ in range(follow_ups(p.town.session).attempts):
        p.town.ring(p.case, p.somebody(Role.REVIEWER))
        yield p.when(Action.CLOSE, p.town.hours.office(p.town.now + _BETWEEN_CALLS, p.dice))


def after_closing(p: Player, reply: Scene) -> Iterator[datetime]:
    """Some are not content and come back; some say how satisfied they are."""
    is_complaint = p.case.kind is CaseKind.COMPLAINT  # the unit above checks it instead
    if not p.was_redone and not is_complaint and p.maybe(_REOPENED):
        yield p.when(Action.REOPEN, p.at_home(4 * 24 * 60))
        if p.town.now - (p.case.closed_at or p.town.now) <= REOPEN_WINDOW:
            p.take(Action.REOPEN, None, text=p.phrase("reopen"))
            yield from _again(p, reply)
    yield from rated(p)
    if p.maybe(_REOPENED_LATE, Action.REQUEST_REOPEN):
        yield from _come_back_late(p, reply)


def rated(p: Player) -> Iterator[datetime]:
    """One rating, by about half of them."""
    if p.dice.random() > _RATED:
        return
    yield p.when(Action.CLOSE, p.at_home(26 * 60))
    is_bad = p.case.on_time is False or p.was_redone or p.case.outcome is Outcome.NOT_POSSIBLE
    level = p.dice.choices(_LEVELS, _ANNOYED if is_bad else _PLEASED)[0]
    p.town.rate(p.case, level, p.town.texts.say(p.dice, "ratings", int(level)))


def _review(p: Player, reply: Scene) -> Iterator[datetime]:
    yield p.when(Action.APPROVE_REPLY, p.at_desk(45 if p.is_rush else 160))
    if p.maybe(_REVIEW_RETURNED):
        p.take(Action.RETURN_REPLY, p.somebody(Role.REVIEWER), note=p.say("rework_reasons"))
        yield from reply(p)
        yield p.when(Action.APPROVE_REPLY, p.at_desk(45 if p.is_rush else 160))
    p.take(Action.APPROVE_REPLY, p.somebody(Role.REVIEWER), note=p.say("review_notes"))


def _again(p: Player, reply: Scene) -> Iterator[datetime]:
    p.was_redone = True
    yield from reply(p)
    yield from close(p, reply)


def _come_back_late(p: Player, reply: Scene) -> Iterator[datetime]:
    closed_at = p.case.closed_at or p.town.now
    late = closed_at + REOPEN_WINDOW + p.dice.randint(1, 20) * DAY
    if p.case.kind is CaseKind.COMPLAINT:
        late += 2 * REOPEN_WINDOW  # until then the unit above can be asked
    yield p.when(Action.REQUEST_REOPEN, p.town.hours.awake(late, p.dice))
    p.take(Action.REQUEST_REOPEN, None, text=p.phrase("late_reopen"))
    yield p.when(Action.GRANT_REOPEN, p.at_desk(300))
    supervisor = p.somebody(Role.SUPERVISOR)
    if p.dice.random() < _GRANTED:
        p.take(Action.GRANT_REOPEN, supervisor, note=p.phrase("late_reopen"))
        yield from _again(p, reply)
    else:
        p.take(Action.REFUSE_REOPEN, supervisor, text=p.phrase("refuse_reopen"))

"""The middle scenes: the unit gets in touch, asks, needs more time or waits, and replies."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from app.accounts.rules import Actor, Role
from app.cases.kinds import Action, ApproverLevel, Outcome, PauseGround
from app.cases.queries import find_pending
from app.cases.rules import Facts
from app.catalogue.rules import Urgency
from app.demo import complaining
from app.demo.hours import DAY
from app.demo.plans import LIGHTS, Course
from app.demo.playing import OverError, Player
from app.demo.texts import OUTCOMES

_IN_TOUCH: Final = 0.85
_CREW: Final = 0.35
_GRANTED: Final = 0.8
_NOT_POSSIBLE: Final = 0.04
_ANSWERED: Final = 0.8
_ADDS: Final = 0.09
_URGES: Final = 0.05
_URGES_WHEN_LATE: Final = 0.5
_NOTED: Final = 0.07
_STILL_ADDS: Final = 0.2
_STILL_URGES: Final = 0.3
_HOW: Final = ("done", "explained", "planned")
_HOW_OFTEN: Final = (70, 18, 12)
_GROUNDS: Final = (PauseGround.PLANNED_PROJECT, PauseGround.SEASONAL_WORK)


def handle(p: Player) -> Iterator[datetime]:
    """Everything from the signature to the reply."""
    yield from _get_in_touch(p)
    yield from _give_to_crew(p)
    yield from _ask(p)
    yield from _hear_again(p)
    yield from _end_early(p)
    yield from _wait_long(p)
    yield from _need_longer(p)
    yield from reply(p)


def reply(p: Player) -> Iterator[datetime]:
    """The unit replies, mostly in time; to a complaint when it has found out and put right."""
    yield from complaining.investigate(p)
    yield p.when(Action.REPLY, _replied_at(p))
    how = p.dice.choices(_HOW, _HOW_OFTEN)[0]
    outcome = Outcome.NOT_POSSIBLE if p.dice.random() < _NOT_POSSIBLE else OUTCOMES[how]
    how = "explained" if outcome is Outcome.NOT_POSSIBLE else how
    text = p.plan.letter.reply(p.town.texts, p.dice, how)
    p.take(Action.REPLY, p.worker, text=text, facts=Facts(outcome=outcome))


def _replied_at(p: Player) -> datetime:
    now = p.town.now
    due = p.case.due_at or now + DAY
    left = max(due - now, timedelta(minutes=40))
    if p.plan.is_late and not p.was_redone:
        at = due + min(p.dice.expovariate(1 / 0.4), 2.0) * left + timedelta(hours=1)
    elif p.plan.stop_at is not None:
        at = now + min(0.6 * left, 0.5 * (p.plan.stop_at - now))
    else:
        at = now + p.dice.betavariate(2, 2.6) * 0.92 * left
    return at if p.is_rush else p.town.hours.office(at, p.dice)


def _get_in_touch(p: Player) -> Iterator[datetime]:
    if p.plan.stop is not Action.CONTACT and p.dice.random() > _IN_TOUCH:
        return
    yield p.when(Action.CONTACT, p.at_desk(18 if p.is_rush else 90))
    p.take(Action.CONTACT, p.worker, note=p.say("contact_notes"))


def _give_to_crew(p: Player) -> Iterator[datetime]:
    if p.plan.letter.code != LIGHTS or not p.maybe(_CREW, Action.ASSIGN):
        return
    yield p.when(Action.ASSIGN, p.at_desk(25))
    crew = p.somebody(Role.CREW)
    if p.worker is None or not crew.unit_path.startswith(p.worker.unit_path):
        return  # the matter went to another unit, which has no crew of its own
    p.take(Action.ASSIGN, p.worker, note=p.say("notes"), facts=Facts(handler_id=crew.id))
    p.worker = crew


def _ask(p: Player) -> Iterator[datetime]:
    if not p.maybe(0.08, Action.ASK_CITIZEN):
        return
    yield p.when(Action.ASK_CITIZEN, p.at_desk(240))
    question = p.plan.letter.one_of(p.town.texts, p.dice, "questions")
    p.take(Action.ASK_CITIZEN, p.worker, text=question)
    if p.dice.random() < _ANSWERED:
        yield p.when(Action.ANSWER_QUESTION, p.at_home(500))
        p.take(Action.ANSWER_QUESTION, None, text=p.say("answers"))
    else:
        yield p.when(Action.GO_ON, p.town.hours.office(p.town.now + 2 * DAY, p.dice))
        p.take(Action.GO_ON, p.worker, note=p.phrase("go_on"))


def _hear_again(p: Player) -> Iterator[datetime]:
    if p.plan.stop is not None:
        return
    if p.dice.random() < _ADDS:
        yield p.when(Action.SUPPLEMENT, p.at_home(900))
        p.town.supplement(p.case, p.say("supplements"))
    if p.dice.random() < (_URGES_WHEN_LATE if p.plan.is_late else _URGES):
        yield p.when(Action.URGE, p.at_home(2600))
        p.town.urge(p.case, p.say("urges"))
    if p.worker is not None and p.dice.random() < _NOTED:
        yield p.when(Action.NOTE, p.at_desk(200))
        p.town.note(p.case, p.say("notes"), p.worker)


def keep_asking(p: Player) -> Iterator[datetime]:
    """What stands still is asked after, by some."""
    if p.dice.random() < _STILL_ADDS:
        yield p.town.hours.awake(p.town.now + p.dice.uniform(0.3, 2) * DAY, p.dice)
        p.town.supplement(p.case, p.say("supplements"))
    if p.dice.random() < _STILL_URGES:
        yield p.town.hours.awake(p.town.now + p.dice.uniform(1.5, 6) * DAY, p.dice)
        p.town.urge(p.case, p.say("urges"))


def _end_early(p: Player) -> Iterator[datetime]:
    if p.plan.course is not Course.TERMINATED:
        return
    yield p.when(Action.REQUEST_TERMINATION, p.at_desk(900))
    p.take(
        Action.REQUEST_TERMINATION,
        p.worker,
        note=p.phrase("termination_request"),
        facts=Facts(evidence=p.say("end_grounds")),
    )
    yield p.when(Action.APPROVE_TERMINATION, p.at_desk(240))
    p.take(Action.APPROVE_TERMINATION, _decider(p), text=p.phrase("termination"))
    raise OverError


def _wait_long(p: Player) -> Iterator[datetime]:
    if p.is_rush or not p.maybe(0.025, Action.REQUEST_SUSPENSION, Action.APPROVE_SUSPENSION):
        return
    yield p.when(Action.REQUEST_SUSPENSION, p.at_desk(500))
    if p.is_late:
        return
    reason = p.say("suspend_reasons")
    few, many = p.town.texts.phrases["suspended_days"]
    # What stands suspended today must not be over tomorrow.
    days = p.dice.randint(few, many) + (many if p.plan.stop else 0)
    until = p.town.hours.local(p.town.now + days * DAY).date()
    facts = Facts(ground=p.dice.choice(_GROUNDS), until=until)
    p.take(Action.REQUEST_SUSPENSION, p.worker, note=reason, facts=facts)
    yield p.when(Action.APPROVE_SUSPENSION, p.at_desk(300))
    if p.plan.stop is None and p.dice.random() > _GRANTED:
        p.take(Action.REFUSE_SUSPENSION, _decider(p), note=p.phrase("refuse_suspension"))
        return
    year, number = p.town.hours.local(p.town.now).year, p.plan.number
    p.take(
        Action.APPROVE_SUSPENSION,
        _decider(p),
        text=p.phrase("suspension", reason=reason),
        facts=Facts(document_no=p.phrase("document", year=year, number=number)),
    )
    yield p.when(Action.RESUME, p.town.hours.office(p.town.now + (days - 2) * DAY, p.dice))
    p.take(Action.RESUME, p.worker)


def _need_longer(p: Player) -> Iterator[datetime]:
    is_slow_kind = p.case.urgency in (Urgency.NORMAL, Urgency.COMPLEX)
    if not is_slow_kind or not p.maybe(0.07, Action.REQUEST_EXTENSION):
        return
    left = (p.case.due_at or p.town.now) - p.town.now
    some_of_it = 0.05 if p.plan.stop is not None else 0.5
    asked_at = p.town.hours.office(p.town.now + some_of_it * left, p.dice)
    yield p.when(Action.REQUEST_EXTENSION, asked_at)
    if p.is_late:
        return
    reason, days = p.say("extension_reasons"), p.dice.randint(3, 7)
    p.take(
        Action.REQUEST_EXTENSION,
        p.worker,
        note=reason,
        facts=Facts(amount=days, evidence=p.say("time_grounds")),
    )
    yield p.when(Action.APPROVE_EXTENSION, p.at_desk(180))
    if p.dice.random() < _GRANTED:
        text = p.phrase("extension", reason=reason, days=days)
        p.take(Action.APPROVE_EXTENSION, _decider(p), text=text)
    else:
        p.take(Action.REFUSE_EXTENSION, _decider(p), note=p.phrase("refuse_extension"))


def _decider(p: Player) -> Actor:
    """Who decides what was asked last: at the unit, or above it where the lines say so."""
    asked = find_pending(p.town.session, p.case)
    if asked is not None and asked.level is ApproverLevel.CENTRE:
        return p.town.staffing.supervisor(p.dice)
    return p.town.staffing.decider_of(p.case.unit_id, p.dice)

"""Does one deed to one matter, or says beforehand why it will not go: rights as for single steps.

Every step goes through `cases.service.take_step_as_staff`, every order through supervision's
own service; nothing here sets a state.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases import rules
from app.cases import service as cases
from app.cases.events import CaseMoving
from app.cases.kinds import Action, CallbackResult, Outcome
from app.cases.models import Case
from app.cases.queries import situation_of
from app.cases.rules import Facts, Proof, StepInput, staff
from app.cases.service import closing
from app.cases.service.stepping import check_version
from app.cases.workflows import step_for
from app.catalogue.rules import render_reply
from app.citizens import service as citizens
from app.departments import queries as departments
from app.desk.bulk.rules import DEEDS, Ask, BulkDeed
from app.desk.casepage import places_of
from app.kernel.errors import DomainError, ForbiddenError, InvalidError
from app.kernel.events import publish
from app.kernel.messages import mark
from app.supervision.service import orders
from app.supervision.service.orders import Wish

Given = Mapping[str, str]
_LANGUAGE: Final = "zh"  # what citizens read is written in the language of the hall


@dataclass(frozen=True, slots=True)
class One:
    """One matter of a run: what is done to it, by whom, as it was seen."""

    session: Session
    actor: Actor
    case: Case
    seen: int
    given: Given
    now: datetime


def do(deed: BulkDeed, one: One) -> None:
    """Do the deed to this matter.

    Raises:
        DomainError: whatever the single step would be refused with.
    """
    check_version(one.session, one.case, one.seen)
    if DEEDS[deed].action is not None:
        given = step_input(deed, one)
        cases.take_step_as_staff(one.session, one.case.id, given, actor=one.actor, now=one.now)
    else:
        _OTHERS[deed](one)


def why_not(deed: BulkDeed, one: One) -> str:
    """Why the deed would be refused as things stand; "" where nothing speaks against it.

    Asks the rules only: what an effect finds out by itself is told after the run.
    """
    try:
        _check(deed, one)
    except InvalidError as refusal:
        return next(iter(refusal.fields.values()), refusal.msgid)
    except DomainError as refusal:
        return refusal.msgid
    return ""


def _check(deed: BulkDeed, one: One) -> None:
    action = DEEDS[deed].action
    if action is not None:
        _check_step(deed, action, one)
    elif deed is BulkDeed.SUPERVISE:
        if why := orders.why_not(one.session, one.case, one.actor):
            raise ForbiddenError(why)
    elif deed is BulkDeed.REMIND:
        if not cases.supervises(one.session, one.case, one.actor):
            raise ForbiddenError(mark("Your role does not allow this step on this matter."))
    elif deed is BulkDeed.ANSWER_URGE:
        if not cases.may_answer_urge(one.session, one.case, one.actor):
            raise ForbiddenError(mark("Nobody waits for an answer to an urge on this matter."))
        words(one)


def _check_step(deed: BulkDeed, action: Action, one: One) -> None:
    situation = situation_of(one.session, one.case)
    step = step_for(one.case.kind, situation, action)
    rules.check_may_take(step, situation, staff(one.actor), one.now)
    given = step_input(deed, one)
    rules.check_input(step, given)
    # What other features would stop it for: an open task, too few calls.
    publish(one.session, CaseMoving(one.case, step, given, staff(one.actor), one.now))
    if deed is BulkDeed.REPLY:
        closing.evidence(one.session, one.case, given)


def words(one: One) -> str:
    """What the citizen of this matter would read, its places filled.

    Raises:
        InvalidError: this matter has nothing to put into one of the places.
    """
    text = one.given.get(Ask.TEXT, "")
    if "{" not in text:
        return text
    case, session = one.case, one.session
    person = citizens.person_of(session, case.citizen_id) if case.citizen_id else None
    unit = departments.view_of(session, case.unit_id)
    return render_reply(text, places_of(session, case, person, unit, _LANGUAGE, one.now))


def step_input(deed: BulkDeed, one: One) -> StepInput:
    """The step as the single form would send it."""
    action = DEEDS[deed].action
    if action is None:
        msg = "not a step of the workflow"
        raise ValueError(msg)
    return StepInput(
        action=action,
        seen_version=one.seen,
        note=one.given.get(Ask.NOTE, ""),
        text=words(one),
        facts=facts_of(one.given),
        proof=Proof((), one.given.get(Ask.STATEMENT, ""), one.given.get(Ask.LACKING, "")),
    )


def facts_of(given: Given) -> Facts:
    """The facts among what was given; what is not of its kind counts as not given."""
    outcome, result = given.get(Ask.OUTCOME), given.get(Ask.RESULT)
    return Facts(
        handler_id=_number(given.get(Ask.HANDLER)),
        outcome=Outcome(outcome) if outcome in set(Outcome) else None,
        amount=_number(given.get(Ask.AMOUNT)),
        evidence=given.get(Ask.EVIDENCE, ""),
        callback_result=CallbackResult(result) if result in set(CallbackResult) else None,
    )


def _number(text: Any) -> int | None:  # noqa: ANN401  # as it came from a form
    digits = str(text or "")
    return int(digits) if digits.isdecimal() and len(digits) < len(str(2**63)) else None


def _note(one: One) -> None:
    text = one.given.get(Ask.NOTE, "")
    cases.add_note(one.session, one.case.id, text, actor=one.actor, now=one.now)


def _remind(one: One) -> None:
    text = one.given.get(Ask.NOTE, "")
    cases.remind(one.session, one.case.id, text, actor=one.actor, now=one.now)


def _answer(one: One) -> None:
    cases.answer_urge(
        one.session, one.case.id, words(one), seen=one.seen, actor=one.actor, now=one.now
    )


def _supervise(one: One) -> None:
    wish = Wish(
        _number(one.given.get(Ask.LEVEL)),
        one.given.get(Ask.REASON, ""),
        one.given.get(Ask.DEMAND, ""),
    )
    orders.issue(one.session, one.case.id, wish, actor=one.actor, now=one.now)


_OTHERS: Final[Mapping[BulkDeed, Callable[[One], None]]] = {
    BulkDeed.NOTE: _note,
    BulkDeed.REMIND: _remind,
    BulkDeed.ANSWER_URGE: _answer,
    BulkDeed.SUPERVISE: _supervise,
}

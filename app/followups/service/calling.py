"""Calling citizens back: each try is written down, and what they say moves the matter on.

The steps themselves are the workflow's; here is which of them an answer leads to.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases import service as cases
from app.cases.kinds import Action, CallbackResult, Status
from app.cases.models import Case
from app.cases.queries import get_case
from app.cases.rules import Facts, StepInput, StepNotAllowedError, staff
from app.cases.service.recording import Entry, record
from app.cases.service.stepping import check_version
from app.catalogue import queries as catalogue
from app.followups import queries
from app.followups.models import Callback, CallbackTry
from app.followups.rules import RESULT_OF, Answer, Way, check_try, next_try
from app.kernel.errors import InvalidError
from app.kernel.messages import mark


@dataclass(frozen=True, slots=True)
class Try:
    """What came of one call: the answer, what was said, and the state of the matter seen."""

    answer: Answer
    note: str
    seen_version: int


def open_callback(session: Session, case: Case, *, now: datetime) -> Callback:
    """The call-back of this round; begun now where there is none yet."""
    found = queries.find_callback(session, case.id, case.round)
    if found is None:
        found = Callback(case_id=case.id, round=case.round, opened_at=now, next_at=now)
        session.add(found)
        session.flush()
    return found


def record_try(session: Session, case_id: int, given: Try, *, actor: Actor, now: datetime) -> Case:
    """Write one call down; whoever was reached and answered is done with, or handled again.

    Raises:
        NotFoundError: no such case in the actor's sight.
        ForbiddenError: the actor may not call back.
        StepNotAllowedError: nobody is to be called back about it now.
        ConflictError: the case has moved on.
        InvalidError: too soon after the last try, or words are missing.
    """
    case, callback = _open(session, case_id, given.seen_version, actor=actor, now=now)
    if given.answer is Answer.NO_ANSWER:
        how = catalogue.follow_ups(session)
        check_try(queries.situation_for(callback), how, now)
        _write(session, case, callback, given, actor=actor, now=now)
        callback.next_at = next_try(queries.situation_for(callback), how, now)
        return case
    if given.answer is Answer.NOT_SOLVED and not given.note.strip():
        raise InvalidError(fields={"note": mark("Write what is not solved.")})
    callback.way = Way.PHONE
    _write(session, case, callback, given, actor=actor, now=now)
    _finish(session, case, RESULT_OF[given.answer], given.note, actor=actor, now=now)
    return case


def give_up(
    session: Session, case_id: int, note: str, *, seen_version: int, actor: Actor, now: datetime
) -> Case:
    """Close a matter whose citizen could not be reached; never counted as satisfied.

    Raises: as `record_try`; InvalidError while it was not tried often enough.
    """
    case, callback = _open(session, case_id, seen_version, actor=actor, now=now)
    callback.way = Way.PHONE
    _finish(session, case, CallbackResult.UNREACHABLE, note, actor=actor, now=now)
    return case


def is_owed(case: Case) -> bool:
    """Whether the citizen of this matter is to be asked now; who followed another, as well."""
    if case.status is Status.CALLING_BACK:
        return True
    is_over = case.status is Status.CLOSED and case.callback_result is None
    return is_over and case.master_id is not None


def _open(
    session: Session, case_id: int, seen_version: int, *, actor: Actor, now: datetime
) -> tuple[Case, Callback]:
    actor.require(Permission.CASE_CALLBACK)
    case = get_case(session, case_id, actor)
    if not is_owed(case):
        raise StepNotAllowedError(mark("Nobody is to be called back about this matter now."))
    check_version(session, case, seen_version)
    return case, open_callback(session, case, now=now)


def _write(
    session: Session, case: Case, callback: Callback, given: Try, *, actor: Actor, now: datetime
) -> None:
    callback.attempts += 1
    callback.last_at = now
    session.add(
        CallbackTry(
            callback_id=callback.id,
            number=callback.attempts,
            at=now,
            by_id=actor.id,
            answer=given.answer,
        )
    )
    payload = {"n": callback.attempts, "answer": str(given.answer), "round": case.round}
    words = given.note if given.answer is Answer.NO_ANSWER else ""
    entry = Entry(Action.CALLED, staff(actor), now, internal_text=words, payload=payload)
    record(session, case, entry)


def _finish(
    session: Session,
    case: Case,
    result: CallbackResult,
    note: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    facts = Facts(callback_result=result)
    for action in _steps_for(case, result):
        given = StepInput(action, case.version, note=note, facts=facts)
        cases.take_step_as_staff(session, case.id, given, actor=actor, now=now)


def _steps_for(case: Case, result: CallbackResult) -> tuple[Action, ...]:
    is_unsolved = result is CallbackResult.NOT_SOLVED
    if case.status is Status.CALLING_BACK:
        return (Action.REWORK,) if is_unsolved else (Action.CLOSE,)
    return (Action.CALL_BACK, Action.REWORK) if is_unsolved else (Action.CALL_BACK,)

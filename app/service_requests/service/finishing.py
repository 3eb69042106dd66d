"""Writes down what a later look found of what was granted on a promise (告知承诺)."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.application_models import CaseApplication
from app.cases.kinds import Action, Decision
from app.cases.models import Case
from app.cases.queries import situation_of
from app.cases.rules import is_accused, staff
from app.cases.service import clocks as case_clocks
from app.cases.service.applying import application_row
from app.cases.service.recording import Entry, record
from app.kernel.errors import ForbiddenError, InvalidError
from app.kernel.messages import mark
from app.notifications.service.writing import write_about
from app.sla import service as sla
from app.sla.rules import ClockKind, Subject

FALSE_PROMISE = mark(
    "What you promised for your application %(number)s was looked at and does not hold. "
    "What follows is on its page."
)


def may_verify(session: Session, case: Case, actor: Actor) -> bool:
    """Whether this person may write down now whether the promise holds."""
    row = session.get(CaseApplication, case.id)
    if row is None or not row.is_on_promise or row.verified_at is not None:
        return False
    situation = situation_of(session, case)
    reaches = actor.covers(
        Permission.CASE_HANDLE,
        unit_id=situation.unit_id,
        unit_path=situation.unit_path,
        region_code=situation.region_code,
        handler_id=situation.handler_id,
    )
    return row.decision is Decision.GRANTED and reaches and not is_accused(situation, actor)


def verify(
    session: Session, case: Case, *, was_true: bool, words: str, actor: Actor, now: datetime
) -> None:
    """Write down whether what was promised holds; once.

    `words` are for the applicant; where the promise does not hold they say what follows.

    Raises:
        ForbiddenError: not theirs, or there is nothing to look at afterwards.
        InvalidError: no words.
    """
    if not may_verify(session, case, actor):
        raise ForbiddenError(
            mark("Your role does not allow this on this matter, or it is not the time.")
        )
    if not words.strip():
        raise InvalidError(fields={"words": mark("Write what was found, for the applicant.")})
    row = application_row(session, case.id)
    row.verified_at, row.was_true = now, was_true
    sla.meet(session, Subject.case(case.id), ClockKind.VERIFY, now=now)
    payload = {"was_true": was_true}
    record(
        session, case, Entry(Action.VERIFY, staff(actor), now, public_text=words, payload=payload)
    )
    case_clocks.mirror(session, case)
    if not was_true:
        write_about(session, case, FALSE_PROMISE, now=now)

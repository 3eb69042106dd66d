"""Finishes an application on the spot, and looks afterwards at what was granted on a promise.

What is done while the applicant waits is one press to accept and grant, one to hand it out.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases import service as cases
from app.cases.kinds import Action, Decision
from app.cases.models import Case
from app.cases.queries import get_case, situation_of
from app.cases.rules import Facts, StepInput, is_accused, staff
from app.cases.service import clocks as case_clocks
from app.cases.service.applying import application_row
from app.cases.service.recording import Entry, record
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.messages import mark
from app.notifications.service.writing import write_about
from app.service_items.rules import Delivery
from app.sla import service as sla
from app.sla.rules import ClockKind, Subject

FALSE_PROMISE = mark(
    "What you promised for your application %(number)s was looked at and does not hold. "
    "What follows is on its page."
)


def hand_out(
    session: Session,
    case_id: int,
    seen_version: int,
    delivery: Delivery,
    *,
    tracking_no: str = "",
    actor: Actor,
    now: datetime,
) -> Case:
    """Hand the decision out, and file it at once where the applicant has it in hand.

    Raises: as `cases.take_step_as_staff`.
    """
    facts = Facts(delivery=delivery, tracking_no=tracking_no)
    given = StepInput(Action.DELIVER, seen_version, facts=facts)
    case = cases.take_step_as_staff(session, case_id, given, actor=actor, now=now).case
    if delivery is Delivery.POST:
        return case
    filed = StepInput(Action.ARCHIVE, case.version)
    return cases.take_step_as_staff(session, case_id, filed, actor=actor, now=now).case


def verify(
    session: Session, case_id: int, *, was_true: bool, words: str, actor: Actor, now: datetime
) -> None:
    """Write down whether what was promised holds (告知承诺: looked at after the decision).

    `words` are for the applicant; where the promise does not hold they say what follows.

    Raises:
        NotFoundError: no such matter in the actor's sight.
        ForbiddenError: not theirs.
        ConflictError: nothing was granted on a promise, or it was looked at already.
        InvalidError: no words.
    """
    case = get_case(session, case_id, actor)
    situation = situation_of(session, case)
    may = actor.covers(
        Permission.CASE_HANDLE,
        unit_id=situation.unit_id,
        unit_path=situation.unit_path,
        region_code=situation.region_code,
        handler_id=situation.handler_id,
    )
    if not may or is_accused(situation, actor):
        raise ForbiddenError(mark("Your role does not allow this on this matter."))
    row = application_row(session, case.id)
    if not row.is_on_promise or row.decision is not Decision.GRANTED or row.verified_at:
        raise ConflictError(mark("There is nothing here to look at afterwards."))
    if not words.strip():
        raise InvalidError(fields={"words": mark("Write what was found, for the applicant.")})
    row.verified_at, row.was_true = now, was_true
    sla.meet(session, Subject.case(case.id), ClockKind.VERIFY, now=now)
    record(
        session,
        case,
        Entry(Action.VERIFY, staff(actor), now, public_text=words, payload={"was_true": was_true}),
    )
    case_clocks.mirror(session, case)
    if not was_true:
        write_about(session, case, FALSE_PROMISE, now=now)

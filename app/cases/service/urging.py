"""Asking for speed (催办): counted, passed on to the unit, answered; it does not flood.

Leaves the state of the matter alone. Who is alarmed is decided by those who subscribe.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.calendars import queries as calendars
from app.cases.events import CaseUrged
from app.cases.kinds import Action, Status
from app.cases.models import Case, CaseEvent
from app.cases.queries import get_case, situation_of
from app.cases.rules import CITIZEN, OwnWorkError, StepNotAllowedError, staff
from app.cases.service.citizens_own import must_be_open
from app.cases.service.following import tell_master
from app.cases.service.recording import Entry, record
from app.cases.service.stepping import check_version
from app.catalogue import queries as catalogue
from app.catalogue.rules import URGE_QUIET
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.kernel.events import publish
from app.kernel.messages import mark
from app.sla import service as sla

# Where the catalogue says nothing, as before there was such a limit [S].
_UNLESS_SET: Final = timedelta(hours=24)
# Whoever has the matter in hand at any point of its life answers for it.
ANSWERS: Final = (
    Permission.CASE_HANDLE,
    Permission.CASE_SIGN,
    Permission.CASE_ACCEPT,
    Permission.CASE_DISPATCH,
    Permission.CASE_REVIEW,
    Permission.CASE_CALLBACK,
)


# An application that is decided only has to reach the applicant, by a date of its own.
DECIDED: Final = frozenset({Status.DECIDED, Status.ISSUING, Status.DELIVERED})


@dataclass(frozen=True, slots=True)
class Urged:
    """What became of it: passed on, or only counted because the unit was told lately."""

    event: CaseEvent
    is_passed_on: bool
    quiet_until: datetime


def urge(session: Session, case: Case, *, now: datetime) -> Urged:
    """The citizen asks for speed; inside the quiet time it is counted and alarms nobody.

    Raises:
        StepNotAllowedError: the matter has ended, or the application is decided.
    """
    must_be_open(case)
    if case.status in DECIDED:
        raise StepNotAllowedError(
            mark("It is decided already; there is nothing to hurry any more.")
        )
    until = quiet_until(session, case)
    is_quiet = until is not None and now < until
    case.urge_count += 1
    payload = {"n": case.urge_count, "quiet": is_quiet}
    entry = Entry(
        Action.URGE, CITIZEN, now, payload=payload, is_public=not is_quiet, is_quiet=is_quiet
    )
    event = record(session, case, entry)
    if until is not None and is_quiet:
        return Urged(event, is_passed_on=False, quiet_until=until)
    case.urged_at = now
    case.urge_open_at = case.urge_open_at or now
    tell_master(session, case, event, doer=CITIZEN, now=now)
    publish(session, CaseUrged(case, event, now))
    return Urged(event, is_passed_on=True, quiet_until=quiet_until(session, case) or now)


def quiet_until(session: Session, case: Case) -> datetime | None:
    """Until when another urge is only counted; None where none was passed on yet."""
    if case.urged_at is None:
        return None
    try:
        limit = catalogue.choose_limit(
            session,
            clock_kind=URGE_QUIET,
            case_kind=case.kind,
            category_id=case.category_id,
            urgency=case.urgency,
            region_code=case.region_code,
            on=calendars.load(session).statutory.local_date(case.urged_at),
        )
    except NotFoundError:
        return case.urged_at + _UNLESS_SET
    return sla.due_under(
        session, limit, now=case.urged_at, region_code=case.region_code, unit_id=case.unit_id
    )


def may_answer_urge(session: Session, case: Case, actor: Actor) -> bool:
    """Whether an urge waits on this matter and this person answers for it."""
    return case.urge_open_at is not None and answers_for(session, case, actor)


def answers_for(session: Session, case: Case, actor: Actor) -> bool:
    """Whether the matter is in the hands this person works with, whatever its state."""
    here = situation_of(session, case)
    return any(
        actor.covers(
            needs,
            unit_id=case.unit_id,
            unit_path=here.unit_path,
            region_code=case.region_code,
            handler_id=case.handler_id,
        )
        for needs in ANSWERS
    )


def answer_urge(
    session: Session, case_id: int, text: str, *, seen: int, actor: Actor, now: datetime
) -> CaseEvent:
    """Answer who asked for speed, in words the citizen reads at once.

    Raises:
        NotFoundError: no such case in the actor's sight.
        ConflictError: nobody waits for an answer any more, or the screen is stale.
        ForbiddenError: the matter is not in this person's hands.
        InvalidError: nothing was written.
    """
    case = get_case(session, case_id, actor)
    check_version(session, case, seen)
    if case.urge_open_at is None:
        raise ConflictError(mark("Nobody waits for an answer to an urge on this matter."))
    if not may_answer_urge(session, case, actor):
        raise ForbiddenError(mark("Only whoever has the matter in hand answers an urge."))
    if not text.strip():
        raise InvalidError(fields={"text": mark("Write what the citizen will read.")})
    case.urge_open_at = None
    return record(session, case, Entry(Action.ANSWER_URGE, staff(actor), now, public_text=text))


def remind(session: Session, case_id: int, text: str, *, actor: Actor, now: datetime) -> CaseEvent:
    """Ask the unit for speed from above; only staff see it.

    Raises:
        NotFoundError: no such case in the actor's sight.
        StepNotAllowedError: the matter has ended.
        ForbiddenError: the person does not supervise it.
        OwnWorkError: it is in their own hands (rulebook §2.3.7).
    """
    case = get_case(session, case_id, actor)
    must_be_open(case)
    if not supervises(session, case, actor):
        raise ForbiddenError(mark("Your role does not allow this step on this matter."))
    if case.handler_id == actor.id:
        raise OwnWorkError(mark("You handle this matter yourself; somebody else supervises it."))
    entry = Entry(Action.REMIND, staff(actor), now, internal_text=text, is_public=False)
    event = record(session, case, entry)
    publish(session, CaseUrged(case, event, now))
    return event


def supervises(session: Session, case: Case, actor: Actor) -> bool:
    """Whether an appointment of this person carries supervision as far as this matter."""
    return actor.covers(
        Permission.CASE_SUPERVISE,
        unit_id=case.unit_id,
        unit_path=situation_of(session, case).unit_path,
        region_code=case.region_code,
        handler_id=case.handler_id,
    )

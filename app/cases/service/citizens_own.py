"""What a citizen does with their own case without changing its state, and staff notes beside it.

Steps that do change it (withdraw, answer, reopen) go through `take_step`.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.kinds import FINAL, Action
from app.cases.models import Case, CaseEvent
from app.cases.queries import get_case
from app.cases.rules import CITIZEN, Doer, StepNotAllowedError, staff
from app.cases.service.belongings import attach
from app.cases.service.following import tell_master
from app.cases.service.recording import Entry, record
from app.kernel.errors import InvalidError
from app.kernel.messages import mark


def supplement(
    session: Session,
    case: Case,
    text: str,
    *,
    attachment_ids: Sequence[int] = (),
    doer: Doer = CITIZEN,
    now: datetime,
) -> CaseEvent:
    """Add words or files to a matter that is still open.

    Raises:
        StepNotAllowedError: the matter has ended.
        InvalidError: neither words nor files were given.
    """
    must_be_open(case)
    if not (text.strip() or attachment_ids):
        raise InvalidError(fields={"text": mark("Write something or add a photo.")})
    event = record(session, case, Entry(Action.SUPPLEMENT, doer, now, public_text=text))
    attach(session, case, attachment_ids, event_id=event.id)
    tell_master(session, case, event, doer=doer, now=now)
    return event


def add_note(
    session: Session, case_id: int, text: str, *, actor: Actor, now: datetime
) -> CaseEvent:
    """Write an internal note; no citizen ever reads it.

    Raises:
        NotFoundError: no such case in the actor's sight.
        InvalidError: nothing was written.
    """
    case = get_case(session, case_id, actor)
    if not text.strip():
        raise InvalidError(fields={"note": mark("Write the note first.")})
    entry = Entry(Action.NOTE, staff(actor), now, internal_text=text, is_public=False)
    return record(session, case, entry)


def must_be_open(case: Case) -> None:
    """Refuse to add to what has ended.

    Raises:
        StepNotAllowedError: the matter has ended.
    """
    if case.status in FINAL:
        raise StepNotAllowedError(mark("This matter has ended; nothing can be added any more."))


def tell_progress(
    session: Session, case: Case, note: str, *, actor: Actor, now: datetime
) -> CaseEvent:
    """Write down that somebody asked about their matter and was told where it stands.

    The same person and matter without new facts get no new order (rulebook §2.5 R3).

    Raises:
        StepNotAllowedError: the matter has ended.
    """
    must_be_open(case)
    entry = Entry(Action.TELL_PROGRESS, staff(actor), now, internal_text=note, is_quiet=True)
    return record(session, case, entry)

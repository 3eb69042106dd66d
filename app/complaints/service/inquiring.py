"""Writes the investigation file and the measures; each leaves a line without words in the history.

The words stay in the file, which fewer people read than the matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.calendars import queries as calendars
from app.cases.complaint_models import CaseInquiry, CaseMeasure
from app.cases.kinds import Action, InquiryKind
from app.cases.models import Attachment, Case, CaseEvent
from app.cases.queries import situation_of
from app.cases.rules import staff
from app.cases.service.belongings import attach
from app.cases.service.recording import Entry, record
from app.complaints import queries, rules
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.messages import mark

_NOT_YOURS = mark("Your role does not allow this on this matter, or it is not the time for it.")


@dataclass(frozen=True, slots=True)
class Line:
    """What was looked into: how, with whom, on which day, in words, with which files."""

    kind: InquiryKind
    held_on: date
    words: str
    with_whom: str = ""
    attachment_ids: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """What is to be put right, and by when."""

    what: str
    due_on: date


def inquire(
    session: Session, case: Case, line: Line, *, actor: Actor, now: datetime
) -> CaseInquiry:
    """Add a line to the investigation file; it is not changed afterwards.

    Raises:
        ForbiddenError: not the investigator, or it is not being investigated.
        InvalidError: no words, nobody spoken with, or a day still to come.
    """
    _require(rules.may_write_file(actor, situation_of(session, case)))
    wrong: dict[str, str] = {}
    if not line.words.strip():
        wrong["words"] = mark("Write down what was said, read or seen.")
    if line.kind is InquiryKind.INTERVIEW and not line.with_whom.strip():
        wrong["with_whom"] = mark("Enter with whom you spoke.")
    if line.held_on > _today(session, now):
        wrong["held_on"] = mark("This day has not come yet.")
    if wrong:
        raise InvalidError(fields=wrong)
    event = _note(session, case, Action.INQUIRE, actor, now, kind=str(line.kind))
    _seal_files(session, case, line.attachment_ids, event)
    written = CaseInquiry(
        case_id=case.id,
        event_id=event.id,
        kind=line.kind,
        with_whom=line.with_whom.strip(),
        held_on=line.held_on,
        words=line.words,
        written_by=actor.id,
        written_at=now,
    )
    session.add(written)
    session.flush()
    return written


def lay_down(
    session: Session, case: Case, measure: Measure, *, actor: Actor, now: datetime
) -> CaseMeasure:
    """Write down what is to be put right by when.

    Raises:
        ForbiddenError: not the unit in charge, or the finding asks for no measures.
        InvalidError: no words, or a day that has passed.
    """
    _require(rules.may_lay_down(actor, situation_of(session, case)))
    wrong: dict[str, str] = {}
    if not measure.what.strip():
        wrong["what"] = mark("Write what is to be put right.")
    if measure.due_on < _today(session, now):
        wrong["due_on"] = mark("This day has passed. Enter one to come.")
    if wrong:
        raise InvalidError(fields=wrong)
    laid_down = CaseMeasure(
        case_id=case.id,
        unit_id=case.unit_id,
        what=measure.what,
        due_on=measure.due_on,
        late_from=calendars.load(session).statutory.end_of(measure.due_on),
        laid_down_by=actor.id,
        laid_down_at=now,
    )
    session.add(laid_down)
    session.flush()
    _note(session, case, Action.LAY_DOWN, actor, now, measure=laid_down.id)
    return laid_down


def prove(
    session: Session,
    case: Case,
    measure_id: int,
    proof: str,
    *,
    attachment_ids: Sequence[int] = (),
    actor: Actor,
    now: datetime,
) -> None:
    """Say how a measure was carried out, with the files that show it.

    Raises:
        NotFoundError: the complaint has no such measure.
        ForbiddenError: not the unit in charge.
        ConflictError: somebody has proved it meanwhile.
        InvalidError: no words.
    """
    measure = queries.get_measure(session, case.id, measure_id)
    _require(rules.may_prove(actor, situation_of(session, case)))
    if measure.proved_at is not None:
        raise ConflictError(mark("Somebody has proved this measure already."))
    if not proof.strip():
        raise InvalidError(fields={"proof": mark("Write what shows that it was done.")})
    event = _note(session, case, Action.PROVE, actor, now, measure=measure.id)
    _seal_files(session, case, attachment_ids, event)
    measure.proof, measure.proved_by, measure.proved_at = proof, actor.id, now
    measure.proof_event_id = event.id
    session.flush()


def _require(may: bool) -> None:  # noqa: FBT001  # read aloud it says what it means
    if not may:
        raise ForbiddenError(_NOT_YOURS)


def _today(session: Session, now: datetime) -> date:
    return calendars.load(session).statutory.local_date(now)


def _note(
    session: Session, case: Case, action: Action, actor: Actor, now: datetime, **payload: object
) -> CaseEvent:
    entry = Entry(action, staff(actor), now, payload=payload, is_public=False)
    return record(session, case, entry)


def _seal_files(session: Session, case: Case, ids: Sequence[int], event: CaseEvent) -> None:
    attach(session, case, ids, event_id=event.id)
    session.flush()
    theirs = update(Attachment).where(
        Attachment.case_id == case.id, Attachment.event_id == event.id
    )
    session.execute(theirs.values(is_sealed=True, is_public=False))

"""Takes what is done at the spot: each action once, however often a device sends it.

What cannot be taken any more is answered with a sentence, and what was sent with it is kept
with the matter: nobody's photos or words are lost because somebody was faster.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases import service as cases
from app.cases.kinds import FINAL, AccessRole, Action, Status
from app.cases.models import Case, CaseAccess
from app.cases.queries import get_case
from app.cases.rules import CONTRACTOR, Doer, StepInput, staff
from app.cases.service.recording import Entry, record
from app.catalogue.rules import CaseKind
from app.kernel.errors import ConflictError, DomainError, ForbiddenError, InvalidError
from app.kernel.messages import mark
from app.kernel.upsert import insert
from app.repairs.models import ClientAction, ContractorLink, Repair
from app.repairs.queries import items_for, items_lent
from app.repairs.rules import FIELD_ACTIONS, LENT_ACTIONS, Answer, FieldAction, Kept
from app.repairs.service.working import keep_photos

DONE: Final = mark("Done.")
NOTED: Final = mark("Your note was kept.")
ENDED: Final = mark("This repair has ended already. What you sent is kept with it.")
MOVED_ON: Final = mark(
    "This is not possible any more: the repair has moved on. What you sent is kept with it."
)
TAKEN_AWAY: Final = mark(
    "This repair is not yours any more. What you sent is kept with it for the dispatcher."
)
_NOT_HERE: Final = mark("This cannot be done at the spot.")
Sender = Actor | ContractorLink


def act(session: Session, sender: Sender, sent: FieldAction, *, now: datetime) -> Answer:
    """Take one action of a crew or of whoever a repair was lent to.

    Never raises for what the matter or the sender does not allow: that is an answer too. An
    action that lacks something (`Kept.INVALID`) may be sent again under the same id.
    """
    case = _visible(session, sender, sent.case_id)
    if case is None:
        return Answer(Kept.REFUSED, mark("There is no such matter, or it is not yours to see."))
    first = _first_time(session, sender, sent, now)
    if isinstance(first, Answer):
        return first
    # What a refused step wrote is undone, and the answer still written.
    try:
        with session.begin_nested():
            answer = _take(session, case, sender, sent, now)
    except DomainError as error:
        answer = _refused(session, case, sender, sent, error, now)
    return _remember(session, sent, answer)


def _visible(session: Session, sender: Sender, case_id: int) -> Case | None:
    if isinstance(sender, ContractorLink):
        return session.get(Case, case_id) if sender.case_id == case_id else None
    try:
        case = get_case(session, case_id, sender)
    except DomainError:
        return _once_theirs(session, sender, case_id)
    return case if case.kind is CaseKind.REPAIR else None


def _once_theirs(session: Session, sender: Actor, case_id: int) -> Case | None:
    """A repair the sender's crew had until lately: what it sends late is kept, not shown."""
    from_units = {grant.unit_id for grant in sender.appointments}
    wanted = select(CaseAccess.id).where(
        CaseAccess.case_id == case_id,
        CaseAccess.unit_id.in_(from_units),
        CaseAccess.role == AccessRole.ASSISTING,
    )
    return session.get(Case, case_id) if session.scalars(wanted).first() is not None else None


def _first_time(
    session: Session, sender: Sender, sent: FieldAction, now: datetime
) -> Answer | None:
    """None if this id was never seen; else what it was answered."""
    who = f"{type(sender).__name__}:{sender.id}"
    statement = (
        insert(session, ClientAction)
        .values(
            client_id=sent.client_id[:64],
            sender=who,
            case_id=sent.case_id,
            action=sent.action,
            at=now,
        )
        .on_conflict_do_nothing(index_elements=["client_id"])
        .returning(ClientAction.id)
    )
    if session.execute(statement).first() is not None:
        return None
    earlier = _row(session, sent.client_id)
    if earlier.sender != who or earlier.answer is None:
        return Answer(Kept.REFUSED, mark("This was sent before by somebody else."))
    return _read(earlier.answer)


def _row(session: Session, client_id: str) -> ClientAction:
    wanted = select(ClientAction).where(ClientAction.client_id == client_id[:64])
    return session.scalars(wanted).one()


def _take(session: Session, case: Case, sender: Sender, sent: FieldAction, now: datetime) -> Answer:
    doer = _doer(sender)
    allowed = LENT_ACTIONS if isinstance(sender, ContractorLink) else FIELD_ACTIONS
    if sent.action not in allowed:
        raise ForbiddenError(_NOT_HERE)
    if sent.materials:
        _check_stock(session, case, sender, sent)
    if sent.action is Action.NOTE:
        _note(session, case, sent, doer, now)
        return _answer(Kept.DONE, NOTED, case)
    given = StepInput(sent.action, case.version, sent.note, work=sent.work)
    cases.take_step(session, case, given, doer=doer, now=now)
    return _answer(Kept.DONE, DONE, case)


def _check_stock(session: Session, case: Case, sender: Sender, sent: FieldAction) -> None:
    """A number in a form is a claim: their own shelves they reach, or those they were lent."""
    if isinstance(sender, ContractorLink):
        shelves = [items_lent(session, sender, case)]
    else:
        shelves = [items_for(session, grant.unit_path) for grant in sender.appointments]
    reach = {item.id for shelf in shelves for item in shelf}
    if not {item_id for item_id, _ in sent.materials} <= reach:
        raise InvalidError(fields={"materials": mark("This material is not on the list any more.")})


def _doer(sender: Sender) -> Doer:
    return CONTRACTOR if isinstance(sender, ContractorLink) else staff(sender)


def _note(session: Session, case: Case, sent: FieldAction, doer: Doer, now: datetime) -> None:
    if not (sent.note.strip() or sent.photos):
        raise InvalidError(fields={"note": mark("Write the note first.")})
    _keep_words(session, case, sent, doer, now)


def _keep_words(session: Session, case: Case, sent: FieldAction, doer: Doer, now: datetime) -> None:
    entry = Entry(
        Action.NOTE,
        doer,
        now,
        internal_text=sent.note,
        payload={"sent": str(sent.action)},
        is_public=False,
        is_quiet=True,
    )
    event = record(session, case, entry)
    keep_photos(session, case, sent.work, event_id=event.id)


def _refused(
    session: Session,
    case: Case,
    sender: Sender,
    sent: FieldAction,
    error: DomainError,
    now: datetime,
) -> Answer:
    session.refresh(case)
    if isinstance(error, InvalidError):
        said = next(iter(error.fields.values()), str(error))
        return replace(_answer(Kept.INVALID, said, case), fields=dict(error.fields))
    if sent.note.strip() or sent.photos:
        _keep_words(session, case, sent, _doer(sender), now)
    if case.status in FINAL:
        return _answer(Kept.CONFLICT, ENDED, case)
    if _is_theirs(session, case, sender) and isinstance(error, ConflictError):
        return _answer(Kept.CONFLICT, MOVED_ON, case)
    return _answer(Kept.CONFLICT, TAKEN_AWAY, case)


def _is_theirs(session: Session, case: Case, sender: Sender) -> bool:
    """Whether it still lies with the sender: theirs by their crew, their unit, or a lent link."""
    if isinstance(sender, ContractorLink):
        return True
    row = session.get(Repair, case.id)
    crew_id = row.crew_id if row else None
    return any(grant.unit_id in (crew_id, case.unit_id) for grant in sender.appointments)


def _answer(kept: Kept, sentence: str, case: Case) -> Answer:
    return Answer(kept, sentence, case.status, case.version)


def _remember(session: Session, sent: FieldAction, answer: Answer) -> Answer:
    row = _row(session, sent.client_id)
    if answer.kept is Kept.INVALID:  # sent again with what lacked, it is another attempt
        session.delete(row)
    else:
        row.answer = {
            "kept": str(answer.kept),
            "sentence": answer.sentence,
            "status": str(answer.status) if answer.status else None,
            "version": answer.version,
        }
    session.flush()
    return answer


def _read(stored: dict[str, object]) -> Answer:
    status = stored["status"]
    return Answer(
        Kept(str(stored["kept"])),
        str(stored["sentence"]),
        Status(str(status)) if status else None,
        int(str(stored["version"])),
    )

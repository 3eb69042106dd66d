"""The choke-point through which every state of every case changes.

Checks version, step, right, words and facts; moves; runs the clocks; writes
the line; tells the others. What a step does besides stands in `effects`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases import rules
from app.cases.events import CaseClosed, CaseMoved, CaseMoving
from app.cases.kinds import FINAL, Action
from app.cases.labels import label
from app.cases.models import Case, CaseEvent
from app.cases.queries import get_case, situation_of
from app.cases.queries.history import last_words
from app.cases.rules import Doer, Step, StepInput, Words, staff
from app.cases.service import approvals, clocks, effects, following
from app.cases.service.belongings import attach, release_files
from app.cases.service.clocks import Grounds
from app.cases.service.deeds import Deed
from app.cases.service.recording import Entry, record
from app.cases.workflows import step_for
from app.kernel.errors import ConflictError
from app.kernel.events import publish
from app.kernel.messages import mark


@dataclass(frozen=True, slots=True)
class Taken:
    """A case after a step, and the step that was taken."""

    case: Case
    step: Step


def take_step_as_staff(
    session: Session, case_id: int, given: StepInput, *, actor: Actor, now: datetime
) -> Taken:
    """Take a step on a case the actor can see.

    Raises:
        NotFoundError: no such case in the actor's sight.
        ConflictError: the case has moved on, or cannot take this step.
        ForbiddenError: role, scope or the four-eyes rule does not allow it.
        InvalidError: words or facts are missing.
    """
    case = get_case(session, case_id, actor)
    return take_step(session, case, given, doer=staff(actor), now=now)


def take_step(
    session: Session, case: Case, given: StepInput, *, doer: Doer, now: datetime
) -> Taken:
    """Move a case one step along its life and write down who moved it.

    Raises: as `take_step_as_staff`.
    """
    check_version(session, case, given.seen_version)
    before = case.status
    situation = situation_of(session, case)
    step = step_for(case.kind, situation, given.action)
    rules.check_may_take(step, situation, doer, now)
    rules.check_input(step, given)
    publish(session, CaseMoving(case, step, given, doer, now))
    # Nothing below reads back what it has just written, so it is all written in one go.
    with session.no_autoflush:
        event = _move(session, case, step, given, doer=doer, now=now)
    moved = CaseMoved(case, step, event, now, doer, given)
    publish(session, moved)
    following.carry(session, case, moved, doer=doer, before=before)
    if step.target in FINAL and before not in FINAL:
        publish(session, CaseClosed(case, now))
    session.flush()
    return Taken(case, step)


def _move(
    session: Session, case: Case, step: Step, given: StepInput, *, doer: Doer, now: datetime
) -> CaseEvent:
    approval = approvals.attend(session, case, step, given, doer=doer, now=now)
    before = case.status
    payload = effects.apply(step, Deed(session, case, given, doer, now, approval))
    case.move(step)
    if step.target in FINAL:
        case.closed_at = case.closed_at if before in FINAL else now
        case.urge_open_at = None
    elif before in FINAL:
        case.closed_at = None
    grounds = Grounds(now, case.replied_at or now, approval, doer.staff_id, case.accepted_at)
    clocks.run(session, case, step.clocks, grounds)
    event = record(
        session,
        case,
        Entry(
            step.action,
            doer,
            now,
            public_text=_public_words(case, step, given),
            internal_text=given.note,
            payload=payload,
            from_status=before,
            to_status=step.target,
            is_public=step.is_public,
        ),
    )
    attach(session, case, given.attachment_ids, event_id=event.id)
    if step.action is Action.APPROVE_REPLY:
        release_files(session, case, event_id=event.id)
    return event


def _public_words(case: Case, step: Step, given: StepInput) -> str:
    # A reply is public from its approval on, and stays so when the work is done again.
    if step.action is Action.APPROVE_REPLY:
        return case.reply_text
    return given.text if step.words is Words.PUBLIC else ""


def check_version(session: Session, case: Case, seen: int) -> None:
    """Refuse to act on a screen that is no longer true.

    Raises:
        ConflictError: somebody changed the case since it was shown; carries what they wrote.
    """
    if case.version == seen:
        return
    raise ConflictError(
        mark("Somebody changed this matter while you were looking at it."),
        stored={
            mark("Where the matter stands now"): label(case.status),
            mark("What was written last"): last_words(session, case.id),
        },
        fresh={"version": str(case.version)},
    )

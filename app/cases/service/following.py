"""What the leading matter does to those that follow it: progress, its reply, its end (并案).

Many followers are written in one go. Every follower keeps its number, requester, secrecy,
call-back and rating; what was said to one citizen alone does not reach the others.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.cases.events import CaseClosed, CaseMoved
from app.cases.kinds import FINAL, AccessRole, Action, DoerKind, Status
from app.cases.merge_models import CaseMerge
from app.cases.models import Case, CaseAccess, CaseAccused, CaseEvent
from app.cases.queries import merging
from app.cases.rules import SYSTEM, Doer, Guard, Step
from app.cases.service import rechecking
from app.cases.service.clocks import FAR
from app.cases.service.recording import Entry, record, record_many
from app.cases.workflows import notices
from app.cases.workflows.merging import ENDINGS
from app.kernel.events import publish
from app.kernel.text import mask_free_text
from app.sla import service as sla
from app.sla.rules import ClockKind, Subject

# Said to, or by, the citizen of the leading matter alone.
_PRIVATE: Final = frozenset({Action.ASK_CITIZEN, Action.MERGE, Action.REFUSE_REOPEN})
# What was written for everybody whose matter it is.
_SAID_TO_ALL: Final = frozenset({Action.APPROVE_EXTENSION, Action.APPROVE_SUSPENSION})
_MIRRORED: Final = ("due_at", "warn_at", "is_paused", "is_provisional", "on_time")
_OWN: Final = frozenset({Status.WITHDRAWN, Status.MERGED})
# What one citizen did and all feel: in whose words the others are told.
_FELT_BY_ALL: Final = {Action.DISPUTE: notices.REWORK}


def follow(case: Case, master: Case) -> None:
    """Let the case show the clock of the matter it follows; nobody works on it by itself."""
    case.master_id, case.handler_id, case.handing_to_id = master.id, None, None
    case.next_clock, case.next_due_at, case.next_warn_at = "", None, None
    case.sort_at = FAR
    _mirror(case, master)


def _mirror(case: Case, master: Case) -> None:
    for name in _MIRRORED:
        setattr(case, name, getattr(master, name))
    case.reply_approved_at = master.reply_approved_at
    # Secrecy only ever grows: who joined an open matter joined what is secret now.
    case.is_confidential = case.is_confidential or master.is_confidential


def place(session: Session, cases: Sequence[Case], unit_id: int, *, now: datetime) -> None:
    """Put matters into a unit's hands; the ones before keep sight of their own period."""
    moving = [case for case in cases if case.unit_id != unit_id]
    if not moving:
        return
    ids = [case.id for case in moving]
    session.execute(
        update(CaseAccess)
        .where(
            CaseAccess.case_id.in_(ids),
            CaseAccess.role == AccessRole.MAIN,
            CaseAccess.to_at.is_(None),
        )
        .values(to_at=now)
        .execution_options(synchronize_session=False)
    )
    for case in moving:
        case.unit_id, case.handler_id, case.handing_to_id = unit_id, None, None
    session.add_all(
        CaseAccess(case_id=case_id, unit_id=unit_id, role=AccessRole.MAIN, from_at=now)
        for case_id in ids
    )


def line_to(action: Action, doer: Doer, now: datetime, other: Case, **more: object) -> Entry:
    """An internal line that names the other matter; no screen becomes stale by it."""
    payload = {"other": other.number, **more}
    return Entry(action, doer, now, payload=payload, is_public=False, is_quiet=True)


def carry(session: Session, case: Case, event: CaseMoved, *, doer: Doer, before: Status) -> None:
    """After a step: let it reach the followers, or the new follower catch up."""
    step = event.step
    if step.target is Status.MERGED and step.action is not Action.REFUSE_SEPARATION:
        if before is not Status.MERGED:  # who only says that theirs is different has the answer
            _catch_up(session, case, doer=doer, now=event.at)
    elif step.action is Action.REFUSE_SEPARATION:
        _end_late(session, case, now=event.at)
    elif step.target in FINAL and step.target not in _OWN and before not in FINAL:
        end(session, case, event, doer=doer)
    elif (notice := _told(step, doer)) is not None:
        _spread(session, case, event, notice, doer=doer)


def mirror_all(session: Session, master: Case) -> None:
    """Let the followers show the leading matter's clock as it stands."""
    for case in merging.followers_of(session, master.id):
        _mirror(case, master)


def _told(step: Step, doer: Doer) -> str | None:
    """The sentence in which followers hear of a step; None where it does not concern them."""
    if not step.is_public or step.target is Status.MERGED or step.action in _PRIVATE:
        return None
    if doer.kind is DoerKind.CITIZEN:
        return _FELT_BY_ALL.get(step.action)
    return step.notice


def _spread(session: Session, master: Case, event: CaseMoved, notice: str, *, doer: Doer) -> None:
    followers = merging.followers_of(session, master.id)
    if not followers:
        return
    _protect(session, master, followers, now=event.at)
    place(session, followers, master.unit_id, now=event.at)
    is_reply = event.step.action is Action.APPROVE_REPLY
    entry = (
        _reply_line(master, doer, event.at)
        if is_reply
        else _news_line(master, event, _words(session, event), doer)
    )
    for case in followers:
        _mirror(case, master)
        if is_reply:
            case.first_response_at = case.first_response_at or event.at
    told = Step(
        Status.MERGED,
        entry.action,
        Status.MERGED,
        event.step.needs,
        notice=notice,
        guard=Guard.WITH_MASTER,
    )
    _write(session, followers, entry, told, now=event.at)


def _write(
    session: Session, cases: Sequence[Case], entry: Entry, step: Step, *, now: datetime
) -> None:
    """One line for each, and everybody told who listens to a matter's steps."""
    lines = record_many(session, [(case, entry) for case in cases])
    for case, line in zip(cases, lines, strict=True):
        publish(session, CaseMoved(case, step, line, now))


def _news_line(master: Case, event: CaseMoved, text: str, doer: Doer) -> Entry:
    return Entry(
        Action.PROGRESS,
        _seen(doer),
        event.at,
        public_text=text,
        payload={"step": str(event.step.action), "master": master.number},
        from_status=Status.MERGED,
        to_status=Status.MERGED,
        is_quiet=True,
    )


def _reply_line(master: Case, doer: Doer, now: datetime) -> Entry:
    return Entry(
        Action.SHARED_REPLY,
        _seen(doer),
        now,
        public_text=mask_free_text(master.reply_text),
        payload={"master": master.number, "outcome": str(master.outcome or "")},
        from_status=Status.MERGED,
        to_status=Status.MERGED,
        is_quiet=True,
    )


def _seen(doer: Doer) -> Doer:
    # What the leading matter's citizen did was not done by the others.
    return doer if doer.kind is DoerKind.STAFF else SYSTEM


def _words(session: Session, event: CaseMoved) -> str:
    if event.step.action not in _SAID_TO_ALL:
        return ""
    return mask_free_text(merging.public_words(session, event.event.id))


def _protect(session: Session, master: Case, followers: Sequence[Case], *, now: datetime) -> None:
    """Whoever the leading matter is about must not see those that follow it either."""
    about = session.get(CaseAccused, master.id)
    if about is None:
        return
    known = merging.with_accused(session, [case.id for case in followers])
    session.add_all(
        CaseAccused(case_id=case.id, unit_id=about.unit_id, staff_id=about.staff_id, named_at=now)
        for case in followers
        if case.id not in known
    )


def _catch_up(session: Session, case: Case, *, doer: Doer, now: datetime) -> None:
    """Who joins a matter that is answered already gets the answer with it."""
    if case.master_id is None or case.reply_approved_at is None:
        return
    master = session.get_one(Case, case.master_id)
    case.first_response_at = case.first_response_at or now
    record(session, case, _reply_line(master, doer, now))


def _end_late(session: Session, case: Case, *, now: datetime) -> None:
    """Whose claim to be different was refused ends too, if the leading matter has meanwhile."""
    master = session.get_one(Case, case.master_id) if case.master_id else None
    if master is not None and master.status in ENDINGS:
        finish(session, master, [case], text="", doer=SYSTEM, now=now)


def end(session: Session, master: Case, event: CaseMoved, *, doer: Doer) -> None:
    """End everybody who follows, each with its own line, call-back and rating."""
    followers = merging.ready_to_end(session, master.id)
    if not followers:
        return
    is_answer = master.status in (Status.ANSWERED, Status.CLOSED)
    text = "" if is_answer else mask_free_text(merging.public_words(session, event.event.id))
    finish(session, master, followers, text=text, doer=doer, now=event.at)


def finish(
    session: Session,
    master: Case,
    followers: Sequence[Case],
    *,
    text: str,
    doer: Doer,
    now: datetime,
) -> None:
    """Move these followers to the end the leading matter has reached."""
    step = ENDINGS[master.status]
    if master.status is Status.ANSWERED:
        record_many(session, [(case, _reply_line(master, doer, now)) for case in followers])
    for case in followers:
        _end_one(case, master, step, now=now)
    if step.target is Status.CLOSED:
        rechecking.give_each(session, master, followers, now=now)
    ids = [case.id for case in followers]
    session.execute(
        update(CaseMerge)
        .where(CaseMerge.follower_id.in_(ids), CaseMerge.ended_at.is_(None))
        .values(ended_at=now, ended_how=str(Action.END_WITH))
        .execution_options(synchronize_session=False)
    )
    sla.copy_last(
        session,
        Subject.case(master.id),
        ClockKind.RESOLVE,
        [Subject.case(case_id) for case_id in ids],
    )
    entry = Entry(
        Action.END_WITH,
        _seen(doer),
        now,
        public_text=text,
        payload={"master": master.number},
        from_status=Status.MERGED,
        to_status=step.target,
    )
    _write(session, followers, entry, step, now=now)
    for case in followers:
        publish(session, CaseClosed(case, now))


def _end_one(case: Case, master: Case, step: Step, *, now: datetime) -> None:
    _mirror(case, master)
    case.move(step)
    case.closed_at = now
    case.outcome, case.decline_reason = master.outcome, master.decline_reason
    case.reply_text = mask_free_text(master.reply_text) if master.reply_approved_at else ""
    case.replied_at, case.replied_by = master.replied_at, master.replied_by
    if master.status is Status.ANSWERED:
        case.first_response_at = case.first_response_at or now
        case.accepted_at = case.accepted_at or now


def tell_master(
    session: Session, case: Case, said: CaseEvent, *, doer: Doer, now: datetime
) -> None:
    """Let who handles the leading matter know that a follower's citizen wrote or urged."""
    if case.status is Status.MERGED and case.master_id is not None:
        master = session.get_one(Case, case.master_id)
        entry = line_to(Action.FOLLOWER_SAID, doer, now, case, what=str(said.action))
        record(session, master, entry)

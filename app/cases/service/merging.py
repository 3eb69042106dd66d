"""Joins the same matter to another and takes it out again, exactly as it was (并案).

The effects of the steps MERGE, UNMERGE and GRANT_SEPARATION, and of a leading matter that its
own citizen withdraws. What the leading matter then does to its followers is `following`'s.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.rules import Actor
from app.cases.events import CaseMoved
from app.cases.kinds import Action, Status
from app.cases.merge_models import CaseMerge
from app.cases.models import Case
from app.cases.queries import find_pending, merging
from app.cases.rules import MISSING, SYSTEM, CaseClock, ClockDoes, Doer, Field
from app.cases.rules.joining import why_no_lead
from app.cases.service import claims, clocks
from app.cases.service.clocks import Grounds
from app.cases.service.following import follow, line_to, place
from app.cases.service.recording import Entry, record, record_many
from app.cases.workflows import TABLES
from app.departments import queries as departments
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.events import publish
from app.kernel.messages import mark
from app.sla import service as sla
from app.sla.rules import Subject

_LATE = tuple((clock, ClockDoes.CANCEL) for clock in CaseClock if clock is not CaseClock.RESOLVE)


def join(
    session: Session, case: Case, number: str, *, actor: Actor, doer: Doer, now: datetime
) -> dict[str, Any]:
    """Let a matter follow the one with this number; who followed it follows that one too.

    Raises:
        InvalidError: there is no such matter for the actor, or it cannot lead this one.
        ConflictError: somebody changed one of the two in the same moment.
    """
    master = _held(session, case, claims.master(session, number, actor))
    refusal = why_no_lead(merging.side_of(session, case), merging.side_of(session, master))
    if refusal is not None:
        raise InvalidError(fields={Field.MASTER: refusal})
    along = merging.followers_of(session, case.id)
    merge = CaseMerge(
        follower_id=case.id,
        master_id=master.id,
        from_status=case.status,
        unit_id=case.unit_id,
        handler_id=case.handler_id,
        rested=sla.rest(session, Subject.case(case.id), now=now),
        at=now,
        by_id=doer.staff_id,
    )
    session.add(merge)
    session.flush()
    follow(case, master)
    place(session, [case], master.unit_id, now=now)
    _repoint(session, along, master, moved_with_id=merge.id, doer=doer, now=now)
    record(session, master, line_to(Action.GATHER, doer, now, case, along=len(along)))
    return {"master": master.number, "along": len(along)}


def part(session: Session, case: Case, how: Action, *, doer: Doer, now: datetime) -> dict[str, Any]:
    """Put a follower back to where it was merged from: unit, handler, clocks, own followers.

    Raises:
        InvalidError: the matter follows none.
    """
    merge = merging.merge_in_force(session, case.id)
    if merge is None or case.master_id is None:
        raise InvalidError(fields={Field.MASTER: MISSING[Field.MASTER]})
    master = session.get_one(Case, case.master_id)
    merge.ended_at, merge.ended_how = now, how
    _restore(session, case, merge, doer=doer, now=now)
    back = merging.moved_with(session, merge)
    wanted = select(Case).where(Case.id.in_([one.follower_id for one in back])).order_by(Case.id)
    own = session.scalars(wanted).all()
    _repoint(session, own, case, moved_with_id=None, doer=doer, now=now)
    record(session, master, line_to(Action.PART, doer, now, case, along=len(own)))
    return {"master": master.number, "along": len(own)}


def pass_on(session: Session, case: Case, *, now: datetime) -> Case | None:
    """Let the oldest follower lead, when the citizen of the leading matter withdraws it.

    The others' matter does not end because one of them takes theirs back. The new leading
    matter goes back to where it was merged from. None where nobody follows.
    """
    followers = list(merging.followers_of(session, case.id))
    if not followers:
        return None
    heir, others = followers[0], followers[1:]
    target = merging.back_to(session, heir)
    step = next(
        step
        for step in TABLES[heir.kind]
        if step.action is Action.UNMERGE and step.target is target
    )
    payload = part(session, heir, Action.WITHDRAW, doer=SYSTEM, now=now)
    claim = find_pending(session, heir)
    if claim is not None:
        claim.decided_at, claim.was_granted = now, True
    heir.move(step)
    entry = Entry(Action.UNMERGE, SYSTEM, now, payload=payload, to_status=step.target)
    event = record(session, heir, replace(entry, from_status=Status.MERGED))
    _repoint(session, others, heir, moved_with_id=None, doer=SYSTEM, now=now)
    publish(session, CaseMoved(heir, step, event, now))
    return heir


def leave(session: Session, case: Case, how: Action, *, now: datetime) -> None:
    """Write down that a matter follows no more: its own citizen withdrew it, or it is reopened."""
    merge = merging.merge_in_force(session, case.id)
    if merge is not None:
        merge.ended_at, merge.ended_how = now, how


def _held(session: Session, case: Case, master: Case) -> Case:
    """Both matters locked in the order of their keys, and as they are now.

    So of a merge and the end of the leading matter the second sees what the first did.
    """
    seen = case.row_version
    both = (
        select(Case)
        .where(Case.id.in_([case.id, master.id]))
        .order_by(Case.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    session.scalars(both).all()
    if case.row_version != seen:
        raise ConflictError(mark("Somebody changed this matter while you were looking at it."))
    return master


def _repoint(
    session: Session,
    cases: Sequence[Case],
    master: Case,
    *,
    moved_with_id: int | None,
    doer: Doer,
    now: datetime,
) -> None:
    """Let these followers follow another matter; what undoing their merge needs goes with them."""
    if not cases:
        return
    before = merging.merges_in_force(session, [case.id for case in cases])
    for merge in before:
        merge.ended_at, merge.ended_how = now, Action.MERGE
    session.flush()  # two are never in force for one matter
    session.add_all(
        CaseMerge(
            follower_id=merge.follower_id,
            master_id=master.id,
            moved_with_id=moved_with_id,
            from_status=merge.from_status,
            unit_id=merge.unit_id,
            handler_id=merge.handler_id,
            rested=merge.rested,
            at=now,
            by_id=doer.staff_id,
        )
        for merge in before
    )
    for case in cases:
        follow(case, master)
    line = line_to(Action.GATHER, doer, now, master)
    record_many(session, [(case, line) for case in cases])
    place(session, cases, master.unit_id, now=now)


def _restore(session: Session, case: Case, merge: CaseMerge, *, doer: Doer, now: datetime) -> None:
    unit = departments.get_unit(session, merge.unit_id)
    is_open = unit.is_active
    home = unit.id if is_open else departments.intake_unit(session, case.region_code).id
    place(session, [case], home, now=now)
    if is_open and merge.handler_id is not None:
        there = dict(accounts.list_handlers(session, home))
        case.handler_id = merge.handler_id if str(merge.handler_id) in there else None
    case.master_id = case.due_at = case.warn_at = case.on_time = case.reply_approved_at = None
    sla.go_on(session, merge.rested, now=now)
    clocks.mirror(session, case)
    if not is_open and merge.from_status not in (Status.SUBMITTED, Status.REPORTED):
        deeds = (*_LATE, (CaseClock.DISPATCH, ClockDoes.START))
        clocks.run(session, case, deeds, Grounds(now, now, None, doer.staff_id))

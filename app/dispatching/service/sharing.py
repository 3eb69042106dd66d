"""Shares the work inside a unit: in turn, under a cap, past those who are away.

A preview names who gets what and why; nothing is given that was not shown, or has moved on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.rules import Actor, Permission
from app.calendars import queries as calendars
from app.cases import service as cases
from app.cases.events import CaseMoved
from app.cases.kinds import Action, Status
from app.cases.models import Case
from app.cases.queries import get_case
from app.cases.queries.sparing import kept_from
from app.cases.rules import SYSTEM, Facts, StepInput
from app.departments import queries as departments
from app.dispatching import queries, rules
from app.dispatching.models import Absence, UnitWork
from app.dispatching.rules import Share
from app.dispatching.service.sending import CHANGED, Sent, sentence_of
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, DomainError, ForbiddenError, InvalidError
from app.kernel.messages import mark
from app.kernel.upsert import insert
from app.notifications.service import staff as inbox

GIVEN_TO_YOU = mark("%(number)s was given to you.")


def units_of(actor: Actor) -> list[int]:
    """The units whose work this person shares out."""
    return list(dict.fromkeys(grant.unit_id for grant in actor.grants_for(Permission.WORK_SHARE)))


def check_shares(session: Session, actor: Actor, unit_id: int) -> None:
    """Refuse whoever does not share out this unit's work.

    Raises:
        ForbiddenError: it is not their unit.
    """
    path = departments.view_of(session, unit_id).path
    for grant in actor.grants_for(Permission.WORK_SHARE):
        if path.startswith(grant.unit_path):
            return
    raise ForbiddenError(mark("Your role does not include this."))


def plan(session: Session, actor: Actor, unit_id: int, *, now: datetime) -> list[Share]:
    """Who would get what, and why.

    Raises:
        ForbiddenError: the actor does not share out this unit's work.
    """
    check_shares(session, actor, unit_id)
    waiting = queries.list_to_share(session, actor, unit_id)
    work, today = queries.work_of(session, unit_id), today_of(session, now)
    return _shared(session, [row.id for row in waiting], unit_id, work, today)


def _shared(
    session: Session, case_ids: Sequence[int], unit_id: int, work: UnitWork, today: date
) -> list[Share]:
    workers = queries.list_workers(session, unit_id, today=today)
    return rules.share_out(
        case_ids,
        workers,
        cap=work.cap,
        last_id=work.last_staff_id,
        today=today,
        kept=kept_from(session, case_ids, [one.id for one in workers]),
    )


def today_of(session: Session, now: datetime) -> date:
    """The date on the wall."""
    return calendars.load(session).statutory.local_date(now)


@dataclass(frozen=True, slots=True)
class Giving:
    """One matter, as it was shown, and who is to get it."""

    case_id: int
    seen_version: int
    staff_id: int


def distribute(
    session: Session, actor: Actor, unit_id: int, many: Sequence[Giving], *, now: datetime
) -> list[Sent]:
    """Give each matter to the person shown; what is refused is named, and stops nothing else.

    Raises:
        ForbiddenError: the actor does not share out this unit's work.
    """
    check_shares(session, actor, unit_id)
    done = [_tried(session, actor, one, now=now) for one in many]
    given = [one.staff_id for one, end in zip(many, done, strict=True) if not end.trouble]
    if given:
        _pass_turn(session, unit_id, given[-1])
    return done


def _tried(session: Session, actor: Actor, one: Giving, *, now: datetime) -> Sent:
    try:
        with session.begin_nested():
            _give(session, actor, one, now=now)
    except StaleDataError:
        return Sent(one.case_id, CHANGED)
    except DomainError as error:
        return Sent(one.case_id, sentence_of(error), error.params)
    return Sent(one.case_id)


def _give(session: Session, actor: Actor, one: Giving, *, now: datetime) -> None:
    case = get_case(session, one.case_id, actor)
    version = one.seen_version
    if case.status is Status.DISPATCHED:
        signed = StepInput(Action.SIGN, version)
        taken = cases.take_step_as_staff(session, case.id, signed, actor=actor, now=now)
        version = taken.case.version
    given = StepInput(Action.ASSIGN, version, facts=Facts(handler_id=one.staff_id))
    cases.take_step_as_staff(session, case.id, given, actor=actor, now=now)
    _tell(session, case, one.staff_id, now=now)


def _tell(session: Session, case: Case, staff_id: int, *, now: datetime) -> None:
    params, link = {"number": case.number}, f"/cases/{case.number}"
    inbox.tell(session, [staff_id], GIVEN_TO_YOU, params=params, link=link, now=now)


def on_moved(session: Session, event: CaseMoved) -> None:
    """Where a unit wants it so, whoever's turn it is gets a matter the moment it is signed for."""
    if event.step.action is not Action.SIGN:
        return
    work = queries.work_of(session, event.case.unit_id)
    if not work.is_automatic:
        return
    # Two who sign at once wait for each other here, so that the turn really goes round.
    session.refresh(work, with_for_update=True)
    today = today_of(session, event.at)
    # The matter just signed for counts with whoever signed; it is only passed on from there.
    (share,) = _shared(session, [event.case.id], work.unit_id, work, today)
    if share.staff_id is None or share.staff_id == event.case.handler_id:
        return
    facts = Facts(handler_id=share.staff_id)
    given = StepInput(Action.ASSIGN, event.case.version, facts=facts)
    cases.take_step(session, event.case, given, doer=SYSTEM, now=event.at)
    _pass_turn(session, work.unit_id, share.staff_id)
    _tell(session, event.case, share.staff_id, now=event.at)


@dataclass(frozen=True, slots=True)
class WorkDraft:
    """How a unit is to share its work."""

    cap: int | None
    is_automatic: bool


def change_work(
    session: Session,
    unit_id: int,
    draft: WorkDraft,
    *,
    version: int,
    by: Author,
    now: datetime,
) -> UnitWork:
    """Set the cap of a unit, and whether work is shared by itself; the caller checked the right.

    Raises:
        ConflictError: somebody changed it since `version`.
        InvalidError: no such cap makes sense.
    """
    cap = rules.check_cap(draft.cap)
    work = queries.work_of(session, unit_id)
    if work.version != version:
        raise ConflictError(
            mark("Somebody else changed this while you were working on it."),
            stored={mark("Open matters of one person at most"): str(work.cap)},
            fresh={"version": str(work.version)},
        )
    if work.version == 0:
        session.add(work)
    work.cap, work.is_automatic = cap, draft.is_automatic
    details = {"cap": cap, "automatic": draft.is_automatic}
    audit.note(session, by, "unit:share_work", ("unit", unit_id), at=now, details=details)
    session.flush()
    return work


def _pass_turn(session: Session, unit_id: int, staff_id: int) -> None:
    # Past the version: whose turn it is must make nobody's open form of settings stale.
    new = insert(session, UnitWork).values(unit_id=unit_id, cap=rules.USUAL_CAP, version=1)
    session.flush()
    session.execute(new.values(is_automatic=False).on_conflict_do_nothing())
    turn = update(UnitWork).where(UnitWork.unit_id == unit_id).values(last_staff_id=staff_id)
    session.execute(turn, execution_options={"synchronize_session": "fetch"})


def set_away(
    session: Session,
    actor: Actor,
    staff_id: int,
    until: date | None,
    *,
    unit_id: int,
    now: datetime,
) -> None:
    """Say until which day somebody of the unit is away; without a day they are back.

    Raises:
        ForbiddenError: the actor does not share out this unit's work.
        InvalidError: nobody of the unit, or the day is over.
    """
    check_shares(session, actor, unit_id)
    today = today_of(session, now)
    people = {one.id for one in queries.list_workers(session, unit_id, today=today)}
    if staff_id not in people:
        raise InvalidError(fields={"staff_id": mark("Choose somebody who works in this unit.")})
    if until is not None and until < today:
        raise InvalidError(fields={"until": mark("Enter a day that is not over.")})
    absence = session.get(Absence, staff_id)
    if until is None:
        if absence is not None:
            session.delete(absence)
    elif absence is None:
        session.add(Absence(staff_id=staff_id, until_on=until, set_by=actor.id, set_at=now))
    else:
        absence.until_on, absence.set_by, absence.set_at = until, actor.id, now
    session.flush()

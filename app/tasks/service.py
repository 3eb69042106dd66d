"""Asking another unit for its part of a matter, and every step of that task.

Each step leaves a line in the history of the matter, internal only: what an assisting unit
writes reaches the citizen only through the reviewed reply of the unit that leads.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.calendars import queries as calendars
from app.cases.kinds import AccessRole, Action
from app.cases.models import Case, CaseAccess, CaseEvent
from app.cases.queries import get_case, situation_of
from app.cases.rules import SYSTEM, Doer, Field, Situation, StepNotAllowedError, staff
from app.cases.service import claims
from app.cases.service.belongings import attach
from app.cases.service.recording import Entry, record
from app.cases.service.stepping import check_version
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.messages import mark
from app.notifications.service import staff as inbox
from app.sla import service as sla
from app.sla.rules import ClockKind, Subject
from app.tasks import labels, queries, rules
from app.tasks.labels import ASKED_OF_YOU, SENTENCES
from app.tasks.models import Task
from app.tasks.rules import Deed, Side, TaskStep

_BASIS = mark("Day named by the lead unit")


@dataclass(frozen=True, slots=True)
class NewTask:
    """What is asked of whom, by when; `seen_version` is that of the matter's screen."""

    unit_id: int | None
    words: str
    until: date | None
    seen_version: int


@dataclass(frozen=True, slots=True)
class Given:
    """What came with a step of a task: the version seen, words, a new day, files of an answer."""

    deed: Deed
    seen_version: int
    words: str = ""
    until: date | None = None
    attachment_ids: tuple[int, ...] = ()


def ask(session: Session, case_id: int, new: NewTask, *, actor: Actor, now: datetime) -> Task:
    """Ask another unit for its part. The matter stays with the unit that leads (rulebook §2.2).

    Raises:
        NotFoundError: no such matter in the actor's sight.
        ForbiddenError: the actor does not handle it for the unit that leads.
        ConflictError: it is not in hand, the screen is old, or the unit is asked already.
        InvalidError: unit, words or day are missing or make no sense.
    """
    case = get_case(session, case_id, actor)
    check_version(session, case, new.seen_version)
    _check_asking(case, situation_of(session, case), actor)
    unit_id, until = _checked(session, case, new, now)
    case_line = Entry(
        Action.TASK_ASK,
        staff(actor),
        now,
        internal_text=new.words.strip(),
        payload={"unit_id": unit_id},
        is_public=False,
    )
    event = record(session, case, case_line)
    task = Task(
        case_id=case.id,
        unit_id=unit_id,
        asked_at=now,
        asked_by=actor.id,
        asked_event_id=event.id,
        due_at=calendars.load(session).statutory.end_of(until),
    )
    session.add(task)
    session.add(
        CaseAccess(case_id=case.id, unit_id=unit_id, role=AccessRole.ASSISTING, from_at=now)
    )
    session.flush()
    _start_clock(session, task, case, now=now)
    inbox.tell_unit(
        session,
        unit_id,
        Permission.CASE_SIGN,
        ASKED_OF_YOU,
        params={"number": case.number},
        link=f"/cases/{case.number}",
        now=now,
    )
    return task


def _check_asking(case: Case, situation: Situation, actor: Actor) -> None:
    if not rules.leads(situation, actor):
        raise ForbiddenError(mark("Only the unit that leads the matter asks others for help."))
    if case.status not in rules.ASKABLE:
        raise StepNotAllowedError(mark("Help is asked for while the matter is being handled."))


def _checked(session: Session, case: Case, new: NewTask, now: datetime) -> tuple[int, date]:
    wrong: dict[str, str] = {}
    if not new.words.strip():
        wrong["words"] = mark("Write what the other unit has to know.")
    elif len(new.words) > rules.MOST_WORDS:
        wrong["words"] = mark("This is too long.")
    if new.unit_id is None:
        wrong["unit_id"] = mark("Choose the unit you need help from.")
    elif new.unit_id == case.unit_id:
        wrong["unit_id"] = mark("This unit leads the matter already. Choose another one.")
    today = calendars.load(session).statutory.local_date(now)
    if new.until is None or new.until < today:
        wrong["until"] = mark("Enter the day by which you need the answer.")
    if wrong or new.unit_id is None or new.until is None:
        raise InvalidError(fields=wrong)
    claims.spared_unit(session, case, new.unit_id, Field.UNIT)
    if any(task.unit_id == new.unit_id for task in queries.list_open(session, case.id)):
        raise InvalidError(
            fields={"unit_id": mark("This unit has an open task of this matter already.")}
        )
    return new.unit_id, new.until


def take(
    session: Session, case_id: int, task_id: int, given: Given, *, actor: Actor, now: datetime
) -> Task:
    """Take one step of a task: sign, reply, hand back, accept, send back, call off.

    Raises:
        NotFoundError: no such task in the actor's sight.
        ForbiddenError: it is the other unit's step.
        ConflictError: the task has moved on since it was shown.
        InvalidError: words or day are missing.
    """
    case = get_case(session, case_id, actor)
    task = queries.get_task(session, case.id, task_id)
    _check_version(task, given.seen_version)
    step = rules.step_for(given.deed, task.state)
    rules.check_right(step, queries.standing_of(session, task), situation_of(session, case), actor)
    rules.check_words(step, given.words)
    if step.wants_date:
        day = rules.check_date(given.until, calendars.load(session).statutory.local_date(now))
        task.due_at = calendars.load(session).statutory.end_of(day)
    event = _move(session, case, task, step, given.words.strip(), doer=staff(actor), now=now)
    attach(session, case, given.attachment_ids, event_id=event.id)
    _note_who(task, step, event, actor, now)
    _tell(session, case, task, step, now=now)
    if step.deed is Deed.SEND_BACK:
        task.round += 1
        _start_clock(session, task, case, now=now)
    session.flush()
    return task


def call_off_all(
    session: Session, case: Case, *, unit_id: int | None = None, why: str, now: datetime
) -> None:
    """End the open tasks of a matter that nobody needs any more; of one unit, or of all."""
    step = next(step for step in rules.STEPS if step.deed is Deed.CANCEL)
    for task in queries.list_open(session, case.id):
        if unit_id in (None, task.unit_id):
            _move(session, case, task, step, "", doer=SYSTEM, now=now, why=why)


def _move(
    session: Session,
    case: Case,
    task: Task,
    step: TaskStep,
    words: str,
    *,
    doer: Doer,
    now: datetime,
    why: str = "",
) -> CaseEvent:
    task.state = step.target
    payload = {"task_id": task.id, "unit_id": task.unit_id} | ({"why": why} if why else {})
    entry = Entry(step.line, doer, now, internal_text=words, payload=payload, is_public=False)
    event = record(session, case, entry)
    subject = Subject.task(task.id)
    if step.deed is Deed.REPLY:
        sla.meet(session, subject, ClockKind.TASK, now=now)
    if step.target not in rules.OPEN:
        sla.cancel(session, subject, ClockKind.TASK, now=now)
        task.ended_at = now
        _end_sight(session, task, now)
    return event


def _tell(session: Session, case: Case, task: Task, step: TaskStep, *, now: datetime) -> None:
    """The other side finds it in its inbox."""
    told = [case.handler_id] if step.side is Side.ASSISTING else [task.signed_by]
    people = [one for one in told if one is not None]
    link = f"/cases/{case.number}"
    params = {"number": case.number}
    inbox.tell(session, people, SENTENCES[step.deed], params=params, link=link, now=now)


def _note_who(task: Task, step: TaskStep, event: CaseEvent, actor: Actor, now: datetime) -> None:
    if step.deed is Deed.SIGN:
        task.signed_at, task.signed_by = now, actor.id
    if step.deed is Deed.REPLY:
        task.replied_at, task.reply_event_id = now, event.id


def _start_clock(session: Session, task: Task, case: Case, *, now: datetime) -> None:
    sla.start_until(
        session,
        Subject.task(task.id),
        ClockKind.TASK,
        task.due_at,
        now=now,
        basis_text=_BASIS,
        round_no=task.round,
        region_code=case.region_code,
        unit_id=task.unit_id,
    )


def _end_sight(session: Session, task: Task, now: datetime) -> None:
    """The unit no longer assists: its sight of the matter ends (architecture §6)."""
    open_rows = select(CaseAccess).where(
        CaseAccess.case_id == task.case_id,
        CaseAccess.unit_id == task.unit_id,
        CaseAccess.role == AccessRole.ASSISTING,
        CaseAccess.to_at.is_(None),
    )
    for row in session.scalars(open_rows):
        row.to_at = now


def _check_version(task: Task, seen: int) -> None:
    if task.version == seen:
        return
    raise ConflictError(
        mark("Somebody changed this task while you were looking at it."),
        stored={mark("Where the task stands now"): labels.STATES[task.state]},
        fresh={"version": str(task.version)},
    )

"""Reminds staff of limits and urges: each once, and in the inbox as a digest, not one by one.

What a reminder is about may end at any time; then it is not shown, and swept away later.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, func, update
from sqlalchemy.orm import Session

from app.accounts.rules import Permission
from app.calendars import queries as calendars
from app.cases.events import CaseUrged
from app.cases.kinds import Action
from app.departments import queries as departments
from app.kernel.messages import mark
from app.kernel.upsert import insert
from app.notifications.service import staff as inbox
from app.sla.events import ClockBreached
from app.sla.rules import Threshold
from app.supervision import queries
from app.supervision.models import Reminder, ReminderSeen
from app.supervision.queries import reminders
from app.supervision.rules.ladder import Rung, Why, reached_at

LIST: Final = "/desk/reminders"
_CASE: Final = "case"
_MOST: Final = 500
_YOURS: Final = mark("%(n)s new reminders about matters in your hands.")
_UNITS: Final = mark("%(unit)s: %(n)s new reminders about its matters.")


def on_breach(session: Session, event: ClockBreached) -> None:
    """A limit is near or has passed: a reminder for each level reached by that, once."""
    if event.subject.type != _CASE:
        return
    is_warning = event.threshold is Threshold.WARN
    for rung in reached_at(queries.rungs(session), is_warning=is_warning):
        _remind(
            session,
            rung,
            case_id=event.subject.id,
            clock=(event.clock_id, str(event.kind), event.due_at),
            now=event.at,
        )


def on_urged(session: Session, event: CaseUrged) -> None:
    """Somebody asked for speed: handler and head of the unit hear of it."""
    is_urge = event.event.action is Action.URGE
    new = insert(session, Reminder).values(
        ref=f"urge:{event.event.id}",
        case_id=event.case.id,
        why=Why.URGE if is_urge else Why.REMIND,
        tells_handler=True,
        tells_head=True,
        tells_supervisor=is_urge,
        at=event.at,
        clock_kind="",
    )
    session.execute(new.on_conflict_do_nothing())


def climb(session: Session, *, now: datetime, most: int = _MOST) -> int:
    """Remind of what has reached a level without anybody noticing: above all by working days.

    Safe to run twice: each clock comes to each level once. The number of new reminders.
    """
    new = 0
    for rung in queries.rungs(session):
        for clock in _reached(session, rung, now, most):
            about = (clock.id, str(clock.kind), clock.due_at)
            new += _remind(session, rung, case_id=clock.case_id, clock=about, now=now)
    return new


def _reached(
    session: Session, rung: Rung, now: datetime, most: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    if rung.why is Why.WARN:
        return queries.warned(session, rung.id, now=now, most=most)
    before = now.replace(microsecond=0)
    if rung.after_workdays:
        statutory = calendars.load(session).statutory
        today = statutory.local_date(now)
        before = statutory.start_of(statutory.add(today, -rung.after_workdays))
    return queries.reached(session, rung.id, before=before, most=most)


def _remind(
    session: Session,
    rung: Rung,
    *,
    case_id: int,
    clock: tuple[int, str, datetime],
    now: datetime,
) -> bool:
    clock_id, kind, due_at = clock
    # A higher level speaks for the lower ones, where it tells everybody they told.
    for earlier in reminders.of_clock(session, clock_id):
        if earlier.level_id != rung.id and _covers(rung, earlier):
            earlier.ended_at = now
            earlier.told_at = earlier.told_at or now
    new = insert(session, Reminder).values(
        ref=f"clock:{clock_id}:{rung.id}",
        case_id=case_id,
        why=rung.why,
        level_id=rung.id,
        clock_id=clock_id,
        clock_kind=kind,
        due_at=due_at,
        tells_handler=rung.tells_handler,
        tells_head=rung.tells_head,
        tells_supervisor=rung.tells_supervisor,
        at=now,
    )
    session.flush()
    made = new.on_conflict_do_nothing().returning(Reminder.id)
    return session.scalar(made) is not None


def _covers(rung: Rung, earlier: Reminder) -> bool:
    return (
        (rung.tells_handler or not earlier.tells_handler)
        and (rung.tells_head or not earlier.tells_head)
        and (rung.tells_supervisor or not earlier.tells_supervisor)
    )


def sweep(session: Session, *, now: datetime, most: int = _MOST) -> int:
    """Take what is over off the list of what lasts; how many."""
    over = list(reminders.over(session, most=most))
    if over:
        told = func.coalesce(Reminder.told_at, now)
        ended = update(Reminder).where(Reminder.id.in_(over)).values(ended_at=now, told_at=told)
        session.execute(ended.execution_options(synchronize_session=False))
    return len(over)


def tell(session: Session, *, now: datetime, most: int = _MOST) -> int:
    """Put what is new into the inboxes: one entry for each person and unit, however many it is."""
    new = reminders.untold(session, most=most)
    if not new:
        return 0
    _tell_handlers(session, new, now)
    for needs, told in (
        (Permission.UNIT_LEAD, [row.unit_id for row in new if row.tells_head]),
        (Permission.CASE_SUPERVISE, [row.unit_id for row in new if row.tells_supervisor]),
    ):
        names = departments.names_of(session, sorted(set(told)))
        for unit_id, many in sorted(Counter(told).items()):
            params = {"unit": names[unit_id], "n": many}
            link = f"{LIST}?unit={unit_id}"
            inbox.tell_unit(session, unit_id, needs, _UNITS, params=params, link=link, now=now)
    told_now = update(Reminder).where(Reminder.id.in_([row.id for row in new]))
    session.execute(told_now.values(told_at=now).execution_options(synchronize_session=False))
    return len(new)


def _tell_handlers(session: Session, new: Sequence[Row[*tuple[Any, ...]]], now: datetime) -> None:
    own = [row for row in new if row.tells_handler]
    for handler_id, many in sorted(
        Counter(row.handler_id for row in own if row.handler_id).items()
    ):
        inbox.tell(session, [handler_id], _YOURS, params={"n": many}, link=LIST, now=now)
    for unit_id, many in sorted(Counter(row.unit_id for row in own if not row.handler_id).items()):
        needs, params = Permission.CASE_HANDLE, {"n": many}
        inbox.tell_unit(session, unit_id, needs, _YOURS, params=params, link=LIST, now=now)


def read_up_to(session: Session, staff_id: int, last_id: int, *, now: datetime) -> None:
    """Remember how far somebody has read; never back."""
    seen = session.get(ReminderSeen, staff_id)
    if seen is None:
        session.add(ReminderSeen(staff_id=staff_id, last_id=last_id, at=now))
    elif seen.last_id < last_id:
        seen.last_id, seen.at = last_id, now

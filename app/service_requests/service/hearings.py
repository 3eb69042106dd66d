"""The hearing (听证) an applicant may ask for before it is decided, with the dates of the law.

The time it takes is excluded by the special procedure, as for any other; here is who was told
of the right, who asked, when it is and that it was held.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Permission
from app.calendars import queries as calendars
from app.cases.application_models import CaseApplication
from app.cases.kinds import Status
from app.cases.models import Case
from app.cases.service import clocks as case_clocks
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.notifications.service.writing import write_about
from app.service_requests.rules.deeds import (
    HEARING_ASK_DAYS,
    HEARING_BASIS,
    HEARING_HOLD_DAYS,
    HEARING_NOTICE_DAYS,
    Deed,
    Said,
)
from app.sla import queries as clocks
from app.sla import service as sla
from app.sla.rules import ClockKind, Subject

NEEDS: Final = Permission.CASE_HANDLE
TOLD: Final = mark(
    "Before your application %(number)s is decided you can ask for a hearing. Until when, and "
    "how, is on its page."
)
CALLED: Final = mark(
    "When and where the hearing on your application %(number)s is held stands on its page."
)
_UNDER_REVIEW: Final = frozenset({Status.REVIEWING, Status.SPECIAL_PROCEDURE})


def is_possible(session: Session, case: Case, row: CaseApplication, now: datetime) -> Deed | None:
    """The next thing to write down about a hearing; None where there is none."""
    if case.status not in _UNDER_REVIEW or row.hearing_held_at is not None:
        return None
    if row.hearing_until is None:
        return Deed.TELL_HEARING
    if row.hearing_asked_at is None:
        return Deed.ASK_HEARING if may_ask(session, row, now) else None
    return Deed.HOLD_HEARING if row.hearing_at and row.hearing_at <= now else Deed.CALL_HEARING


def may_ask(session: Session, row: CaseApplication, now: datetime) -> bool:
    """Whether a hearing can still be asked for: within five days of being told (art. 47)."""
    today = calendars.load(session).statutory.local_date(now)
    until = row.hearing_until
    return until is not None and row.hearing_asked_at is None and today <= until


def why_undecided(session: Session, row: CaseApplication, now: datetime) -> str | None:
    """Why it cannot be decided for the sake of a hearing; None where none stands before it."""
    if row.hearing_held_at is not None or row.hearing_until is None:
        return None
    if row.hearing_asked_at is not None:
        return mark("A hearing was asked for. It is held before the decision.")
    if may_ask(session, row, now):
        return mark("The applicant can still ask for a hearing. Until then it is not decided.")
    return None


def tell(session: Session, case: Case, row: CaseApplication, _said: Said, *, now: datetime) -> None:
    """Tell of the right; five working days to ask begin the next day."""
    statutory = calendars.load(session).statutory
    row.hearing_until = statutory.add(statutory.local_date(now), HEARING_ASK_DAYS)
    write_about(session, case, TOLD, now=now)


def ask(session: Session, case: Case, row: CaseApplication, _said: Said, *, now: datetime) -> None:
    """It is asked for: twenty working days to hold it begin."""
    statutory = calendars.load(session).statutory
    row.hearing_asked_at = now
    due = statutory.end_of(statutory.add(statutory.local_date(now), HEARING_HOLD_DAYS))
    sla.start_until(
        session,
        Subject.case(case.id),
        ClockKind.HEARING,
        due,
        now=now,
        basis_text=HEARING_BASIS,
        region_code=case.region_code,
        unit_id=case.unit_id,
    )
    case_clocks.mirror(session, case)


def call(session: Session, case: Case, row: CaseApplication, said: Said, *, now: datetime) -> None:
    """Tell time and place, seven working days before.

    Raises:
        InvalidError: too soon, or after the twenty days; where these leave no day for the
            seven, on another than the first one possible.
    """
    statutory = calendars.load(session).statutory
    first = statutory.add(statutory.local_date(now), HEARING_NOTICE_DAYS)
    last = max(first, _last_day(session, case) or date.max)
    if said.at is not None and statutory.local_date(said.at) < first:
        sentence = mark("It is told seven working days before: on %(day)s at the earliest.")
        raise InvalidError(fields={"at": sentence}, day=first.isoformat())
    if said.at is not None and statutory.local_date(said.at) > last:
        sentence = mark("The hearing has to be held by %(day)s.")
        raise InvalidError(fields={"at": sentence}, day=last.isoformat())
    row.hearing_at = said.at
    write_about(session, case, CALLED, now=now)


def _last_day(session: Session, case: Case) -> date | None:
    """The day by which the law wants it held; if it is later, its clock says so."""
    clock = clocks.find_open(session, Subject.case(case.id), ClockKind.HEARING)
    if clock is None or clock.due_at is None:
        return None
    return calendars.load(session).statutory.local_date(clock.due_at)


def hold(session: Session, case: Case, row: CaseApplication, _said: Said, *, now: datetime) -> None:
    """It was held; what was said there stands in the words."""
    row.hearing_held_at = now
    sla.meet(session, Subject.case(case.id), ClockKind.HEARING, now=now)
    case_clocks.mirror(session, case)


DOES: Final[Mapping[Deed, Callable[..., None]]] = {
    Deed.TELL_HEARING: tell,
    Deed.ASK_HEARING: ask,
    Deed.CALL_HEARING: call,
    Deed.HOLD_HEARING: hold,
}

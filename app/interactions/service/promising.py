"""Promises to citizens: given, kept, and marked when their date has passed.

Who promised keeps; whether in time follows from the dates (`rules.promise_state`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.calendars import queries as calendars
from app.citizens.sealing import new_place, seal
from app.interactions import queries
from app.interactions.models import Promise
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.vault import vault_of

TEXT: Final = "promises.text"
_BATCH: Final = 500
_FARTHEST_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Given:
    """What is promised, until the end of which day, and in what it was promised."""

    text: str
    due_on: date
    citizen_id: int | None = None
    interaction_id: int | None = None
    case_id: int | None = None


def promise(session: Session, actor: Actor, given: Given, *, now: datetime) -> Promise:
    """Write a promise down; it is due at the end of its day.

    Raises:
        InvalidError: no words, or a day that is past or more than a year away.
    """
    calendar = calendars.load(session).statutory
    wrong: dict[str, str] = {}
    if not given.text.strip():
        wrong["promise"] = mark("Write what you promise.")
    away = (given.due_on - calendar.local_date(now)).days
    if not 0 <= away <= _FARTHEST_DAYS:
        wrong["due_on"] = mark("Choose a day from today on, within a year.")
    if wrong:
        raise InvalidError(fields=wrong)
    place = new_place()
    new = Promise(
        citizen_id=given.citizen_id,
        interaction_id=given.interaction_id,
        case_id=given.case_id,
        staff_id=actor.id,
        unit_id=actor.unit_id,
        text=seal(vault_of(session), TEXT, given.text.strip(), place),
        place=place,
        made_at=now,
        due_at=calendar.end_of(given.due_on),
    )
    session.add(new)
    session.flush()
    return new


def keep(session: Session, actor: Actor, promise_id: int, *, now: datetime) -> None:
    """Say that one's own promise is kept; saying it twice changes nothing.

    Raises:
        NotFoundError: there is no such promise of this person.
    """
    found = queries.promise_of(session, promise_id, actor.id)
    if found is None:
        raise NotFoundError(mark("There is no such promise of yours."))
    if found.kept_at is None:
        found.kept_at = now


def mark_broken(session: Session, _payload: dict[str, Any], /, *, now: datetime) -> None:
    """The job that marks promises whose day has passed; running it twice is harmless."""
    due = (
        select(Promise.id)
        .where(Promise.kept_at.is_(None), Promise.broken_at.is_(None), Promise.due_at < now)
        .order_by(Promise.due_at)
        .limit(_BATCH)
    )
    found = list(session.scalars(due))
    if found:
        session.execute(update(Promise).where(Promise.id.in_(found)).values(broken_at=now))

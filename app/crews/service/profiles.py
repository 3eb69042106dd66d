"""What a crew can do, where and when: settled by whoever leads its unit, with an audit row.

Founding and closing a crew is founding and closing a unit, and is done with the units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.calendars.rules.opening import read_spans, write_spans
from app.crews import queries
from app.crews.models import CrewDay, CrewPool, CrewProfile
from app.crews.queries import CrewView
from app.crews.rules.profile import check_capacity, check_skills
from app.departments import queries as departments
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark
from app.kernel.text import clean_line

_CHANGED = mark("Somebody else changed this while you were working on it.")
_DAYS = 7


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """What a person says about a crew; `week` are seven lines of hours, Monday first."""

    skills: Sequence[str]
    areas: Sequence[str]
    week: Sequence[str]
    capacity: int | None


def set_profile(
    session: Session,
    crew: CrewView,
    draft: ProfileDraft,
    *,
    version: int,
    actor: Actor,
    by: Author,
    now: datetime,
) -> CrewProfile:
    """Settle what a crew can do, where, when and how much.

    Raises:
        ForbiddenError: the actor does not lead the crew's unit.
        InvalidError: a skill, region, line of hours or number cannot be used; says which.
        ConflictError: somebody changed it since `version`.
    """
    queries.check(queries.leads(actor, crew))
    values = _checked(session, draft)
    stored = session.get(CrewProfile, crew.id)
    if (stored.version if stored else 0) != version:
        raise ConflictError(_CHANGED, fresh={"version": str(stored.version if stored else 0)})
    if stored is None:
        stored = CrewProfile(unit_id=crew.id, changed_at=now)
        session.add(stored)
    for name, value in values.items():
        setattr(stored, name, value)
    stored.changed_at = now
    audit.note(session, by, "crew:profile", ("unit", crew.id), at=now, details={"after": values})
    session.flush()
    return stored


def _checked(session: Session, draft: ProfileDraft) -> dict[str, object]:
    errors: dict[str, str] = {}
    week: list[str] = []
    for weekday, line in enumerate([*draft.week, *[""] * _DAYS][:_DAYS]):
        try:
            week.append(write_spans(read_spans(line)))
        except InvalidError as error:
            errors[f"day{weekday}"] = error.msgid
    values: dict[str, object] = {"week": week}
    for name, checked in (
        ("skills", lambda: check_skills(draft.skills)),
        ("capacity", lambda: check_capacity(draft.capacity)),
    ):
        try:
            values[name] = checked()
        except InvalidError as error:
            errors.update(error.fields)
    areas = sorted(set(draft.areas))
    if not all(departments.is_region(session, code) for code in areas):
        errors["areas"] = mark("Choose from the list of districts and streets.")
    if errors:
        raise InvalidError(fields=errors)
    return {**values, "areas": areas}


def set_day(
    session: Session,
    crew: CrewView,
    day: date,
    hours: str | None,
    *,
    note: str,
    actor: Actor,
    by: Author,
    now: datetime,
) -> None:
    """Give one date other hours; an empty line means the crew is off, None that the week holds.

    Raises:
        ForbiddenError: the actor does not lead the crew's unit.
        InvalidError: the line cannot be read, or the day has passed.
    """
    queries.check(queries.leads(actor, crew))
    if day < queries.today_of(session, now):
        raise InvalidError(fields={"day": mark("This day has passed.")})
    line = _hours(hours)
    session.execute(delete(CrewDay).where(CrewDay.unit_id == crew.id, CrewDay.day == day))
    if line is not None:
        session.add(CrewDay(unit_id=crew.id, day=day, hours=line, note=clean_line(note)[:80]))
    details = {"day": day.isoformat(), "hours": line}
    audit.note(session, by, "crew:day", ("unit", crew.id), at=now, details=details)
    session.flush()


def _hours(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return write_spans(read_spans(text))
    except InvalidError as error:
        raise InvalidError(fields={"hours": error.msgid}) from error


def set_grabbing(
    session: Session,
    crew: CrewView,
    may_grab: bool,  # noqa: FBT001  # a tick of the form, named in the sentence
    *,
    version: int,
    actor: Actor,
    by: Author,
    now: datetime,
) -> CrewPool:
    """Let the crews of this crew's unit take repairs by themselves (抢单), or no longer.

    Raises:
        ForbiddenError: the actor does not lead the unit.
        ConflictError: somebody changed it since `version`.
    """
    queries.check(queries.leads(actor, crew))
    pool = queries.pool_of(session, crew.unit_id)
    if pool.version != version:
        raise ConflictError(_CHANGED, fresh={"version": str(pool.version)})
    stored = session.get(CrewPool, crew.unit_id)
    if stored is None:
        stored = CrewPool(unit_id=crew.unit_id)
        session.add(stored)
    stored.may_grab = may_grab
    details = {"may_grab": may_grab}
    audit.note(session, by, "crew:grabbing", ("unit", crew.unit_id), at=now, details=details)
    session.flush()
    return stored

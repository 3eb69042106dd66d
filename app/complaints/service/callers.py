"""Warns people who call again and again, and agrees for a while on how their calls are taken.

Proposed by one, decided by another, ended by anybody of them on any day; the person is told each
time. Nobody is cut off: no intake asks here (北京市接诉即办工作条例 arts. 9, 37).
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.calendars import queries as calendars
from app.complaints.models import CallerLimit, CallerWarning
from app.complaints.queries import callers
from app.kernel import audit
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.messages import mark
from app.notifications.service.writing import write

SUBJECT: Final = "citizen"
_WARNED: Final = mark(
    "You have called us several times about the same matter. Without new facts we can only tell "
    "you how it stands. Please call again when there is something new; you are always heard."
)
_LIMITED: Final = mark(
    "Because of many calls about the same matter, your calls on it are taken as agreed until "
    "%(until)s. New matters are taken at any time. You may object to this at the service centre."
)
_ENDED: Final = mark("What was agreed on your calls has ended. They are taken as before.")


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a limit may last, and after how many days somebody looks at it again; days."""

    longest: int
    look_again: int
    basis: str


@cache
def terms() -> Terms:
    """The numbers as the data file has them."""
    file = Path(__file__).parents[1] / "data" / "callers.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    return Terms(data["longest_days"], data["look_again_after_days"], data["basis"])


def warn(session: Session, citizen_id: int, words: str, *, actor: Actor, now: datetime) -> None:
    """Warn somebody, and write down in which words.

    Raises:
        InvalidError: no words.
    """
    actor.require(Permission.CALLER_LIMIT)
    if not words.strip():
        raise InvalidError(fields={"words": mark("Write what the person was told.")})
    session.add(
        CallerWarning(citizen_id=citizen_id, words=words.strip(), warned_at=now, warned_by=actor.id)
    )
    _note(session, "caller:warned", citizen_id, actor, now)
    write(session, citizen_id, (SUBJECT, citizen_id), _WARNED, now=now)


def propose(
    session: Session,
    citizen_id: int,
    *,
    measure: str,
    reason: str,
    until_on: date,
    actor: Actor,
    now: datetime,
) -> CallerLimit:
    """Propose how this person's calls are taken for a while; in force only once decided.

    Raises:
        InvalidError: never warned, something is missing, or the date is past or too far.
    """
    actor.require(Permission.CALLER_LIMIT)
    today = _today(session, now)
    wrong: dict[str, str] = {}
    if not measure.strip():
        wrong["measure"] = mark("Say how the calls are taken.")
    if not reason.strip():
        wrong["reason"] = mark("Say why.")
    if not today < until_on <= today + timedelta(days=terms().longest):
        wrong["until_on"] = mark("Enter a day within the next 90 days.")
    if not callers.was_warned(session, citizen_id):
        wrong["citizen"] = mark("Warn the person first.")
    if wrong:
        raise InvalidError(fields=wrong)
    limit = CallerLimit(
        citizen_id=citizen_id,
        measure=measure.strip(),
        reason=reason.strip(),
        until_on=until_on,
        proposed_at=now,
        proposed_by=actor.id,
    )
    session.add(limit)
    session.flush()
    _note(session, "caller:limit_proposed", citizen_id, actor, now)
    return limit


def decide(
    session: Session, limit_id: int, *, is_granted: bool, actor: Actor, now: datetime
) -> None:
    """Grant or refuse what somebody else proposed; the person is told of what is granted.

    Raises:
        ForbiddenError: one's own proposal.
        ConflictError: it was decided already.
    """
    actor.require(Permission.CALLER_LIMIT)
    limit = callers.get_limit(session, limit_id)
    _require_other(limit, actor)
    if limit.decided_at is not None:
        raise ConflictError(mark("Somebody has decided on this already."))
    limit.decided_at, limit.decided_by, limit.was_granted = now, actor.id, is_granted
    if is_granted:
        limit.look_again_on = _next_look(session, limit, now)
        params = {"until": limit.until_on.isoformat()}
        write(
            session, limit.citizen_id, (SUBJECT, limit.citizen_id), _LIMITED, params=params, now=now
        )
    action = "caller:limit_granted" if is_granted else "caller:limit_refused"
    _note(session, action, limit.citizen_id, actor, now)


def look_again(session: Session, limit_id: int, *, actor: Actor, now: datetime) -> None:
    """Say after another look that it is still needed.

    Raises:
        ForbiddenError: one's own proposal.
        ConflictError: it is not in force.
    """
    actor.require(Permission.CALLER_LIMIT)
    limit = callers.get_limit(session, limit_id)
    _require_other(limit, actor)
    if not limit.was_granted or limit.ended_at is not None:
        raise ConflictError(mark("This is not in force."))
    limit.look_again_on = _next_look(session, limit, now)
    _note(session, "caller:limit_kept", limit.citizen_id, actor, now)


def end(session: Session, limit_id: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take a limit back before its day; whoever proposed it may, too.

    Raises:
        InvalidError: no reason.
        ConflictError: it has ended already.
    """
    actor.require(Permission.CALLER_LIMIT)
    limit = callers.get_limit(session, limit_id)
    if not reason.strip():
        raise InvalidError(fields={"reason": mark("Say why.")})
    if limit.ended_at is not None:
        raise ConflictError(mark("This has ended already."))
    limit.ended_at, limit.ended_by, limit.end_reason = now, actor.id, reason.strip()
    if limit.was_granted:
        write(session, limit.citizen_id, (SUBJECT, limit.citizen_id), _ENDED, now=now)
    _note(session, "caller:limit_ended", limit.citizen_id, actor, now)


def _require_other(limit: CallerLimit, actor: Actor) -> None:
    if limit.proposed_by == actor.id:
        raise ForbiddenError(mark("You proposed this yourself; a colleague has to decide."))


def _next_look(session: Session, limit: CallerLimit, now: datetime) -> date:
    return min(_today(session, now) + timedelta(days=terms().look_again), limit.until_on)


def _today(session: Session, now: datetime) -> date:
    return calendars.load(session).statutory.local_date(now)


def _note(session: Session, action: str, citizen_id: int, actor: Actor, now: datetime) -> None:
    audit.note(session, actor.author(), action, (SUBJECT, citizen_id), at=now)

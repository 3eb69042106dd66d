"""A person sees a signal, closes it with a note, or changes from how many on there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.calendars import queries as calendars
from app.kernel import audit
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark
from app.signals import queries
from app.signals.models import Signal, SignalDuty, SignalThreshold, SignalWord
from app.signals.rules import Level, Threshold

MOST_WORDS: Final = 100
_LONGEST_WORD: Final = 20
_STALE: Final = mark("Somebody changed this signal while you were looking at it.")


@dataclass(frozen=True, slots=True)
class SettingsDraft:
    """What a hall wants to hold: both thresholds, its words, who is told of red."""

    thresholds: tuple[Threshold, Threshold]
    words: tuple[str, ...]
    duty: tuple[int, ...]


def see(session: Session, signal_id: int, seen: int, *, actor: Actor, now: datetime) -> Signal:
    """Write down who has looked at a signal.

    Raises:
        NotFoundError: it is not this person's to supervise.
        ConflictError: it has changed since, or was seen already.
    """
    signal = _open(session, signal_id, seen, actor)
    if signal.seen_at is not None:
        raise ConflictError(mark("Somebody has looked at this signal already."))
    signal.seen_at, signal.seen_by = now, actor.id
    session.flush()
    return signal


def close(
    session: Session, signal_id: int, seen: int, note: str, *, actor: Actor, now: datetime
) -> Signal:
    """Close a signal and say what came of it.

    Raises:
        NotFoundError: it is not this person's to supervise.
        ConflictError: it has changed since, or is closed.
        InvalidError: the note is missing.
    """
    signal = _open(session, signal_id, seen, actor)
    if not note.strip():
        raise InvalidError(fields={"note": mark("Say what was done about it.")})
    if signal.seen_at is None:
        signal.seen_at, signal.seen_by = now, actor.id
    signal.closed_at, signal.closed_by, signal.note = now, actor.id, note.strip()
    session.flush()
    return signal


def keep_settings(
    session: Session, draft: SettingsDraft, *, actor: Actor, ip: str, now: datetime
) -> None:
    """Put these settings in the place of what held until now.

    Raises:
        ForbiddenError: the actor may not change data of the catalogue.
        InvalidError: a number or word makes no sense, or somebody named does not supervise.
    """
    actor.require(Permission.CATALOGUE_MANAGE)
    _check(session, draft, now=now)
    for table in (SignalThreshold, SignalWord, SignalDuty):
        session.execute(delete(table))
    session.add_all(
        SignalThreshold(level=one.level, persons=one.persons, hours=one.hours, metres=one.metres)
        for one in draft.thresholds
    )
    session.add_all(SignalWord(word=word) for word in draft.words)
    session.add_all(SignalDuty(staff_id=staff_id) for staff_id in draft.duty)
    audit.note(session, actor.author(ip=ip), "signals:settings", ("signals", "settings"), at=now)


def _check(session: Session, draft: SettingsDraft, *, now: datetime) -> None:
    wrong: dict[str, str] = {}
    levels = {one.level: one for one in draft.thresholds}
    if levels[Level.RED].persons < levels[Level.YELLOW].persons:
        wrong["red_persons"] = mark("Red needs at least as many people as yellow.")
    if len(draft.words) > MOST_WORDS or any(len(word) > _LONGEST_WORD for word in draft.words):
        wrong["words"] = mark("At most 100 words, each of up to 20 signs.")
    on = calendars.load(session).statutory.local_date(now)
    may = {staff_id for staff_id, _ in queries.duty_officers(session, on=on)}
    if not set(draft.duty) <= may:
        wrong["duty"] = mark("Choose people who supervise matters.")
    if wrong:
        raise InvalidError(fields=wrong)


def _open(session: Session, signal_id: int, seen: int, actor: Actor) -> Signal:
    signal, *_ = queries.get_signal(session, actor, signal_id)
    if signal.version != seen:
        raise ConflictError(_STALE, fresh={"version": str(signal.version)})
    if signal.closed_at is not None:
        raise ConflictError(mark("This signal is closed."))
    return signal


def words_of(text: str) -> tuple[str, ...]:
    """The words typed one on a line, each once."""
    lines: Sequence[str] = [line.strip() for line in text.splitlines()]
    return tuple(dict.fromkeys(line for line in lines if line))

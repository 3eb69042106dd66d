"""Writes the lines of a case's history: numbered, sealed to the line before, words apart.

The only place that creates events. The seal proves that no line was changed,
removed or slipped in; `check_chain` recomputes it.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.cases.kinds import Action, DoerKind, Status
from app.cases.models import Case, CaseEvent, CaseText
from app.cases.rules import Doer


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be written down."""

    action: Action
    doer: Doer
    at: datetime
    public_text: str = ""
    internal_text: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    from_status: Status | None = None
    to_status: Status | None = None
    is_public: bool = True
    is_quiet: bool = False  # nobody's screen becomes stale by it


def record(session: Session, case: Case, entry: Entry) -> CaseEvent:
    """Append one line to the case's history and flush it, so that it has its id."""
    words = _words(entry)
    digest = text_digest(words.salt, entry.public_text, entry.internal_text) if words else None
    event = _line(case, entry, digest)
    session.add(event)
    session.flush()
    if words:
        words.event_id = event.id
        session.add(words)
    return event


def record_many(session: Session, entries: Sequence[tuple[Case, Entry]]) -> list[CaseEvent]:
    """As `record`, one line for each of many cases, written in one go."""
    words = [_words(entry) for _, entry in entries]
    events = []
    for (case, entry), said in zip(entries, words, strict=True):
        digest = text_digest(said.salt, entry.public_text, entry.internal_text) if said else None
        events.append(_line(case, entry, digest))
    session.add_all(events)
    session.flush()
    for event, said in zip(events, words, strict=True):
        if said:
            said.event_id = event.id
            session.add(said)
    return events


def first_line(case: Case, entry: Entry) -> CaseEvent:
    """The line a case begins with, sealed and counted on it; the caller writes both.

    It has no words of its own: what the citizen said is the case itself.
    """
    return _line(case, entry, None)


def _line(case: Case, entry: Entry, digest: bytes | None) -> CaseEvent:
    event = CaseEvent(
        case_id=case.id,
        seq=(case.event_seq or 0) + 1,
        at=entry.at,
        actor_kind=entry.doer.kind,
        actor_id=entry.doer.staff_id,
        unit_id=entry.doer.unit_id,
        action=entry.action,
        from_status=entry.from_status,
        to_status=entry.to_status,
        is_public=entry.is_public,
        payload=dict(entry.payload),
        text_digest=digest,
    )
    event.seal = seal(case.event_seal or b"", event)
    case.event_seq, case.event_seal = event.seq, event.seal
    if entry.is_quiet:
        return event
    if entry.doer.kind is not DoerKind.SYSTEM or entry.from_status is not entry.to_status:
        case.version = (case.version or 0) + 1
    return event


def _words(entry: Entry) -> CaseText | None:
    if not (entry.public_text or entry.internal_text):
        return None
    return CaseText(
        salt=secrets.token_bytes(16),
        public_text=entry.public_text,
        internal_text=entry.internal_text,
    )


def text_digest(salt: bytes, public_text: str, internal_text: str) -> bytes:
    """Fingerprint of the words; salted, so that it tells nothing once they are erased."""
    return hashlib.sha256(b"\0".join((salt, public_text.encode(), internal_text.encode()))).digest()


class Line(Protocol):
    """What a line of history says, whether it is a row already or about to be one."""

    @property
    def case_id(self) -> int: ...
    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def actor_kind(self) -> DoerKind: ...
    @property
    def actor_id(self) -> int | None: ...
    @property
    def unit_id(self) -> int | None: ...
    @property
    def action(self) -> Action: ...
    @property
    def from_status(self) -> Status | None: ...
    @property
    def to_status(self) -> Status | None: ...
    @property
    def is_public(self) -> bool: ...
    @property
    def payload(self) -> dict[str, Any]: ...
    @property
    def text_digest(self) -> bytes | None: ...


def seal(before: bytes, event: Line) -> bytes:
    """SHA-256 over the seal before and everything the line says, in one fixed order."""
    said = json.dumps(
        [
            event.case_id,
            event.seq,
            event.at.astimezone(UTC).isoformat(),
            str(event.actor_kind),
            event.actor_id,
            event.unit_id,
            str(event.action),
            str(event.from_status or ""),
            str(event.to_status or ""),
            event.is_public,
            event.payload,
            (event.text_digest or b"").hex(),
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(before + said.encode()).digest()


def check_chain(events: Iterable[CaseEvent]) -> int | None:
    """The number of the first line that does not fit the one before, or None if all do."""
    before, expected = b"", 1
    for event in events:
        if event.seq != expected or seal(before, event) != event.seal:
            return event.seq
        before, expected = event.seal, expected + 1
    return None


def by_system(action: Action, at: datetime, **payload: object) -> Entry:
    """An internal line nobody in particular wrote."""
    return Entry(action, Doer(DoerKind.SYSTEM), at, payload=payload, is_public=False)

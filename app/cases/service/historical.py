"""Takes over matters that happened elsewhere, many in one go: rows, history, clocks, search.

The counterpart of `opening` for imports. Nobody is told and nothing is sent; the lines are
sealed like all others, and clocks stand as they would had they run here at the time.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.cases.kinds import AccessRole, Action, Channel, DoerKind, Status
from app.cases.models import Case, CaseAccess, CaseEvent, CaseText
from app.cases.queries.getting import token_for
from app.cases.service.belongings import searchable_text
from app.cases.service.clocks import FAR
from app.cases.service.opening import PREFIX, REGION_DIGITS
from app.cases.service.past_case import PastCase
from app.cases.service.recording import seal, text_digest
from app.catalogue.rules import CaseKind, ChosenLimit
from app.departments import queries as departments
from app.kernel import search
from app.kernel.db import Model
from app.kernel.geo import cell_of
from app.kernel.ids import case_numbers
from app.kernel.keys import reserve_keys
from app.kernel.vault import vault_of
from app.sla.models import Clock
from app.sla.rules import ClockKind, is_late
from app.sla.service.past import past_clock

Row: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class _Line:
    """One line of history about to be written; read by `seal`."""

    id: int
    case_id: int
    seq: int
    at: datetime
    actor_kind: DoerKind
    action: Action
    from_status: Status | None
    to_status: Status
    unit_id: int | None = None
    payload: dict[str, Any] = field(default_factory=dict)
    text_digest: bytes | None = None
    actor_id: int | None = None
    is_public: bool = True


@dataclass(slots=True)
class _Rows:
    """The rows of a batch, by table."""

    cases: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    texts: list[Row] = field(default_factory=list)
    access: list[Row] = field(default_factory=list)
    clocks: list[Row] = field(default_factory=list)
    words: list[tuple[int, str]] = field(default_factory=list)


def take_over(session: Session, source: str, past: Sequence[PastCase]) -> list[int]:
    """Write these matters down as they happened; returns their keys.

    The caller has made sure that none of them is here yet and that `session` writes.

    Raises:
        UnavailableError: a day's numbers are used up.
    """
    home = departments.home_region(session)
    regions = [one.region_code or home for one in past]
    statutory = calendars.load(session).statutory
    days = [statutory.local_date(one.opened_at) for one in past]
    numbered = [(region[:REGION_DIGITS], day) for region, day in zip(regions, days, strict=True)]
    numbers = case_numbers(session, PREFIX, numbered)
    keys = reserve_keys(session, Case, len(past))
    event_keys = iter(reserve_keys(session, CaseEvent, sum(map(_line_count, past))))
    vault, rows = vault_of(session), _Rows()
    for one, key, number, region in zip(past, keys, numbers, regions, strict=True):
        lines = _history(one, key, source, [next(event_keys) for _ in range(_line_count(one))])
        token = token_for(vault, key, generation=1)
        row = _case_row(one, region) | {
            "id": key,
            "number": number,
            "token_digest": vault.signer.digest(token),
            "source": source,
            "event_seq": len(lines),
            "event_seal": _add_lines(rows, one, lines),
        }
        if one.limit is not None:
            clock = _clock_row(session, one, key, region)
            rows.clocks.append(clock)
            row |= _mirrored(clock)
        rows.cases.append(row)
        rows.access.append(_access_row(one, key))
        rows.words.append(
            (key, searchable_text(number, one.title, one.body, one.place, row["category_name"]))
        )
    _insert(session, rows)
    return keys


def _line_count(one: PastCase) -> int:
    return 1 + bool(one.replied_at) + _closes_apart(one)


def _closes_apart(one: PastCase) -> bool:
    return one.closed_at is not None and one.closed_at != one.replied_at


def _history(one: PastCase, key: int, source: str, ids: list[int]) -> list[_Line]:
    """Opened; replied, where words are known; ended, where that was another moment."""
    by_staff = one.channel is Channel.STAFF
    opener = DoerKind.SYSTEM if by_staff else DoerKind.CITIZEN
    payload = {"channel": str(one.channel), "kind": str(one.kind), "source": source}
    replied, ended = one.replied_at, one.closed_at if _closes_apart(one) else None
    # Where nothing more is known, the matter came to us in the state it is in.
    is_repair = one.kind is CaseKind.REPAIR
    begun = Status.REPORTED if is_repair else Status.SUBMITTED
    first = begun if replied or ended else one.status
    told = [(one.opened_at, opener, Action.OPEN, first)]
    if replied:
        answered = Status.REPAIRED if is_repair else Status.REPLIED
        state = answered if ended else one.status
        told.append((replied, DoerKind.SYSTEM, Action.IMPORT_REPLY, state))
    if ended:
        told.append((ended, DoerKind.SYSTEM, Action.CLOSE, one.status))
    lines: list[_Line] = []
    before: Status | None = None
    for number, (at, who, action, state) in enumerate(told, start=1):
        line = _Line(ids[number - 1], key, number, at, who, action, before, state)
        line.payload = payload if action is Action.OPEN else {"source": source}
        line.unit_id = None if action is Action.OPEN else one.unit_id
        lines.append(line)
        before = state
    return lines


def _add_lines(rows: _Rows, one: PastCase, lines: list[_Line]) -> bytes:
    last = b""
    for line in lines:
        public = one.reply_text if line.action is Action.IMPORT_REPLY else ""
        internal = one.note if line.action is Action.OPEN else ""
        if public or internal:
            salt = secrets.token_bytes(16)
            line.text_digest = text_digest(salt, public, internal)
            words = {"public_text": public, "internal_text": internal}
            rows.texts.append({"event_id": line.id, "salt": salt} | words)
        last = seal(last, line)
        rows.events.append(
            {
                "id": line.id,
                "case_id": line.case_id,
                "seq": line.seq,
                "at": line.at,
                "actor_kind": line.actor_kind,
                "unit_id": line.unit_id,
                "action": line.action,
                "from_status": line.from_status,
                "to_status": line.to_status,
                "payload": line.payload,
                "text_digest": line.text_digest,
                "seal": last,
            }
        )
    return last


def _case_row(one: PastCase, region: str) -> Row:
    category = one.category
    return {
        "kind": one.kind,
        "category_id": category.id if category else None,
        "category_name": category.name.zh if category else "",
        "title": one.title,
        "body": one.body,
        "place": one.place,
        "region_code": region,
        "lon": one.lon,
        "lat": one.lat,
        "cell": cell_of(one.lon, one.lat),
        "crs": one.crs,
        "channel": one.channel,
        "is_anonymous": one.is_anonymous,
        "is_confidential": bool(category and category.confidential),
        "urgency": one.urgency,
        "unit_id": one.unit_id,
        "status": one.status,
        "opened_at": one.opened_at,
        "first_response_at": one.replied_at,
        "replied_at": one.replied_at,
        "reply_approved_at": one.replied_at,
        "reply_text": one.reply_text,
        "closed_at": one.closed_at,
        "outcome": one.outcome,
        "source_id": one.source_id,
        "version": 1,
        "row_version": 1,
        "due_at": None,
        "warn_at": None,
        "next_clock": "",
        "next_due_at": None,
        "next_warn_at": None,
        "sort_at": FAR,
        "is_provisional": False,
        "on_time": None,
    }


def _clock_row(session: Session, one: PastCase, key: int, region: str) -> Row:
    calendar = calendars.load(session, one.unit_id, region_code=region)
    row = past_clock(
        calendar,
        cast("ChosenLimit", one.limit),
        opened_at=one.opened_at,
        due_at=one.due_at,
        met_at=one.answered_at,
        cancelled_at=None if one.answered_at else one.closed_at,
    )
    return row | {
        "subject_type": "case",
        "subject_id": key,
        "kind": ClockKind.RESOLVE,
        "region_code": region,
        "unit_id": one.unit_id,
    }


def _mirrored(clock: Mapping[str, Any]) -> Row:
    """What lists read from the case: as `clocks.mirror`, without asking the database."""
    mirrored: Row = {
        "due_at": clock["due_at"],
        "warn_at": clock["warn_at"],
        "on_time": _on_time(clock),
    }
    if clock["met_at"] is None and clock["cancelled_at"] is None:
        mirrored |= {
            "is_provisional": clock["provisional"],
            "next_clock": str(ClockKind.RESOLVE),
            "next_due_at": clock["due_at"],
            "next_warn_at": clock["warn_at"],
            "sort_at": clock["due_at"],
        }
    return mirrored


def _on_time(clock: Mapping[str, Any]) -> bool | None:
    if clock["met_at"] is None:
        return None
    return not is_late(clock["due_at"], clock["met_at"], provisional=clock["provisional"])


def _access_row(one: PastCase, key: int) -> Row:
    is_new = one.status in (Status.SUBMITTED, Status.REPORTED)
    role = AccessRole.INTAKE if is_new else AccessRole.MAIN
    return {"case_id": key, "unit_id": one.unit_id, "role": role, "from_at": one.opened_at}


def _insert(session: Session, rows: _Rows) -> None:
    # Rows, not entities: an import is the one place where building them costs too much.
    connection = session.connection()
    written: tuple[tuple[type[Model], list[Row]], ...] = (
        (Case, rows.cases),
        (CaseEvent, rows.events),
        (CaseText, rows.texts),
        (CaseAccess, rows.access),
        (Clock, rows.clocks),
    )
    for model, values in written:
        if values:
            connection.execute(cast("Table", model.__table__).insert(), values)
    search.put_many(session, rows.words)

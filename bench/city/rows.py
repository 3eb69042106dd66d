"""Turns invented stories into rows of every table a matter leaves its traces in.

Uses the house's own rules for limits, dates, seals and tokens; writes nothing itself.
"""

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import count
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.calendars.rules import Calendars
from app.cases.kinds import AccessRole, Action, CallbackResult, Channel, Outcome
from app.cases.models import Case, CaseAccess, CaseEvent, CaseText
from app.cases.queries import public_token
from app.cases.service.clocks import FAR
from app.cases.service.recording import seal, text_digest
from app.catalogue import queries as catalogue
from app.catalogue.rules import CategoryEntry, ChosenLimit
from app.kernel.db import Model
from app.kernel.text import mask_free_text
from app.kernel.vault import Vault, vault_of
from app.sla import rules as sla
from app.sla.models import Clock, ClockBreach
from app.sla.rules import ClockKind, Reading, Terms, Threshold
from bench.city.people import People
from bench.city.stories import Line, Story
from bench.city.words import Said, Words

Row = dict[str, Any]
_PREFIX: Final = "RX"
_CHANNELS: Final = (Channel.PHONE,) * 5 + (Channel.PORTAL,) * 4 + (Channel.WINDOW,)
# Which deed sets a clock going and which one meets it (the order workflow's own column).
_CLOCKS: Final = (
    (ClockKind.ACCEPT, Action.OPEN, (Action.ACCEPT, Action.ANSWER_ON_SPOT)),
    (ClockKind.DISPATCH, Action.ACCEPT, (Action.DISPATCH,)),
    (ClockKind.SIGN, Action.DISPATCH, (Action.SIGN,)),
    (ClockKind.FIRST_CONTACT, Action.SIGN, (Action.CONTACT, Action.ASK_CITIZEN, Action.REPLY)),
    (ClockKind.RESOLVE, Action.OPEN, (Action.APPROVE_REPLY, Action.ANSWER_ON_SPOT)),
    (ClockKind.REVIEW, Action.REPLY, (Action.APPROVE_REPLY,)),
    (ClockKind.CALLBACK, Action.APPROVE_REPLY, (Action.CLOSE,)),
)
_INSIDE: Final = frozenset({Action.CONTACT, Action.REPLY, Action.APPROVE_REPLY})
_ANSWERS: Final = frozenset({Action.REPLY, Action.ANSWER_ON_SPOT})
_REFUSALS: Final = frozenset({Action.DECLINE, Action.REFER})
_NOTES: Final = {
    Action.ASK_CITIZEN: "notes",
    Action.CONTACT: "contact_notes",
    Action.APPROVE_REPLY: "review_notes",
    Action.CLOSE: "callback_notes",
}


@dataclass(slots=True)
class Batch:
    """Rows that go into the database together, parents first, and what search finds them by."""

    tables: dict[type[Model], list[Row]] = field(
        default_factory=lambda: {
            model: [] for model in (Case, CaseEvent, CaseText, CaseAccess, Clock, ClockBreach)
        }
    )
    words: list[tuple[int, str]] = field(default_factory=list)


class Writer:
    """Makes the rows of one matter after another; ids and numbers go on where they stopped."""

    def __init__(self, session: Session, words: Words, people: People, now: datetime) -> None:
        self.series: Counter[str] = Counter()
        self._session, self._words, self._people, self._now = session, words, people, now
        self._vault: Vault = vault_of(session)
        self._calendar: Calendars = calendars.load(session)
        self._case_ids, self._event_ids, self._clock_ids = count(1), count(1), count(1)
        self._category = cache(lambda code: catalogue.get_category_by_code(session, code))
        self._limit = cache(self._choose_limit)

    def write(self, batch: Batch, story: Story) -> None:
        """Add everything this story leaves behind."""
        said = self._words.matter()
        category = self._category(said.category)
        row = self._case(story, said, category)
        clocks = self._clocks(row, story, category)
        _mirror(row, clocks)
        self._lines(batch, row, story, said)
        batch.tables[Case].append(row)
        batch.tables[Clock] += clocks
        batch.tables[ClockBreach] += [
            breach for clock in clocks if _is_open(clock) for breach in _breaches(clock, self._now)
        ]
        batch.tables[CaseAccess] += _accesses(row, story, self._people)
        batch.words.append(
            (
                row["id"],
                "\n".join(row[n] for n in ("number", "title", "body", "place", "category_name")),
            )
        )

    def _case(self, story: Story, said: Said, category: CategoryEntry) -> Row:
        case_id = next(self._case_ids)
        opened_at = story.opened_at
        region = said.spot.region_code
        unit_id, handler_id = self._people.lead(category.id, region)
        is_out = story.at(Action.DISPATCH) is not None
        replied_at = story.at(Action.REPLY) or story.at(Action.ANSWER_ON_SPOT)
        is_answered = replied_at is not None
        token = public_token(self._vault, Case(id=case_id, token_generation=1))
        return {
            "id": case_id,
            "number": self._number(region[:6], self._calendar.statutory.local_date(opened_at)),
            "token_generation": 1,
            "token_digest": self._vault.signer.digest(token),
            "kind": category.kinds[case_id % len(category.kinds)],
            "category_id": category.id,
            "category_name": category.name.zh,
            "title": mask_free_text(said.title),
            "body": said.body,
            "place": said.spot.name,
            "region_code": region,
            "lon": None,
            "lat": None,
            "crs": "EPSG:4490",
            "channel": _CHANNELS[case_id % len(_CHANNELS)],
            "citizen_id": self._people.citizen(case_id),
            "is_anonymous": False,
            "is_confidential": category.confidential,
            "urgency": category.default_urgency,
            "unit_id": unit_id if is_out else self._people.centre_id,
            "handler_id": handler_id if story.at(Action.SIGN) else None,
            "status": story.last.after,
            "master_id": None,
            "return_barred": False,
            "round": 1,
            "opened_at": opened_at,
            "accepted_at": story.at(Action.ACCEPT) or story.at(Action.ANSWER_ON_SPOT),
            "first_response_at": story.at(Action.CONTACT) or replied_at,
            "replied_at": replied_at,
            "replied_by": handler_id if is_answered else None,
            "closed_at": story.last.at if story.is_over else None,
            "outcome": Outcome.RESOLVED if is_answered else None,
            "decline_reason": None,
            "callback_result": CallbackResult.SOLVED if story.at(Action.CLOSE) else None,
            "urge_count": int(case_id % 23 == 0),
            "reply_text": said.reply if is_answered else "",
            "reply_approved_at": story.at(Action.APPROVE_REPLY) or story.at(Action.ANSWER_ON_SPOT),
            "source": None,
            "source_id": None,
            "version": len(story.lines),
            "row_version": 1,
        }

    def _number(self, region: str, day: date) -> str:
        series = f"{_PREFIX}{region}{day:%Y%m%d}"
        self.series[series] += 1
        return f"{series}{self.series[series]:06d}"

    def _lines(self, batch: Batch, row: Row, story: Story, said: Said) -> None:
        before = b""
        for seq, line in enumerate(story.lines, start=1):
            public, internal = self._speech(line, said)
            salt = secrets.token_bytes(16)
            actor_kind, actor_id, unit_id = self._people.doer(line.action, row)
            event: Row = {
                "id": next(self._event_ids),
                "case_id": row["id"],
                "seq": seq,
                "at": line.at,
                "actor_kind": actor_kind,
                "actor_id": actor_id,
                "unit_id": unit_id,
                "action": line.action,
                "from_status": line.before,
                "to_status": line.after,
                "is_public": line.action not in _INSIDE,
                "payload": _payload(line, row),
                "text_digest": text_digest(salt, public, internal) if public or internal else None,
            }
            event["seal"] = before = seal(before, SimpleNamespace(**event))
            batch.tables[CaseEvent].append(event)
            if public or internal:
                text = {"salt": salt, "public_text": public, "internal_text": internal}
                batch.tables[CaseText].append({"event_id": event["id"], **text})
        row["event_seq"], row["event_seal"] = len(story.lines), before

    def _speech(self, line: Line, said: Said) -> tuple[str, str]:
        """What was said at it: to the citizen, and inside."""
        if line.action in _ANSWERS:
            return said.reply, ""
        public = self._words.common("declines") if line.action in _REFUSALS else ""
        about = _NOTES.get(line.action)
        return public, self._words.common(about) if about else ""

    def _clocks(self, row: Row, story: Story, category: CategoryEntry) -> list[Row]:
        clocks: list[Row] = []
        for kind, starts, meets in _CLOCKS:
            begun = story.at(starts)
            if begun is None:
                continue
            met = next((at for at in map(story.at, meets) if at is not None), None)
            if met is not None and kind is ClockKind.RESOLVE:
                met = row["replied_at"]  # met at the time of the approved reply
            clocks.append(self._clock(kind, row, story, category, begun, met))
        return clocks

    def _clock(
        self,
        kind: ClockKind,
        row: Row,
        story: Story,
        category: CategoryEntry,
        begun: datetime,
        met: datetime | None,
    ) -> Row:
        limit = self._limit(kind, row["kind"], category.id, row["urgency"])
        terms = Terms(limit.unit, limit.close_of_business)
        reading: Reading = sla.started(self._calendar, terms, limit.budget, begun)
        return {
            "id": next(self._clock_ids),
            "subject_type": "case",
            "subject_id": row["id"],
            "kind": kind,
            "round": 1,
            "region_code": row["region_code"],
            "unit_id": row["unit_id"],
            "unit": limit.unit,
            "close_of_business": limit.close_of_business,
            "budget": reading.budget,
            "spent": reading.spent,
            "opened_at": begun,
            "running_since": reading.running_since,
            "due_at": reading.due_at,
            "warn_at": reading.warn_at,
            "met_at": met,
            "cancelled_at": story.last.at if story.is_over and met is None else None,
            "provisional": reading.provisional,
            "limit_code": limit.code,
            "basis_text": limit.basis_text,
            "basis_level": limit.basis_level,
            "is_sample": limit.is_sample,
        }

    def _choose_limit(self, *asked: Any) -> ChosenLimit:  # noqa: ANN401  # the four keys of the cache
        kind, case_kind, category_id, urgency = asked
        return catalogue.choose_limit(
            self._session,
            clock_kind=kind,
            case_kind=case_kind,
            category_id=category_id,
            urgency=urgency,
            region_code="",
            on=self._calendar.statutory.local_date(self._now),
        )


def _payload(line: Line, row: Row) -> Mapping[str, object]:
    match line.action:
        case Action.OPEN:
            return {"channel": str(row["channel"]), "kind": str(row["kind"])}
        case Action.DISPATCH:
            return {"unit_id": row["unit_id"]}
        case Action.REPLY | Action.APPROVE_REPLY | Action.ANSWER_ON_SPOT:
            return {"outcome": str(Outcome.RESOLVED)}
        case _:
            return {}


def _is_open(clock: Row) -> bool:
    return clock["met_at"] is None and clock["cancelled_at"] is None


def _mirror(row: Row, clocks: list[Row]) -> None:
    """What `cases.service.clocks.mirror` does for a case that lives."""
    resolve = next(clock for clock in clocks if clock["kind"] is ClockKind.RESOLVE)
    is_open = _is_open(resolve)
    pressing = min(
        (clock for clock in clocks if _is_open(clock)), key=lambda c: c["due_at"], default=None
    )
    met, due = resolve["met_at"], resolve["due_at"]
    row |= {
        "due_at": due,
        "warn_at": resolve["warn_at"],
        "is_paused": False,
        "is_provisional": is_open and resolve["provisional"],
        "on_time": None if met is None else not sla.is_late(due, met, provisional=False),
        "next_clock": str(pressing["kind"]) if pressing else "",
        "next_due_at": pressing["due_at"] if pressing else None,
        "next_warn_at": pressing["warn_at"] if pressing else None,
        "sort_at": pressing["due_at"] if pressing else FAR,
    }


def _breaches(clock: Row, now: datetime) -> list[Row]:
    """What the sweep would have noted by now, so that it has nothing left to do."""
    crossed = ((Threshold.WARN, clock["warn_at"]), (Threshold.OVERDUE, clock["due_at"]))
    return [
        {"clock_id": clock["id"], "threshold": threshold, "due_at": clock["due_at"], "at": at}
        for threshold, at in crossed
        if at <= now
    ]


def _accesses(row: Row, story: Story, people: People) -> list[Row]:
    found = [_access(row, people.centre_id, AccessRole.INTAKE, story.opened_at)]
    sent_at = story.at(Action.DISPATCH)
    if sent_at is not None:
        found.append(_access(row, row["unit_id"], AccessRole.MAIN, sent_at))
    return found


def _access(row: Row, unit_id: int, role: AccessRole, from_at: datetime) -> Row:
    return {
        "case_id": row["id"],
        "unit_id": unit_id,
        "role": role,
        "from_at": from_at,
        "to_at": None,
    }

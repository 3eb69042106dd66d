"""Turns one row into a matter as it happened, or into sentences that say what is wrong with it.

Looks nothing up in the database: unit and limit are still open afterwards.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from app.cases.kinds import FINAL, Channel, Outcome, Status
from app.cases.service.opening import title_of
from app.cases.service.past_case import PastCase
from app.catalogue.rules import CaseKind, CategoryEntry
from app.departments.rules import is_region_code
from app.imports import rules
from app.imports.mapping import Mapping as MappingFile
from app.imports.mapping import TimeFrom, YesNo, states_of
from app.imports.rules import Cells, UnfitError
from app.kernel.text import clean_line, mask_free_text
from app.sla.service.opening import given_limit

T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)
LONGEST_TITLE: Final = 200
LONGEST_PLACE: Final = 200
LONGEST_ID: Final = 64
LONGEST_TEXT: Final = 100_000

# Titles and short replies repeat: another system's request types are a few hundred.
_titled = lru_cache(maxsize=4096)(title_of)
_masked = lru_cache(maxsize=4096)(mask_free_text)


@dataclass(frozen=True, slots=True)
class Draft:
    """A matter with what only the database knows still missing: `unit` is a code or a name."""

    case: PastCase
    unit: str


@dataclass(frozen=True, slots=True)
class _Times:
    opened: datetime
    replied: datetime | None
    closed: datetime | None
    due: datetime | None


@dataclass(frozen=True, slots=True)
class _Facts:
    kind: CaseKind
    channel: Channel
    category: CategoryEntry | None
    outcome: Outcome | None
    is_anonymous: bool


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    body: str
    place: str
    region: str
    reply: str


@dataclass(frozen=True, slots=True)
class _Spot:
    lon: Decimal | None
    lat: Decimal | None


class Converter:
    """A mapping made ready to be applied to many rows."""

    def __init__(self, mapping: MappingFile, categories: Mapping[str, CategoryEntry]) -> None:
        self._mapping = mapping
        self._categories = categories
        self._zone = ZoneInfo(mapping.zone)
        self._takings = {
            name: part.taking(lines=name in {"body", "reply"})
            for name, part in mapping.texts.items()
        }
        self._timings = {
            name: part.timing()
            for name in ("opened", "replied", "closed", "due")
            if isinstance(part := getattr(mapping, name), TimeFrom)
        }
        self._given = given_limit(mapping.clock.basis)

    def id_of(self, cells: Cells) -> str:
        """The row's own key.

        Raises:
            UnfitError: there is none, or it is too long.
        """
        column = self._mapping.id
        key = clean_line(cells[column])
        if not key:
            raise UnfitError(column, "The row has no id.")
        return rules.check_length(column, key, most=LONGEST_ID)

    def convert(self, key: str, cells: Cells, *, now: datetime) -> Draft | list[UnfitError]:
        """The matter this row tells of, or what is wrong with it, so that all is mended at once."""
        problems: list[UnfitError] = []

        def attempt(make: Callable[[], T]) -> T | None:
            try:
                return make()
            except UnfitError as error:
                problems.append(error)
                return None

        times = attempt(lambda: self._read_times(cells, now))
        facts = attempt(lambda: self._read_facts(cells))
        words = attempt(lambda: self._read_words(cells))
        spot = attempt(lambda: self._read_spot(cells))
        unit = attempt(lambda: self._text("unit", cells))
        if times and facts and words and spot and unit is not None:
            case = attempt(lambda: self._whole(key, cells, (times, facts, words, spot)))
            if case:
                return Draft(case, unit)
        return problems

    def _text(self, name: str, cells: Cells) -> str:
        return self._takings[name].text(cells)

    def _where(self, name: str) -> str:
        if name in self._timings:
            return self._timings[name].where
        return self._takings[name].where

    def _read_times(self, cells: Cells, now: datetime) -> _Times:
        opened = self._instant("opened", cells, None)
        if opened is None:
            raise UnfitError(self._where("opened"), "The time of opening is missing.")
        replied, closed, due = (
            self._instant(name, cells, opened) for name in ("replied", "closed", "due")
        )
        rules.check_past(self._where("opened"), opened, opened_at=opened, now=now)
        if replied:
            rules.check_past(self._where("replied"), replied, opened_at=opened, now=now)
        if closed:
            rules.check_past(self._where("closed"), closed, opened_at=opened, now=now)
        if due:
            rules.check_countable(self._where("due"), due)
        return _Times(opened, replied, closed, due)

    def _instant(self, name: str, cells: Cells, opened_at: datetime | None) -> datetime | None:
        timing = self._timings.get(name)
        return rules.instant(timing, cells, self._zone, opened_at) if timing else None

    def _read_facts(self, cells: Cells) -> _Facts:
        kind = self._word("kind", cells, CaseKind)
        if kind is None:
            raise UnfitError(self._where("kind"), "The kind is missing.")
        code = self._text("category", cells)
        if code and code not in self._categories:
            raise UnfitError(self._where("category"), f"The catalogue has no category “{code}”.")
        return _Facts(
            kind=kind,
            channel=self._word("channel", cells, Channel) or Channel.OTHER,
            category=self._categories[code] if code else None,
            outcome=self._word("outcome", cells, Outcome),
            is_anonymous=self._word("anonymous", cells, YesNo) is YesNo.YES,
        )

    def _word(self, name: str, cells: Cells, words: type[Word]) -> Word | None:
        said = self._text(name, cells)
        try:
            return words(said) if said else None
        except ValueError:
            reason = f"“{said[:40]}” is not one of: {', '.join(words)}."
            raise UnfitError(self._where(name), reason) from None

    def _read_words(self, cells: Cells) -> _Words:
        body = self._text("body", cells)
        if not body:
            raise UnfitError(self._where("body"), "The text is empty.")
        rules.check_length(self._where("body"), body, most=LONGEST_TEXT)
        title = rules.check_length(
            self._where("title"), self._text("title", cells), most=LONGEST_TITLE
        )
        place = rules.check_length(
            self._where("place"), self._text("place", cells), most=LONGEST_PLACE
        )
        region = self._text("region", cells)
        if not is_region_code(region):
            raise UnfitError(self._where("region"), f"“{region[:40]}” is no region code.")
        reply = rules.check_length(
            self._where("reply"), self._text("reply", cells), most=LONGEST_TEXT
        )
        return _Words(_titled(title, body), body, place, region, _masked(reply))

    def _read_spot(self, cells: Cells) -> _Spot:
        lon = rules.coordinate(self._where("lon"), self._text("lon", cells), limit=180)
        lat = rules.coordinate(self._where("lat"), self._text("lat", cells), limit=90)
        return _Spot(lon, lat) if lon is not None and lat is not None else _Spot(None, None)

    def _whole(
        self, key: str, cells: Cells, parts: tuple[_Times, _Facts, _Words, _Spot]
    ) -> PastCase:
        times, facts, words, spot = parts
        replied = self._replied_at(times, words)
        is_reply = replied is not None
        closed = self._closed_at(times, replied)
        status = self._word("status", cells, Status)
        first = Status.REPORTED if facts.kind is CaseKind.REPAIR else Status.SUBMITTED
        status = status or (Status.CLOSED if closed else first)
        self._check_end(facts.kind, status, closed, times)
        is_given = self._mapping.clock.limits == "given"
        return PastCase(
            source_id=key,
            kind=facts.kind,
            channel=facts.channel,
            title=words.title,
            body=words.body,
            unit_id=0,
            opened_at=times.opened,
            status=status,
            place=words.place,
            region_code=words.region,
            lon=spot.lon,
            lat=spot.lat,
            crs=self._mapping.crs,
            category=facts.category,
            is_anonymous=facts.is_anonymous,
            replied_at=replied,
            reply_text=words.reply if is_reply else "",
            note="" if is_reply else words.reply,
            closed_at=closed if status in FINAL else None,
            outcome=facts.outcome,
            limit=self._given if is_given and times.due else None,
            due_at=times.due if is_given else None,
        )

    def _replied_at(self, times: _Times, words: _Words) -> datetime | None:
        if not self._takings["reply"].columns:
            return times.replied
        if not words.reply:
            return None
        at = times.replied or times.closed
        if at is None and self._mapping.untimed_reply == "refuse":
            raise UnfitError(self._where("reply"), "There is a reply, but no time of it.")
        return at

    def _closed_at(self, times: _Times, replied: datetime | None) -> datetime | None:
        if "closed" not in self._timings:
            return replied  # such files know no other end than the answer
        if times.closed and replied and replied > times.closed:
            raise UnfitError(self._where("closed"), "It was closed before the reply.")
        return times.closed

    def _check_end(
        self, kind: CaseKind, status: Status, closed: datetime | None, times: _Times
    ) -> None:
        if status not in states_of(kind):
            reason = f"A matter cannot be taken over in the state “{status}”."
            raise UnfitError(self._where("status"), reason)
        if status in FINAL and closed is None:
            raise UnfitError(
                self._where("status"), f"It is {status}, but no time of that is given."
            )
        if status not in FINAL and times.closed:
            raise UnfitError(self._where("closed"), f"It has a time of closing, but is {status}.")

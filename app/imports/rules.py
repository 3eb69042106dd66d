"""How one value of an imported matter is made from the columns of its row.

Pure: text in, text or instant out. What is wrong is said in words, for the rejects file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Final

from app.kernel.text import clean, clean_line

Cells = Mapping[str, str]
# What the calendar can count; a date outside is a typing mistake.
EARLIEST: Final = datetime(1990, 1, 2, tzinfo=UTC)
LATEST: Final = datetime(2098, 12, 31, tzinfo=UTC)
CLOCKS_APART: Final = timedelta(days=1)  # another system's clock and zone may be a little off
_WHOLE: Final = re.compile(r"[+-]?\d{1,5}(?:\.0+)?")


class UnfitError(Exception):
    """A value that cannot be taken over; `column` is where it stood, `reason` a sentence."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


@dataclass(frozen=True, slots=True)
class Taking:
    """Where a text comes from: a constant, or one or several columns, changed as told."""

    value: str = ""
    columns: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    join: str = " "
    empty: frozenset[str] = frozenset()
    table: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None
    unless: tuple[str, str] | None = None
    cut: int = 0
    lines: bool = False

    @property
    def where(self) -> str:
        """The columns as the rejects file names them."""
        return "+".join(self.columns)

    def text(self, cells: Cells) -> str:
        """The text for this row, clean and on one line unless `lines`.

        Raises:
            UnfitError: the table does not know what stands in the column.
        """
        if not self.columns:
            return self.value
        if self.unless and cells[self.unless[0]].strip() == self.unless[1]:
            return ""
        found = self._joined(cells)
        if self.table or self.default is not None:
            found = self._looked_up(found)
        return found if not self.cut or len(found) <= self.cut else found[: self.cut - 1] + "…"

    def _joined(self, cells: Cells) -> str:
        tidy = clean if self.lines else clean_line
        parts = []
        for column in self.columns:
            part = tidy(cells[column])
            if part and part not in self.empty:
                parts.append(self.labels.get(column, "") + part)
        return self.join.join(parts)

    def _looked_up(self, found: str) -> str:
        if found in self.table:
            return self.table[found]
        if self.default is None:
            raise UnfitError(self.where, f"The mapping does not know the value “{found[:60]}”.")
        return found if self.default == "*" else self.default


@dataclass(frozen=True, slots=True)
class Timing:
    """Where an instant comes from: a column, or so many days after the opening."""

    column: str = ""
    format: str = "iso"
    days_after: str = ""
    at: time | None = None

    @property
    def where(self) -> str:
        """The column as the rejects file names it."""
        return self.column or self.days_after


def instant(
    timing: Timing, cells: Cells, zone: tzinfo, opened_at: datetime | None
) -> datetime | None:
    """The instant for this row in UTC; None where nothing stands in the column.

    Raises:
        UnfitError: what stands there is no time or no number of days.
    """
    said = cells[timing.where].strip()
    if not said:
        return None
    if timing.days_after:
        return None if opened_at is None else _days_after(timing, said, zone, opened_at)
    local = _parsed(timing, said)
    if local.tzinfo is not None:
        return local.astimezone(UTC)
    if timing.at is not None:
        local = datetime.combine(local.date(), timing.at)
    return local.replace(tzinfo=zone).astimezone(UTC)


def _parsed(timing: Timing, said: str) -> datetime:
    formats = () if timing.format == "iso" else (timing.format,)
    for form in formats:
        try:
            return datetime.strptime(said, form)  # noqa: DTZ007  # the zone is the mapping's
        except ValueError:
            continue
    try:
        # Cells of a workbook that hold real dates arrive like this, whatever the format.
        return datetime.fromisoformat(said)
    except ValueError:
        reason = f"“{said[:40]}” is not a time of the form {timing.format}."
        raise UnfitError(timing.where, reason) from None


def _days_after(timing: Timing, said: str, zone: tzinfo, opened_at: datetime) -> datetime:
    if not _WHOLE.fullmatch(said):
        raise UnfitError(timing.where, f"“{said[:40]}” is not a whole number of days.")
    days = int(float(said))
    if days < 0:
        raise UnfitError(timing.where, f"{days} days: a negative time.")
    opened = opened_at.astimezone(zone)
    day: date = opened.date() + timedelta(days=days)
    moment = datetime.combine(day, timing.at or opened.time(), zone).astimezone(UTC)
    return max(moment, opened_at)


def check_past(column: str, at: datetime, *, opened_at: datetime, now: datetime) -> None:
    """Refuse an instant at which nothing can have happened.

    Raises:
        UnfitError: it lies before 1990, in the future, or before the opening.
    """
    if at < EARLIEST:
        raise UnfitError(column, f"{at.date()} lies before 1990.")
    if at > now + CLOCKS_APART:
        raise UnfitError(column, f"{at.date()} lies in the future.")
    if at < opened_at:
        raise UnfitError(column, f"{at.date()} lies before the opening: a negative time.")


def check_countable(column: str, at: datetime) -> None:
    """Refuse a target date the calendar does not reach.

    Raises:
        UnfitError: it lies before 1990 or after 2098.
    """
    if not EARLIEST <= at <= LATEST:
        raise UnfitError(column, f"{at.date()} is no date anything can be due at.")


def coordinate(column: str, said: str, *, limit: int) -> Decimal | None:
    """Degrees with six decimals; None where nothing stands in the column.

    Raises:
        UnfitError: no number, or more than `limit` degrees.
    """
    if not said:
        return None
    try:
        degrees = Decimal(said)
    except InvalidOperation:
        raise UnfitError(column, f"“{said[:40]}” is not a number of degrees.") from None
    if not degrees.is_finite() or abs(degrees) > limit:
        raise UnfitError(column, f"{said[:40]} degrees do not exist.")
    return round(degrees, 6)


def check_length(column: str, said: str, *, most: int) -> str:
    """The text itself if it fits.

    Raises:
        UnfitError: it is longer than `most` characters.
    """
    if len(said) > most:
        raise UnfitError(column, f"{len(said)} characters; at most {most} fit here.")
    return said

"""What may and must stand in each kind of document, and how values become text.

Pure. A template knows these names and no others, so it can be checked without any matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.documents.rules.kinds import DocumentKind
from app.kernel.messages import mark
from app.kernel.text import clean, clean_line

Row = Mapping[str, object]
Value = str | date | datetime | Sequence[Row] | None
Values = Mapping[str, Value]
Text = str | list[dict[str, str]]


class Shape(StrEnum):
    """What kind of value an entry takes."""

    LINE = "line"
    WORDS = "words"  # several lines
    DAY = "day"
    INSTANT = "instant"
    ROWS = "rows"  # a table; each row has the entry's columns


@dataclass(frozen=True, slots=True)
class Entry:
    """One name a template may use; `label` says what it is (msgid)."""

    name: str
    label: str
    shape: Shape = Shape.LINE
    required: bool = False
    columns: tuple[str, ...] = ()


def _must(name: str, label: str, shape: Shape = Shape.LINE) -> Entry:
    return Entry(name, label, shape, required=True)


_APPLICANT: Final = _must("applicant", mark("Applicant"))
_AGENT: Final = Entry("agent", mark("Agent of the applicant"))
_ITEM: Final = _must("item", mark("Service item"))
_ITEM_CODE: Final = Entry("item_code", mark("Code of the item"))
_BASIS: Final = Entry("basis", mark("Legal basis"), Shape.WORDS)
_REASON: Final = _must("reason", mark("Reasons"), Shape.WORDS)
_REMEDIES: Final = _must("remedies", mark("Ways to appeal"), Shape.WORDS)
_REMARKS: Final = Entry("remarks", mark("Remarks"), Shape.WORDS)
_RECEIVED: Final = _must("received_at", mark("Received at"), Shape.INSTANT)
_DUE: Final = Entry("due_on", mark("Due on"), Shape.DAY)
_LIMIT: Final = Entry("limit", mark("Time limit"))
_MATERIALS: Final = Entry(
    "materials", mark("Papers handed in"), Shape.ROWS, columns=("name", "copies", "note")
)

DICTIONARY: Final[Mapping[DocumentKind, tuple[Entry, ...]]] = {
    DocumentKind.RECEIPT: (
        _APPLICANT,
        _AGENT,
        _ITEM,
        _ITEM_CODE,
        _RECEIVED,
        _MATERIALS,
        _LIMIT,
        _DUE,
        Entry("window", mark("Counter")),
        _REMARKS,
    ),
    DocumentKind.NOTICE: (
        _APPLICANT,
        _AGENT,
        _ITEM,
        _ITEM_CODE,
        _RECEIVED,
        Entry(
            "defects",
            mark("What is missing or wrong"),
            Shape.ROWS,
            required=True,
            columns=("name", "defect", "remedy"),
        ),
        _DUE,
        _BASIS,
        _REMARKS,
    ),
    DocumentKind.ACCEPTANCE: (
        _APPLICANT,
        _AGENT,
        _ITEM,
        _ITEM_CODE,
        _RECEIVED,
        _must("accepted_on", mark("Accepted on"), Shape.DAY),
        _LIMIT,
        _DUE,
        _BASIS,
        Entry(
            "owed",
            mark("Papers to be handed in later"),
            Shape.ROWS,
            columns=("name", "until", "consequence"),
        ),
        _REMARKS,
    ),
    DocumentKind.NOT_ACCEPTED: (
        _APPLICANT,
        _AGENT,
        _ITEM,
        _ITEM_CODE,
        _RECEIVED,
        _REASON,
        _BASIS,
        Entry("authority", mark("The authority in charge")),
        _REMEDIES,
    ),
    DocumentKind.SPECIAL: (
        _APPLICANT,
        _AGENT,
        _ITEM,
        _ITEM_CODE,
        _must("procedure", mark("Special procedure")),
        _must("from_on", mark("Begins on"), Shape.DAY),
        Entry("expected_on", mark("Expected to end on"), Shape.DAY),
        _LIMIT,
        Entry("reason", mark("Reasons"), Shape.WORDS),
        _BASIS,
        Entry("approver", mark("Approved by")),
    ),
    DocumentKind.EXTENSION: (
        _APPLICANT,
        _AGENT,
        _ITEM,
        _ITEM_CODE,
        _REASON,
        _must("limit", mark("Time limit")),
        _must("due_on", mark("Due on"), Shape.DAY),
        _BASIS,
        Entry("approver", mark("Approved by")),
    ),
    DocumentKind.GRANT: (
        _APPLICANT,
        _AGENT,
        _ITEM,
        _ITEM_CODE,
        _must("decision", mark("Decision"), Shape.WORDS),
        _BASIS,
        Entry("certificate", mark("Certificate")),
        Entry("valid_until", mark("Valid until"), Shape.DAY),
        Entry("delivery", mark("How it is delivered")),
        Entry("remedies", mark("Ways to appeal"), Shape.WORDS),
    ),
    DocumentKind.REFUSAL: (
        Entry("refused", mark("Name of the refusal, such as 不予许可")),
        _APPLICANT,
        _AGENT,
        _ITEM,
        _ITEM_CODE,
        Entry("facts", mark("Facts"), Shape.WORDS),
        _REASON,
        _BASIS,
        _REMEDIES,
    ),
    DocumentKind.REVOCATION: (
        _APPLICANT,
        _AGENT,
        _ITEM,
        _ITEM_CODE,
        Entry("revoked", mark("Number of the decision that is revoked")),
        _REASON,
        _BASIS,
        _REMEDIES,
    ),
    DocumentKind.DELIVERY: (
        _APPLICANT,
        _AGENT,
        _ITEM,
        Entry(
            "papers",
            mark("What is delivered"),
            Shape.ROWS,
            required=True,
            columns=("name", "number", "copies"),
        ),
        _must("way", mark("Way of delivery")),
        Entry("tracking", mark("Tracking number")),
        Entry("delivered_at", mark("Delivered at"), Shape.INSTANT),
        _REMARKS,
    ),
    DocumentKind.HAND_OVER: (
        _must("hall", mark("Hall")),
        Entry("counter", mark("Counter")),
        _must("from_name", mark("Handed over by")),
        Entry("to_name", mark("Taken over by")),
        _must("at", mark("Time"), Shape.INSTANT),
        Entry("figures", mark("Figures"), Shape.ROWS, columns=("name", "value")),
        Entry("open", mark("Still open"), Shape.ROWS, columns=("number", "what", "due", "note")),
        _REMARKS,
    ),
}


def fitted(kind: DocumentKind, values: Values, *, zone: ZoneInfo) -> dict[str, Text]:
    """The values of a document as text, every name of its kind present.

    Dates are written the Chinese way and instants in the hall's time; what is not given
    is empty. Words lose nothing but signs that cannot be printed.

    Raises:
        ValueError: an unknown name, a missing value or one of the wrong shape; whoever
            issues made a mistake in the program.
    """
    entries = DICTIONARY[kind]
    unknown = set(values) - {entry.name for entry in entries}
    if unknown:
        msg = f"{kind} knows no {', '.join(sorted(unknown))}"
        raise ValueError(msg)
    fit = {entry.name: _text(entry, values.get(entry.name), zone) for entry in entries}
    missing = [entry.name for entry in entries if entry.required and not fit[entry.name]]
    if missing:
        msg = f"{kind} needs {', '.join(missing)}"
        raise ValueError(msg)
    return fit


def _text(entry: Entry, value: Value, zone: ZoneInfo) -> Text:
    if entry.shape is Shape.ROWS:
        return [_row(entry, row, zone) for row in _rows(entry, value)]
    return _one(value, zone, many_lines=entry.shape is Shape.WORDS)


def _rows(entry: Entry, value: Value) -> Sequence[Row]:
    if value is None:
        return ()
    if isinstance(value, str | date):
        msg = f"{entry.name} is a table"
        raise ValueError(msg)  # noqa: TRY004  # one kind of error for one kind of mistake
    return value


def _row(entry: Entry, row: Row, zone: ZoneInfo) -> dict[str, str]:
    unknown = set(row) - set(entry.columns)
    if unknown:
        msg = f"{entry.name} has no column {', '.join(sorted(unknown))}"
        raise ValueError(msg)
    return {name: _one(row.get(name), zone, many_lines=False) for name in entry.columns}


def _one(value: object, zone: ZoneInfo, *, many_lines: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return instant_text(value, zone)
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, str | int):
        return clean(str(value)) if many_lines else clean_line(str(value))
    msg = f"a value of {type(value).__name__} cannot be printed"
    raise ValueError(msg)


def day_text(day: date) -> str:
    """A date as official papers write it: 2026年3月2日."""
    return f"{day.year}年{day.month}月{day.day}日"


def instant_text(at: datetime, zone: ZoneInfo) -> str:
    """An instant in the hall's time, to the minute."""
    local = at.astimezone(zone)
    return f"{day_text(local.date())} {local:%H:%M}"

"""What the picture of a citizen holds beside the party itself, masked and ready to print.

Words of the house are msgids; what people wrote is text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.citizens.rules import CitizenState
from app.desk.picture.summary import Part
from app.desk.times import Light


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter of the citizen, with its lamp."""

    number: str
    title: str
    state: str
    unit: str
    light: Light
    opened_at: datetime
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class Contacted:
    """One time they were in touch, by whatever way."""

    at: datetime
    way: str  # msgid
    deed: str = ""  # msgid with `params`
    params: Mapping[str, object] = field(default_factory=dict)
    is_out: bool = False
    words: str = ""
    who: str = ""
    numbers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise and how it stands; `text` is empty where only its unit reads it."""

    text: str
    who: str
    due_at: datetime
    state: str
    label: str


@dataclass(frozen=True, slots=True)
class Rated:
    """One rating the citizen gave; for a bad one, what became of it."""

    at: datetime
    label: str
    is_bad: bool
    number: str
    redress: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody this citizen has to do with, and how."""

    number: str
    name: str
    how: Sequence[str]  # msgids


@dataclass(frozen=True, slots=True)
class Who:
    """Who it is, masked."""

    number: str
    name: str
    is_organisation: bool
    state: CitizenState
    merged_into: str  # the number of whom they became part of
    do_not_contact: bool
    times: str
    language: str


@dataclass(frozen=True, slots=True)
class Short:
    """The picture on a case's page and beside a ringing telephone."""

    number: str
    name: str
    marks: Sequence[str]  # msgids
    do_not_contact: bool
    line: Sequence[Part]
    matters: Sequence[Matter]
    promises: Sequence[Promised]
    is_linked: bool  # the reader may open the whole picture


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture; of somebody whose processing is restricted only who it is."""

    who: Who
    marks: Sequence[str]  # msgids
    tags: Sequence[str]
    notes: Sequence[str]
    ways: Sequence[tuple[str, str, Sequence[str]]]  # label, masked value, remarks
    papers: Sequence[tuple[str, str, Sequence[str]]]
    line: Sequence[Part]
    matters: Sequence[Matter]
    has_more: bool
    last: Sequence[Matter]
    contacts: Sequence[Contacted]
    promises: Sequence[Promised]
    ratings: Sequence[Rated]
    topics: Sequence[tuple[str, int]]
    others: Sequence[Other]

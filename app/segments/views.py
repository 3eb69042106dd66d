"""Segments as their pages show them: conditions in plain words, lines of people, choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.cases.kinds import Channel
from app.cases.labels import LABELS
from app.catalogue import queries as catalogue
from app.citizens.rules import MarkKind
from app.departments import queries as departments
from app.exports.labels import FORMATS
from app.kernel.messages import mark
from app.kernel.paging import Count
from app.segments import labels
from app.segments.forms import field_of
from app.segments.rules import PARTS, Condition, Match, Part, Rule, What, from_json, words_of
from app.segments.service import Member
from app.web import i18n

Choices = list[tuple[str, str]]
_CHOSEN: Final[Mapping[What, Mapping[Any, str]]] = {
    What.MARK: labels.MARKS,
    What.LANGUAGE: labels.LANGUAGES,
    What.PARTY: labels.PARTIES,
    What.PREFERS: labels.CONTACTS,
    What.CHANNEL: LABELS[Channel],
}


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """One segment of the list; `count` is what its last use counted."""

    id: int
    name: str
    sentence: str
    used_at: datetime | None
    count: str


@dataclass(frozen=True, slots=True)
class UseLine:
    """One use, with its purpose."""

    at: datetime
    who: str
    kind: str
    purpose: str
    version: int
    count: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """What the conditions were, and since when."""

    number: int
    sentence: str
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One row of the form: which fields it shows now; `place` counts from nothing."""

    place: int
    what: str
    parts: frozenset[str]
    choices: Choices


@dataclass(frozen=True, slots=True)
class SegmentsPage:
    """All segments."""

    segments: list[SegmentLine]


@dataclass(frozen=True, slots=True)
class BuildPage:
    """The form for conditions, with what it would find when asked to count."""

    id: int | None
    seen: int
    rows: list[ConditionRow]
    whats: Choices
    may_add: bool
    sentence: str = ""
    count: str = ""
    counted_at: datetime | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SegmentPage:
    """One segment: what it means, how many, what it was used for, ways to use it."""

    id: int
    name: str
    sentence: str
    count: str
    counted_at: datetime
    version: int
    versions: list[VersionLine]
    uses: list[UseLine]
    formats: Choices
    may_export: bool
    may_reveal: bool
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MembersPage:
    """The people of a segment, opened for a purpose."""

    id: int
    name: str
    sentence: str
    purpose: str
    kind: str
    count: str
    members: list[Member]
    regions: Mapping[str, str]
    marks: Mapping[MarkKind, str]
    next_url: str
    prev_url: str


def sentence_of(session: Session, rule: Rule) -> str:
    """The conditions as one sentence in the reader's language."""
    parts = [_said(session, condition) for condition in rule.conditions]
    between = (
        i18n.gettext(mark("; and ")) if rule.match is Match.ALL else i18n.gettext(mark("; or "))
    )
    who = between.join(parts)
    if rule.with_do_not_contact:
        return i18n.gettext(
            mark("Who is: %(who)s. Also people who do not wish to be contacted."), who=who
        )
    return i18n.gettext(
        mark("Who is: %(who)s. People who do not wish to be contacted are left out."), who=who
    )


def _said(session: Session, condition: Condition) -> str:
    words = words_of(condition, _named(session, condition))
    return i18n.gettext(words.msgid, **words.params)


def _named(session: Session, condition: Condition) -> str:
    value = condition.value
    if condition.what in _CHOSEN:
        return i18n.gettext(_CHOSEN[condition.what].get(value, value))
    if condition.what is What.REGION:
        return (
            dict(departments.list_regions(session, language=_language())).get(value, value).strip()
        )
    if condition.what is What.CATEGORY and value.isdecimal():
        entry = catalogue.snapshot(session).categories.get(int(value))
        return entry.name.within(_language()) if entry else value
    return value


def _language() -> str:
    return "en" if i18n.spoken() is i18n.Locale.EN else "zh"


def whats() -> Choices:
    """What can be looked at, for the first field of a row."""
    return [(str(what), i18n.gettext(words)) for what, words in labels.WHAT.items()]


def formats() -> Choices:
    """The formats of a file."""
    return [(str(kind), i18n.gettext(words)) for kind, words in FORMATS.items()]


def rows_of(session: Session, values: Mapping[str, str], count: int) -> list[ConditionRow]:
    """The rows of the form as they stand."""
    return [_row(session, values, place) for place in range(count)]


def _row(session: Session, values: Mapping[str, str], place: int) -> ConditionRow:
    chosen = values.get(f"what-{place}", "")
    if chosen not in set(What):
        return ConditionRow(place, "", frozenset(), [])
    what = What(chosen)
    shown = frozenset(str(part) for part in PARTS[what])
    return ConditionRow(place, chosen, shown, _choices(session, what))


def _choices(session: Session, what: What) -> Choices:
    if what in _CHOSEN:
        return [(str(key), i18n.gettext(words)) for key, words in _CHOSEN[what].items()]
    if what is What.REGION:
        return departments.list_regions(session, language=_language())
    if what is What.CATEGORY:
        return _categories(session)
    return []


def _categories(session: Session) -> Choices:
    found: Choices = []
    for group in catalogue.list_categories(session):
        found.append((str(group.id), group.name.within(_language())))
        found += [
            (str(entry.id), f"\u3000{entry.name.within(_language())}")
            for entry in catalogue.list_categories(session, parent_id=group.id)
        ]
    return found


def errors_by_field(rule: Rule, errors: Mapping[str, str]) -> dict[str, str]:
    """Sentences about values stand at the field that was shown for this kind of condition."""
    found = {}
    for name, sentence in errors.items():
        part, _, place = name.rpartition("-")
        if part == Part.VALUE:
            what = rule.conditions[int(place)].what
            found[field_of(what, Part.VALUE, int(place))] = sentence
        else:
            found[name] = sentence
    return found


def segment_line(session: Session, row: Row[*tuple[Any, ...]]) -> SegmentLine:
    """One line of the list."""
    counted = str(Count(row.people, is_capped=row.is_capped)) if row.used_at else ""
    sentence = sentence_of(session, from_json(row.rule))
    return SegmentLine(row.id, row.name, sentence, row.used_at, counted)


def use_line(row: Row[*tuple[Any, ...]]) -> UseLine:
    """One line of the record; a finished export tells how many rows it really had."""
    is_made = row.export_state is not None and row.rows_done
    counted = str(row.rows_done) if is_made else str(Count(row.people, is_capped=row.is_capped))
    kind = labels.USES[row.kind]
    return UseLine(row.at, row.display_name, kind, row.purpose, row.number, counted)


def version_lines(session: Session, found: Sequence[Row[*tuple[Any, ...]]]) -> list[VersionLine]:
    """The versions, newest first."""
    return [
        VersionLine(
            row.number, sentence_of(session, from_json(row.rule)), row.made_at, row.display_name
        )
        for row in found
    ]

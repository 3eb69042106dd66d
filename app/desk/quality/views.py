"""Makes the pages of data quality: the board, work lists, two rows side by side, merges.

Everything of a person is masked; a constant number of reads for each page.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from app.accounts.deps import Work
from app.accounts.rules import Permission
from app.citizens.models import Citizen, CitizenMerge
from app.citizens.queries import duplicates as pairs
from app.citizens.queries import getting
from app.citizens.queries import merging as merges
from app.citizens.queries import quality as trouble
from app.citizens.rules import PartyKind, number_of
from app.citizens.rules.joining import Field
from app.citizens.rules.likeness import read_reasons
from app.citizens.rules.quality import IssueKind
from app.citizens.service import duplicates, merging, parties, quality, references
from app.citizens.service.duplicates import Somebody
from app.citizens.service.parties import Party
from app.desk.picture.labels import PAPERS, WAYS
from app.desk.quality.labels import FIELDS, OTHER_ROWS, REASONS, ROWS, TROUBLES, TWICE
from app.kernel.messages import mark
from app.kernel.paging import Page

_SHOWN: Final = 2  # ways to reach somebody, in a line of a list


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the board, the list behind it, and what to do about it."""

    group: str
    label: str
    href: str
    count: int | None
    advice: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    """What is wrong, counted at one time."""

    figures: Sequence[Figure]
    counted_at: datetime | None
    may_merge: bool
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One citizen in a list."""

    number: str
    href: str
    name: str
    is_person: bool
    reach: str


@dataclass(frozen=True, slots=True)
class IssuePage:
    """A work list."""

    title: str
    advice: str
    lines: Sequence[tuple[Line, datetime]]
    prev_url: str
    next_url: str
    may_edit: bool
    export_url: str  # empty for who may take nothing out


@dataclass(frozen=True, slots=True)
class Pair:
    """Two citizens who may be one."""

    id: int
    one: Line
    other: Line
    reasons: Sequence[str]
    score: int
    found_at: datetime
    href: str


@dataclass(frozen=True, slots=True)
class PairsPage:
    """Pairs nobody has decided on."""

    pairs: Sequence[Pair]
    prev_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A field in which the two differ: its name, its label, what each side has."""

    name: str
    label: str
    sides: Sequence[str]
    is_msgid: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, beside the other."""

    party: Party
    papers: Sequence[tuple[str, str]]
    ways: Sequence[tuple[str, str, bool]]
    rows: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class MergePage:
    """Two citizens side by side, and what is asked before they become one."""

    one: Side
    other: Side
    choices: Sequence[Choice]
    problems: Sequence[str]
    reasons: Sequence[str]
    pair_id: int | None
    values: Mapping[str, str]
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MergeLine:
    """One merge in the list."""

    id: int
    survivor: str
    merged: str
    at: datetime
    by: str
    reason: str
    is_undone: bool


@dataclass(frozen=True, slots=True)
class MergesPage:
    """Merges, newest first."""

    merges: Sequence[MergeLine]
    prev_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class OneMergePage:
    """One merge: who, when, why, what moved, and how it is undone."""

    merge: MergeLine
    undone_at: datetime | None
    undone_by: str
    undo_reason: str
    is_final: bool
    rows: Sequence[tuple[str, int]]
    errors: Mapping[str, str]
    values: Mapping[str, str]


def board(work: Work) -> BoardPage:
    """Every kind of trouble with its figure, as counted last."""
    counted = quality.counted(work.session)
    may_merge = work.actor.may(Permission.CITIZEN_MERGE)
    figures = [
        Figure(
            each.group, each.label, f"/citizens/quality/{kind}", _count(counted, kind), each.advice
        )
        for kind, each in TROUBLES.items()
    ]
    if may_merge:
        pairs_ = _count(counted, "duplicates")
        figures.append(
            Figure(TWICE.group, TWICE.label, "/citizens/duplicates", pairs_, TWICE.advice)
        )
    return BoardPage(
        figures=figures,
        counted_at=min((at for _, at in counted.values()), default=None),
        may_merge=may_merge,
        may_edit=work.actor.may(Permission.CITIZEN_EDIT),
    )


def _count(counted: Mapping[str, tuple[int, datetime]], name: str) -> int | None:
    return counted[name][0] if name in counted else None


def issue_list(work: Work, kind: IssueKind, cursor: str) -> IssuePage:
    """Who has this trouble."""
    found = trouble.list_issue(work.session, work.actor, kind, cursor=cursor or None)
    may_edit = work.actor.may(Permission.CITIZEN_EDIT)
    people = duplicates.read_many(work.session, [row.citizen_id for row in found.items])
    lines = [(_line(row.citizen_id, people, may_edit=may_edit), row.since) for row in found.items]
    before, after = _ways(f"/citizens/quality/{kind}", found)
    each = TROUBLES[kind]
    may_export = work.actor.may(Permission.EXPORT_RUN)
    return IssuePage(
        each.label,
        each.advice,
        lines,
        before,
        after,
        may_edit,
        f"/exports/new?what=people&kind={kind}" if may_export else "",
    )


def pair_list(work: Work, cursor: str) -> PairsPage:
    """Pairs nobody has decided on, the likeliest first."""
    found = pairs.list_open(work.session, cursor=cursor or None)
    ids = [each for row in found.items for each in (row.a_id, row.b_id)]
    people = duplicates.read_many(work.session, ids)
    before, after = _ways("/citizens/duplicates", found)
    return PairsPage([_pair(row, people) for row in found.items], before, after)


def side_by_side(
    work: Work, ids: tuple[int, int], values: Mapping[str, str], errors: Mapping[str, str]
) -> MergePage:
    """Two citizens beside each other, with what speaks for one person and against.

    Raises:
        NotFoundError: one of them is not there, or not for this person to see.
    """
    session = work.session
    one, other = (getting.get_visible(session, work.actor, each) for each in ids)
    pair = pairs.pair(session, *ids)
    return MergePage(
        one=_side(work, one),
        other=_side(work, other),
        choices=_choices(work, one, other),
        problems=merging.why_not(session, one, other),
        reasons=_reasons(pair.reasons) if pair else (),
        pair_id=pair.id if pair and pair.state == "open" else None,
        values=_defaults(one, other) | dict(values),
        errors=errors,
    )


def merge_list(work: Work, cursor: str) -> MergesPage:
    """Merges, newest first."""
    found = merges.list_merges(work.session, cursor=cursor or None)
    names = merges.staff_names(work.session, {row.by_id for row in found.items if row.by_id})
    before, after = _ways("/citizens/merges", found)
    return MergesPage([_merge(row, names) for row in found.items], before, after)


def one_merge(
    work: Work, record: CitizenMerge, values: Mapping[str, str], errors: Mapping[str, str]
) -> OneMergePage:
    """One merge with all that is known of it."""
    ids = {each for each in (record.by_id, record.undone_by_id) if each}
    names = merges.staff_names(work.session, ids)
    return OneMergePage(
        merge=_merge(record, names),
        undone_at=record.undone_at,
        undone_by=names.get(record.undone_by_id or 0, ""),
        undo_reason=record.undo_reason,
        is_final=record.is_final,
        rows=_rows(merges.moved_counts(work.session, record.id)),
        errors=errors,
        values=values,
    )


def _side(work: Work, citizen: Citizen) -> Side:
    party = parties.picture_of(work.session, citizen.id, viewer=work.actor, now=work.now)
    return Side(
        party,
        papers=[(PAPERS[each.kind], each.value) for each in party.identities],
        ways=[
            (WAYS[each.kind], each.value, each.verified_at is not None) for each in party.contacts
        ],
        rows=_rows(_beside(references.held(work.session, citizen.id))),
    )


def _choices(work: Work, one: Citizen, other: Citizen) -> list[Choice]:
    people = duplicates.read_many(work.session, [one.id, other.id])
    found = []
    if people[one.id].name != people[other.id].name:
        names = [
            parties.masked_name(people[each.id].name, each.kind) or "–" for each in (one, other)
        ]
        found.append(Choice(Field.NAME, FIELDS[Field.NAME], names, is_msgid=False))
    for field in Field:
        if field is Field.NAME or getattr(one, field) == getattr(other, field):
            continue
        sides = [getattr(each, field) for each in (one, other)]
        shown = [_shown(field, each) for each in sides]
        is_msgid = field in {Field.PREFERRED_CHANNEL, Field.DO_NOT_CONTACT}
        found.append(Choice(field, FIELDS[field], shown, is_msgid=is_msgid))
    return found


def _shown(field: Field, value: object) -> str:
    if field is Field.DO_NOT_CONTACT:
        return mark("Yes") if value else mark("No")
    if field is Field.PREFERRED_CHANNEL and value is not None:
        return WAYS[value]  # type: ignore[index]  # the column's own type
    return str(value or "–")


def _defaults(one: Citizen, other: Citizen) -> dict[str, str]:
    # The older number goes on; what only one of them has is kept; who is not to be
    # written to is not written to.
    survivor = "a" if one.id < other.id else "b"
    first, second = (one, other) if survivor == "a" else (other, one)
    fallback = "b" if survivor == "a" else "a"
    return {"survivor": survivor} | {
        str(field): survivor if getattr(first, field) or not getattr(second, field) else fallback
        for field in Field
    }


def _line(citizen_id: int, people: Mapping[int, Somebody], *, may_edit: bool) -> Line:
    number = number_of(citizen_id)
    one = people[citizen_id]
    ways = [parties.masked_contact(kind, value) for kind, value in one.reaches]
    return Line(
        number=number,
        href=f"/citizens/{number}/edit" if may_edit else f"/citizens/{number}",
        name=parties.masked_name(one.name, one.kind),
        is_person=one.kind is PartyKind.PERSON,
        reach=" · ".join(ways[:_SHOWN]),
    )


def _pair(row: Row[*tuple[Any, ...]], people: Mapping[int, Somebody]) -> Pair:
    one, other = (_line(each, people, may_edit=False) for each in (row.a_id, row.b_id))
    href = f"/citizens/merge?a={one.number}&b={other.number}"
    return Pair(row.id, one, other, _reasons(row.reasons), row.score, row.found_at, href)


def _reasons(stored: str) -> list[str]:
    known = read_reasons(stored)
    return [label for reason, label in REASONS.items() if reason in known]


def _beside(counts: Mapping[str, int]) -> dict[str, int]:
    """What is not shown one by one above."""
    return {table: n for table, n in counts.items() if table not in {"contacts", "identifiers"}}


def _merge(row: Row[*tuple[Any, ...]] | CitizenMerge, names: Mapping[int, str]) -> MergeLine:
    return MergeLine(
        id=row.id,
        survivor=number_of(row.survivor_id),
        merged=number_of(row.merged_id),
        at=row.at,
        by=names.get(row.by_id or 0, ""),
        reason=row.reason,
        is_undone=row.undone_at is not None,
    )


def _rows(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    found: Counter[str] = Counter()
    for table, count in counts.items():
        if table != "citizens" and table not in references.UNTOLD:
            found[ROWS.get(table, OTHER_ROWS)] += count
    return list(found.items())


def _ways(url: str, page: Page[Any]) -> tuple[str, str]:
    cursors = (page.prev_cursor, page.next_cursor)
    before, after = (f"{url}?cursor={cursor}" if cursor else "" for cursor in cursors)
    return before, after

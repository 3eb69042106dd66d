"""Judges the data of citizens: what is missing, unchecked, old or at odds with itself.

Writes down what it finds by code; putting it right is done in the forms of citizens.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, tuple_
from sqlalchemy.orm import Session

from app.citizens.models import QualityIssue, QualityProgress
from app.citizens.queries import quality as asked
from app.citizens.queries.quality import Party
from app.citizens.rules import CitizenState, IdentifierKind, PartyKind
from app.citizens.rules.joining import document_of
from app.citizens.rules.quality import IssueKind
from app.citizens.sealing import IDENTIFIER, unseal
from app.kernel.upsert import insert
from app.kernel.vault import vault_of

STALE_AFTER: Final = timedelta(days=730)  # two years without a word that it still holds
_COUNT: Final = "count:"


@dataclass(slots=True)
class _Held:
    contacts: list[Row[*tuple[Any, ...]]] = field(default_factory=list)
    documents: list[Row[*tuple[Any, ...]]] = field(default_factory=list)


def inspect(session: Session, ids: Sequence[int], *, now: datetime) -> None:
    """Write down what is wrong with these citizens now, and take away what is put right."""
    held: dict[int, _Held] = defaultdict(_Held)
    for row in asked.contacts(session, ids):
        held[row.citizen_id].contacts.append(row)
    for row in asked.documents(session, ids):
        held[row.citizen_id].documents.append(row)
    wrong = {
        (party.id, issue)
        for party in asked.parties(session, ids)
        if party.state in {CitizenState.ACTIVE, CitizenState.RESTRICTED}
        for issue in _issues(session, party, held[party.id], now)
    }
    known = asked.known_issues(session, ids)
    if gone := known - wrong:
        pairs = tuple_(QualityIssue.citizen_id, QualityIssue.kind)
        session.execute(delete(QualityIssue).where(pairs.in_(sorted(gone))))
    if new := wrong - known:
        made = insert(session, QualityIssue).on_conflict_do_nothing()
        rows = [{"citizen_id": each, "kind": kind, "since": now} for each, kind in sorted(new)]
        session.execute(made, rows)


def count(session: Session, *, now: datetime) -> None:
    """Count every kind of trouble, for the board to show with the time of counting."""
    found: Counter[str] = Counter({str(kind): 0 for kind in IssueKind})
    found.update(asked.count_issues(session))
    for kind, figure in found.items():
        keep(session, _COUNT + kind, at=now, figure=figure)


def counted(session: Session) -> dict[str, tuple[int, datetime]]:
    """What was counted last, by kind, and when."""
    return {
        name.removeprefix(_COUNT): (each.figure, each.at)
        for name, each in asked.figures(session).items()
        if name.startswith(_COUNT)
    }


def is_count_older(session: Session, than: datetime) -> bool:
    """Whether the board shows figures from before then, or none."""
    return all(at < than for _, at in counted(session).values())


def keep(session: Session, name: str, *, at: datetime, figure: int) -> None:
    """Write down how far a walk has come."""
    new = insert(session, QualityProgress).values(name=name, at=at, figure=figure)
    changes = {"at": new.excluded.at, "figure": new.excluded.figure}
    session.execute(new.on_conflict_do_update(index_elements=[QualityProgress.name], set_=changes))


def _issues(session: Session, party: Party, held: _Held, now: datetime) -> Iterator[IssueKind]:
    if not party.has_name:
        yield IssueKind.NO_NAME
    if not held.contacts:
        yield IssueKind.NO_CONTACT
    elif not any(row.verified_at for row in held.contacts) and not _is_seen(held):
        yield IssueKind.UNVERIFIED
    if any(_has_failed(row) for row in held.contacts):
        yield IssueKind.FAILED_CONTACT
    if held.contacts and max(map(_last_good, held.contacts)) < now - STALE_AFTER:
        yield IssueKind.STALE_CONTACT
    yield from _conflicts(session, party, held)


def _conflicts(session: Session, party: Party, held: _Held) -> Iterator[IssueKind]:
    vault = vault_of(session)
    papers = [
        document_of(row.kind, unseal(vault, IDENTIFIER, row.value, row.place))
        for row in held.documents
    ]
    if sum(paper.kind is IdentifierKind.RESIDENT_ID for paper in papers) > 1:
        yield IssueKind.TWO_NUMBERS
    years = {paper.birth_on.year for paper in papers if paper.birth_on}
    if len(years | ({party.birth_year} if party.birth_year and years else set())) > 1:
        yield IssueKind.BIRTH_YEAR
    is_person = party.kind == PartyKind.PERSON
    if any(
        (paper.kind is IdentifierKind.USCC) == is_person for paper in papers if _is_told(paper.kind)
    ):
        yield IssueKind.WRONG_KIND


def _is_told(kind: IdentifierKind) -> bool:
    return kind is not IdentifierKind.OTHER


def _is_seen(held: _Held) -> bool:
    return any(row[-1] for row in held.documents)


def _has_failed(row: Row[*tuple[Any, ...]]) -> bool:
    return row.failed_at is not None and row.failed_at >= _last_good(row)


def _last_good(row: Row[*tuple[Any, ...]]) -> datetime:
    found: datetime = max(
        at for at in (row.created_at, row.verified_at, row.confirmed_at) if at is not None
    )
    return found

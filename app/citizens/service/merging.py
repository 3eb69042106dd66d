"""Makes two rows of one person into one, and two again, without losing or rewriting anything.

A merge writes down every cell it changes. Undoing it puts each of them back that still
holds what the merge wrote, so that what came afterwards stays with the survivor. `version`
and `updated_at` of the two citizens alone go on counting, in both directions: a form drawn
before the merge, or between merge and undoing, must never be taken for fresh. Versions of
cases and of everything else are not touched, so no open form of a case grows stale.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.citizens.events import CitizensMerging, CitizensUnmerged
from app.citizens.models import Citizen, CitizenMerge, CitizenMergeMove
from app.citizens.queries import merging as asked
from app.citizens.rules import CitizenState, number_of
from app.citizens.rules.identity import Identity
from app.citizens.rules.joining import (
    PLAIN,
    Field,
    Party,
    Reach,
    contradictions,
    document_of,
    settle,
)
from app.citizens.rules.quality import CandidateState
from app.citizens.sealing import CONTACT, IDENTIFIER, NAME, READING, new_place, seal, unseal
from app.citizens.service import duplicates, tokens
from app.citizens.service.references import UNTOLD, Json, encoded, move, put
from app.kernel import audit, events
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.text import clean_line
from app.kernel.vault import vault_of

_CITIZENS: Final = Citizen.__tablename__
_LATE: Final = timedelta(days=2)  # no transaction that began before a merge is open for longer
_LONGEST_REASON: Final = 300


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows and the versions in which they were seen side by side."""

    survivor_id: int
    survivor_version: int
    merged_id: int
    merged_version: int


def why_not(session: Session, one: Citizen, other: Citizen) -> list[str]:
    """Why the two cannot be merged, a sentence each; empty if they can."""
    by_id: dict[int, list[Identity]] = {one.id: [], other.id: []}
    vault = vault_of(session)
    for citizen_id, kind, value, place in asked.documents(session, list(by_id)):
        by_id[citizen_id].append(document_of(kind, unseal(vault, IDENTIFIER, value, place)))
    parties = (
        Party(each.kind, each.state, each.birth_year, tuple(by_id[each.id]))
        for each in (one, other)
    )
    return contradictions(*parties, acts_for=asked.acts_for(session, one.id, other.id))


def merge(
    session: Session, pair: Pair, *, take: frozenset[Field], reason: str, by: Author, now: datetime
) -> int:
    """Make the second row part of the first, which takes over the fields named.

    The answer is the merge's id. Everything that pointed at the merged row points at the
    survivor afterwards; its number
    goes on leading there. Of two equal contacts one is ended and none deleted.

    Raises:
        ConflictError: one of the two was changed, or merged, since they were looked at.
        InvalidError: they contradict each other, or no reason is given.
        NotFoundError: one of them does not exist.
    """
    reason = _reason(reason)
    survivor, merged = _locked_pair(session, pair.survivor_id, pair.merged_id)
    if (survivor.version, merged.version) != (pair.survivor_version, pair.merged_version):
        raise ConflictError(mark("One of the two was changed meanwhile. Compare them again."))
    if sentences := why_not(session, survivor, merged):
        raise InvalidError(sentences[0])
    events.publish(session, CitizensMerging(survivor.id, merged.id, at=now))
    record = CitizenMerge(
        survivor_id=survivor.id, merged_id=merged.id, at=now, by_id=by.id, reason=reason
    )
    session.add(record)
    session.flush()
    counts = _Recorder(session, record).run(survivor, merged, take, now)
    tokens.rewrite_many(session, [survivor.id, merged.id])
    ids = (survivor.id, merged.id)
    duplicates.settle_pair(session, ids, CandidateState.MERGED, by=by, now=now)
    # The typed reason stays with the merge, where it can be erased; the log never can be.
    audit.note(
        session,
        by,
        "citizen:merge",
        ("citizen", survivor.id),
        at=now,
        details={"merge": record.id, "merged": merged.id, "moved": counts},
    )
    return record.id


def unmerge(session: Session, merge_id: int, *, reason: str, by: Author, now: datetime) -> None:
    """Make two rows of one again, as they were; what came after the merge stays with the survivor.

    Raises:
        ConflictError: it was undone already, or a later merge of one of them must be undone first.
        InvalidError: no reason is given, or one of the two may not be changed.
        NotFoundError: there is no such merge.
    """
    reason = _reason(reason)
    record = asked.locked_merge(session, merge_id)
    if record is None:
        raise NotFoundError(mark("There is nothing at this address."))
    survivor, merged = _locked_pair(session, record.survivor_id, record.merged_id)
    _check_undoable(session, record, survivor)
    events.publish(session, CitizensMerging(survivor.id, merged.id, at=now))
    for cell in reversed(asked.moves(session, record.id)):
        put(
            session,
            table=cell.table_name,
            column=cell.column_name,
            key=cell.row_key,
            seen=json.loads(cell.after),
            value=json.loads(cell.before),
        )
    session.expire_all()
    _give_name_back(session, record, survivor, merged)
    record.undone_at, record.undone_by_id, record.undo_reason = now, by.id, reason
    _count(survivor, merged, now=now)
    session.flush()
    tokens.rewrite_many(session, [survivor.id, merged.id])
    ids = (survivor.id, merged.id)
    duplicates.settle_pair(session, ids, CandidateState.DISMISSED, by=by, now=now)
    audit.note(
        session,
        by,
        "citizen:unmerge",
        ("citizen", survivor.id),
        at=now,
        details={"merge": record.id, "merged": merged.id},
    )
    events.publish(session, CitizensUnmerged(survivor.id, merged.id, now))


def gather_late(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Job: bring home what was written for a merged row by somebody who began before the merge.

    It came after the merge, so it stays with the survivor when the merge is undone.
    """
    for record in asked.standing_since(session, now - _LATE):
        home = asked.current_id(session, record.merged_id)
        if home is not None and home != record.merged_id:
            for _ in move(session, from_id=record.merged_id, to_id=home):
                continue


class _Recorder:
    """Changes cells and writes down each of them."""

    def __init__(self, session: Session, record: CitizenMerge) -> None:
        self._session, self._record = session, record
        self._cells: list[dict[str, object]] = []

    def run(
        self, survivor: Citizen, merged: Citizen, take: frozenset[Field], now: datetime
    ) -> dict[str, int]:
        """Everything a merge changes; how many rows of each table moved."""
        self._settle_contacts(survivor.id, merged.id, now)
        self._take_fields(survivor, merged, take)
        self._session.flush()
        counts: Counter[str] = Counter()
        for row in move(self._session, from_id=merged.id, to_id=survivor.id):
            counts[row.reference.table.name] += 1
            self._note(
                row.reference.table.name,
                row.reference.column.name,
                row.key,
                merged.id,
                survivor.id,
            )
        self._set(merged, "state", CitizenState.MERGED)
        self._set(merged, "merged_into_id", survivor.id)
        _count(survivor, merged, now=now)
        self._session.flush()
        self._session.execute(insert(CitizenMergeMove), self._cells)
        self._session.expire_all()
        return {table: number for table, number in counts.items() if table not in UNTOLD}

    def _settle_contacts(self, survivor_id: int, merged_id: int, now: datetime) -> None:
        vault = vault_of(self._session)
        found = {
            each.id: each for each in asked.contacts_in_use(self._session, [survivor_id, merged_id])
        }
        settled = settle(
            Reach(
                each.id,
                each.kind,
                unseal(vault, CONTACT, each.value, each.place),
                is_verified=each.verified_at is not None,
                is_preferred=each.is_preferred,
                is_survivors=each.citizen_id == survivor_id,
            )
            for each in found.values()
        )
        for contact in found.values():
            if contact.id in settled.ended:
                self._set(contact, "ended_at", now)
            self._set(contact, "is_preferred", contact.id in settled.preferred)

    def _take_fields(self, survivor: Citizen, merged: Citizen, take: frozenset[Field]) -> None:
        for field in PLAIN:
            if field in take:
                self._set(survivor, str(field), getattr(merged, field))
        if Field.NAME not in take:
            return
        vault, place = vault_of(self._session), new_place()
        self._record.name, self._record.reading = survivor.name, survivor.reading
        self._record.place = survivor.place
        name, reading = _name(self._session, merged)
        survivor.name = seal(vault, NAME, name, place) if name else None
        survivor.reading = seal(vault, READING, reading, place) if reading else None
        survivor.place = place

    def _set(self, row: Any, column: str, value: object) -> None:  # noqa: ANN401  # any table's row
        before = getattr(row, column)
        if before != value:
            setattr(row, column, value)
            self._note(row.__tablename__, column, {"id": row.id}, encoded(before), encoded(value))

    def _note(self, table: str, column: str, key: object, before: Json, after: Json) -> None:
        self._cells.append(
            {
                "merge_id": self._record.id,
                "table_name": table,
                "column_name": column,
                "row_key": key,
                "before": json.dumps(before),
                "after": json.dumps(after),
            }
        )


def _locked_pair(session: Session, survivor_id: int, merged_id: int) -> tuple[Citizen, Citizen]:
    found = {each.id: each for each in asked.locked(session, survivor_id, merged_id)}
    if survivor_id == merged_id:
        raise InvalidError(mark("These are the same citizen."))
    if survivor_id not in found or merged_id not in found:
        raise NotFoundError(mark("There is no citizen with this number."))
    return found[survivor_id], found[merged_id]


def _check_undoable(session: Session, record: CitizenMerge, survivor: Citizen) -> None:
    if record.undone_at is not None:
        raise ConflictError(mark("This merge was undone already."))
    if record.is_final or survivor.state is CitizenState.ANONYMISED:
        raise InvalidError(mark("The data of this citizen was erased. The merge stays as it is."))
    if survivor.state is CitizenState.RESTRICTED:
        raise InvalidError(mark("The data of this citizen is restricted by law. Nothing may move."))
    later = asked.later_merge(session, record)
    if later is not None:
        raise ConflictError(
            mark("%(merged)s was merged into %(survivor)s later. Undo that merge first."),
            merged=number_of(later.merged_id),
            survivor=number_of(later.survivor_id),
        )


def _give_name_back(
    session: Session, record: CitizenMerge, survivor: Citizen, merged: Citizen
) -> None:
    # A name somebody has corrected since came after the merge, so it stays.
    if record.place and _name(session, survivor) == _name(session, merged):
        survivor.name, survivor.reading = record.name, record.reading
        survivor.place = record.place
    record.name = record.reading = None


def _name(session: Session, citizen: Citizen) -> tuple[str, str]:
    vault = vault_of(session)
    return (
        unseal(vault, NAME, citizen.name, citizen.place),
        unseal(vault, READING, citizen.reading, citizen.place),
    )


def _count(*citizens: Citizen, now: datetime) -> None:
    for citizen in citizens:
        citizen.updated_at = now
        flag_modified(citizen, "updated_at")  # counts within the same instant too


def _reason(typed: str) -> str:
    reason = clean_line(typed)
    if not reason:
        raise InvalidError(fields={"reason": mark("Say why. It is kept with the merge.")})
    if len(reason) > _LONGEST_REASON:
        raise InvalidError(fields={"reason": mark("This is too long. Shorten it.")})
    return reason

"""Uploaded lists of people: kept sealed, previewed, taken over piece by piece in the background.

What a job is told is the list's id; rows are read from their piece and erased with it.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.calendars import queries as calendars
from app.citizens.sealing import new_place, seal, unseal
from app.imports import queries
from app.imports.models import PeopleList, PeopleListPart
from app.imports.people.citizens import Citizens
from app.imports.people.contacts import NewContacts
from app.imports.people.fates import Existing, Fate, ListKind, ListState, Taken
from app.imports.people.mapping import (
    CitizenMapping,
    ContactsMapping,
    ListMapping,
    from_columns,
    guess,
)
from app.imports.people.taking import Outcome, Taker, foresee_rows, take_rows
from app.imports.reading import Form, NumberedRow, UnreadableError, open_table
from app.imports.rules import UnfitError
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.jobs import enqueue
from app.kernel.messages import mark
from app.kernel.vault import vault_of

RUN: Final = "imports:take_people"
FORGET: Final = "imports:forget_people"
PREVIEW: Final = 20
_PART: Final = 100  # rows in one transaction: about a second
_MOST: Final = 50_000
_KEPT: Final = timedelta(days=7)
_ROWS: Final = "people_list_parts.rows"
_REJECTS: Final = "people_list_parts.rejects"
MODELS: Final[Mapping[ListKind, type[ListMapping]]] = {
    ListKind.CITIZENS: CitizenMapping,
    ListKind.CONTACTS: ContactsMapping,
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was read: its header and its rows."""

    header: list[str]
    rows: list[NumberedRow]


@dataclass(frozen=True, slots=True)
class Reject:
    """One thing wrong with one row, without anything of the row itself."""

    row: int
    column: str
    reason: str


def read(content: bytes) -> Upload:
    """The rows of an uploaded file; called outside a transaction.

    Raises:
        InvalidError: it is no such file, has no rows, or far too many.
    """
    with tempfile.TemporaryDirectory() as folder:  # readable by us alone, gone at once
        path = Path(folder) / "list"
        path.write_bytes(content)
        try:
            with open_table(path, Form()) as table:
                rows = list(islice(table.rows(), _MOST + 1))
                header = table.header
        except UnreadableError as error:
            raise InvalidError(
                fields={"file": mark("This is no readable CSV or XLSX file with a header row.")}
            ) from error
    if not rows:
        raise InvalidError(fields={"file": mark("There are no rows below the header.")})
    if len(rows) > _MOST:
        raise InvalidError(fields={"file": mark("These are too many rows. Divide the list.")})
    if len(set(header)) != len(header) or not all(header):
        raise InvalidError(fields={"file": mark("Every column needs a name of its own.")})
    return Upload(header, rows)


def keep(
    session: Session, upload: Upload, kind: ListKind, *, by: Author, by_id: int, now: datetime
) -> int:
    """Keep an uploaded list, sealed; its id. Nothing is taken over yet."""
    kept = PeopleList(
        kind=kind,
        header={"names": upload.header},
        chosen=guess(MODELS[kind], upload.header),
        rows=len(upload.rows),
        by_id=by_id,
        created_at=now,
    )
    session.add(kept)
    session.flush()
    vault = vault_of(session)
    for seq, rows in enumerate(_pieces(upload.rows)):
        place = new_place()
        text = json.dumps([_plain(each) for each in rows], ensure_ascii=False)
        session.add(
            PeopleListPart(
                list_id=kept.id, seq=seq, place=place, rows=seal(vault, _ROWS, text, place)
            )
        )
    details = {"rows": kept.rows, "kind": str(kind)}
    audit.note(session, by, "import:upload", ("people_list", kept.id), at=now, details=details)
    return kept.id


def choose(
    session: Session, list_id: int, chosen: Mapping[str, str], *, source: str, existing: Existing
) -> None:
    """Write down which column is what.

    Raises:
        ConflictError: it is being taken over already.
        InvalidError: a column is needed that was not chosen.
    """
    kept = queries.waiting_list(session, list_id)
    names = set(kept.header["names"])
    fields = {field: column for field, column in chosen.items() if column in names}
    if kept.kind is ListKind.CITIZENS and "name" not in fields:
        raise InvalidError(fields={"name": mark("Choose the column with the names.")})
    if kept.kind is ListKind.CONTACTS and not {"number", "old_phone"} & fields.keys():
        sentence = mark("Choose the column that says whose contact it is.")
        raise InvalidError(fields={"number": sentence})
    if "id" in fields and not source:
        raise InvalidError(fields={"source": mark("Name the list the keys come from.")})
    kept.chosen, kept.source, kept.existing = fields, source, existing


def preview(session: Session, kept: PeopleList, *, now: datetime) -> list[Outcome]:
    """What would become of the first rows."""
    part = queries.next_part(session, kept.id)
    if part is None:
        return []
    rows = islice(_rows_of(session, kept, part), PREVIEW)
    today = calendars.load(session).statutory.local_date(now)
    return foresee_rows(session, _taker(kept), rows, today=today)


def start(session: Session, list_id: int, *, by: Author, now: datetime) -> None:
    """Have the list taken over in the background.

    Raises:
        ConflictError: it is being taken over already.
        InvalidError: nobody has said which column is what.
    """
    kept = queries.waiting_list(session, list_id)
    choose(session, list_id, kept.chosen, source=kept.source, existing=kept.existing)
    kept.state, kept.started_at = ListState.RUNNING, now
    audit.note(session, by, "import:start", ("people_list", kept.id), at=now)
    enqueue(session, RUN, {"list": kept.id}, run_at=now, dedup=f"{RUN}:{kept.id}")


def forget(session: Session, list_id: int, *, by: Author, now: datetime) -> None:
    """Erase a list that nobody wants taken over.

    Raises:
        ConflictError: it is being taken over already.
    """
    kept = queries.waiting_list(session, list_id)
    _erase(session, kept, now)
    audit.note(session, by, "import:forget", ("people_list", kept.id), at=now)


def take_part(session: Session, payload: dict[str, Any], *, now: datetime) -> None:
    """Job: take the next piece over, erase its rows, and ask for the next."""
    kept = session.get(PeopleList, payload["list"], with_for_update=True)
    if kept is None or kept.state is not ListState.RUNNING:
        return
    part = queries.next_part(session, kept.id)
    if part is None:
        kept.state, kept.ended_at = ListState.DONE, now
        return
    today = calendars.load(session).statutory.local_date(now)
    outcomes = take_rows(
        session,
        _taker(kept),
        list(_rows_of(session, kept, part)),
        actor=Actor.system(),
        today=today,
        now=now,
    )
    for outcome in outcomes:
        _count(kept, outcome.taken)
    rejects = [_reject(o.number, p) for o in outcomes for p in o.taken.problems]
    part.rows = None
    if rejects:
        text = json.dumps(rejects, ensure_ascii=False)
        part.rejects = seal(vault_of(session), _REJECTS, text, part.place)
    enqueue(session, RUN, {"list": kept.id}, run_at=now, dedup=f"{RUN}:{kept.id}")


def forget_old(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Job: erase what was uploaded a week ago, taken over or not, and what was refused of it."""
    for kept in queries.old_lists(session, now - _KEPT):
        _erase(session, kept, now)


def rejects_of(session: Session, list_id: int) -> list[Reject]:
    """What was refused, by row."""
    vault = vault_of(session)
    return [
        Reject(*each)
        for part in queries.parts_with_rejects(session, list_id)
        for each in json.loads(unseal(vault, _REJECTS, part.rejects, part.place))
    ]


def _taker(kept: PeopleList) -> Taker:
    source = kept.source or f"list-{kept.id}"
    if kept.kind is ListKind.CITIZENS:
        mapping = from_columns(CitizenMapping, kept.chosen, source=source)
        return Citizens(mapping, kept.existing)
    return NewContacts(from_columns(ContactsMapping, kept.chosen, source=source))


def _rows_of(session: Session, kept: PeopleList, part: PeopleListPart) -> Iterator[NumberedRow]:
    names = kept.header["names"]
    for number, cells in json.loads(unseal(vault_of(session), _ROWS, part.rows, part.place)):
        if isinstance(cells, str):
            yield number, UnfitError("", cells)
        else:
            yield number, dict(zip(names, cells, strict=True))


def _plain(row: NumberedRow) -> tuple[int, list[str] | str]:
    number, cells = row
    return number, cells.reason if isinstance(cells, UnfitError) else list(cells.values())


def _pieces(rows: Sequence[NumberedRow]) -> Iterator[Sequence[NumberedRow]]:
    for at in range(0, len(rows), _PART):
        yield rows[at : at + _PART]


def _reject(number: int, problem: UnfitError) -> tuple[int, str, str]:
    return number, problem.column, problem.reason


def _count(kept: PeopleList, taken: Taken) -> None:
    match taken.fate:
        case Fate.NEW | Fate.LIKELY:
            kept.new += 1
            kept.likely += taken.fate is Fate.LIKELY
        case Fate.UPDATED:
            kept.updated += 1
        case Fate.KNOWN:
            kept.known += 1
        case Fate.REFUSED:
            kept.refused += 1


def _erase(session: Session, kept: PeopleList, now: datetime) -> None:
    if kept.state is ListState.RUNNING:
        raise ConflictError(mark("This list is being taken over already."))
    session.execute(
        update(PeopleListPart)
        .where(PeopleListPart.list_id == kept.id)
        .values(rows=None, rejects=None)
    )
    kept.state, kept.ended_at = ListState.FORGOTTEN, kept.ended_at or now

"""Nothing that points at a citizen is forgotten when two become one."""

import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import Table, event
from sqlalchemy.orm import Session

from app.citizens.rules import IdentifierKind
from app.citizens.service.merging import Pair, merge, unmerge
from app.citizens.service.references import DECLARED, Reference, Way, references
from app.kernel.db import make_engine
from app.kernel.guards import WRITTEN_ONCE
from app.kernel.vault import info_with
from app.tables import metadata
from tests.citizens.bare import CLERK, a_citizen, a_document
from tests.migrations.rows import a_row_of
from tests.support.clock import MONDAY_9AM
from tests.support.edges import a_vault

ALL = {reference.name: reference for reference in references()}
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_schema_was_read() -> None:
    assert {"cases.citizen_id", "contacts.citizen_id", "citizens.merged_into_id"} <= set(ALL)


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_column_under_a_rule_of_one_says_what_becomes_of_the_second(name: str) -> None:
    reference = ALL[name]

    has_rule = bool(reference.unique_with)

    assert not has_rule or name in DECLARED, f"{name}: say in DECLARED what a merge does with it"


@pytest.mark.parametrize("name", sorted(ALL))
def test_what_is_written_once_is_declared_to_stay(name: str) -> None:
    if ALL[name].table.name in WRITTEN_ONCE:
        assert DECLARED.get(name) is Way.STAYS


def test_nothing_is_declared_that_may_move_by_itself() -> None:
    known = {name for name in DECLARED if name.partition(".")[0] in metadata.tables}

    assert known <= set(ALL)


def test_the_application_knows_every_table_when_it_serves() -> None:
    """A table nobody imported would be left out of a merge."""
    code = (
        "import app.main, app.kernel.db as db; seen = set(db.Model.metadata.tables);"
        "import app.tables; print(sorted(set(app.tables.metadata.tables) - seen))"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


@SQLITE
@pytest.mark.parametrize("name", sorted(ALL))
def test_a_row_that_points_at_the_merged_points_at_the_survivor_and_back(
    database_url: str, name: str
) -> None:
    reference = ALL[name]
    with _careless(database_url) as session:
        _nobody, survivor, merged = (a_citizen(session, phone=f"1790000000{n}") for n in range(3))
        _insert(session, reference, merged)

        record = merge(
            session,
            Pair(survivor, 1, merged, 1),
            take=frozenset(),
            reason="同一人",
            by=CLERK,
            now=MONDAY_9AM,
        )
        while_merged = _owners(session, reference)
        unmerge(session, record, reason="不是同一人", by=CLERK, now=MONDAY_9AM)
        afterwards = _owners(session, reference)

    if reference.way in {Way.MOVES, Way.UNLESS_TWIN}:
        assert survivor in while_merged
        assert merged not in while_merged
    assert merged in afterwards


@SQLITE
@pytest.mark.parametrize("name", sorted(n for n, r in ALL.items() if r.way is Way.UNLESS_TWIN))
def test_what_the_survivor_has_the_like_of_stays_behind(database_url: str, name: str) -> None:
    reference = ALL[name]
    with _careless(database_url) as session:
        _nobody, survivor, merged = (a_citizen(session, phone=f"1790000000{n}") for n in range(3))
        _insert(session, reference, merged, key=1)
        _insert(session, reference, survivor, key=2)

        merge(
            session,
            Pair(survivor, 1, merged, 1),
            take=frozenset(),
            reason="同一人",
            by=CLERK,
            now=MONDAY_9AM,
        )
        owners = _owners(session, reference)

    assert {survivor, merged} <= set(owners)


def _careless(url: str) -> Session:
    """A session in which a row may point at nothing, so that one row is enough."""
    engine = make_engine(url)
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys=OFF"))
    return Session(engine, info=info_with(a_vault()))


def _insert(session: Session, reference: Reference, citizen_id: int, *, key: int = 1) -> None:
    table: Table = reference.table
    if table.name == "citizens":
        a_citizen(session, merged_into_id=citizen_id, state="merged")
        return
    if table.name == "identifiers":  # is opened, so it must be sealed
        a_document(session, citizen_id, "E12345678", IdentifierKind.PASSPORT)
        return
    row: dict[str, Any] = a_row_of(table) | {reference.column.name: citizen_id}
    if "id" in table.c:
        row["id"] = 900 + key
    if table.name == "duplicate_candidates":
        row |= {"a_id": 0, "b_id": 0, reference.column.name: citizen_id}
        row |= {"b_id": 99} if reference.column.name == "a_id" else {"a_id": 0}
    if table.name == "citizen_merges":  # an old merge of somebody else is in nobody's way
        row |= {"undone_at": MONDAY_9AM}
    session.execute(table.insert().values(row))


def _owners(session: Session, reference: Reference) -> list[int]:
    return [
        row[0]
        for row in session.execute(reference.table.select().with_only_columns(reference.column))
    ]

"""Keys change under a running town: nothing is lost or forgotten, everybody stays findable."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import typer
from sqlalchemy import Engine, LargeBinary, Table, func, select, update
from sqlalchemy.orm import Session, sessionmaker
from typer.testing import CliRunner

from app.citizens import service as citizens
from app.citizens.models import Citizen, Contact, Identifier
from app.citizens.rules import CitizenState, ContactKind, IdentifierKind
from app.citizens.rules.identity import Identity
from app.citizens.sealing import contact_indexes
from app.citizens.service import Person
from app.citizens.service.identities import find_holder
from app.cli import cli
from app.keeping import queries, rotating
from app.keeping.commands import commands
from app.keeping.sealed import INDEXES, LASTING, SEALED
from app.kernel.keyfile import add_master_key, load_master_key, open_keys
from app.kernel.secrets import Keyring, Suite
from app.kernel.vault import Vault, info_with
from app.tables import metadata
from tests.migrations.rows import a_row_of
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import MASTER_KEY, an_edge
from tests.support.snapshots import filled

NEW_KEY = bytes(range(32))
PEOPLE = 1_200
PROGRAM = "from app.cli import main; main()"
_BEFORE = Vault.of(Keyring.from_master(MASTER_KEY))


def after(suite: Suite = "aes") -> Vault:
    return Vault.of(Keyring.from_master({1: MASTER_KEY, 2: NEW_KEY}, suite))


@dataclass
class Silent:
    shown: int = 0

    def show(self, done: int, total: int) -> None:
        assert done <= total
        self.shown += 1


def sealed_columns() -> list[tuple[str, str, str]]:
    return [(*name.split("."), bound) for name, bound in SEALED.items()]  # type: ignore[misc]  # two parts


def _needed() -> set[Table]:
    """The tables with sealed columns, and those they point at."""
    found: set[Table] = set()
    wanted = [metadata.tables[name.split(".")[0]] for name in SEALED]
    while wanted:
        table = wanted.pop()
        if table not in found:
            found.add(table)
            wanted += [key.column.table for key in table.foreign_keys]
    return found


def a_row_everywhere(engine: Engine) -> None:
    """A row in every table, its sealed columns holding a probe sealed with the first key."""
    with engine.execution_options(writing=True).begin() as connection:
        for table in metadata.sorted_tables:
            if table in _needed():
                connection.execute(table.insert().values(a_row_of(table)))
        for table_name, column, bound in sealed_columns():
            table = metadata.tables[table_name]
            row = connection.execute(select(table)).mappings().one()
            sealed = _BEFORE.cipher.encrypt(f"probe {column}", aad=bound.format_map(row))
            connection.execute(update(table).values({column: sealed}))
        connection.execute(
            update(Citizen).values(state=CitizenState.ACTIVE, tokens=None, merged_into_id=None)
        )


def test_every_binary_column_is_sealed_an_index_or_meant_to_last() -> None:
    binary = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }

    named = [*SEALED, *INDEXES, *LASTING]
    assert sorted(named) == sorted(binary)
    assert len(binary) > 25


@pytest.mark.parametrize("suite", ["aes", "sm"])
def test_every_sealed_column_of_every_table_is_sealed_anew(
    engine: Engine, clock: StoppedClock, suite: Suite
) -> None:
    a_row_everywhere(engine)
    vault = after(suite)
    edge = replace(an_edge(engine, clock), vault=vault)

    done = rotating.rotate(edge, Silent())

    assert done.unreadable == {}
    assert done.values == len(SEALED)
    with engine.connect() as connection:
        for table_name, column, bound in sealed_columns():
            row = connection.execute(select(metadata.tables[table_name])).mappings().one()
            assert vault.cipher.is_current(row[column]), (table_name, column)
            text = vault.cipher.decrypt(row[column], aad=bound.format_map(row))
            assert text == f"probe {column}"
    with edge.reading() as session:
        assert queries.waiting(session) == {}
        contact = session.scalars(select(Contact)).one()
        fresh = contact_indexes(vault, contact.kind, "probe value")
        assert contact.exact_index == fresh["exact_index"]
        identifier = session.scalars(select(Identifier)).one()
        assert identifier.exact_index == vault.blind.exact("identifier", "probe value")
        tokens = session.scalar(select(Citizen.tokens))
        assert tokens


def test_a_second_run_finds_nothing_to_do(engine: Engine, clock: StoppedClock) -> None:
    a_row_everywhere(engine)
    edge = replace(an_edge(engine, clock), vault=after())
    rotating.rotate(edge, Silent())

    again = rotating.rotate(edge, Silent())

    assert (again.values, again.rows) == (0, 0)


def test_a_row_no_key_opens_is_told_and_left_as_it_is(engine: Engine, clock: StoppedClock) -> None:
    a_row_everywhere(engine)
    lost = Vault.of(Keyring.from_master(bytes(range(1, 33)))).cipher.encrypt("x", aad="x")
    with engine.execution_options(writing=True).begin() as connection:
        connection.execute(update(metadata.tables["citizen_notes"]).values(text=lost))
    edge = replace(an_edge(engine, clock), vault=after())

    done = rotating.rotate(edge, Silent())

    assert done.unreadable == {"citizen_notes": 1}
    with engine.connect() as connection:
        assert connection.execute(select(metadata.tables["citizen_notes"].c.text)).scalar() == lost
    with edge.reading() as session:
        assert queries.waiting(session) == {"citizen_notes": 1}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "var").mkdir()
    return tmp_path / "var"


@cache
def _a_key_file() -> bytes:
    """What a first start writes; the same for every town, so that its people can be copied."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "secret.key"
        load_master_key(path, {})
        return path.read_bytes()


def town_of(folder: Path, db: sessionmaker[Session]) -> sessionmaker[Session]:
    path = folder / "secret.key"
    path.touch(mode=0o600)
    path.write_bytes(_a_key_file())
    vault = Vault.of(Keyring.from_master(open_keys(path, {})))
    sessions = sessionmaker(db.kw["bind"], info=info_with(vault))
    with sessions.begin() as session:
        filled(session, _people, name="people whose keys are changed")
    return sessions


def _people(session: Session) -> None:
    for n in range(PEOPLE):
        person = Person(name=f"林示例{n}", phone=f"1790000{n:04d}")
        citizens.register(session, person, now=MONDAY_9AM)


def a_process(folder: Path, url: str) -> "subprocess.Popen[str]":
    """`keys rotate` as somebody starts it beside what runs."""
    env = os.environ | {"CIVICWINDOW_DATABASE_URL": url, "CIVICWINDOW_DATA_DIR": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "keys", "rotate"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def told(process: "subprocess.Popen[str]") -> tuple[int, str]:
    said, complaints = process.communicate()
    return process.returncode, said + complaints


def typed(program: typer.Typer, *words: str) -> tuple[int, str]:
    """What a command says in this process, which gets its signals back."""
    handlers = {blow: signal.getsignal(blow) for blow in (signal.SIGINT, signal.SIGTERM)}
    result = CliRunner().invoke(program, words)
    for blow, handler in handlers.items():
        signal.signal(blow, handler)
    return result.exit_code, result.output


def waiting_in(db: sessionmaker[Session]) -> int:
    with db() as session:
        return sum(queries.waiting(session).values())


@pytest.mark.slow
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_stopped_in_the_middle_and_run_again_everything_is_sealed_anew(
    folder: Path,
    db: sessionmaker[Session],
    database_url: str,
    engine: Engine,
    clock: StoppedClock,
    blow: signal.Signals,
) -> None:
    town = town_of(folder, db)  # keys of this process are kept up to date like a server's
    keys = folder / "secret.key"
    vault = Vault.of(Keyring.from_master(open_keys(keys, {})))
    program = commands(lambda: replace(an_edge(engine, clock), vault=vault))
    assert typed(program, "add", "--file", str(keys))[0] == 0
    before = waiting_in(town)

    with a_process(folder, database_url) as first:
        assert first.stderr is not None
        first.stderr.readline()
        first.send_signal(blow)
        code, words = told(first)
    middle = waiting_in(town)
    with town() as session:
        found = [citizens.ids_by_phone(session, f"1790000{n:04d}") for n in range(0, PEOPLE, 97)]
        names = [citizens.name_of(session, n) for n in range(1, PEOPLE, 97)]
    second, sentence = typed(program, "rotate")

    assert before == 2 * PEOPLE
    assert 0 < middle < before
    assert [len(each) for each in found] == [1] * len(found)
    assert names == [f"林示例{n}" for n in range(0, PEOPLE - 1, 97)]
    assert (second, waiting_in(town)) == (0, 0)
    assert f"{middle:,} values in {middle:,} rows" in sentence
    if blow is signal.SIGINT:
        assert code == 130, words
        assert "run it again to go on" in words
    everybody = select(Citizen.id)
    with town() as session:
        assert len(citizens.ids_by_phone(session, "17900000777")) == 1
        assert len(citizens.ids_by_phone_tail(session, "0777", among=everybody)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_another_suite_is_taken_up_by_the_same_command(
    folder: Path, database_url: str, db: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIVICWINDOW_DATABASE_URL", database_url)
    monkeypatch.setenv("CIVICWINDOW_DATA_DIR", str(folder))
    monkeypatch.setenv("CIVICWINDOW_CRYPTO_SUITE", "sm")
    vault = Vault.of(Keyring.from_master(open_keys(folder / "secret.key", {})))
    sessions = sessionmaker(db.kw["bind"], info=info_with(vault))
    with sessions.begin() as session:
        citizens.register(session, Person(name="林示例", phone="17900000001"), now=MONDAY_9AM)

    code, words = typed(cli, "keys", "rotate")

    assert (code, "2 values in 2 rows" in words) == (0, True)
    with sessions() as session:
        sealed = session.scalar(select(Citizen.name))
        assert sealed is not None
        assert sealed[:2] == bytes((1, 2))
        assert citizens.ids_by_phone(session, "17900000001") == [1]
        assert session.scalar(select(func.count()).select_from(Contact)) == 1


def test_a_document_is_found_again_under_the_new_key(engine: Engine, clock: StoppedClock) -> None:
    a_row_everywhere(engine)
    old = replace(an_edge(engine, clock), vault=_BEFORE)
    with engine.execution_options(writing=True).begin() as connection:
        index = _BEFORE.blind.exact("identifier", "probe value")
        connection.execute(update(Identifier).values(kind=IdentifierKind.OTHER, exact_index=index))
    wanted = Identity(IdentifierKind.OTHER, "probe value")
    edge = replace(old, vault=after())
    with edge.reading() as session:
        during = find_holder(session, wanted)

    rotating.rotate(edge, Silent())

    with edge.reading() as session:
        assert during == find_holder(session, wanted) == 1
    with old.reading() as session:
        assert find_holder(session, wanted) is None  # the old key alone leads nowhere


def test_a_key_that_is_added_seals_at_once_in_processes_that_run(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    running = Vault.of(Keyring.from_master(open_keys(path, {})))
    old = running.cipher.encrypt("林示例", aad="x")
    tokens = running.signer.digest("token")

    add_master_key(path)

    new = running.cipher.encrypt("林示例", aad="x")
    assert (old[0], new[0]) == (1, 2)
    assert running.cipher.decrypt(old, aad="x") == running.cipher.decrypt(new, aad="x")
    assert running.signer.digest("token") == tokens
    assert len(running.blind.candidates("phone", "1")) == 4


def test_a_key_file_that_goes_away_or_breaks_stops_nobody(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    running = Vault.of(Keyring.from_master(open_keys(path, {})))
    sealed = running.cipher.encrypt("林示例", aad="x")

    path.write_text("broken")
    broken = running.cipher.decrypt(sealed, aad="x")
    path.unlink()

    assert broken == running.cipher.decrypt(running.cipher.encrypt("林示例", aad="x"), aad="x")


def test_a_contact_s_index_does_not_tell_its_kind_of_telephone() -> None:
    mobile = contact_indexes(_BEFORE, ContactKind.MOBILE, "17900000001")

    assert mobile == contact_indexes(_BEFORE, ContactKind.LANDLINE, "17900000001")

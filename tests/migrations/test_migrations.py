"""The way up, down and up again, on both databases and with rows in every table."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from app import migrating
from app.kernel.db import make_engine
from app.tables import metadata
from tests.migrations.rows import fill

_SCRIPTS = ScriptDirectory.from_config(migrating.configuration())


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Engine]:
    engine = make_engine(empty_database_url)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def is_at_head(engine: Engine) -> bool:
    with engine.connect() as connection:
        return migrating.is_at_head(connection)


def test_there_is_one_way_up() -> None:
    assert len(_SCRIPTS.get_heads()) == 1


def test_up_with_rows_down_step_by_step_and_up_again(empty: Engine) -> None:
    migrating.upgrade(empty)
    with empty.execution_options(writing=True).begin() as connection:
        fill(connection, metadata)
    full = tables(empty)

    for script in _SCRIPTS.walk_revisions():
        migrating.downgrade(empty, str(script.down_revision or "base"))
    nothing_left = tables(empty)
    migrating.upgrade(empty)

    assert full >= set(metadata.tables)
    assert nothing_left == set()
    assert tables(empty) == full
    assert is_at_head(empty)


def test_models_and_migrations_say_the_same(empty: Engine) -> None:
    migrating.upgrade(empty)

    with empty.execution_options(writing=True).connect() as connection:
        command.check(migrating.configuration(connection))


def test_a_database_knows_whether_it_is_behind(empty: Engine) -> None:
    before = is_at_head(empty)

    migrating.upgrade(empty)

    assert (before, is_at_head(empty)) == (False, True)


@pytest.mark.slow
def test_processes_that_start_together_migrate_one_after_the_other(
    empty: Engine, empty_database_url: str
) -> None:
    code = (
        "import sys; from app import migrating; from app.kernel.db import make_engine;"
        "migrating.upgrade(make_engine(sys.argv[1]))"
    )
    words = [sys.executable, "-c", code, empty_database_url]

    with ExitStack() as stack:
        starts = [stack.enter_context(subprocess.Popen(words)) for _ in range(2)]  # ours
    ends = [process.returncode for process in starts]

    assert ends == [0, 0]
    assert is_at_head(empty)

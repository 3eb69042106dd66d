"""An import that is killed in the middle, and run again."""

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from app.cases.models import Case, CaseAccess, CaseEvent
from app.kernel.search import TABLE
from app.sla.models import Clock
from tests.imports.support import LETTERS, Town, a_row, as_csv

ROWS = 3_000
PROGRAM = "from app.cli import main; main()"


def _command(town: Town, database_url: str, file: Path) -> "subprocess.Popen[str]":
    map_file = town.folder / "letters.toml"
    map_file.write_text(LETTERS, encoding="utf-8")
    words = ["import", "cases", str(file), "--map", str(map_file), "--rejects", str(town.rejects)]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words],
        env=os.environ
        | {"CIVICWINDOW_DATABASE_URL": database_url, "CIVICWINDOW_DATA_DIR": str(town.folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def test_killed_in_the_middle_and_run_again_it_is_complete_and_nothing_is_doubled(
    town: Town, database_url: str
) -> None:
    file = town.folder / "letters.csv"
    file.write_bytes(as_csv([a_row(number) for number in range(1, ROWS + 1)]))

    with _command(town, database_url, file) as first:
        assert first.stderr is not None
        first.stderr.readline()  # one batch is in
        first.kill()
    with town.db() as session:
        before = session.scalar(select(func.count()).select_from(Case)) or 0
    with _command(town, database_url, file) as second:
        said, complaints = second.communicate()

    assert second.returncode == 0, complaints
    assert 0 < before < ROWS
    assert before % 500 == 0
    assert f"{ROWS - before:,} taken over, {before:,} were here already" in said
    with town.db() as session:
        counts = [
            session.scalar(select(func.count()).select_from(table))
            for table in (Case, CaseEvent, CaseAccess, Clock)
        ]
        keys = session.scalar(select(func.count(func.distinct(Case.source_id))))
        numbers = session.scalar(select(func.count(func.distinct(Case.number))))
        words = session.connection().exec_driver_sql(f"SELECT count(*) FROM {TABLE}").scalar()  # noqa: S608  # a constant
    assert counts == [ROWS, 2 * ROWS, ROWS, ROWS]
    assert (keys, numbers, words) == (ROWS, ROWS, ROWS)

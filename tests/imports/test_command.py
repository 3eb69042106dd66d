"""What the command says to whoever runs it."""

import io
from pathlib import Path

import pytest
import typer
from sqlalchemy import Engine
from typer.testing import CliRunner

from app.imports.commands import commands
from app.imports.reporting import Progress, Report
from app.kernel.db import make_engine
from tests.imports.support import LETTERS, Town, a_row, as_csv
from tests.support.clock import StoppedClock
from tests.support.edges import an_edge


def _run(town: Town, *words: str) -> tuple[int, str]:
    program = typer.Typer()
    program.add_typer(commands(lambda: town.edge), name="import")
    result = CliRunner().invoke(program, ["import", *words])
    return result.exit_code, result.output


def _files(town: Town, content: bytes) -> tuple[str, str]:
    data, map_file = town.folder / "letters.csv", town.folder / "letters.toml"
    data.write_bytes(content)
    map_file.write_text(LETTERS, encoding="utf-8")
    return str(data), str(map_file)


def test_the_result_is_counted_in_words_and_the_rejects_file_named(town: Town) -> None:
    data, map_file = _files(town, as_csv([a_row(1), a_row(2, kind="?")]))
    rejects = str(town.rejects)

    code, said = _run(town, "cases", data, "--map", map_file, "--rejects", rejects)

    assert code == 0
    assert "2 rows: 1 taken over, 0 were here already, 1 refused." in said
    assert rejects in said
    assert "rows/s" in said


def test_what_cannot_begin_is_one_sentence(town: Town) -> None:
    data, map_file = _files(town, as_csv([a_row()]))
    rejects = ("--rejects", str(town.rejects))

    no_file = _run(town, "cases", "/nowhere/x.csv", "--map", map_file, *rejects)
    no_map = _run(town, "cases", data, "--map", "nowhere", *rejects)
    same = _run(town, "cases", data, "--map", map_file, "--rejects", data)
    no_folder = _run(
        town, "cases", _files(town, as_csv([a_row(kind="?")]))[0], "--map", map_file,
        "--rejects", "/nowhere/r.csv",
    )  # fmt: skip

    assert [code for code, _ in (no_file, no_map, same, no_folder)] == [1, 1, 1, 1]
    assert "cannot be read" in no_file[1]
    assert "No mapping “nowhere”" in no_map[1]
    assert "overwrite the data" in same[1]
    assert "/nowhere/r.csv: No such file or directory." in no_folder[1]
    assert Path(data).exists()


def test_a_database_without_tables_is_said_so(tmp_path: Path) -> None:
    data = tmp_path / "letters.csv"
    data.write_bytes(as_csv([a_row()]))
    bare: Engine = make_engine(f"sqlite:///{tmp_path}/bare.db")
    program = typer.Typer()
    program.add_typer(commands(lambda: an_edge(bare, StoppedClock())), name="import")

    result = CliRunner().invoke(program, ["import", "cases", str(data), "--map", "boston311"])

    bare.dispose()
    assert result.exit_code == 1
    assert "civicwindow migrate" in result.output


def test_the_shipped_mappings_are_listed_without_a_database() -> None:
    program = typer.Typer()
    program.add_typer(commands(lambda: pytest.fail("nobody asked for it")), name="import")

    result = CliRunner().invoke(program, ["import", "maps"])

    assert result.exit_code == 0
    assert "boston311" in result.output


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_a_bar_grows_on_one_line() -> None:
    out = _Terminal()
    progress = Progress(out)

    for share in (0.5, 1.0):
        progress.show(share, Report(new=1_500))
    progress.end()

    assert out.getvalue().count("\n") == 1
    assert "███░░░" in out.getvalue()
    assert "1,500 rows" in out.getvalue()

"""Service items on the command line: out of one house, looked at, and into it again."""

import json

import pytest
import typer
from typer.testing import CliRunner

from app.imports.commands import commands
from app.imports.items import give_out
from tests.imports.support import Town
from tests.service_items.builders import CODE, an_item

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def run(town: Town, *words: str) -> tuple[int, str]:
    program = typer.Typer()
    program.add_typer(commands(lambda: town.edge), name="import")
    result = CliRunner().invoke(program, ["import", *words])
    return result.exit_code, result.output


@ONE_DATABASE
def test_items_go_into_a_file_and_come_back_with_a_word_on_each_that_is_refused(
    town: Town,
) -> None:
    with town.edge.writing() as session:
        an_item(session)
    file, book, bad = (town.folder / name for name in ("i.json", "i.xlsx", "bad.json"))
    give_out(town.edge, file)
    give_out(town.edge, book)
    document = json.loads(file.read_text(encoding="utf-8"))
    document["items"] += [
        {**document["items"][0], "code": "990100-NEW-1"},
        {**document["items"][0], "code": "990100-BAD-1", "promised_value": 21},
    ]
    file.write_text(json.dumps(document), encoding="utf-8")
    bad.write_text("{}", encoding="utf-8")

    looked = run(town, "service-items", str(file), "--preview")
    taken = run(town, "service-items", str(file))
    again = run(town, "service-items", str(book))
    none = run(town, "service-items", str(bad))

    assert looked[0] == taken[0] == again[0] == 0
    assert "1 new, 0 changed, 1 same, 1 refused" in looked[1]
    assert "990100-BAD-1  promised_value: The promised limit is longer" in taken[1]
    assert looked[1] == taken[1]
    assert "0 new, 0 changed, 1 same, 0 refused" in again[1]
    assert none == (1, "This is no file of service items.\n")
    assert CODE in file.read_text(encoding="utf-8")

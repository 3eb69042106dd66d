"""Lists of people are taken over row by row: checked, compared, refused with a reason."""

import csv
from pathlib import Path

import pytest
import typer
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from app.accounts.rules import Role
from app.citizens.models import (
    Citizen,
    CitizenSource,
    Contact,
    DuplicateCandidate,
    Identifier,
)
from app.citizens.rules import ContactKind
from app.citizens.service import Person, enrolling, identities, name_of, person_of, register
from app.citizens.service.contacts import GivenContact
from app.citizens.service.enrolling import NewParty
from app.citizens.service.identities import GivenIdentity
from app.imports.commands import commands
from app.kernel.audit import AuditEntry
from tests.citizens.bare import resident
from tests.imports.support import Cells, Town, as_csv, as_xlsx

MAP = """
source = "register"
id = "no"
name = { column = "姓名" }
document = { column = "证件号码" }
phone = { column = "手机" }
address = { column = "住址" }
birth_year = { column = "出生年" }
kind = { column = "类型", table = { "个人" = "person", "单位" = "organisation" } }
"""
NOBODY: Cells = {
    "no": "1",
    "姓名": "王小明",
    "证件号码": resident("19800101"),
    "手机": "179 0000 0001",
    "住址": "示例市甲区样板路1号",
    "出生年": "1980",
    "类型": "个人",
}


def somebody(number: int = 1, **given: object) -> Cells:
    return {**NOBODY, "no": str(number), **given}


def taken(town: Town, rows: list[Cells], *words: str, workbook: bool = False) -> str:
    """What the command says to a file of these rows."""
    data = town.folder / ("people.xlsx" if workbook else "people.csv")
    data.write_bytes(as_xlsx(rows) if workbook else as_csv(rows))
    map_file = town.folder / "people.toml"
    map_file.write_text(MAP, encoding="utf-8")
    program = typer.Typer()
    program.add_typer(commands(lambda: town.edge), name="import")
    rejects = ("--rejects", str(town.rejects))
    said = CliRunner().invoke(
        program, ["import", "citizens", str(data), "--map", str(map_file), *rejects, *words]
    )
    assert said.exit_code == 0, said.output
    return said.output


def refusals(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("workbook", [False, True])
def test_a_list_is_taken_over_once_however_often_it_is_run(town: Town, *, workbook: bool) -> None:
    rows = [
        somebody(1),
        somebody(2, 姓名="阿卜杜拉·买买提", 证件号码=resident("19900101", 5), 出生年=""),
    ]

    first = taken(town, rows, workbook=workbook)
    second = taken(town, rows, workbook=workbook)

    assert "2 rows: 2 taken over" in first
    assert "rows/s" in first
    assert "0 taken over" in second
    assert "2 were here already" in second
    with town.db() as session:
        assert count(session, Citizen) == len(rows)
        assert person_of(session, 1).phone == "17900000001"
        assert {name_of(session, each) for each in (1, 2)} == {"王小明", "阿卜杜拉·买买提"}


def test_what_is_wrong_is_said_for_each_column_and_the_others_go_in(town: Town) -> None:
    rows = [
        somebody(1, 姓名="😀", 手机="12345678901", 出生年="80后"),
        somebody(2, 证件号码=resident("19800101")[:-1] + "#"),
        somebody(3),
        somebody(4, 出生年="1981"),
    ]

    said = taken(town, rows)

    assert "4 rows: 1 taken over" in said
    assert "3 refused" in said
    found = [(row, column) for row, _, column, _ in refusals(town.rejects)]
    assert found == [
        ("2", "姓名"),
        ("2", "手机"),
        ("2", "出生年"),
        ("3", "证件号码"),
        ("5", "证件号码"),
    ]
    assert "12345678901" not in town.rejects.read_text(encoding="utf-8-sig")


def test_a_document_known_already_brings_its_citizen_up_to_date_or_is_passed_over(
    town: Town,
) -> None:
    taken(town, [somebody(1)])
    news = [somebody(2, 手机="17900000002")]

    skipped = taken(town, news, "--existing", "skip")
    with town.db() as session:
        before = count(session, Contact)
    updated = taken(town, [somebody(3, 手机="17900000003")])

    assert "1 were here already" in skipped
    assert "1 brought up to date" in updated
    with town.db() as session:
        assert count(session, Citizen) == count(session, Identifier) == 1
        assert count(session, Contact) == before + 1


def test_one_document_and_two_names_is_for_a_clerk_to_look_at(town: Town) -> None:
    said = taken(town, [somebody(1), somebody(2, 姓名="李丽")])

    assert "1 refused" in said
    assert refusals(town.rejects)[0][2:] == [
        "证件号码",
        "This document is already known, with a citizen of another name.",
    ]


def test_who_may_be_here_already_goes_in_and_becomes_a_pair(town: Town) -> None:
    with town.db.begin() as session:
        register(session, Person("王晓明", "17900000001"), now=town.edge.now())

    said = taken(town, [somebody(1, 证件号码="")])

    assert "1 taken over (1 may be here already" in said
    with town.db() as session:
        pair = session.scalars(select(DuplicateCandidate)).one()
        assert (pair.a_id, pair.b_id) == (1, 2)


def test_a_family_with_one_telephone_goes_in_without_pairs(town: Town) -> None:
    family = [
        somebody(n, 姓名=name, 证件号码="", 出生年="")
        for n, name in enumerate(("王建国", "李秀英", "王小红"))
    ]

    said = taken(town, family)

    assert "3 taken over (0 may be" in said


def test_a_preview_says_what_would_happen_names_nobody_and_writes_nothing(town: Town) -> None:
    with town.db.begin() as session:
        register(session, Person("王晓明", "17900000001"), now=town.edge.now())
    rows = [
        somebody(1, 证件号码=""),
        somebody(2, 姓名=""),
        somebody(3, 姓名="李丽", 手机="17900000009", 证件号码="", 住址=""),
    ]

    said = taken(town, rows, "--preview")

    fates = [line.split()[1] for line in said.splitlines()]
    assert fates == ["likely", "refused", "new"]
    assert "C000000001" in said.splitlines()[0]
    assert "王" not in said
    with town.db() as session:
        assert count(session, Citizen) == 1


def test_signs_that_are_wide_or_stray_become_one_spelling(town: Town) -> None:
    taken(town, [somebody(1, 姓名=" 阿卜杜拉 ・ 买买提 ", 手机="１７９ ００００ ０００１")])

    with town.db() as session:
        assert name_of(session, 1) == "阿卜杜拉·买买提"
        assert person_of(session, 1).phone == "17900000001"


@pytest.mark.parametrize("name", ["王", "王" * 40])
def test_a_name_of_one_or_forty_characters_is_a_name(town: Town, name: str) -> None:
    assert "1 taken over" in taken(town, [somebody(1, 姓名=name)])


def test_a_mapping_without_a_key_is_refused(town: Town) -> None:
    map_file, data = town.folder / "m.toml", town.folder / "p.csv"
    map_file.write_text('name = { column = "姓名" }', encoding="utf-8")
    data.write_bytes(as_csv([somebody()]))
    program = typer.Typer()
    program.add_typer(commands(lambda: town.edge), name="import")

    said = CliRunner().invoke(program, ["import", "citizens", str(data), "--map", str(map_file)])

    assert said.exit_code == 1
    assert "may be run again" in said.output


def test_rows_of_one_document_stand_in_one_file_and_become_one_citizen(town: Town) -> None:
    rows = [somebody(1), somebody(2, 手机="17900000002"), somebody(3, 证件号码="")]

    said = taken(town, rows)

    assert "3 rows: 2 taken over (1 may be here already" in said
    assert "1 brought up to date" in said
    with town.db() as session:
        assert count(session, Identifier) == 1
        assert count(session, CitizenSource) == 3


def test_a_list_writes_what_a_clerk_would_have_written(town: Town) -> None:
    by_hand = NewParty(
        name="王小明",
        identities=(GivenIdentity(resident("19800101")),),
        contacts=(
            GivenContact(ContactKind.MOBILE, "17900000001"),
            GivenContact(ContactKind.ADDRESS, "示例市甲区样板路1号"),
        ),
    )
    with town.db.begin() as session:
        now = town.edge.now()
        clerk = town.city[Role.CLERK]
        first = enrolling.enrol(session, by_hand, actor=clerk, ip="", now=now)

    taken(town, [somebody(1, 证件号码=resident("19800101", 3), 出生年="")])

    with town.db() as session:
        theirs, mine = session.get_one(Citizen, first), session.get_one(Citizen, first + 1)
        unlike = {"id", "name", "place", "tokens", "version"}
        for name in set(Citizen.__table__.columns.keys()) - unlike:
            assert getattr(theirs, name) == getattr(mine, name), name
        assert theirs.tokens == mine.tokens
        assert person_of(session, theirs.id) == person_of(session, mine.id)
        kinds = [each.kind for each in session.scalars(select(Contact).order_by(Contact.id))]
        assert kinds[:2] == kinds[2:]
        acts = select(AuditEntry.action).where(AuditEntry.object_type == "citizen")
        assert set(session.scalars(acts)) == {"citizen:register"}


def test_many_rows_cost_few_statements(town: Town, engine: Engine) -> None:
    rows = [
        somebody(n, 证件号码=resident("19800101", n), 手机=f"179000{n:05d}", 姓名=f"测试{n}")
        for n in range(1, 61)
    ]
    heard: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: heard.append(told[2]))

    said = taken(town, rows)

    assert "60 taken over" in said
    assert len(heard) < 8 * len(rows)


def test_whoever_writes_the_same_document_in_the_same_moment_spoils_one_row_only(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(town, [somebody(1)])
    monkeypatch.setattr(identities, "held_already", lambda _session, _documents: {})
    rows = [somebody(2), somebody(3, 证件号码=resident("19800101", 7))]

    said = taken(town, rows)

    assert "1 taken over" in said
    assert "1 were here already" in said
    with town.db() as session:
        assert count(session, Identifier) == 2

"""Small invented tables and a way to take them over without the command line."""

import csv
import gzip
import io
from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.imports.mapping import Mapping, parse_mapping
from app.imports.reading import Form, open_table
from app.imports.reporting import Progress, Rejects, Report
from app.imports.running import Import
from app.web.deps import Edge
from tests.support.city import City, Db, a_city
from tests.support.clock import StoppedClock
from tests.support.edges import an_edge

Cells = Pairs[str, object]

LETTERS = """
source = "letters"
id = "no"
kind = { column = "kind", table = { "求助" = "help", "投诉" = "complaint" } }
channel = { value = "letter" }
category = { value = "0103" }
title = { column = "title" }
body = { column = "words" }
place = { column = "street" }
region = { value = "990101" }
lon = { column = "lon" }
lat = { column = "lat" }
reply = { column = "answer" }
opened = { column = "came" }
replied = { column = "answered" }
"""
ROW: Cells = {
    "no": "L-1",
    "kind": "求助",
    "title": "路灯不亮",
    "words": "样板路的路灯连续三晚不亮，请派人来修。",
    "street": "样板路 12 号",
    "lon": "119.301234",
    "lat": "26.081234",
    "answer": "已更换灯泡，现已恢复照明。",
    "came": "2026-01-05 10:00:00",
    "answered": "2026-01-07 16:30:00",
}


def a_row(number: int = 1, **given: object) -> Cells:
    return {**ROW, "no": f"L-{number}", **given}


def letters(more: str = "") -> Mapping:
    """The mapping of the small table; lines of `more` take the place of its own."""
    lines = dict(line.split(" = ", 1) for line in LETTERS.strip().splitlines())
    lines |= dict(line.split(" = ", 1) for line in more.strip().splitlines())
    return parse_mapping(
        "\n".join(f"{key} = {value}" for key, value in lines.items()).encode(), "letters"
    )


def as_csv(rows: Sequence[Cells], *, encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Cells]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        sheet = book.add_worksheet("来信")
        sheet.write_row(0, 0, list(rows[0]))
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, list(row.values()))
    return out.getvalue()


def packed(content: bytes) -> bytes:
    return gzip.compress(content)


@dataclass
class Town:
    """The small town, and a desk at which files are taken over."""

    edge: Edge
    city: City
    folder: Path

    @property
    def db(self) -> Db:
        return self.city.db

    def take(self, content: bytes, mapping: Mapping | None = None) -> Report:
        """Take over a file with this content."""
        file = self.folder / "data"
        file.write_bytes(content)
        return self.take_file(file, mapping or letters())

    def take_file(self, file: Path, mapping: Mapping) -> Report:
        form = Form(mapping.encoding, mapping.delimiter, mapping.sheet)
        with open_table(file, form) as table, Rejects(self.rejects) as rejects:
            return Import(self.edge, mapping, rejects).run(table, Progress(io.StringIO()))

    @property
    def rejects(self) -> Path:
        return self.folder / "rejects.csv"

    def refused(self) -> list[tuple[str, str, str, str]]:
        """Row, id, column and reason of everything refused."""
        if not self.rejects.exists():
            return []
        with self.rejects.open(encoding="utf-8-sig", newline="") as file:
            return [(r["row"], r["id"], r["column"], r["reason"]) for r in csv.DictReader(file)]

    def cases(self) -> dict[str, Case]:
        """What is here, by the other system's key."""
        with self.db() as session:
            found = session.scalars(select(Case).where(Case.source.is_not(None)))
            return {str(case.source_id): case for case in found}


def a_town(engine: Engine, db: Db, folder: Path) -> Town:
    city = a_city(db)
    with city.db.begin() as session:
        _let_units_count_on(session)
    return Town(an_edge(engine, StoppedClock()), city, folder)


def _let_units_count_on(session: Session) -> None:
    # The town gives its units keys of its own; PostgreSQL's sequence does not notice.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT setval(pg_get_serial_sequence('units', 'id'), 100)"))

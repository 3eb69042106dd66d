"""Files that a spreadsheet opens as they are meant: no formulas, no broken signs."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from app.exports.rules import LONGEST_CELL, Cell, Format, defused, plain
from app.exports.writing import table

_HEADINGS = ["编号", "=标题"]


class Sink(io.RawIOBase):
    """A file that cannot be wound back."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # bytes are enough here
        self.data += data
        return len(data)

    def seekable(self) -> bool:
        return False


def written(kind: Format, *rows: list[Cell]) -> bytes:
    sink = Sink()
    with table(kind, sink, _HEADINGS) as sheet:
        sheet.add(rows)
    return bytes(sink.data)


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_xlsx(data: bytes, folder: Path) -> list[list[object]]:
    path = folder / "file.xlsx"
    path.write_bytes(data)
    return [list(row) for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86 179", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＠x", " =cmd|' /C calc'!A0"],
)
def test_what_looks_like_a_formula_is_quoted_in_csv(text: str) -> None:
    cell = read_csv(written(Format.CSV, ["1", text]))[1][1]

    assert cell.startswith("'")
    assert cell[1:] == plain(text)


def test_numbers_stay_numbers_and_texts_that_merely_contain_signs_stay_as_they_are() -> None:
    rows = read_csv(written(Format.CSV, [-5, "1-2=？"]))

    assert rows[1] == ["-5", "1-2=？"]


@given(st.text())
def test_no_text_whatever_begins_a_formula(text: str) -> None:
    assert not defused(text).startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


def test_csv_opens_in_excel_with_line_breaks_quotes_and_emoji() -> None:
    data = written(Format.CSV, ["行一\r\n行二", '他说"好"，😀\x00\x1b'])

    assert data.startswith(b"\xef\xbb\xbf")
    assert read_csv(data)[1] == ["行一\n行二", '他说"好"，😀']


def test_xlsx_keeps_texts_as_texts(tmp_path: Path) -> None:
    data = written(
        Format.XLSX,
        ["=1+1", "_x0041_ <&> \x0b\x1f 😀"],
        ["00123", 7],
        [None, " 两端空格 "],
    )

    rows = read_xlsx(data, tmp_path)

    assert rows[0] == _HEADINGS
    assert rows[1][0] == "=1+1"
    assert str(rows[1][1]).endswith("😀")
    assert rows[2] == ["00123", 7.0]


def test_an_endless_text_is_cut_to_what_a_cell_holds(tmp_path: Path) -> None:
    long = "😀" * 40_000

    cell = str(read_xlsx(written(Format.XLSX, [long, 1]), tmp_path)[1][0])

    assert cell.endswith("…")
    assert len(cell.encode("utf-16-le")) // 2 <= LONGEST_CELL + 1

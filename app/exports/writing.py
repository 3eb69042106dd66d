"""Writes rows of cells as CSV or XLSX, row by row, into anything that takes bytes.

Holds some hundred rows in memory and nothing on disk: other writers of XLSX keep the
sheet in a temporary file, where names would lie in clear text.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Final, Protocol, Self
from xml.sax.saxutils import escape

from app.exports.rules import Cell, Format, defused, unescaped

_BOM: Final = "\ufeff"  # without it Excel reads a CSV in the code page of its machine
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET: Final = "xl/worksheets/sheet1.xml"
_WIDTH: Final = 18

_PARTS: Final = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
        '.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/{_SHEET}" ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>'
        '<sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{_DOCUMENT}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>'
    ),
}


class Sink(Protocol):
    """Where the bytes of a file go."""

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


class Table(Protocol):
    """A file of rows being written; complete when its block ends without an error."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def add(self, rows: Iterable[Sequence[Cell]]) -> None: ...


def table(kind: Format, sink: Sink, headings: Sequence[str]) -> Table:
    """A file of this format with its headings in the first row."""
    return CsvTable(sink, headings) if kind is Format.CSV else XlsxTable(sink, headings)


class CsvTable:
    """RFC 4180 in UTF-8; cells that look like formulas are quoted."""

    def __init__(self, sink: Sink, headings: Sequence[str]) -> None:
        self._sink = sink
        sink.write(_BOM.encode())
        self.add([headings])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sink.flush()

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write these rows."""
        text = io.StringIO(newline="")
        csv.writer(text).writerows([_csv_cell(cell) for cell in row] for row in rows)
        self._sink.write(text.getvalue().encode())


def _csv_cell(cell: Cell) -> str | int:
    if isinstance(cell, int):
        return cell
    return defused(cell or "")


class XlsxTable:
    """ECMA-376 with one sheet; texts are texts, whatever they look like."""

    def __init__(self, sink: Sink, headings: Sequence[str]) -> None:
        self._zip = zipfile.ZipFile(_Forward(sink), "w", zipfile.ZIP_DEFLATED)
        for name, text in _PARTS.items():
            self._zip.writestr(name, _XML + text)
        self._sheet = self._zip.open(_SHEET, "w")
        self._row = 0
        columns = f'<col min="1" max="{len(headings)}" width="{_WIDTH}" customWidth="1"/>'
        self._put(
            f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
        )
        self._add([headings], style=' s="1"')

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._put("</sheetData></worksheet>")
        self._sheet.close()
        self._zip.close()

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write these rows."""
        self._add(rows, style="")

    def _add(self, rows: Iterable[Sequence[Cell]], *, style: str) -> None:
        lines = []
        for row in rows:
            self._row += 1
            cells = "".join(_xlsx_cell(cell, style) for cell in row)
            lines.append(f'<row r="{self._row}">{cells}</row>')
        self._put("".join(lines))

    def _put(self, text: str) -> None:
        self._sheet.write(text.encode())


def _xlsx_cell(cell: Cell, style: str) -> str:
    if cell is None or cell == "":
        return f"<c{style}/>"
    if isinstance(cell, int):
        return f"<c{style}><v>{cell}</v></c>"
    text = escape(unescaped(cell))
    return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{text}</t></is></c>'


class _Forward:
    """Shows the archive a file that cannot be wound back, so that it writes straight on."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def write(self, data: bytes) -> int:
        return self._sink.write(bytes(data))

    def flush(self) -> None:
        self._sink.flush()

    def close(self) -> None:
        """Nothing: whoever opened the file closes it."""

"""Service items as a workbook of three sheets, and any file of them as one JSON document.

Texts stay texts: no cell becomes a formula. Reads what people save from spreadsheets, too.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final
from xml.sax.saxutils import escape

from python_calamine import CalamineError, CalamineWorkbook

from app.exports.rules import unescaped
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.service_items.rules import ItemVersion
from app.service_items.rules.columns import (
    ITEM_COLUMNS,
    ITEMS_SHEET,
    MATERIAL_COLUMNS,
    MATERIALS_SHEET,
    QUESTION_COLUMNS,
    QUESTIONS_SHEET,
)
from app.service_items.rules.written import by_key, item_row, material_row, question_row, spoken
from app.service_items.service.exchanging import FORMAT, codes_of

_ZIP: Final = b"PK\x03\x04"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEETS: Final[Mapping[str, Mapping[str, str]]] = {
    ITEMS_SHEET: ITEM_COLUMNS,
    MATERIALS_SHEET: MATERIAL_COLUMNS,
    QUESTIONS_SHEET: QUESTION_COLUMNS,
}
Rows = list[dict[str, str]]
Cell = str | int


def write_book(versions: Iterable[ItemVersion]) -> bytes:
    """These versions as XLSX: a sheet of items, one of materials, one of questions."""
    sheets: dict[str, list[list[Cell]]] = {name: [] for name in _SHEETS}
    for version in versions:
        code = {"code": version.code}
        _add(sheets, ITEMS_SHEET, {**codes_of(version), **item_row(version.content)})
        for material in version.content.materials:
            _add(sheets, MATERIALS_SHEET, {**code, **material_row(material)})
        for question in version.content.questions:
            _add(sheets, QUESTIONS_SHEET, {**code, **question_row(question)})
    return _packed(sheets)


def read_file(content: bytes) -> str:
    """A file of items as the JSON document `service.read_document` takes; a workbook is turned.

    Raises:
        InvalidError: it is neither.
    """
    if content.startswith(_ZIP):
        return json.dumps(_book(content), ensure_ascii=False)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidError(fields={"file": _UNREADABLE}) from error


_UNREADABLE: Final = mark("This is no readable JSON or XLSX file of service items.")


def _add(sheets: Mapping[str, list[list[Cell]]], name: str, row: Mapping[str, object]) -> None:
    sheets[name].append([spoken(row.get(column)) for column in _SHEETS[name]])


def _book(content: bytes) -> dict[str, object]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {name: _rows(book, name) for name in _SHEETS}
    except CalamineError as error:
        raise InvalidError(fields={"file": _UNREADABLE}) from error
    materials = _by_code(sheets[MATERIALS_SHEET])
    questions = _by_code(sheets[QUESTIONS_SHEET])
    items = [
        {
            **row,
            "materials": materials.get(row.get("code", ""), []),
            "questions": questions.get(row.get("code", ""), []),
        }
        for row in sheets[ITEMS_SHEET]
    ]
    return {"format": FORMAT, "items": items}


def _rows(book: CalamineWorkbook, name: str) -> Rows:
    if name not in book.sheet_names:
        return []
    lines = [[_text(cell) for cell in line] for line in book.get_sheet_by_name(name).to_python()]
    head = lines[0] if lines else []
    columns = _SHEETS[name]
    return [by_key(columns, dict(zip(head, line, strict=False))) for line in lines[1:] if any(line)]


def _by_code(rows: Rows) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row in rows:
        found.setdefault(row.get("code", ""), []).append(row)
    return found


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _packed(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, text in _parts(list(sheets)).items():
            pack.writestr(name, _XML + text)
        for number, (name, rows) in enumerate(sheets.items(), start=1):
            head = list(_SHEETS[name].values())
            pack.writestr(f"xl/worksheets/sheet{number}.xml", _XML + _sheet([head, *rows]))
    return out.getvalue()


def _sheet(rows: Sequence[Sequence[Cell]]) -> str:
    lines = (
        f'<row r="{number}">{"".join(_cell(cell) for cell in row)}</row>'
        for number, row in enumerate(rows, start=1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><sheetData>{''.join(lines)}</sheetData></worksheet>"
    )


def _cell(cell: Cell) -> str:
    if cell == "":
        return "<c/>"
    if isinstance(cell, int):
        return f"<c><v>{cell}</v></c>"
    text = escape(unescaped(cell))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _parts(names: Sequence[str]) -> dict[str, str]:
    numbers = range(1, len(names) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, names, strict=True)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
            '.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f"{overrides}</Types>"
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>'
        ),
    }

"""Opens files of assets, CSV or GeoJSON, and writes CSV; the cells are read by `rules.rows`.

Knows bytes and rows only; nothing here asks the register.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from app.exports.rules import defused
from app.facilities.rules.rows import COLUMNS, by_name
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

MOST_ROWS: Final = 5000
_UNREADABLE: Final = mark("This is no CSV or GeoJSON file of facilities we can read.")
_NO_COLUMNS: Final = mark(
    "No column of this file is known. The first row names them: "
    "编码, 牌号, 类型, 名称, 位置, 区划, 经度, 纬度, 权属单位, 状态, 建成日期, 备注."
)
_BOM: Final = "\ufeff"
_POINT: Final = 2
Rows = list[dict[str, str]]


def read_file(content: bytes) -> Rows:
    """The rows of a file, cells by short name.

    Raises:
        InvalidError: it is neither CSV nor GeoJSON, has no known column, or too many rows.
    """
    text = _decoded(content)
    rows = _features(text) if text.lstrip().startswith("{") else _lines(text)
    if len(rows) > MOST_ROWS:
        raise _refused(mark("These are too many rows. Divide the list."))
    if not any(rows):
        raise _refused(_NO_COLUMNS)
    return rows


def written(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lines of CSV that `read_file` reads back and Excel opens in the right encoding."""
    yield _BOM + _line(list(COLUMNS.values()))
    for row in rows:
        yield _line([defused(cell) if not _is_number(cell) else cell for cell in row])


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused(_UNREADABLE)


def _lines(text: str) -> Rows:
    try:
        found = list(csv.DictReader(io.StringIO(text), strict=True))
    except csv.Error as error:
        raise _refused(_UNREADABLE) from error
    # A row longer than the head has its rest under None, a shorter one has None in it.
    return [
        by_name({head: cell or "" for head, cell in row.items() if isinstance(head, str)})
        for row in found
        if any(row.values())
    ]


def _features(text: str) -> Rows:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise _refused(_UNREADABLE) from error
    features = document.get("features")
    if not isinstance(features, list):
        raise _refused(_UNREADABLE)
    return [_feature(one) for one in features if isinstance(one, dict)]


def _feature(feature: Mapping[str, Any]) -> dict[str, str]:
    properties = feature.get("properties") or {}
    cells = {
        str(name): "" if value is None else str(value)
        for name, value in properties.items()
        if not isinstance(value, dict | list)
    }
    geometry = feature.get("geometry") or {}
    point = geometry.get("coordinates") if geometry.get("type") == "Point" else None
    if isinstance(point, list) and len(point) >= _POINT:
        cells |= {"lon": str(point[0]), "lat": str(point[1])}
    return by_name(cells)


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _is_number(cell: str) -> bool:
    return cell.removeprefix("-").replace(".", "", 1).isdecimal()


def _refused(sentence: str) -> InvalidError:
    return InvalidError(fields={"file": sentence})

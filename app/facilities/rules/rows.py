"""Assets as rows of a file: which columns there are, and what a cell says or what is wrong with it.

Pure; opening files is done in `files`. A heading may be the short name or the Chinese one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.facilities.rules.codes import plate_of
from app.facilities.rules.content import AssetView
from app.facilities.rules.vocabulary import AssetState
from app.kernel.messages import mark
from app.kernel.text import clean_line, identifier
from app.service_items.rules.answering import read_day

COLUMNS: Final[Mapping[str, str]] = {
    "code": "编码",
    "plate": "牌号",
    "type": "类型",
    "name": "名称",
    "place": "位置",
    "region": "区划",
    "lon": "经度",
    "lat": "纬度",
    "owner": "权属单位",
    "state": "状态",
    "built_on": "建成日期",
    "note": "备注",
}
STATE_WORDS: Final[Mapping[AssetState, str]] = {
    AssetState.PLANNED: "规划",
    AssetState.IN_USE: "在用",
    AssetState.OUT_OF_USE: "停用",
    AssetState.REMOVED: "已拆除",
}
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as it was understood; `said` holds the columns the file has, cleaned."""

    said: Row
    code: str
    plate: str
    lon: float | None
    lat: float | None
    state: AssetState | None
    built_on: date | None
    errors: Mapping[str, str]

    def has(self, column: str) -> bool:
        """Whether the file says anything about this column, be it that it is empty."""
        return column in self.said


def by_name(row: Mapping[str, str]) -> dict[str, str]:
    """The cells of a row by short name; columns nobody knows are left out."""
    short = {heading: name for name, heading in COLUMNS.items()}
    cells = {short.get(head.strip(), head.strip().lower()): cell for head, cell in row.items()}
    return {name: clean_line(cell) for name, cell in cells.items() if name in COLUMNS}


def read_row(row: Mapping[str, str]) -> ReadRow:
    """Understand a row, and write down what cannot be understood."""
    said = by_name(row)
    errors: dict[str, str] = {}
    lon, lat = (_number(said, name, errors) for name in ("lon", "lat"))
    return ReadRow(
        said=said,
        code=identifier(said.get("code", "")),
        plate=plate_of(said.get("plate", "")),
        lon=lon,
        lat=lat,
        state=_state(said, errors),
        built_on=_day(said, errors),
        errors=errors,
    )


def asset_row(asset: AssetView, *, type_code: str, owner: str) -> list[str]:
    """An asset as a line of a file, in the order of `COLUMNS`."""
    lon, lat = (f"{number:.6f}" if number is not None else "" for number in (asset.lon, asset.lat))
    return [
        asset.code,
        asset.plate,
        type_code,
        asset.name,
        asset.place,
        asset.region_code,
        lon,
        lat,
        owner,
        STATE_WORDS[asset.state],
        asset.built_on.isoformat() if asset.built_on else "",
        asset.note,
    ]


def _number(said: Row, name: str, errors: dict[str, str]) -> float | None:
    text = said.get(name, "")
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        errors[name] = mark("A position is written in degrees, such as 83.041400.")
        return None


def _state(said: Row, errors: dict[str, str]) -> AssetState | None:
    text = said.get("state", "")
    if not text:
        return None
    for state, word in STATE_WORDS.items():
        if text in (str(state), word):
            return state
    errors["state"] = mark("This word is not known here.")
    return None


def _day(said: Row, errors: dict[str, str]) -> date | None:
    text = said.get("built_on", "")
    day = read_day(text) if text else None
    if text and day is None:
        errors["built_on"] = mark("Please enter a date such as 2026-03-02.")
    return day

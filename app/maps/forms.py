"""What a map with a list beside it is asked by, and where its pages lead.

Every such map adds its own types and states; whose matters it shows is the caller's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final, TypedDict, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from pydantic import BaseModel, Field, field_validator

from app.kernel.messages import mark
from app.maps.config import corners
from app.maps.rules import Bounds, Gathered, Heat, cell_around, read_bounds, spell_bounds
from app.web.forms import RawForm, parse

FIELDS: Final = ("type", "state", "days", "region", "bbox", "view")
_HOTTEST: Final = 20
F = TypeVar("F", bound="FilterForm")


class View(StrEnum):
    """How the map draws what is asked for."""

    POINTS = "points"
    HEAT = "heat"


class Sides(TypedDict):
    """The part of the map asked for, in degrees; all None or none."""

    west: Decimal | None
    south: Decimal | None
    east: Decimal | None
    north: Decimal | None


class FilterForm(BaseModel):
    """The filter; everything may be left out. Days 0 are all time, `bbox` a part of the map."""

    type: Any = None
    state: Any = None
    days: Annotated[int, Field(ge=0, le=3660)] = 365
    region: Annotated[str, Field(max_length=12, pattern=r"^\d*$")] = ""
    bbox: Annotated[str, Field(max_length=100)] = ""
    view: View = View.POINTS

    @field_validator("bbox")
    @classmethod
    def _is_rectangle(cls, text: str) -> str:
        if text and read_bounds(text) is None:
            raise ValueError(mark("The part of the map is told as west, south, east, north."))
        return text

    @property
    def is_heat(self) -> bool:
        """Whether the map is asked where most is."""
        return self.view is View.HEAT

    def query(self, **changed: object) -> str:
        """The same as the query of an address, without what is left as it is."""
        plain = type(self)().model_dump(mode="json")
        own = self.model_dump(mode="json") | changed
        return urlencode({k: v for k, v in own.items() if v not in (None, plain.get(k))})

    def page(self, address: str, cursor: str | None) -> str:
        """Where the list goes on; empty where it does not."""
        return f"{address}?{self.query(cursor=cursor)}" if cursor else ""

    def since(self, now: datetime) -> datetime | None:
        """The first moment asked for; None for all time."""
        return now - timedelta(days=self.days) if self.days else None

    def sides(self, within: Bounds | None = None) -> Sides:
        """The part asked for; `within` is what lies in sight, which is no filter."""
        around = _both(read_bounds(self.bbox) if self.bbox else None, within)
        return Sides(
            west=_degrees(around.west) if around else None,
            south=_degrees(around.south) if around else None,
            east=_degrees(around.east) if around else None,
            north=_degrees(around.north) if around else None,
        )

    def drawn(self, base: Mapping[str, Any] | None, address: str) -> dict[str, Any] | None:
        """The map told to fit what is asked for and where to read it; None without a map."""
        if base is None:
            return None
        around = read_bounds(self.bbox) if self.bbox else None
        here = {"bounds": corners(around)} if around else {}
        source = f"{address}/points.json?{self.query()}"
        return {**base, **here, "fit": True, "source": source}


def _both(one: Bounds | None, other: Bounds | None) -> Bounds | None:
    if one is None or other is None:
        return one or other
    return one.shared_with(other)


def _degrees(value: float) -> Decimal:
    return Decimal(str(round(value, 6)))


def asked_of(form: type[F], request: Request) -> tuple[F, dict[str, str]]:
    """The filter of an address, and what is wrong with it; wrong, everything is asked for."""
    given = {name: request.query_params.get(name, "") for name in FIELDS}
    parsed = parse(form, RawForm({name: text for name, text in given.items() if text}))
    return parsed.value or form(), parsed.errors


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One cell of the table beside the heat map."""

    count: int
    open: int
    near: str
    href: str


def heat_rows(
    hot: Heat,
    places_of: Callable[[Sequence[int]], Mapping[int, str]],
    form: FilterForm,
    address: str,
) -> list[HeatRow]:
    """The table beside the heat map, with the way to each cell's list.

    `places_of` tells the places of matters by their keys, so that a cell can be named.
    """
    hottest = hot.found[:_HOTTEST]
    places = places_of([each.first for each in hottest])
    return [
        HeatRow(
            each.count,
            each.open,
            places.get(each.first, ""),
            f"{address}?{form.query(bbox=_square(each, hot.step), view=None)}",
        )
        for each in hottest
    ]


def _square(each: Gathered, step: float) -> str:
    return spell_bounds(cell_around(each, step))

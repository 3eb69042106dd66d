"""What the public asks of released repairs, and how it is shown: list, map, heat, feeds.

One form drives them all, so that the list and the map always hold the same reports.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from pydantic import BaseModel, Field, field_validator
from sqlalchemy.orm import Session

from app.cases.kinds import Status
from app.kernel.messages import mark
from app.maps.features import Mark, collection
from app.maps.rules import (
    MOST_MARKS,
    Bounds,
    Heat,
    apart,
    cell_around,
    heat_of,
    read_bounds,
    spell_bounds,
    step_at,
)
from app.portal import queries as places
from app.publishing import queries
from app.publishing.labels import public_label
from app.publishing.queries import Released, Wanted
from app.publishing.rules import PublicState

FIELDS: Final = ("type", "state", "days", "region", "bbox", "view")
_HOTTEST: Final = 20


class View(StrEnum):
    """How the map draws what is asked for."""

    POINTS = "points"
    HEAT = "heat"


class AskedForm(BaseModel):
    """The filter; everything may be left out. `bbox` is the part of the map that is asked for."""

    type: Annotated[str, Field(max_length=16)] = ""
    state: PublicState | None = None
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

    def query(self, **changed: object) -> str:
        """The same as the query of an address, without what is left as it is."""
        plain = type(self)().model_dump(mode="json")
        own = self.model_dump(mode="json") | changed
        return urlencode({k: v for k, v in own.items() if v not in (None, plain.get(k))})


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report in the list."""

    public_no: str
    title: str
    type: str
    place: str
    lamp: str
    state: str
    requested_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One cell of the table beside the heat map."""

    count: int
    open: int
    near: str
    href: str


def wanted_of(form: AskedForm, *, now: datetime, within: Bounds | None = None) -> Wanted:
    """What the form asks for; `within` is the part of the map in sight, which is not a filter."""
    asked = read_bounds(form.bbox) if form.bbox else None
    around = _both(asked, within)
    return Wanted(
        codes=(form.type,) if form.type else None,
        state=form.state,
        requested_from=now - timedelta(days=form.days) if form.days else None,
        region=form.region or None,
        west=_degrees(around.west) if around else None,
        south=_degrees(around.south) if around else None,
        east=_degrees(around.east) if around else None,
        north=_degrees(around.north) if around else None,
    )


def _both(one: Bounds | None, other: Bounds | None) -> Bounds | None:
    if one is None or other is None:
        return one or other
    return one.shared_with(other)


def _degrees(value: float) -> Decimal:
    return Decimal(str(round(value, 6)))


def lamp_of(report: Released, now: datetime) -> str:
    """The shape that goes with the state: done, paused, later than expected, in hand."""
    if report.closed_at is not None:
        return "done"
    if report.status is Status.SUSPENDED:
        return "paused"
    is_late = report.expected_at is not None and report.expected_at < now
    return "warn" if is_late else "ok"


def type_of(report: Released, language: str) -> str:
    """The type in the reader's language."""
    english = report.category_name_en if language.startswith("en") else ""
    return english or report.category_name


def row_of(report: Released, language: str, now: datetime) -> ReportRow:
    """One line of the list."""
    return ReportRow(
        report.public_no,
        report.title,
        type_of(report, language),
        report.place,
        lamp_of(report, now),
        public_label(report.status),
        report.requested_at,
        report.closed_at,
    )


def marks(
    session: Session,
    wanted: Wanted,
    *,
    zoom: int,
    language: str,
    say: Callable[[str], str],
    now: datetime,
) -> dict[str, Any]:
    """What lies in sight as GeoJSON: single reports, and marks that stand for many."""
    step = step_at(zoom)
    found = apart(queries.cells(session, wanted, step=step, limit=MOST_MARKS), step)
    single = [each.first for each in found if each.count == 1]
    alone = {one.id: one for one in queries.by_ids(session, single)}
    return collection(
        found,
        {
            key: Mark(
                f"/reports/{one.public_no}",
                one.title,
                lamp_of(one, now),
                say(public_label(one.status)),
                type_of(one, language),
            )
            for key, one in alone.items()
        },
    )


def heat(session: Session, wanted: Wanted) -> Heat:
    """Where most was reported, the fullest squares first."""
    return heat_of(lambda step, most: queries.cells(session, wanted, step=step, limit=most))


def heat_rows(session: Session, hot: Heat, form: AskedForm) -> list[HeatRow]:
    """The table beside the heat map, with the way to each cell's list."""
    hottest = hot.found[:_HOTTEST]
    samples = {one.id: one for one in queries.by_ids(session, [each.first for each in hottest])}
    rows = []
    for each in hottest:
        sample = samples.get(each.first)
        here = spell_bounds(cell_around(each, hot.step))
        href = f"/map?{form.query(bbox=here, view=None)}"
        near = sample.place if sample else ""
        rows.append(HeatRow(each.count, each.open, near, href))
    return rows


def types(session: Session, language: str) -> list[tuple[str, str]]:
    """The types of which something is released, to choose from."""
    is_english = language.startswith("en")
    return [(code, (is_english and en) or name) for code, name, en in queries.list_types(session)]


def regions(session: Session, language: str) -> list[tuple[str, str]]:
    """Districts and streets to choose from."""
    return [
        (each.code, "\u3000" * each.depth + each.name.within(language))
        for each in places.list_places(session)
    ]

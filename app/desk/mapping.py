"""What staff ask of the map of repairs, and how it is shown: list, marks, heat.

One form drives them all; only what the person may see is in any of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, Field, field_validator
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.kinds import Status
from app.cases.labels import label
from app.cases.queries import mapped
from app.cases.queries.mapped import Mapped, Sought
from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind
from app.kernel.messages import mark
from app.maps.features import Mark, collection
from app.maps.rules import (
    MOST_MARKS,
    Bounds,
    Gathered,
    Heat,
    apart,
    cell_around,
    heat_of,
    read_bounds,
    spell_bounds,
    step_at,
)

FIELDS: Final = ("type", "state", "days", "region", "bbox", "view")
ADDRESS: Final = "/board/map"
_OPEN, _LATE, _CLOSED = "open", "late", "closed"
_HOTTEST: Final = 20
_REPAIR_STATES: Final = (
    Status.REPORTED,
    Status.VERIFIED,
    Status.DISPATCHED,
    Status.SIGNED,
    Status.ON_WAY,
    Status.ON_SITE,
    Status.REPAIRED,
    Status.CHECKED,
    Status.SUSPENDED,
)
STATES: Final = (
    (_OPEN, mark("Not ended")),
    (_LATE, mark("Past the limit")),
    (_CLOSED, mark("Ended")),
    *((state.value, label(state)) for state in _REPAIR_STATES),
)


class MapForm(BaseModel):
    """The filter; everything may be left out. Days 0 are all time."""

    type: Annotated[int, Field(ge=0)] = 0
    state: str = _OPEN
    days: Annotated[int, Field(ge=0, le=3660)] = 365
    region: Annotated[str, Field(max_length=12, pattern=r"^\d*$")] = ""
    bbox: Annotated[str, Field(max_length=100)] = ""
    view: Literal["points", "heat"] = "points"

    @field_validator("state")
    @classmethod
    def _is_state(cls, text: str) -> str:
        if text not in {"all", *(value for value, _ in STATES)}:
            raise ValueError(mark("Choose one of the answers offered."))
        return text

    @field_validator("bbox")
    @classmethod
    def _is_rectangle(cls, text: str) -> str:
        if text and read_bounds(text) is None:
            raise ValueError(mark("The part of the map is told as west, south, east, north."))
        return text

    def query(self, **changed: object) -> str:
        """The same as the query of an address, without what is left as it is."""
        plain = type(self)().model_dump()
        own = self.model_dump() | changed
        return urlencode({k: v for k, v in own.items() if v not in (None, plain.get(k))})


@dataclass(frozen=True, slots=True)
class RepairRow:
    """One repair in the list beside the map."""

    number: str
    title: str
    type: str
    place: str
    lamp: str
    state: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One cell of the table beside the heat map."""

    count: int
    open: int
    near: str
    href: str


def sought_of(form: MapForm, *, now: datetime, within: Bounds | None = None) -> Sought:
    """What the form asks for; `within` is the part of the map in sight, which is no filter."""
    asked = read_bounds(form.bbox) if form.bbox else None
    around = _both(asked, within)
    known = {state.value for state in _REPAIR_STATES}
    return Sought(
        category_id=form.type or None,
        status=Status(form.state) if form.state in known else None,
        is_open={_OPEN: True, _LATE: True, _CLOSED: False}.get(form.state),
        late_at=now if form.state == _LATE else None,
        since=now - timedelta(days=form.days) if form.days else None,
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


def lamp_of(repair: Mapped, now: datetime) -> str:
    """The shape that goes with the state: done, paused, past its limit, in hand."""
    if repair.closed_at is not None:
        return "done"
    if repair.is_paused:
        return "paused"
    return "bad" if repair.due_at is not None and repair.due_at < now else "ok"


def row_of(repair: Mapped, language: str, now: datetime) -> RepairRow:
    """One line of the list."""
    return RepairRow(
        repair.number,
        repair.title,
        _type_of(repair, language),
        repair.place,
        lamp_of(repair, now),
        label(repair.status),
        repair.opened_at,
    )


def _type_of(repair: Mapped, language: str) -> str:
    return (language.startswith("en") and repair.type_en) or repair.type


def marks(
    session: Session,
    actor: Actor,
    sought: Sought,
    *,
    zoom: int,
    language: str,
    say: Callable[[str], str],
    now: datetime,
) -> dict[str, Any]:
    """What lies in sight as GeoJSON: single repairs, and marks that stand for many."""
    step = step_at(zoom)
    cells = mapped.cells_of_repairs(session, actor, sought, step=step, limit=MOST_MARKS)
    found = apart(cells, step)
    single = [each.first for each in found if each.count == 1]
    alone = {one.id: one for one in mapped.repairs_by_ids(session, actor, single)}
    return collection(
        found,
        {
            key: Mark(
                f"/cases/{one.number}",
                one.title,
                lamp_of(one, now),
                say(label(one.status)),
                _type_of(one, language),
            )
            for key, one in alone.items()
        },
    )


def heat(session: Session, actor: Actor, sought: Sought) -> Heat:
    """Where most is, the fullest squares first."""
    return heat_of(
        lambda step, most: mapped.cells_of_repairs(session, actor, sought, step=step, limit=most)
    )


def heat_rows(session: Session, actor: Actor, hot: Heat, form: MapForm) -> list[HeatRow]:
    """The table beside the heat map, with the way to each cell's list."""
    hottest = hot.found[:_HOTTEST]
    sampled = mapped.repairs_by_ids(session, actor, [each.first for each in hottest])
    samples = {one.id: one.place for one in sampled}
    return [
        HeatRow(each.count, each.open, samples.get(each.first, ""), _list_of(each, hot.step, form))
        for each in hottest
    ]


def _list_of(each: Gathered, step: float, form: MapForm) -> str:
    here = spell_bounds(cell_around(each, step))
    return f"{ADDRESS}?{form.query(bbox=here, view=None)}"


def types(session: Session, language: str) -> list[tuple[int, str]]:
    """The types a repair may be of, to choose from."""
    return [
        (entry.id, entry.name.within(language))
        for first in catalogue.list_categories(session)
        for entry in catalogue.list_categories(session, parent_id=first.id, kind=CaseKind.REPAIR)
    ]

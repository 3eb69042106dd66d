"""What staff ask of the map of repairs, and how it is shown: list, marks, heat.

One form drives them all; only what the person may see is in any of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import Field, field_validator
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.kinds import Status
from app.cases.labels import label
from app.cases.queries import mapped
from app.cases.queries.mapped import Mapped, Sought
from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind
from app.kernel.messages import mark
from app.maps import features
from app.maps.features import Mark
from app.maps.forms import FilterForm, HeatRow
from app.maps.forms import heat_rows as rows_beside
from app.maps.rules import Bounds, Heat, heat_of

ADDRESS: Final = "/board/map"
_OPEN, _LATE, _CLOSED = "open", "late", "closed"
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


class MapForm(FilterForm):
    """The filter of staff: a category by its key, and the states of a repair."""

    type: Annotated[int, Field(ge=0)] = 0
    state: str = _OPEN

    @field_validator("state")
    @classmethod
    def _is_state(cls, text: str) -> str:
        if text not in {"all", *(value for value, _ in STATES)}:
            raise ValueError(mark("Choose one of the answers offered."))
        return text


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


def sought_of(form: MapForm, *, now: datetime, within: Bounds | None = None) -> Sought:
    """What the form asks for; `within` is the part of the map in sight, which is no filter."""
    known = {state.value for state in _REPAIR_STATES}
    return Sought(
        category_id=form.type or None,
        status=Status(form.state) if form.state in known else None,
        is_open={_OPEN: True, _LATE: True, _CLOSED: False}.get(form.state),
        late_at=now if form.state == _LATE else None,
        since=form.since(now),
        region=form.region or None,
        **form.sides(within),
    )


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

    def marks_of(ids: Sequence[int]) -> dict[int, Mark]:
        return {
            one.id: Mark(
                f"/cases/{one.number}",
                one.title,
                lamp_of(one, now),
                say(label(one.status)),
                _type_of(one, language),
            )
            for one in mapped.repairs_by_ids(session, actor, ids)
        }

    return features.points(
        lambda step, most: mapped.cells_of_repairs(session, actor, sought, step=step, limit=most),
        marks_of,
        zoom=zoom,
    )


def heat(session: Session, actor: Actor, sought: Sought) -> Heat:
    """Where most is, the fullest squares first."""
    return heat_of(
        lambda step, most: mapped.cells_of_repairs(session, actor, sought, step=step, limit=most)
    )


def heat_rows(session: Session, actor: Actor, hot: Heat, form: MapForm) -> list[HeatRow]:
    """The table beside the heat map, with the way to each cell's list."""

    def places_of(ids: Sequence[int]) -> dict[int, str]:
        return {one.id: one.place for one in mapped.repairs_by_ids(session, actor, ids)}

    return rows_beside(hot, places_of, form, ADDRESS)


def types(session: Session, language: str) -> list[tuple[int, str]]:
    """The types a repair may be of, to choose from."""
    return [
        (entry.id, entry.name.within(language))
        for first in catalogue.list_categories(session)
        for entry in catalogue.list_categories(session, parent_id=first.id, kind=CaseKind.REPAIR)
    ]

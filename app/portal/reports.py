"""What the public asks of released repairs, and how it is shown: list, map, heat, feeds.

One form drives them all, so that the list and the map always hold the same reports.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import Field
from sqlalchemy.orm import Session

from app.cases.kinds import Status
from app.maps import features
from app.maps.features import Mark
from app.maps.forms import FilterForm, HeatRow
from app.maps.forms import heat_rows as rows_beside
from app.maps.rules import Bounds, Heat, heat_of
from app.portal import queries as places
from app.publishing import queries
from app.publishing.labels import public_label
from app.publishing.queries import Released, Wanted
from app.publishing.rules import PublicState

ADDRESS: Final = "/map"


class AskedForm(FilterForm):
    """The filter of everybody: a type by its code, and whether the report has ended."""

    type: Annotated[str, Field(max_length=16)] = ""
    state: PublicState | None = None


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


def wanted_of(form: AskedForm, *, now: datetime, within: Bounds | None = None) -> Wanted:
    """What the form asks for; `within` is the part of the map in sight, which is not a filter."""
    return Wanted(
        codes=(form.type,) if form.type else None,
        state=form.state,
        requested_from=form.since(now),
        region=form.region or None,
        **form.sides(within),
    )


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

    def marks_of(ids: Sequence[int]) -> dict[int, Mark]:
        return {
            one.id: Mark(
                f"/reports/{one.public_no}",
                one.title,
                lamp_of(one, now),
                say(public_label(one.status)),
                type_of(one, language),
            )
            for one in queries.by_ids(session, ids)
        }

    return features.points(
        lambda step, most: queries.cells(session, wanted, step=step, limit=most),
        marks_of,
        zoom=zoom,
    )


def heat(session: Session, wanted: Wanted) -> Heat:
    """Where most was reported, the fullest squares first."""
    return heat_of(lambda step, most: queries.cells(session, wanted, step=step, limit=most))


def heat_rows(session: Session, hot: Heat, form: AskedForm) -> list[HeatRow]:
    """The table beside the heat map, with the way to each cell's list."""

    def places_of(ids: Sequence[int]) -> dict[int, str]:
        return {one.id: one.place for one in queries.by_ids(session, ids)}

    return rows_beside(hot, places_of, form, ADDRESS)


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

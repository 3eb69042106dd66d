"""Rounds: the open and the finished ones, one round stop by stop, one stop, repeated failures.

Works with one thumb and without script: each stop is a plain form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.departments import queries as departments
from app.departments.queries.shelf import tree
from app.facilities import queries as facilities
from app.inspections import queries, service
from app.inspections.labels import RESULTS
from app.inspections.pages.common import (
    HOME,
    RoundLine,
    Tabs,
    line_of,
    require,
    tabs_of,
    today_of,
)
from app.inspections.queries import Repeated, RoundView, StopView
from app.inspections.rules import Result
from app.kernel.paging import Page
from app.web.deps import Edge, EdgeDep
from app.web.templating import render
from app.web.ui import locale_of

router = APIRouter(prefix=HOME)


@dataclass(frozen=True, slots=True)
class RoundsPage:
    """A page of rounds; `missed` counts those nobody finished in time."""

    tabs: Tabs
    rows: Sequence[RoundLine]
    next: str
    previous: str
    missed: int
    is_done: bool


@dataclass(frozen=True, slots=True)
class StopLine:
    """A stop of a round; `result` is a msgid, empty while nobody looked."""

    stop: StopView
    result: str
    type_name: str
    is_finding: bool


@dataclass(frozen=True, slots=True)
class RoundPage:
    """One round in the order it is walked."""

    tabs: Tabs
    line: RoundLine
    stops: list[StopLine]
    may_walk: bool


@dataclass(frozen=True, slots=True)
class RepeatedLine:
    """Something that failed again and again, named for the reader."""

    one: Repeated
    type_name: str
    district: str


@dataclass(frozen=True, slots=True)
class RepeatedPage:
    """Facilities and types the rule points out."""

    tabs: Tabs
    assets: list[RepeatedLine]
    types: list[RepeatedLine]


@router.get("")
def show_open(request: Request, visit: VisitDep, edge: EdgeDep) -> Response:
    """Rounds not finished, the most overdue first."""
    with visit.reading() as work:
        require(work)
        found = queries.open_rounds(
            work.session, work.actor, cursor=request.query_params.get("cursor")
        )
        page = _listed(request, work, edge, found, is_done=False)
    return render(request, "inspections/rounds", page)


@router.get("/done")
def show_done(request: Request, visit: VisitDep, edge: EdgeDep) -> Response:
    """Finished rounds, newest first."""
    with visit.reading() as work:
        require(work)
        found = queries.done_rounds(
            work.session, work.actor, cursor=request.query_params.get("cursor")
        )
        page = _listed(request, work, edge, found, is_done=True)
    return render(request, "inspections/rounds", page)


@router.get("/repeated")
def show_repeated(request: Request, visit: VisitDep) -> Response:
    """What failed so often that the rule of its type points it out."""
    language = locale_of(request).tag
    with visit.reading() as work:
        work.actor.require(Permission.INSPECTION_PLAN)
        names = tree(work.session).place_names
        page = RepeatedPage(
            tabs=tabs_of(request, work.actor),
            assets=[
                _repeated(one, names, language)
                for one in queries.repeated_assets(work.session, now=work.now)
            ],
            types=[
                _repeated(one, names, language)
                for one in queries.repeated_types(work.session, now=work.now)
            ],
        )
    return render(request, "inspections/repeated", page)


@router.get("/{round_id}")
def show_round(request: Request, visit: VisitDep, edge: EdgeDep, round_id: int) -> Response:
    """One round, stop by stop."""
    with visit.reading() as work:
        require(work)
        session = work.session
        one = queries.get_round(session, work.actor, round_id)
        language = locale_of(request).tag
        kinds = {kind.id: kind.name.within(language) for kind in facilities.list_types(session)}
        page = RoundPage(
            tabs=tabs_of(request, work.actor),
            line=line_of(one, _unit_name(session, one, language), today=today_of(edge)),
            stops=[
                StopLine(
                    stop,
                    RESULTS[stop.result] if stop.result else "",
                    kinds[stop.type_id],
                    stop.result is Result.FINDING,
                )
                for stop in queries.stops_of(session, round_id)
            ],
            may_walk=one.finished_at is None and service.may_walk(work.actor, one.inspector_id),
        )
    return render(request, "inspections/round", page)


def _listed(
    request: Request, work: Work, edge: Edge, found: Page[RoundView], *, is_done: bool
) -> RoundsPage:
    today, language = today_of(edge), locale_of(request).tag
    href = f"{request.url.path}?cursor="
    return RoundsPage(
        tabs=tabs_of(request, work.actor),
        rows=[
            line_of(one, _unit_name(work.session, one, language), today=today)
            for one in found.items
        ],
        next=href + found.next_cursor if found.next_cursor else "",
        previous=href + found.prev_cursor if found.prev_cursor else "",
        missed=0 if is_done else queries.count_missed(work.session, work.actor, today=today),
        is_done=is_done,
    )


def _unit_name(session: Session, one: RoundView, language: str) -> str:
    unit = departments.view_of(session, one.unit_id)
    return (language == "en" and unit.name_en) or unit.name


def _repeated(one: Repeated, names: Mapping[str, str], language: str) -> RepeatedLine:
    return RepeatedLine(one, one.kind.name.within(language), names.get(one.district, one.district))

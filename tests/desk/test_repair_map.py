"""The map of repairs for staff: list, marks and heat hold the same, and only what they may see."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.accounts.rules import Role
from app.cases.kinds import Status
from app.catalogue.rules import CaseKind
from tests.desk.stepping import Enter
from tests.support.city import WATER, WORKS, City, a_case
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LON, LAT = Decimal("83.02"), Decimal("39.05")


@pytest.fixture
def repairs(city: City) -> list[str]:
    """Numbers of three repairs: of the works and late, of the water works, and ended."""
    numbers = []
    with city.db.begin() as session:
        for n, unit_id in enumerate((WORKS, WATER, WORKS)):
            case = a_case(session, lon=LON + n * Decimal("0.1"), lat=LAT)
            case.kind, case.status, case.unit_id = CaseKind.REPAIR, Status.DISPATCHED, unit_id
            case.due_at = MONDAY_9AM + timedelta(days=9 if n else -1)
            case.closed_at = MONDAY_9AM if n == 2 else None
            numbers.append(case.number)
    return numbers


def held(person: PageClient, query: str) -> tuple[set[str], set[str], int]:
    """The numbers in the list and on the map, and how many the squares count."""
    listed = person.get(f"/board/map?{query}").links.values()
    marks, squares = (
        json.loads(person.http.get(f"/board/map/points.json?{query}&{more}").content)["features"]
        for more in ("zoom=18", "view=heat")
    )
    named: list[dict[str, Any]] = [one["properties"] for one in marks]
    return (
        {href.removeprefix("/cases/") for href in listed if href.startswith("/cases/RX")},
        {one["href"].removeprefix("/cases/") for one in named},
        sum(one["properties"]["count"] for one in squares),
    )


def test_list_marks_and_heat_hold_the_same_for_everybody_what_they_may_see(
    repairs: list[str], person: Enter
) -> None:
    late, other, ended = repairs
    everything, own = person(Role.SUPERVISOR), person(Role.HANDLER)

    for query, wanted in (
        ("", {late, other}),
        ("state=all", {late, other, ended}),
        ("state=closed", {ended}),
        ("state=late", {late}),
        ("state=signed", set()),
        ("bbox=83.1,39,83.15,39.1", {other}),
    ):
        assert held(everything, query) == (wanted, wanted, len(wanted)), query
        theirs = wanted - {other}
        assert held(own, query) == (theirs, theirs, len(theirs)), query
    assert everything.get("/board/map?bbox=1,2").status == 422
    answer = everything.http.get("/board/map/points.json")
    assert answer.headers["cache-control"] == "no-store"

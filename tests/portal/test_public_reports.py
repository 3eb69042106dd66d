"""The public map, its list and feeds, and a page each: only what is released, and at once."""

import csv
import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.models import Case
from app.catalogue.rules import CaseKind
from app.publishing import service
from app.publishing.service import Release
from app.settings import Settings
from tests.support.city import City, a_case
from tests.support.clock import MONDAY_9AM
from tests.support.pages import Page, PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LON, LAT = Decimal("83.02"), Decimal("39.05")
BOX = "bbox=83.0,39.0,83.1,39.1"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """As everybody's, with the public side switched on."""
    return Settings(
        database_url=database_url,
        data_dir=tmp_path / "var",
        worker_inside=False,
        public_reports=True,
    )


def a_report(session: Session, city: City, n: int, *, is_coarse: bool = False) -> Case:
    """A released repair a little further east than the one before."""
    at = MONDAY_9AM - timedelta(days=n)
    case = a_case(session, now=at, lon=LON + n * Decimal("0.01"), lat=LAT)
    case.kind = CaseKind.REPAIR
    session.flush()
    what = Release(f"路灯 {n} 不亮", "晚上很黑", "样板路", is_coarse=is_coarse)
    service.release(session, case, what, actor=city[Role.REVIEWER], now=MONDAY_9AM)
    return case


@pytest.fixture
def reports(city: City) -> list[str]:
    """The public numbers of five reports, the newest first; the last one is coarse."""
    with city.db.begin() as session:
        cases = [a_report(session, city, n, is_coarse=n == 4) for n in range(5)]
        return [service.public_no(session, case.id) for case in cases]


def features(client: TestClient, url: str) -> list[dict[str, Any]]:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = json.loads(answer.content)["features"]
    return found


def test_the_list_the_map_and_every_feed_hold_the_same(
    client: TestClient, pages: PageClient, reports: list[str]
) -> None:
    for query in ("", BOX, f"{BOX}&state=open&days=2", "state=closed", "region=990102", "days=1"):
        page = pages.get(f"/map?{query}")
        listed = [href.removeprefix("/reports/") for href in _ways(page) if "/photos" not in href]

        marks = features(client, f"/map/points.json?{query}&zoom=18")
        named = {mark["properties"]["href"].removeprefix("/reports/") for mark in marks}
        points = features(client, f"/reports.geojson?{query}")
        lines = list(csv.DictReader(StringIO(client.get(f"/reports.csv?{query}").text[1:])))
        feed = client.get(f"/reports.atom?{query}").content
        entries = ET.fromstring(feed).findall(f"{ATOM}entry")  # noqa: S314  # our own feed

        assert set(listed) == named, query
        assert [one["id"] for one in points] == [one["public_no"] for one in lines] == listed
        assert {entry.find(f"{ATOM}id").text.rpartition("/")[2] for entry in entries} == named  # type: ignore[union-attr]  # each has one
    assert len(_ways(pages.get("/map"))) == len(reports)


def _ways(page: Page) -> list[str]:
    return [href for href in page.links.values() if href.startswith("/reports/")]


def test_from_afar_many_are_one_mark_and_heat_is_counted_by_squares(
    client: TestClient, pages: PageClient, reports: list[str]
) -> None:
    (mark,) = features(client, "/map/points.json?zoom=5")
    heat = features(client, "/map/points.json?view=heat")
    table = pages.get("/map?view=heat")

    assert (mark["properties"]["count"], mark["properties"]["open"]) == (len(reports), len(reports))
    assert "href" not in mark["properties"]
    assert sum(cell["properties"]["count"] for cell in heat) == len(reports)
    cells = [href for href in table.links.values() if href.startswith("/map?bbox=")]
    assert cells
    assert len(_ways(pages.get(cells[0]))) >= 1


def test_open_data_tells_no_words_and_no_position_few_share(
    client: TestClient, reports: list[str]
) -> None:
    text = client.get("/reports.csv").text

    lines = {line["public_no"]: line for line in csv.DictReader(StringIO(text[1:]))}
    assert "晚上很黑" not in text
    assert lines[reports[0]]["longitude"] == "83.020000"
    assert lines[reports[4]]["longitude"] == ""
    tag = client.get("/reports.csv").headers["etag"]
    assert client.get("/reports.csv", headers={"If-None-Match": tag}).status_code == 304


def test_a_report_has_a_page_of_its_own_and_can_be_followed(
    pages: PageClient, reports: list[str]
) -> None:
    page = pages.get(f"/reports/{reports[0]}")
    empty = pages.submit(page.form(field="reach"))

    assert page.heading == "路灯 0 不亮"
    assert page.headers["x-robots-tag"].startswith("noindex")
    assert empty.status == 422
    assert pages.get("/reports/NOBODY").status == 404


def test_a_wrong_filter_is_told_and_nothing_is_shown_where_it_is_switched_off(
    app: FastAPI, client: TestClient, pages: PageClient, reports: list[str]
) -> None:
    assert pages.get("/map?bbox=83,39").status == 422
    assert client.get("/map/points.json?days=many").status_code == 422
    off = app.state.edge.settings.model_copy(update={"public_reports": False})
    app.state.edge = replace(app.state.edge, settings=off)

    for url in ("/map", "/map/points.json", f"/reports/{reports[0]}", "/reports.csv"):
        assert client.get(url).status_code == 404

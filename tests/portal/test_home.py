"""The front page, its notices, and the boundaries for maps."""

import json
from datetime import timedelta

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.portal import service
from tests.support.city import City
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PageClient

_RING = [[[118.0, 26.0], [118.2, 26.0], [118.2, 26.4], [118.0, 26.0]]]
_FEATURE = {
    "type": "Feature",
    "properties": {"code": "990101"},
    "geometry": {"type": "Polygon", "coordinates": _RING},
}
_SHAPE = json.dumps({"type": "FeatureCollection", "features": [_FEATURE]}).encode()


def a_notice(title: str) -> dict[str, str]:
    return {"title": title, "title_en": f"{title} (en)", "body": "正文", "body_en": ""}


def test_the_front_page_leads_everywhere_and_names_the_emergency_numbers(
    pages: PageClient,
) -> None:
    page = pages.get("/")

    addresses = set(page.links.values())
    assert {"/report", "/track", "tel:12345", "tel:110", "tel:119", "tel:120"} <= addresses
    assert page.form(button="on").action == "/prefs"


def test_notices_of_today_are_shown_in_the_readers_language(pages: PageClient, city: City) -> None:
    with city.db.begin() as session:
        service.add_notices(session, [a_notice("停水通知")], now=MONDAY_9AM)
        service.add_notices(session, [a_notice("明天的事")], now=MONDAY_9AM + timedelta(days=1))

    chinese = pages.get("/")
    pages.http.cookies.set("lang", "en")
    english = pages.get("/")

    assert "停水通知" in chinese.text
    assert "明天的事" not in chinese.text
    assert "停水通知 (en)" in english.text


def test_boundaries_come_from_the_operators_own_file(
    client: TestClient, app: FastAPI, pages: PageClient
) -> None:
    without = client.get("/geo/districts.json")
    no_map = pages.get("/report/place")
    folder = app.state.settings.data_dir / "geo"
    folder.mkdir(parents=True)
    (folder / "districts.geojson").write_bytes(_SHAPE)

    answer = client.get("/geo/districts.json")
    with_map = pages.get("/report/place")

    assert without.status_code == 404
    assert answer.content == _SHAPE
    assert not no_map.tree.all("div", **{"class": "map"})
    assert with_map.tree.all("div", **{"class": "map"})
    assert "26.2" in with_map.tree.all("script", id="mapcfg")[0].raw

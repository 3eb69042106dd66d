"""The public map, its list and feeds, and a page each: only what is released, and at once."""

import csv
import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.kinds import Status
from app.cases.models import Case
from app.cases.queries.near import Near
from app.catalogue.rules import CaseKind
from app.citizens.models import Citizen
from app.citizens.rules import CitizenState
from app.citizens.service import Person, register
from app.departments.models import Unit
from app.facilities import service as facilities
from app.facilities.models import Asset, FacilityType
from app.facilities.rules import AssetState
from app.kernel.geo import Point
from app.kernel.outbox import Channel, Message
from app.portal import feeds
from app.portal.pages import report_feeds
from app.portal.repairing.known import known
from app.publishing import queries, service
from app.publishing.service import Release
from app.settings import Settings
from app.watching.models import Watcher
from app.watching.rules import Why
from app.watching.service import following
from app.web.ratelimit import ADDRESS_FACTOR, Limit
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


def a_report(
    session: Session, city: City, n: int, *, is_coarse: bool = False, citizen_id: int | None = None
) -> Case:
    """A released repair a little further east than the one before."""
    at = MONDAY_9AM - timedelta(days=n)
    case = a_case(session, now=at, lon=LON + n * Decimal("0.01"), lat=LAT, citizen_id=citizen_id)
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
    whole = pages.get("/map")
    assert len(_ways(whole)) == len(reports)
    assert "最多最新 20,000 条" in whole.text


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


FEEDS = ("/reports.atom", "/reports.geojson", "/reports.csv")


def test_long_tables_leave_stretch_by_stretch_and_lose_and_repeat_nothing(
    client: TestClient, reports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [client.get(each).text for each in FEEDS]
    monkeypatch.setattr(report_feeds, "_STRETCH", 2)
    monkeypatch.setattr(feeds, "MOST_LINES", 3)

    apart = [client.get(each).text for each in FEEDS]

    assert apart[0] == whole[0]
    assert json.loads(apart[1]) == json.loads(whole[1])
    assert apart[2].splitlines() == whole[2].splitlines()[:4]
    assert [line.partition(",")[0] for line in apart[2].splitlines()[1:]] == reports[:3]


def test_who_has_the_newest_is_told_so_until_anything_of_it_changes(
    client: TestClient, city: City, reports: list[str]
) -> None:
    def ask(query: str = "", **headers: str) -> list[tuple[int, str]]:
        answers = [client.get(each + query, headers=headers) for each in FEEDS]
        assert all(one.status_code == 200 or not one.content for one in answers)
        return [(one.status_code, one.headers["etag"]) for one in answers]

    def known(seen: list[tuple[int, str]], query: str = "", **headers: str) -> list[int]:
        tags = ", ".join(['"another"', *(tag for _, tag in seen)])
        return [status for status, _ in ask(query, **{"If-None-Match": tags}, **headers)]

    first = ask()
    assert known(first) == [304] * 3
    assert known(first, "?days=1") == known(first, **{"Accept-Language": "en"}) == [200] * 3

    for change in (
        {"title": "路灯已换"},
        {"status": Status.CLOSED, "closed_at": MONDAY_9AM},
        {"revoked_at": MONDAY_9AM},
    ):
        seen = ask()
        with city.db.begin() as session:
            shown = queries.find_publication(session, queries.case_of(session, reports[1]).id)
            assert shown is not None
            for name, value in change.items():
                setattr(shown, name, value)
        assert known(seen) == [200] * 3, change
    seen = ask()
    with city.db.begin() as session:
        session.scalars(select(Unit)).first().name = "新照明所"  # type: ignore[union-attr]  # the city has units
    assert known(seen) == [200] * 3


@pytest.mark.usefixtures("reports")
def test_an_address_that_fetches_too_often_is_told_when_to_come_back(client: TestClient) -> None:
    most = Limit("feeds", timedelta(hours=1), free=2, most=2)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(report_feeds, "FETCHING", most)
        answers = [client.get("/reports.csv") for _ in range(2 * ADDRESS_FACTOR)]
        refused = client.get("/reports.geojson")
        tag = {"If-None-Match": answers[0].headers["etag"]}
        known = client.get("/reports.csv", headers=tag)

    assert {one.status_code for one in answers} == {200}
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    assert "请稍" in refused.text
    assert known.status_code == 304  # to ask whether anything is new costs nothing


def test_a_report_has_a_page_of_its_own_and_can_be_followed(
    pages: PageClient, reports: list[str]
) -> None:
    page = pages.get(f"/reports/{reports[0]}")
    empty = pages.submit(page.form(field="reach"))

    assert page.heading == "路灯 0 不亮"
    assert page.headers["x-robots-tag"].startswith("noindex")
    assert empty.status == 422
    assert pages.get("/reports/NOBODY").status == 404


def test_where_no_streets_are_drawn_one_report_lies_among_the_districts(
    pages: PageClient, reports: list[str], settings: Settings
) -> None:
    folder = settings.data_dir / "geo"
    folder.mkdir(parents=True, exist_ok=True)
    ring = [[83.0, 39.0], [83.5, 39.0], [83.5, 39.4], [83.0, 39.4], [83.0, 39.0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    area = {"type": "Feature", "properties": {"code": "990101"}, "geometry": shape}
    known = json.dumps({"type": "FeatureCollection", "features": [area]})
    (folder / "districts.geojson").write_text(known, "utf-8")

    html = pages.get(f"/reports/{reports[0]}").html
    config = json.loads(html.split('id="mapcfg">')[1].split("</script>")[0])

    assert not config["tiles"]
    assert "fit" not in config  # the browser shows all outlines, and the mark between them
    assert len(config["points"]) == 1


def test_what_is_taken_back_is_gone_from_every_page_and_feed_at_once(
    client: TestClient, pages: PageClient, city: City, reports: list[str]
) -> None:
    addresses = ("/map", "/map/points.json?zoom=18", "/reports.atom", "/reports.geojson")
    follow = pages.get(f"/reports/{reports[0]}").form(field="reach")
    before = {each: client.get(each).text for each in (*addresses, "/reports.csv")}
    tags = {each: client.get(each).headers.get("etag", "") for each in before}
    with city.db.begin() as session:
        case = queries.case_of(session, reports[0])
        service.revoke(session, case, actor=city[Role.REVIEWER], now=MONDAY_9AM)

    after = {each: client.get(each, headers={"If-None-Match": tags[each]}) for each in before}

    for each, answer in after.items():
        assert reports[0] in before[each]
        assert answer.status_code == 200
        assert reports[0] not in answer.text
        assert "路灯 0 不亮" not in answer.text
    assert client.get(f"/reports/{reports[0]}").status_code == 404
    assert pages.submit(follow, reach="somebody@example.org").status == 404


def test_whatever_a_person_typed_feeds_and_tables_stay_readable(
    client: TestClient, city: City
) -> None:
    odd = "<b>&\x00\x0b\x1f\ud800\ufffe]]>=HYPERLINK(1)😀"
    with city.db.begin() as session:
        case = a_report(session, city, 0)
        shown = queries.find_publication(session, case.id)
        assert shown is not None
        shown.title, shown.words = odd.replace("\x00", "").replace("\ud800", ""), "=cmd|' /C'!A0"

    feed = ET.fromstring(client.get("/reports.atom?region=9901&x=%00<&>").content)  # noqa: S314  # our own feed
    (point,) = features(client, "/reports.geojson")
    (line,) = csv.DictReader(StringIO(client.get("/reports.csv").text[1:]))

    assert feed.find(f"{ATOM}entry/{ATOM}title") is not None
    assert point["properties"]["title"].startswith("<b>&")
    assert not any((value or "").startswith(("=", "+", "@")) for value in line.values())


def test_the_released_title_nearby_goes_with_the_data_of_whoever_reported_it(city: City) -> None:
    with city.db.begin() as session:
        who = register(session, Person(name="欧阳试甲", phone="17900001234"), now=MONDAY_9AM)
        case = a_report(session, city, 0, citizen_id=who)
        said = (case.id, case.number, case.kind, case.title, case.category_id, "", "", "990101")
        near = Near(*said, case.status, case.opened_at, Point(float(LON), float(LAT)), 9)
        ask = partial(known, session, [near], language="zh_CN", has_distance=True)

        (before,) = ask()
        session.get_one(Citizen, who).state = CitizenState.RESTRICTED
        session.flush()
        (after,) = ask()

        assert (before.title, after.title) == ("路灯 0 不亮", "")


@pytest.mark.usefixtures("by_mail")
def test_who_leaves_an_address_on_the_page_is_told_once_they_opened_the_link(
    pages: PageClient, city: City, reports: list[str]
) -> None:
    form = pages.get(f"/reports/{reports[0]}").form(field="reach")
    odd = pages.submit(form, reach="somebody@")
    told = pages.submit(odd.form(field="reach"), reach="somebody@example.org")

    assert (odd.status, told.status) == (422, 200)
    assert odd.form(field="reach").values()["reach"] == ["somebody@"]
    assert "已发送确认链接" in told.text
    with city.db() as session:
        watcher = session.scalars(select(Watcher)).one()
        (letter,) = session.scalars(select(Message)).all()
        token = following.token_of(session, watcher)
        assert watcher.address is not None
        assert b"somebody" not in watcher.address
        assert (watcher.why, watcher.is_told) == (Why.FOLLOW, False)
        assert letter.channel is Channel.MAIL
    pages.submit(pages.get(f"/w/{token}").form(action="/w/"), press="go")
    with city.db() as session:
        assert session.scalars(select(Watcher)).one().is_told


def test_a_poster_of_a_facility_leads_to_its_report(pages: PageClient, city: City) -> None:
    with city.db.begin() as session:
        facilities.seed(session, now=MONDAY_9AM)
        lamp = session.scalars(select(FacilityType.id).where(FacilityType.code == "0120")).one()
        asset = Asset(
            code="9901010120000001",
            plate="灯 1",
            type_id=lamp,
            place="样板路 12 号对面",
            region_code="990101",
            state=AssetState.IN_USE,
            changed_at=MONDAY_9AM,
        )
        session.add(asset)

    page = pages.get("/f/灯 1/poster")

    address = next(one.text for one in page.tree.all("p", **{"class": "mono"}))
    assert address.endswith("/f/%E7%81%AF%201")
    assert page.tree.all("svg", **{"class": "qr"})
    assert {"灯 1", "样板路 12 号对面"} <= {one.text for one in page.tree.all("p")}
    assert "noindex" in page.headers["x-robots-tag"]
    assert pages.get(address[address.index("/f/") :]).status == 200
    assert pages.get("/f/NOBODY/poster").status == 404


def test_a_wrong_filter_is_told_and_nothing_is_shown_where_it_is_switched_off(
    app: FastAPI, client: TestClient, pages: PageClient, reports: list[str]
) -> None:
    assert pages.get("/map?bbox=83,39").status == 422
    assert client.get("/map/points.json?days=many").status_code == 422
    off = app.state.edge.settings.model_copy(update={"public_reports": False})
    app.state.edge = replace(app.state.edge, settings=off)

    for url in ("/map", "/map/points.json", f"/reports/{reports[0]}", "/reports.csv"):
        assert client.get(url).status_code == 404

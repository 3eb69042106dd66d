"""A citizen reports something broken, in small steps, without script."""

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import func, select

from app.cases.models import Attachment, Case, Draft
from app.catalogue.rules import CaseKind, Urgency
from app.kernel import geo
from app.kernel.files import FileStore
from app.repairs.models import RepairPhoto
from app.settings import Settings
from tests.portal.broken import (
    LAT,
    LON,
    a_moving_picture,
    a_photo,
    choose,
    files,
    lit,
    send,
    the_repair,
    to_what,
    type_id,
)
from tests.portal.conftest import LAKE
from tests.support.city import City
from tests.support.pages import PageClient
from tests.web.papers import HEIC


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """These are pages: what they call is tried on both databases elsewhere."""
    path = tmp_path / "test.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def town(city: City, settings: Settings, client: TestClient) -> City:
    """The city with types of facilities, one lamp post, and a ground that ends."""
    lit(city, settings)
    client.headers["accept-language"] = "en"
    return city


def test_a_photo_says_where_and_when_and_a_tick_is_enough_for_words(
    pages: PageClient, town: City, settings: Settings
) -> None:
    page = pages.get("/report/repair")
    offered = pages.submit(
        page.form(field="photos"), press="next", files=files(a_photo(noted=True))
    )
    used = pages.submit(offered.form(field="photos"), press="use")
    what = pages.submit(used.form(field="photos"), press="next")
    values = pages.get("/report/repair/place").form(field="facility").values()
    found = pages.submit(what.form(field="looked_for"), press="search", looked_for="ld")
    with town.db() as session:
        chosen = str(type_id(session, "0120"))
    assert chosen in {e.attrs["value"] for e in found.form(field="type").element.all("input")
                      if e.attrs.get("type") == "radio"}  # fmt: skip
    danger = pages.submit(found.form(field="type"), press="next", type=chosen)
    more = pages.submit(danger.form(field="how"), how="dark", danger="none")
    contact = pages.submit(more.form(field="body"), q_lamps="3")
    check = pages.submit(contact.form(field="phone"), anonymous="no", name="测试甲",
                         phone="17900001234")  # fmt: skip
    slip = send(pages, check)
    again = send(pages, check)

    assert "The photo was taken here" in offered.text
    assert "平湖区" in offered.text or "Lake District" in offered.text
    assert (values["lat"], values["lon"], values["region"]) == (
        ["39.100000"],
        ["83.200000"],
        [LAKE],
    )
    assert "Expected to be repaired by" in check.text
    case, repair = the_repair(town)
    assert slip.url == again.url
    assert case.number in slip.text
    assert "Repair expected by" in slip.text
    assert (case.kind, case.region_code, case.body) == (
        CaseKind.REPAIR,
        LAKE,
        "路灯 不亮或忽明忽暗",
    )
    assert case.cell == geo.cell(LON, LAT)
    assert repair.dangers == ["dark"]
    assert not repair.is_danger
    with town.db() as session:
        photo = session.scalars(select(RepairPhoto)).one()
        file = session.get_one(Attachment, photo.attachment_id)
        assert session.scalar(select(func.count()).select_from(Case)) == 1
        assert session.scalar(select(func.count()).select_from(Draft)) == 0
    assert (photo.lat, photo.lon) == (Decimal("39.100000"), Decimal("83.200000"))
    assert photo.taken_at == datetime.fromisoformat("2026-03-01T12:00:00+08:00")
    stored = FileStore(settings.data_dir / "files").path(file.sha256).read_bytes()
    assert b"Exif" not in stored
    assert not Image.open(BytesIO(stored)).getexif()


@pytest.mark.parametrize(
    ("lat", "lon", "said", "left"),
    [
        ("0", "0", "0/0", ("0", "0")),
        ("83.2", "39.1", "other way round", ("39.100000", "83.200000")),
        ("31.2", "121.5", "outside the city", ("31.2", "121.5")),
        ("95", "200", "no such position", ("95", "200")),
        ("north", "83.2", "Degrees are numbers", ("north", "83.2")),
        ("39.1", "", "Degrees are numbers", ("39.1", "")),
    ],
)
@pytest.mark.usefixtures("town")
def test_a_position_that_cannot_be_is_said_and_nothing_typed_is_lost(
    pages: PageClient, lat: str, lon: str, said: str, left: tuple[str, str]
) -> None:
    refused = to_what(pages, lat=lat, lon=lon, place="样板路口", region=LAKE)

    values = refused.form(field="facility").values()
    assert refused.status == 422
    assert said in refused.text
    assert (values["place"], values["region"]) == (["样板路口"], [LAKE])
    assert (values["lat"], values["lon"]) == ([left[0]], [left[1]])


@pytest.mark.usefixtures("town")
def test_a_place_is_needed_and_a_position_alone_tells_the_district(pages: PageClient) -> None:
    nothing = to_what(pages, place="只写了地方")
    unknown = to_what(pages, facility="LD-9999", place="只写了地方")
    alone = to_what(pages, lat="３９.１００００１", lon="83.2")

    assert nothing.status == unknown.status == 422
    assert "Say where it is" in nothing.text
    assert "no facility with this number" in unknown.text
    assert unknown.form(field="facility").values()["facility"] == ["LD-9999"]
    assert alone.url == "/report/repair/what"
    place = pages.get("/report/repair/place").form(field="facility").values()
    assert place["region"] == [LAKE]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("cat.gif", a_moving_picture(), "Only photos"),
        ("lamp.jpg", b"<html><script>alert(1)</script></html>", "Only photos"),
        ("lamp.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "Only photos"),
        ("lamp.webp", b"<?php system($_GET['c']); ?>", "Only photos"),
        ("lamp.jpg", b"\xff\xd8\xff" + b"\0" * 30_000_000, "too large"),
        ("lamp.jpg", a_photo()[:400], "damaged"),
    ],
)
@pytest.mark.usefixtures("town")
def test_what_is_no_photo_is_refused_in_a_sentence_and_what_was_there_stays(
    pages: PageClient, name: str, data: bytes, said: str
) -> None:
    page = pages.submit(
        pages.get("/report/repair").form(field="photos"), press="add", files=files(a_photo())
    )

    refused = pages.submit(page.form(field="photos"), press="next", files=files(data, name))

    assert refused.status == 422
    assert said in refused.text
    assert len(refused.tree.all("img")) == 1


@pytest.mark.usefixtures("town")
def test_a_photo_taken_elsewhere_offers_its_time_and_says_why_not_its_place(
    pages: PageClient,
) -> None:
    form = pages.get("/report/repair").form(field="photos")

    offered = pages.submit(form, files=files(a_photo(noted=True, east=116.0)))
    used = pages.submit(offered.form(field="photos"), press="use")

    assert "is not in this city and is not used" in offered.text
    assert "The photo says when it was taken" in offered.text
    assert "The place on the map is known." not in used.text


@pytest.mark.usefixtures("town")
def test_six_photos_are_taken_and_the_seventh_is_not(client: TestClient, pages: PageClient) -> None:
    form = pages.get("/report/repair").form(field="photos")
    several = [("photos", (f"{n}.jpg", a_photo(), "image/jpeg")) for n in range(6)]
    several.insert(0, ("photos", ("IMG_1.HEIC", HEIC.read_bytes(), "image/heic")))

    many = client.post(form.action, data=form.values(), files=several, follow_redirects=True)
    six = client.post(form.action, data=form.values(), files=several[:6], follow_redirects=True)

    assert many.status_code == 422
    assert "too many files" in many.text
    assert six.status_code == 200
    photos = pages.get("/report/repair/photo")
    assert len(photos.tree.all("img")) == 6
    assert "photos" not in photos.form(field="csrf", action="photo").names


def test_danger_says_whom_to_call_and_the_report_is_saved_as_dangerous(
    pages: PageClient, town: City
) -> None:
    to_what(pages)
    danger = choose(pages, town, "0120")
    silent = pages.submit(danger.form(field="how"))
    call = pages.submit(silent.form(field="how"), how="dark", danger=["live", "none"])
    more = pages.submit(call.form(action="/call"))
    contact = pages.submit(more.form(field="body"), body="灯杆漏电,已经有人触电了")
    words = contact  # words of danger not warned of yet: the numbers once more
    contact = pages.submit(words.form(action="/call"))
    check = pages.submit(contact.form(field="phone"), anonymous="no", name="测试甲",
                         phone="17900001234")  # fmt: skip
    send(pages, check)

    assert silent.status == 422
    assert "Choose how it is broken." in silent.text
    assert "Please call now" in call.text
    assert {link for link in call.links.values() if link.startswith("tel:")} >= {"tel:119"}
    assert words.url == "/report/repair/call"
    assert "In danger?" in check.text
    assert "A sample limit, not yet set by the city." in check.text
    case, repair = the_repair(town)
    assert repair.is_danger
    assert repair.dangers == ["dark", "live"]
    assert case.urgency in (Urgency.CRITICAL, Urgency.URGENT)
    assert repair.safety_due_at is not None


def test_what_was_written_stays_until_it_is_deleted(
    pages: PageClient, client: TestClient, town: City
) -> None:
    to_what(pages)
    more_form = pages.submit(
        choose(pages, town, "0120").form(field="how"), how="row", danger="none"
    ).form(field="body")
    kept = client.post(
        "/report/repair/keep", data=more_form.values() | {"body": ["从上周"], "q_lamps": ["5"]}
    )
    back = pages.get("/report/repair/more").form(field="body").values()
    gone = pages.submit(pages.get("/report/repair/more").form(action="/forget"))

    assert kept.status_code == 204
    assert (back["body"], back["q_lamps"]) == (["从上周"], ["5"])
    assert gone.url == "/"
    assert pages.get("/report/repair").url == "/report/repair/photo"

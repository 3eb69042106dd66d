"""A citizen reports something broken, in small steps, without script; "me too" instead of twice."""

import json
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cases.models import Attachment, Case, Draft
from app.cases.repair_models import Repair
from app.catalogue.rules import CaseKind, Urgency
from app.facilities import service as facilities
from app.facilities.models import Asset, FacilityType
from app.facilities.rules import AssetState, plate_of
from app.kernel import geo
from app.kernel.files import FileStore
from app.repairs.models import RepairPhoto
from app.settings import Settings
from app.watching.models import Watcher
from tests.portal.conftest import LAKE
from tests.support.city import City
from tests.support.clock import MONDAY_9AM
from tests.support.pages import Page, PageClient
from tests.web.papers import HEIC

LON, LAT = 83.2, 39.1
PLATE, CODE = "LD-0001", "9901010120000001"


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """These are pages: what they call is tried on both databases elsewhere."""
    path = tmp_path / "test.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def town(city: City, settings: Settings, client: TestClient) -> City:
    """The city with types of facilities, one lamp post, and a ground that ends."""
    folder = settings.data_dir / "geo"
    folder.mkdir(parents=True)
    ring = [[83.0, 39.0], [83.5, 39.0], [83.5, 39.4], [83.0, 39.4], [83.0, 39.0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    area = {"type": "Feature", "properties": {"code": LAKE, "name": "平湖区"}, "geometry": shape}
    text = json.dumps({"type": "FeatureCollection", "features": [area]})
    (folder / "districts.geojson").write_text(text, "utf-8")
    with city.db.begin() as session:
        facilities.seed(session, now=MONDAY_9AM)
        session.add(
            Asset(
                code=CODE,
                plate=PLATE,
                type_id=type_id(session, "0120"),
                name="单臂路灯",
                place="样板路 12 号对面",
                region_code=LAKE,
                lon=Decimal("83.200000"),
                lat=Decimal("39.100000"),
                cell=geo.cell(LON, LAT),
                state=AssetState.IN_USE,
                changed_at=MONDAY_9AM,
            )
        )
    client.headers["accept-language"] = "en"
    return city


def type_id(session: Session, code: str) -> int:
    return session.scalars(select(FacilityType.id).where(FacilityType.code == code)).one()


def a_photo(colour: str = "red", *, noted: bool = False) -> bytes:
    """A small JPEG; if noted, taken at 39°6′ N 83°12′ E on the first of March at noon."""
    data, notes = BytesIO(), Image.Exif()
    if noted:
        notes.get_ifd(0x8825).update({1: "N", 2: (39.0, 6.0, 0.0), 3: "E", 4: (83.0, 12.0, 0.0)})
        notes.get_ifd(0x8769).update({0x9003: "2026:03:01 12:00:00", 0x9011: "+08:00"})
    Image.new("RGB", (40, 30), colour).save(data, "JPEG", exif=notes)
    return data.getvalue()


def a_moving_picture() -> bytes:
    data = BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    frames[0].save(data, "GIF", save_all=True, append_images=frames[1:], duration=50)
    return data.getvalue()


def files(data: bytes, name: str = "IMG_0001.jpg") -> dict[str, tuple[str, bytes, str]]:
    return {"photos": (name, data, "image/jpeg")}


def to_what(pages: PageClient, **place: str) -> Page:
    page = pages.get("/report/repair/photo")
    pages.submit(page.form(field="photos"), press="next")
    page = pages.get("/report/repair/place")
    typed: dict[str, str | list[str]] = {**(place or {"region": LAKE})}
    return pages.submit(page.form(field="facility"), files=None, press="", **typed)


def choose(pages: PageClient, city: City, code: str) -> Page:
    """Choose a type by its class, as whoever looks through the list."""
    with city.db() as session:
        chosen = type_id(session, code)
    form = pages.get(f"/report/repair/what?group={code[:-2]}").form(field="type")
    return pages.submit(form, press="next", type=str(chosen))


def to_check(pages: PageClient, city: City, *, body: str = "", **place: str) -> Page:
    to_what(pages, **place)
    page = choose(pages, city, "0120")
    if page.url.endswith("/near"):
        page = pages.submit(page.form(action="/my/too"), same="other")
    page = pages.submit(page.form(field="how"), how="dark", danger="none")
    page = pages.submit(page.form(field="body"), body=body)
    form = page.form(field="phone")
    return pages.submit(form, anonymous="no", name="测试甲", phone="17900001234")


def send(pages: PageClient, page: Page) -> Page:
    return pages.submit(page.form(field="idempotency"))


def the_repair(city: City) -> tuple[Case, Repair]:
    with city.db() as session:
        case = session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()
        return case, session.get_one(Repair, case.id)


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


def test_the_same_lamp_reported_again_is_a_voice_and_not_a_second_report(
    pages: PageClient, client: TestClient, town: City
) -> None:
    send(pages, to_check(pages, town, body="我家三楼窗前的灯不亮", lat="39.1", lon="83.2"))
    case, _ = the_repair(town)
    client.cookies.clear()

    to_what(pages, lat="39.1001", lon="83.2")
    near = choose(pages, town, "0120")
    unsaid = pages.submit(near.form(action="/my/too"))
    odd = pages.submit(near.form(action="/my/too"), same=case.number, reach="010-8765")
    thanks = pages.submit(near.form(action="/my/too"), same=case.number)

    assert near.url == "/report/repair/near"
    assert "metres away" in near.text
    assert "三楼" not in near.text
    assert "17900001234" not in near.text
    assert unsaid.status == odd.status == 422
    assert odd.form(field="reach").values()["reach"] == ["010-8765"]
    assert thanks.url.startswith("/w/")
    assert case.number in thanks.text
    with town.db() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1
        assert session.scalars(select(Watcher.case_id)).all() == [case.id]
        assert session.scalar(select(func.count()).select_from(Draft)) == 0


@pytest.mark.usefixtures("by_mail")
def test_who_types_an_address_gets_no_link_in_the_browser_anybody_can_type_one(
    pages: PageClient, town: City
) -> None:
    send(pages, to_check(pages, town, lat="39.1", lon="83.2"))
    case, _ = the_repair(town)
    to_what(pages, lat="39.1001", lon="83.2")
    near = choose(pages, town, "0120")

    form = near.form(action="/my/too")
    counted = pages.submit(form, same=case.number, reach="neighbour@example.org")

    assert counted.url == "/report/repair/counted"
    assert "/w/" not in counted.text
    with town.db() as session:
        assert not session.scalars(select(Watcher)).one().is_told


def test_who_has_another_lamp_goes_on_and_is_not_asked_again(pages: PageClient, town: City) -> None:
    send(pages, to_check(pages, town, lat="39.1", lon="83.2"))

    check = to_check(pages, town, lat="39.1001", lon="83.2")
    slip = send(pages, check)

    assert check.url == "/report/repair/check"
    assert slip.url.endswith("/slip")
    far = to_what(pages, lat="39.11", lon="83.2")
    assert choose(pages, town, "0120").url == "/report/repair/danger"
    assert far.status == 200


@pytest.mark.parametrize(
    ("plate", "path", "by_hand"),
    [
        ("A/12", "/f/A/12", ("/f/a/12", "/f/A%2F12", "/f/ａ／12", "/f/Ａ%EF%BC%8F１２")),
        ("灯 1#?&+%", "/f/%E7%81%AF%201%23%3F%26%2B%25", ("/f/灯%20%201%23%3F%26%2B%25",)),
        ("//A/../1", f"/f/{CODE}", (f"/f/{CODE}",)),
    ],
)
def test_a_plate_with_reserved_signs_opens_by_its_code_by_hand_and_for_the_report(
    pages: PageClient, town: City, plate: str, path: str, by_hand: tuple[str, ...]
) -> None:
    with town.db.begin() as session:
        session.scalars(select(Asset).where(Asset.code == CODE)).one().plate = plate_of(plate)

    poster = pages.get(f"{path}/poster")
    seen = [pages.get(each) for each in (path, *by_hand)]
    begun = pages.submit(seen[0].form(action="/f/"))

    assert f"{path}</p>" in poster.html
    assert {each.status for each in seen} == {200}
    assert len({each.heading for each in seen}) == 1
    assert pages.get(seen[0].links["Poster to hang up"]).status == 200
    assert begun.url == "/report/repair/photo"


def test_a_plate_leads_to_a_report_with_facility_type_and_place(
    pages: PageClient, town: City
) -> None:
    plate = pages.get(f"/f/{PLATE.lower()}")
    same = pages.get(f"/f/{CODE}")
    photo = pages.submit(plate.form(action="/f/"))
    danger = pages.submit(photo.form(field="photos"), press="next")
    more = pages.submit(danger.form(field="how"), how="lean", danger="none")
    contact = pages.submit(more.form(field="body"))
    check = pages.submit(contact.form(field="phone"), anonymous="yes")
    send(pages, check)
    shown = pages.get(f"/f/{PLATE}")
    odd = pages.submit(shown.form(action="/my/too"), reach="12")
    unknown = pages.get("/f/NO-SUCH")

    assert plate.heading == same.heading
    assert danger.url == "/report/repair/danger"
    assert PLATE in check.text
    case, repair = the_repair(town)
    assert (case.place, case.region_code, case.is_anonymous) == ("样板路 12 号对面", LAKE, True)
    assert repair.asset_id is not None
    assert "Me too" in shown.text
    assert odd.status == 422
    assert odd.form(action="/my/too").values()["same"] == [case.number]
    assert unknown.status == 404
    assert "/report/repair" in unknown.links.values()


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

"""What is broken was reported already, or bears a plate: "me too" instead of a second report."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.cases.models import Case, Draft
from app.facilities.models import Asset
from app.facilities.rules import plate_of
from app.settings import Settings
from app.watching.models import Watcher
from tests.portal.broken import CODE, PLATE, choose, lit, send, the_repair, to_check, to_what
from tests.portal.conftest import LAKE
from tests.support.city import City
from tests.support.pages import PageClient


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

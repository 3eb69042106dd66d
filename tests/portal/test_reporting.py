"""A visitor reports a matter, in small steps, without script."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.cases.models import Attachment, Case, Draft
from app.catalogue.rules import Urgency
from app.citizens import service as citizens
from tests.portal import walking
from tests.portal.conftest import LAKE, LAKE_STREET
from tests.support.city import City
from tests.support.pages import PageClient

pytestmark = pytest.mark.usefixtures("city")


def photos(*files: bytes, name: str = "photo.jpg") -> dict[str, tuple[str, bytes, str]]:
    return {"photos": (name, files[0], "image/jpeg")}


def test_a_visitor_walks_from_place_to_slip_and_the_case_is_there(
    pages: PageClient, city: City
) -> None:
    check = walking.to_check(pages, phone="０１０ - 8765 4321")

    slip = walking.send(pages, check)

    with city.db() as session:
        case = session.scalars(select(Case)).one()
        person = citizens.person_of(session, case.citizen_id or 0)
        code = walking.code_of(session, case)
    assert (case.body, case.region_code, case.place) == (walking.TEXT, LAKE, "样板路 12 号")
    assert (person.name, person.phone) == ("测试甲", "01087654321")
    assert case.number in slip.text
    assert f"{code[:4]} {code[4:]}" in slip.text
    assert slip.tree.all("svg", **{"class": "qr"})
    assert "测试甲" not in slip.text
    assert slip.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in slip.headers["x-robots-tag"]


def test_sending_twice_opens_one_case_and_shows_the_same_slip(
    pages: PageClient, city: City
) -> None:
    form = walking.to_check(pages).form(field="idempotency")

    first, second = pages.submit(form), pages.submit(form)

    with city.db() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1
        assert session.scalar(select(func.count()).select_from(Draft)) == 0
    assert first.url == second.url


def test_each_answer_comes_back_filled_and_leads_back_to_the_check(pages: PageClient) -> None:
    walking.to_check(pages)

    place = pages.get("/report/place").form(field="region")
    details = pages.get("/report/details").form(field="body")
    contact = pages.get("/report/contact").form(field="phone")
    changed = pages.submit(place, region=LAKE_STREET, place="新地方")

    assert place.values()["region"] == [LAKE]
    assert details.values()["body"] == [walking.TEXT]
    assert contact.values()["phone"] == [walking.PHONE]
    assert changed.url == "/report/check"
    assert "新地方" in changed.text


def test_a_category_is_found_by_a_visitors_own_words(pages: PageClient) -> None:
    form = walking.to_what(pages).form(field="looked_for")

    found = pages.submit(form, press="search", looked_for="楼下路灯坏了好几天")

    labels = [label.text for label in found.form(field="category").element.all("label")]
    assert any("路灯照明" in label for label in labels)


def test_who_does_not_know_the_category_goes_on_but_not_anonymously(pages: PageClient) -> None:
    page = walking.to_what(pages)

    details = pages.submit(page.form(button="unknown"), press="unknown")
    contact = pages.submit(details.form(field="body"), press="next", body=walking.TEXT)

    form = contact.form(field="phone")
    assert form.values()["anonymous"] == ["no"]
    assert not form.element.all("input", type="radio")


def test_an_anonymous_report_keeps_no_name(pages: PageClient, city: City) -> None:
    form = walking.to_contact(pages).form(field="phone")

    check = pages.submit(form, anonymous="yes", name="测试甲", phone=walking.PHONE)
    walking.send(pages, check)

    with city.db() as session:
        case = session.scalars(select(Case)).one()
    assert case.is_anonymous
    assert case.citizen_id is None
    assert "测试甲" not in check.text


def test_a_refused_phone_number_leaves_the_name_where_it_was(pages: PageClient) -> None:
    form = walking.to_contact(pages).form(field="phone")

    refused = pages.submit(form, anonymous="no", name="测试甲", phone="0599-123")

    assert refused.status == 422
    assert refused.form(field="phone").values()["name"] == ["测试甲"]
    assert refused.form(field="phone").values()["phone"] == ["0599-123"]


def test_missing_answers_are_named_and_what_was_typed_stays(pages: PageClient) -> None:
    form = pages.get("/report/place").form(field="region")

    refused = pages.submit(form, place="只写了地方")

    assert refused.status == 422
    assert refused.form(field="region").values()["place"] == ["只写了地方"]
    assert refused.tree.all("a", href="#f-region")


def test_a_region_nobody_offered_is_refused(pages: PageClient) -> None:
    data = pages.get("/report/place").form(field="region").values()

    refused = pages.post("/report/place", data | {"region": ["110101"]})

    assert refused.status == 422


def test_a_foreign_category_is_refused(pages: PageClient) -> None:
    walking.to_what(pages)
    data = pages.get("/report/what?group=01").form(field="category").values()

    answers = [
        pages.post("/report/what?group=01", data | {"category": [foreign]})
        for foreign in ("999999", "-1", "x", "9" * 40, "")
    ]

    assert [answer.status for answer in answers] == [422] * 5


def test_a_photo_is_kept_with_the_draft_shown_removed_and_sent(
    pages: PageClient, city: City, client: TestClient
) -> None:
    form = walking.to_details(pages).form(field="body")

    page = pages.submit(form, press="add", files=photos(walking.a_photo()), body="灯坏了")
    twice = pages.submit(
        page.form(field="body"), press="add", files=photos(walking.a_photo("blue"))
    )
    images = [image.attrs["src"] for image in twice.tree.all("img")]
    removing = next(
        b for b in twice.form(field="body").buttons if "remove" in b.attrs.get("value", "")
    )
    one = pages.submit(twice.form(field="body"), press=removing.attrs["value"])
    thumbnail = client.get(images[1])

    assert page.form(field="body").values()["body"] == ["灯坏了"]
    assert len(images) == 2
    assert len(one.tree.all("img")) == 1
    assert thumbnail.headers["content-type"] == "image/jpeg"
    contact = pages.submit(one.form(field="body"), press="next", body=walking.TEXT)
    check = pages.submit(contact.form(field="phone"), anonymous="yes")
    walking.send(pages, check)
    with city.db() as session:
        file = session.scalars(select(Attachment)).one()
        assert file.case_id == session.scalars(select(Case.id)).one()
        assert file.draft_id is None
        assert file.is_public


def test_the_position_of_a_photo_is_offered_and_used_only_when_wished(
    pages: PageClient, city: City
) -> None:
    form = walking.to_details(pages).form(field="body")
    photo = photos(walking.a_photo(with_position=True))

    offer = pages.submit(form, press="add", files=photo, body=walking.TEXT)
    untouched = pages.get("/report/place").form(field="lat").values()["lat"]
    used = pages.submit(offer.form(field="body"), press="use_position")
    contact = pages.submit(used.form(field="body"), press="next")
    walking.send(pages, pages.submit(contact.form(field="phone"), anonymous="yes"))

    assert untouched == [""]
    assert not [
        b for b in used.form(field="body").buttons if b.attrs.get("value", "") == "use_position"
    ]
    with city.db() as session:
        case = session.scalars(select(Case)).one()
    assert (str(case.lat), str(case.lon)) == ("39.100000", "83.200000")


def test_a_zip_named_jpg_is_refused_beside_its_field_and_the_words_stay(pages: PageClient) -> None:
    form = walking.to_details(pages).form(field="body")

    refused = pages.submit(form, press="next", files=photos(b"PK\x03\x04zip"), body=walking.TEXT)

    assert refused.status == 422
    assert refused.form(field="body").values()["body"] == [walking.TEXT]
    assert refused.tree.all("span", id="f-photos-err")
    assert pages.get("/report/details").form(field="body").values()["body"] == [walking.TEXT]


def test_another_browser_sees_neither_the_draft_nor_its_photo(
    pages: PageClient, app: FastAPI
) -> None:
    form = walking.to_details(pages).form(field="body")
    page = pages.submit(form, press="add", files=photos(walking.a_photo()), body="灯坏了")
    photo = page.tree.all("img")[0].attrs["src"]

    with TestClient(app, follow_redirects=False) as other:
        stranger = PageClient(other)

        assert stranger.get("/report").url == "/report/place"
        assert stranger.get("/report/details").form(field="body").values()["body"] == [""]
        assert other.get(photo).status_code == 404


def test_what_is_typed_is_kept_encrypted_by_the_script_and_can_be_deleted(
    pages: PageClient, city: City
) -> None:
    form = walking.to_details(pages).form(field="body")

    kept = pages.post("/report/keep", form.values() | {"body": ["半句话还没"]})

    assert kept.status == 204
    again = pages.get("/report/details")
    assert again.form(field="body").values()["body"] == ["半句话还没"]
    with city.db() as session:
        assert "半句话".encode() not in session.scalars(select(Draft.data)).one()
    home = pages.submit(again.form(action="/report/forget"))
    assert home.url == "/"
    assert pages.get("/report").form(field="region").values()["region"] == [""]


def test_words_of_danger_stop_the_visitor_once_and_the_report_can_still_be_sent(
    pages: PageClient, city: City
) -> None:
    form = walking.to_details(pages).form(field="body")

    stop = pages.submit(form, press="next", body="楼道里有很浓的煤气味，怕是煤气泄漏")
    contact = pages.submit(stop.form(action="/report/urgent"))
    check = pages.submit(contact.form(field="phone"), anonymous="yes")
    walking.send(pages, check)

    assert stop.url == "/report/urgent"
    assert stop.tree.all("a", href="tel:119")
    assert contact.url == "/report/contact"
    with city.db() as session:
        assert session.scalars(select(Case.urgency)).one() is Urgency.URGENT


def test_a_critical_category_is_warned_of_too(pages: PageClient) -> None:
    walking.to_what(pages)
    form = pages.get("/report/what?group=04").form(field="category")
    leak = next(
        label.all("input")[0].attrs["value"]
        for label in form.element.all("label")
        if "燃气泄漏" in label.text
    )
    details = pages.submit(form, press="next", category=leak)

    stop = pages.submit(details.form(field="body"), press="next", body="厨房有味道")

    assert stop.url == "/report/urgent"


def test_many_reports_from_one_device_ask_for_a_proof_and_lose_nothing(
    pages: PageClient, city: City, app: FastAPI
) -> None:
    for _ in range(app.state.settings.pow_threshold):
        walking.reported(pages)
    check = walking.to_check(pages)

    asked = pages.submit(check.form(field="idempotency"))
    form = asked.form(field="wait_token")
    too_early = pages.submit(form)
    app.state.edge.clock.advance(timedelta(seconds=app.state.settings.delay_seconds))
    slip = pages.submit(too_early.form(field="wait_token"))

    assert asked.status == too_early.status == 429
    assert slip.url.endswith("/slip")
    with city.db() as session:
        count = session.scalar(select(func.count()).select_from(Case))
    assert count == app.state.settings.pow_threshold + 1


def test_a_very_long_text_is_refused_with_a_sentence_and_kept(pages: PageClient) -> None:
    form = walking.to_details(pages).form(field="body")

    refused = pages.submit(form, press="next", body="长" * 5001)

    assert refused.status == 422
    assert refused.form(field="body").values()["body"] == ["长" * 5001]


def test_control_characters_go_and_emoji_stay(pages: PageClient, city: City) -> None:
    walking.send(pages, walking.to_check(pages, body="路灯\x00\x07不亮😡\u202e请修"))

    with city.db() as session:
        assert session.scalars(select(Case.body)).one() == "路灯不亮😡请修"


def test_a_form_from_another_browser_is_given_back(pages: PageClient) -> None:
    data = walking.to_details(pages).form(field="body").values()

    refused = pages.post("/report/details", data | {"csrf": ["x.y"], "body": [walking.TEXT]})

    assert refused.status == 403
    assert refused.form(field="body").values()["body"] == [walking.TEXT]


def test_the_check_page_cannot_be_jumped_to(pages: PageClient) -> None:
    walking.to_details(pages)

    page = pages.get("/report/check")

    assert page.url == "/report/details"


def test_the_walk_reads_in_english(pages: PageClient) -> None:
    pages.http.cookies.set("lang", "en")

    what = walking.to_what(pages)

    assert what.tree.all("html")[0].attrs["lang"] == "en"
    assert "Roads and traffic" in what.text
    assert "Lake District" in pages.get("/report/place").text


def test_a_broken_store_keeps_the_words_and_says_so(pages: PageClient, app: FastAPI) -> None:
    form = walking.to_details(pages).form(field="body")
    (app.state.settings.data_dir / "files").write_text("not a folder")

    refused = pages.submit(form, press="next", files=photos(walking.a_photo()), body=walking.TEXT)

    assert refused.status == 503
    assert walking.TEXT in refused.html
    assert pages.get("/report/details").form(field="body").values()["body"] == [walking.TEXT]


def test_ten_megabytes_of_text_are_refused_with_a_sentence(pages: PageClient) -> None:
    data = walking.to_details(pages).form(field="body").values()

    refused = pages.post("/report/details", data | {"body": ["长" * 3_400_000]})

    assert refused.status == 413

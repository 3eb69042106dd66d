"""The register, its files, plates and types as people keep them, page by page, without script."""

import io

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role, Scope
from app.departments.models import Unit
from app.facilities import queries
from app.kernel.audit import AuditEntry
from tests.accounts.builders import a_person
from tests.facilities.builders import found, put_asset
from tests.support.pages import PageClient

Db = sessionmaker[Session]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def keeper(db: Db, pages: PageClient) -> PageClient:
    with db.begin() as session:
        lighting = found(session)
        put_asset(session, plate="LD-1", lon=83.0414, lat=39.0621, owner_unit_id=lighting.id)
        a_person(session, "admin", Role.ADMIN, scope=Scope.ALL)
        a_person(session, "clerk", Role.CLERK)
    pages.http.cookies.set("lang", "en")
    pages.sign_in("admin")
    return pages


def test_a_lamp_is_registered_found_changed_and_its_plate_printed(keeper: PageClient) -> None:
    form = keeper.get("/facilities/new?type=0120&region_code=990101").form(field="plate")
    refused = keeper.submit(form, plate="LD-2", place="稻香大道 3 号", lon="39.06", lat="83.04")
    turned = refused.form(field="plate").values()
    added = keeper.submit(refused.form(field="plate"))
    edited = keeper.submit(
        keeper.get(f"{added.url}/edit").form(field="place"), place="稻香大道 5 号"
    )
    listed = keeper.get("/facilities?q=稻香")
    plates = keeper.submit(listed.form(field="code"), code="9901010120000002")

    assert refused.status == 422
    assert "look swapped" in refused.text
    assert (turned["lon"], turned["lat"]) == (["83.04"], ["39.06"])
    assert added.url.endswith("/facilities/9901010120000002")
    assert "稻香大道 5 号" in edited.text
    assert "LD-2" in listed.text
    assert "LD-1" not in listed.text
    assert "LD-2" in plates.text
    assert plates.html.count("<svg") == 1


def test_the_head_of_a_unit_who_names_another_owner_reads_so_and_keeps_what_was_typed(
    keeper: PageClient, db: Db
) -> None:
    with db.begin() as session:
        lighting = session.scalars(select(Unit).where(Unit.code == "LIGHT")).one()
        a_person(session, "head", Role.UNIT_HEAD, unit=lighting, scope=Scope.SUBTREE)
    keeper.sign_in("head")
    form = keeper.get("/facilities/new?type=0120&region_code=990101").form(field="plate")

    empty = keeper.submit(keeper.get("/facilities/new").form(field="plate"))
    refused = keeper.submit(form, plate="LD-3", place="稻香大道 7 号", owner_unit_id="")
    added = keeper.submit(form, plate="LD-3", place="稻香大道 7 号")

    assert refused.status == 422
    assert "Choose what kind of facility it is" in empty.text
    assert "Please choose a district or street" in empty.text
    assert "A code has 16 digits" not in empty.text
    assert "Choose your own unit" in refused.text
    assert refused.form(field="plate").values()["place"] == ["稻香大道 7 号"]
    assert added.url.endswith("/facilities/9901010120000002")


def test_a_photo_shows_how_it_should_look_and_a_script_is_no_photo(keeper: PageClient) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "#888").save(picture, "JPEG")
    page = keeper.get("/facilities/9901010120000001")

    kept = keeper.submit(
        page.form(field="photo"), files={"photo": ("a.jpg", picture.getvalue(), "image/jpeg")}
    )
    refused = keeper.submit(
        kept.form(field="photo"), files={"photo": ("b.jpg", b"<script>", "image/jpeg")}
    )
    gone = keeper.submit(kept.form(action="/remove"))

    assert kept.html.count("<img") == 1
    assert refused.status == 422
    assert gone.html.count("<img") == 0


def test_a_file_is_looked_at_first_and_comes_in_when_every_row_is_right(
    keeper: PageClient, db: Db
) -> None:
    head = "编码,牌号,类型,位置,经度,纬度\n"
    wrong = head + "9901010120000009,LD-9,路灯,某路,83.04,39.06\n,LD-10,飞船,某路,0,0\n"
    swapped = head + "9901010120000008,LD-8,路灯,某路,39.06,83.04\n"
    form = keeper.get("/facilities/import").form(field="file")

    seen = keeper.submit(form, files={"file": ("a.csv", wrong.encode("gb18030"), "text/csv")})
    right = wrong.splitlines(keepends=True)[:2]
    sound = keeper.submit(form, files={"file": ("a.csv", "".join(right).encode(), "text/csv")})
    listed = keeper.submit(sound.form(button="take"), press="take")
    no_file = keeper.submit(form, files={"file": ("a.bin", b"\x00\xff", "text/csv")})
    found = keeper.submit(form, files={"file": ("a.csv", swapped.encode(), "text/csv")})
    turned = keeper.submit(found.form(field="turn"))

    assert "There is no such type of facility." in seen.text
    assert "0/0" in seen.text
    assert all(form.action != "take" and "take" not in form.names for form in seen.forms)
    assert "LD-9" in listed.text
    assert "1 facility was taken over from the file." in listed.text
    assert no_file.status == 422
    assert "In 1 row latitude and longitude look swapped" in found.text
    assert "put them the other way round" not in found.text
    assert "position turned round" in turned.text
    assert turned.form(button="take").values()["turn"] == ["yes"]
    with db() as session:
        assert queries.asset_by_plate(session, "LD-9") is not None


def test_a_type_is_changed_and_a_line_that_cannot_be_read_is_named(
    keeper: PageClient, db: Db
) -> None:
    page = keeper.get("/admin/facilities/0120")
    form = page.form(field="dangers")
    refused = keeper.submit(form, dangers="live | 漏电 | Live | urgent\nx | 坏行 | bad | never")
    stays = refused.form(field="dangers").values()["dangers"]
    saved = keeper.submit(
        form,
        dangers="live | 漏电 | Live | critical | 119=消防=Fire | 快走 | Go",
        near_radius_m="75",
        questions="lamps | number | no | 几盏？ | How many? || 数一数就行 | A guess will do",
        is_home="true",
        is_filed_by_rule="",
    )
    hinted = keeper.get("/admin/facilities/0120").form(field="questions").values()["questions"]
    new = keeper.submit(
        keeper.get("/admin/facilities/new").form(field="class_name"), code="0121", name="景观灯"
    )

    assert refused.status == 422
    assert "Line 2 cannot be read" in refused.text
    assert "never" in stays[0]
    assert saved.url.endswith("/admin/facilities")
    assert new.heading.startswith("景观灯")
    with db() as session:
        kind = queries.get_type_by_code(session, "0120")
        assert kind.near_radius_m == 75
        assert [call.number for call in kind.stoppers[0].call] == ["119"]
        assert not kind.is_sample
        asked = [(one.key, one.most, one.hint.zh, one.hint.en) for one in kind.questions]
        assert asked == [("lamps", "500", "数一数就行", "A guess will do")]
        assert hinted[0].endswith("| 数一数就行 | A guess will do")
        assert (kind.is_home, kind.is_filed_by_rule) == (True, False)
        noted = select(AuditEntry.details).where(AuditEntry.action == "facility_type.change")
        assert {"is_home", "is_filed_by_rule", "questions"} <= set(
            session.scalars(noted).one()["fields"]
        )
        assert queries.get_type_by_code(session, "0121").is_asset_type


def test_who_may_only_look_is_offered_nothing_to_write(keeper: PageClient) -> None:
    keeper.http.cookies.clear()
    keeper.http.cookies.set("lang", "en")
    keeper.sign_in("clerk")

    page = keeper.get("/facilities/9901010120000001")
    given = keeper.http.get("/facilities/assets.csv")

    assert "Change" not in page.links
    assert keeper.get("/facilities/new").status == 403
    assert "LD-1" in given.text

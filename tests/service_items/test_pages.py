"""The guide as a citizen reads it, and the catalogue as an administrator keeps it, no script."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.service_items import books, queries, service
from app.service_items.rules import Condition, FieldType
from tests.accounts.builders import a_person
from tests.catalogue.builders import put_unit
from tests.service_items.builders import (
    CODE,
    LONG_AGO,
    SYSTEM,
    TODAY,
    a_content,
    a_material,
    a_question,
    an_item,
    who,
)
from tests.support.pages import Page, PageClient

Db = sessionmaker[Session]
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = ONE_DATABASE
HOME = "/admin/items"
FIELDS: dict[str, Any] = {
    "code": "990100-x-1",
    "basic_code": "SL-X-1",
    "name": "摊点登记",
    "kind": "permit",
    "unit_code": "SCJ",
    "authority": "市场监管局",
    "legal_basis": "示例条例",
    "accepting_conditions": "有摊位",
    "handling": "promised",
    "legal_value": "20",
    "promised_value": "21",
    "deliveries": ["window", "post"],
    "procedures": ["hearing"],
}


@pytest.fixture
def guide(db: Db, pages: PageClient) -> PageClient:
    with db.begin() as session:
        agents = a_material(condition=Condition("who", ("agent",)))
        shared = a_material("营业执照", key="licence", is_shared=True)
        form = a_material("登记申请表", key="form")
        content = a_content(materials=(form, agents, shared), questions=(who(),))
        an_item(session, content)
        an_item(
            session,
            a_content(name="旧摊点登记"),
            code="990100-SCJ-901",
            valid_to=TODAY - timedelta(days=1),
        )
    pages.http.cookies.set("lang", "en")
    return pages


@pytest.fixture
def admin(db: Db, pages: PageClient) -> PageClient:
    with db.begin() as session:
        put_unit(session, "SCJ")
        a_person(session, "admin", Role.ADMIN)
        a_person(session, "clerk", Role.CLERK)
    pages.http.cookies.set("lang", "en")
    pages.sign_in("admin")
    return pages


def headed(page: Page, heading: str) -> str:
    """What stands between this heading and the next one."""
    return page.text.partition(heading)[2].partition("You need not bring")[0]


def test_the_guide_says_what_to_bring_by_ones_own_answers(guide: PageClient) -> None:
    found = guide.get("/guide", params={"q": ["sptd"]})
    page = guide.get(f"/guide/{CODE}")
    own = guide.submit(page.form(button="Show my list"), q_who="self")
    agent = guide.submit(page.form(button="Show my list"), q_who="agent")
    strange = guide.get(f"/guide/{CODE}", params={"q_who": ["nobody"], "q_x": ["1"]})

    assert list(found.links.values()).count(f"/guide/{CODE}") == 1
    assert "旧摊点登记" not in guide.get("/guide").text
    assert "授权委托书" in headed(page, "Only in some cases")
    assert "登记申请表" in headed(page, "Everybody brings")
    assert "授权委托书" not in own.text
    assert "授权委托书" in headed(agent, "Your list")
    assert "营业执照" not in headed(agent, "Your list")
    assert "营业执照" in agent.text
    assert strange.status == 200
    assert "授权委托书" in headed(strange, "Only in some cases")
    assert "within 5 working days" in page.text
    assert "The law allows 20 working days" in page.text


def test_an_item_that_ended_says_so_to_who_has_kept_its_address(guide: PageClient) -> None:
    page = guide.get("/guide/990100-SCJ-901")

    assert "ended on 2026-03-01 and has no newer version" in page.text
    assert guide.get("/guide/990100-NONE").status == 404
    assert "Nothing fits" in guide.get("/guide", params={"q": ["没有这种事"]}).text


def test_an_administrator_writes_an_item_from_the_first_field_to_its_first_day(
    admin: PageClient, db: Db
) -> None:
    refused = admin.submit(admin.get(f"{HOME}/new").form(field="code"), **FIELDS)
    begun = admin.submit(refused.form(field="code"), promised_value="5", may_defer="yes")
    base = begun.url.removesuffix("/questions")
    asked = admin.submit(
        admin.get(f"{base}/questions/0").form(field="label"),
        label="谁来办理？",
        type="choice",
        options="本人\n代办人|An agent",
        in_guide="yes",
    )
    blank = admin.get(f"{base}/materials/0").form(field="name")
    vague = admin.submit(blank, name="其他材料")
    kept = admin.submit(vague.form(field="name"), name="授权委托书", condition=["q1=a2"])
    form = admin.submit(admin.get(f"{base}/materials/0").form(field="name"), name="申请表")
    listed = admin.get(f"{base}/materials")
    admin.submit(listed.form(action="/materials/2/move"), press="up")
    preview = admin.get(f"{base}/preview", params={"q_q1": ["a2"]})
    published = admin.submit(admin.get(f"{base}/publish").form(field="valid_from"))

    assert (refused.status, vague.status) == (422, 422)
    assert refused.form(field="code").values()["name"] == ["摊点登记"]
    assert "longer than the legal one" in refused.text
    assert "Nobody can bring" in vague.text
    assert [page.status for page in (begun, asked, kept, form)] == [200] * 4
    assert "Nothing more is asked" in begun.text
    assert "授权委托书" in headed(preview, "Your list")
    assert (published.url.rpartition("/")[0], published.heading) == (HOME, "摊点登记")
    with db() as session:
        version = queries.version_on(session, "990100-X-1", TODAY)
    assert [m.name.zh for m in version.content.materials] == ["申请表", "授权委托书"]
    assert version.content.materials[1].condition == Condition("q1", ("a2",))
    assert version.content.unit_code == "SCJ"
    assert version.valid_from == TODAY


def test_a_published_version_is_followed_by_the_next_and_can_be_given_an_end(
    admin: PageClient, db: Db
) -> None:
    with db.begin() as session:
        version_id = an_item(session)
        item_id = queries.get_version(session, version_id).item_id
    page = admin.get(f"{HOME}/{item_id}")

    begun = admin.submit(page.form(button="Write a new version"))
    stale = begun.form(field="name")
    saved = admin.submit(stale, fee="5 元")
    clash = admin.submit(stale, fee="6 元")
    differs = admin.get(begun.url.replace("fields", "changes"))
    early = admin.get(begun.url.replace("fields", "publish"))
    wrong = admin.submit(early.form(field="valid_from"), valid_from="2026-02-01")
    thrown = admin.submit(early.form(button="Throw the draft away"))
    ended = admin.submit(page.form(field="valid_to"), valid_to="2026-03-05")
    off = admin.submit(admin.get(f"{HOME}/{item_id}").form(button="Switch off"))
    sealed = admin.get(f"{HOME}/v/{version_id}/preview")

    assert stale.values()["promised_value"] == ["5"]
    assert (saved.status, clash.status, wrong.status) == (200, 409, 422)
    assert "begins today or later" in wrong.text
    assert "fee – 5 元" in differs.text
    assert "name" not in differs.text.partition("fee")[0].lower().split()
    assert admin.get(f"{HOME}/v/{version_id}/changes").status == 404
    assert (thrown.status, ended.status, off.status) == (200, 200, 200)
    assert "can no longer be changed" in sealed.text
    with db() as session:
        version = queries.get_version(session, version_id)
        assert (version.valid_from, version.is_active) == (LONG_AGO, False)
        assert version.valid_to == TODAY.replace(day=5)
        assert queries.list_drafts(session) == []


def test_a_file_is_looked_at_before_anything_of_it_is_taken_over(admin: PageClient, db: Db) -> None:
    with db.begin() as session:
        an_item(session)
        good = service.written(queries.newest_versions(session))
    text = good.replace(CODE, "990100-NEW-1").replace('"items": [', f'"items": [{_bad()},')
    way = f"{HOME}/file/take"

    none = admin.submit(admin.get(way).form(field="file"))
    looked = admin.submit(
        admin.get(way).form(field="file"),
        files={"file": ("items.json", text.encode(), "application/json")},
    )
    with db() as session:
        untouched = queries.keys_by_code(session)
    taken = admin.submit(looked.form(field="document"), press="take")

    assert none.status == 422
    assert (looked.status, taken.status) == (200, 200)
    assert "Nobody can bring" in looked.text
    assert set(untouched) == {CODE}
    assert "1 item was taken over" in taken.text
    with db() as session:
        assert set(queries.keys_by_code(session)) == {CODE, "990100-NEW-1"}
    book = admin.http.get(f"{HOME}/file/items.xlsx").content
    assert "990100-NEW-1" in books.read_file(book)
    assert CODE in admin.http.get(f"{HOME}/file/items.json").text


def test_a_filled_in_example_is_kept_with_its_paper_and_shown_in_the_guide(
    admin: PageClient, db: Db
) -> None:
    with db.begin() as session:
        an_item(session, a_content(materials=(a_material(),)))
        draft = service.open_draft(session, queries.keys_by_code(session)[CODE], edit=SYSTEM)
    way = f"{HOME}/v/{draft}/materials/1"

    broken = admin.submit(
        admin.get(way).form(field="name"), files={"file": ("a.png", b"MZ", "image/png")}
    )
    admin.submit(
        admin.get(way).form(field="name"), files={"file": ("a.png", _picture(), "image/png")}
    )
    admin.submit(admin.get(way).form(field="name"), note="本人签名")
    admin.submit(admin.get(f"{HOME}/v/{draft}/publish").form(field="valid_from"))

    with db() as session:
        [material] = queries.get_version(session, draft).content.materials
        assert queries.files_known(session, [material.file, "0" * 64]) == {material.file}
    page = admin.get(f"/guide/{CODE}")
    example = f"/guide/{CODE}/sample/{material.id}"
    assert broken.status == 422
    assert material.note.zh == "本人签名"
    assert example in page.links.values()
    assert admin.get(example).headers["content-type"] == "image/png"
    assert admin.get(f"/guide/{CODE}/sample/{material.id + 1}").status == 404
    assert admin.get(f"{HOME}/v/{draft}/preview/sample/{material.id}").status == 200


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


def _bad() -> str:
    return (
        '{"code": "990100-BAD-1", "basic_code": "SL-1", "name": "坏", "authority": "局", '
        '"legal_basis": "法", "accepting_conditions": "有", "promised_value": 1, '
        '"deliveries": ["window"], "materials": [{"key": "a", "name": "其他材料"}]}'
    )


def test_nobody_else_keeps_the_catalogue(admin: PageClient, db: Db) -> None:
    with db.begin() as session:
        version_id = an_item(session)
    admin.http.cookies.delete("cw_session")
    admin.sign_in("clerk")

    for path in ("", "/new", "/1", "/file/take", "/file/items.json", f"/v/{version_id}/preview"):
        assert admin.get(HOME + path).status == 403


def test_the_window_s_questions_are_answered_at_home_and_shown_as_a_sheet(
    db: Db, pages: PageClient
) -> None:
    with db.begin() as session:
        area = a_question(FieldType.NUMBER, key="area", least="1", most="500")
        place = a_question(key="stall", condition=Condition("who", ("agent",)))
        an_item(session, a_content(questions=(who(), area, place)))
    page = pages.get(f"/guide/{CODE}")

    form = pages.get(page.links["提前填好"]).form(action="form")
    refused = pages.submit(form, q_who="agent", q_area="0", q_stall="老街口 3 号")
    given = pages.submit(refused.form(action="form"), q_area="12.5")

    assert (refused.status, given.status) == (422, 200)
    assert 'value="老街口 3 号"' in refused.html
    assert "还有什么：超出了允许的范围" in refused.tree.all("div", class_="summary")[0].text
    assert "不保存任何内容" in given.text
    for words in ("代办人", "12.5", "老街口 3 号"):
        assert words in given.tree.all("dl")[0].text
    assert "老街口" not in pages.get(f"/guide/{CODE}/form").text

"""The catalogue's pages, walked through without a script."""

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.catalogue.models import Category, DispatchRule, ReplyText, TimeLimit
from app.catalogue.queries import get_category_by_code, snapshot
from app.catalogue.rules import ReplyPurpose
from app.catalogue.service import Edit, ReplyDraft, RuleDraft, add_reply, add_rule, seed
from app.departments.rules import UnitKind
from tests.accounts.builders import a_person
from tests.catalogue.builders import NOW, put_unit
from tests.support.counting import statements_of
from tests.support.pages import Page, PageClient

Db = sessionmaker[Session]
HOME = "/admin/catalogue"
SYSTEM = Edit(now=NOW, actor=None)
LISTS = ["categories", "directory", "limits", "replies"]


@pytest.fixture
def admin(db: Db, pages: PageClient) -> PageClient:
    with db.begin() as session:
        seed(session, now=NOW)
        light = put_unit(session, "LIGHT")
        district = put_unit(session, "D1", kind=UnitKind.DISTRICT, region_code="990101")
        put_unit(session, "S1", kind=UnitKind.STREET, region_code="990101001", parent=district)
        lamps = get_category_by_code(session, "0103")
        add_rule(session, RuleDraft(lamps.id, "", light.id, "养护合同"), edit=SYSTEM)
        add_rule(session, RuleDraft(None, "990101", district.id), edit=SYSTEM)
        a_person(session, "admin", Role.ADMIN)
        a_person(session, "clerk", Role.CLERK)
    pages.http.cookies.set("lang", "en")
    pages.sign_in("admin")
    return pages


def id_of(db: Db, table: type[Category] | type[TimeLimit] | type[ReplyText], code: str) -> int:
    with db() as session:
        return session.execute(select(table.id).where(table.code == code)).scalar_one()


def a_reply(number: int, unit_id: int) -> ReplyDraft:
    return ReplyDraft(f"r{number}", f"答复{number}", "您好", ReplyPurpose.REPLY, unit_id)


def line_ids(db: Db) -> list[int]:
    with db() as session:
        return [rule.id for rule in snapshot(session).rules]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_list_and_its_empty_form_open_in_both_languages(
    admin: PageClient, language: str
) -> None:
    admin.http.cookies.set("lang", language)

    for url in (f"{HOME}/{name}{form}" for name in LISTS for form in ("", "/new")):
        page = admin.get(url)
        assert page.status == 200
        assert [a.text for a in page.tree.all("a", **{"aria-current": "page"})]


def test_the_section_opens_at_the_categories(admin: PageClient) -> None:
    assert admin.get(HOME).heading == "Categories"


def test_nobody_else_sees_the_catalogue(admin: PageClient) -> None:
    admin.http.cookies.delete("cw_session")
    admin.sign_in("clerk")

    for path in ("", "/categories/new", *(f"/{name}" for name in LISTS)):
        assert admin.get(HOME + path).status == 403


def test_a_longer_list_asks_the_database_no_more_often(
    db: Db, app: FastAPI, admin: PageClient
) -> None:
    def asked() -> list[int]:
        counts: list[int] = []
        for name in LISTS:
            admin.get(f"{HOME}/{name}")  # fills the shelf
            with statements_of(app.state.edge.engine) as seen:
                admin.get(f"{HOME}/{name}")
            counts.append(len(seen))
        return counts

    few = asked()
    with db.begin() as session:
        for number in range(50):
            unit = put_unit(session, f"U{number}")
            add_rule(session, RuleDraft(None, "", unit.id), edit=SYSTEM)
            add_reply(session, a_reply(number, unit.id), edit=SYSTEM)

    assert asked() == few


# Categories


def test_categories_are_found_by_initials_code_and_words(admin: PageClient) -> None:
    form = admin.get(f"{HOME}/categories").form(field="q")

    for typed in ("ldzm", "0103", "路灯", "lamps"):
        assert "Street lighting" in admin.submit(form, q=typed).links


def test_a_category_is_added_under_another_and_changed_with_a_note(
    db: Db, admin: PageClient
) -> None:
    roads = id_of(db, Category, "01")
    form = admin.get(f"{HOME}/categories/new?parent={roads}").form(field="hint")
    admin.submit(form, press="save", code="0177", name="景观照明", kinds=["help", "repair"])
    new = id_of(db, Category, "0177")

    form = admin.get(f"{HOME}/categories/{new}").form(field="hint")
    page = admin.submit(form, press="save", hint="桥梁和楼宇的灯", note="群众常问")

    assert "群众常问" in page.text
    with db() as session:
        row = session.get_one(Category, new)
        assert (row.parent_id, row.kinds, row.hint) == (
            roads, ["help", "repair"], "桥梁和楼宇的灯",
        )  # fmt: skip


def test_a_category_with_a_flaw_comes_back_with_what_was_typed(admin: PageClient) -> None:
    form = admin.get(f"{HOME}/categories/new").form(field="hint")

    page = admin.submit(form, press="save", code="x", name="新分类", kinds=["help"])

    assert page.status == 422
    values = page.form(field="hint").values()
    assert (values["name"], values["kinds"]) == (["新分类"], ["help"])
    assert "A code is 2 to 16 capital letters or digits." in page.text


def test_a_stale_screen_shows_both_texts_and_saves_nothing(db: Db, admin: PageClient) -> None:
    url = f"{HOME}/categories/{id_of(db, Category, '0103')}"
    mine = admin.get(url).form(field="hint")
    theirs = admin.get(url).form(field="hint")
    admin.submit(theirs, press="save", hint="同事写的")

    page = admin.submit(mine, press="save", hint="我写的")

    assert page.status == 409
    assert "同事写的" in page.text
    assert "我写的" in page.html
    with db() as session:
        assert get_category_by_code(session, "0103").hint.zh == "同事写的"


def test_a_rejected_form_does_not_learn_a_newer_version(db: Db, admin: PageClient) -> None:
    url = f"{HOME}/categories/{id_of(db, Category, '0103')}"
    mine = admin.get(url).form(field="hint")
    admin.submit(admin.get(url).form(field="hint"), press="save", hint="同事写的")

    rejected = admin.submit(mine, press="save", hint="我写的", position="x")
    page = admin.submit(rejected.form(field="hint"), press="save", position="1")

    assert (rejected.status, page.status) == (422, 409)


def test_a_parent_with_active_children_says_why_it_stays(db: Db, admin: PageClient) -> None:
    page = admin.get(f"{HOME}/categories/{id_of(db, Category, '01')}")

    page = admin.submit(page.form(action="/switch"))

    assert page.status == 422
    assert "There are active categories under this one." in page.text


def test_a_category_is_switched_off_and_on_again(db: Db, admin: PageClient) -> None:
    page = admin.get(f"{HOME}/categories/{id_of(db, Category, '0103')}")

    page = admin.submit(page.form(action="/switch"))
    off = "This category is switched off." in page.text
    page = admin.submit(page.form(action="/switch"))

    assert (off, "This category is switched off." in page.text) == (True, False)


# The directory


def ask(admin: PageClient, category: str, region: str = "") -> Page:
    form = admin.get(f"{HOME}/directory").form(field="region")
    return admin.submit(form, category=category, region=region)


def test_the_directory_says_where_a_matter_would_go_and_why(db: Db, admin: PageClient) -> None:
    lamps = id_of(db, Category, "0103")

    page = ask(admin, str(lamps), "990101001")

    assert "Directory line 1: Street lighting in Unit S1 is the duty of Unit LIGHT." in page.text
    assert "Basis: 养护合同" in page.text
    assert "Unit D1: Directory line 2 fits as well." in page.text


def test_the_directory_says_when_it_knows_nobody(db: Db, admin: PageClient) -> None:
    page = ask(admin, str(id_of(db, Category, "0301")))

    assert "Nobody is proposed" in page.text


def test_a_line_moves_up(db: Db, admin: PageClient) -> None:
    first, second = line_ids(db)
    form = admin.get(f"{HOME}/directory").form(action=f"/{second}/move")

    admin.submit(form, press="up")

    assert line_ids(db) == [second, first]


def test_a_line_is_added_before_another_and_switched_off(db: Db, admin: PageClient) -> None:
    first, second = line_ids(db)
    with db() as session:
        unit_id = session.get_one(DispatchRule, second).unit_id

    form = admin.get(f"{HOME}/directory/new?before={second}").form(field="basis")
    admin.submit(form, press="save", unit_id=str(unit_id), basis="新清单")
    new = line_ids(db)[1]
    page = admin.submit(admin.get(f"{HOME}/directory/{new}").form(action="/switch"))

    assert "This line is switched off." in page.text
    assert line_ids(db) == [first, second]


def test_a_line_is_changed_and_the_history_names_the_units(db: Db, admin: PageClient) -> None:
    first, second = line_ids(db)
    with db() as session:
        district = session.get_one(DispatchRule, second).unit_id
    form = admin.get(f"{HOME}/directory/{first}").form(field="basis")

    admin.submit(form, press="save", unit_id=str(district), note="职责调整")

    text = admin.get(f"{HOME}/directory/{first}").text
    assert "职责调整" in text
    assert "单位LIGHT" in text


def test_a_line_without_a_unit_comes_back(admin: PageClient) -> None:
    page = admin.submit(admin.get(f"{HOME}/directory/new").form(field="basis"), press="save")

    assert page.status == 422


def test_the_directory_can_be_searched(admin: PageClient) -> None:
    page = admin.submit(admin.get(f"{HOME}/directory").form(field="q"), q="合同")

    assert "养护合同" in page.text
    assert "All categories" not in [a.text for a in page.tree.all("a")]


# Time limits


def test_the_other_profile_is_put_in_force(db: Db, admin: PageClient) -> None:
    form = admin.get(f"{HOME}/limits?profile=workdays").form(field="profile")

    page = admin.submit(form)

    assert "Five working days (in force)" in page.text
    with db() as session:
        assert snapshot(session).profile == "workdays"


def test_sample_values_are_marked_wherever_they_are_shown(db: Db, admin: PageClient) -> None:
    listed = admin.get(f"{HOME}/limits?profile=common")
    one = admin.get(f"{HOME}/limits/{id_of(db, TimeLimit, 'sign.any')}")

    assert "2 opening hours Sample value" in listed.text
    assert "A sample value: invented for the first days." in one.text


def test_a_limit_is_changed_and_its_history_shown(db: Db, admin: PageClient) -> None:
    url = f"{HOME}/limits/{id_of(db, TimeLimit, 'callback.any')}"
    form = admin.get(url).form(field="basis_text")

    page = admin.submit(form, press="save", value="4", note="按市规定")

    assert "按市规定" in page.text
    assert page.form(field="basis_text").values()["value"] == ["4"]


def test_the_last_limit_of_a_step_stays(db: Db, admin: PageClient) -> None:
    url = f"{HOME}/limits/{id_of(db, TimeLimit, 'callback.any')}"

    page = admin.submit(admin.get(url).form(action="/switch"))

    assert page.status == 422
    assert "This would leave some step without a time limit." in page.text


def test_a_limit_for_one_category_is_added(db: Db, admin: PageClient) -> None:
    lamps = id_of(db, Category, "0103")
    form = admin.get(f"{HOME}/limits/new?profile=grades").form(field="basis_text")

    page = admin.submit(
        form,
        press="save",
        clock_kind="resolve",
        code="lamps",
        value="2",
        category_id=str(lamps),
        basis_text="市照明管理办法",
    )

    assert page.status == 200
    assert "市照明管理办法" in page.text


@pytest.mark.parametrize(("value", "last"), [("x", ""), ("0", ""), ("3", "soon")])
def test_a_limit_with_a_flaw_comes_back(db: Db, admin: PageClient, value: str, last: str) -> None:
    url = f"{HOME}/limits/{id_of(db, TimeLimit, 'callback.any')}"
    form = admin.get(url).form(field="basis_text")

    page = admin.submit(form, press="save", value=value, valid_to=last)

    assert page.status == 422
    values = page.form(field="basis_text").values()
    assert (values["value"], values["valid_to"]) == ([value], [last])


# Reply texts


def test_a_preview_shows_what_the_citizen_would_read_and_saves_nothing(
    db: Db, admin: PageClient
) -> None:
    reply = id_of(db, ReplyText, "reply.done")
    form = admin.get(f"{HOME}/replies/{reply}").form(field="body")

    page = admin.submit(form, press="preview", body="{name}您好，编号{number}。")

    assert "王*您好，编号RX" in page.text
    with db() as session:
        assert "办理情况" in session.get_one(ReplyText, reply).body


@pytest.mark.parametrize("press", ["preview", "save"])
def test_an_unknown_variable_is_refused_in_preview_and_on_saving(
    admin: PageClient, press: str
) -> None:
    form = admin.get(f"{HOME}/replies/new?purpose=reply").form(field="body")

    page = admin.submit(form, press=press, title="问候", code="hello", body="{nmae}您好")

    assert page.status == 422
    assert "The text holds a variable that does not exist." in page.text


def test_a_text_is_added_changed_and_switched_off(db: Db, admin: PageClient) -> None:
    form = admin.get(f"{HOME}/replies/new?purpose=reply").form(field="body")
    admin.submit(form, press="save", title="问候", code="hello", body="{name}您好")
    url = f"{HOME}/replies/{id_of(db, ReplyText, 'hello')}"

    page = admin.submit(admin.get(url).form(field="body"), press="save", body="您好")
    page = admin.submit(page.form(action="/switch"))

    assert "This text is switched off." in page.text
    with db() as session:
        assert (
            session.scalars(select(ReplyText.body).where(ReplyText.code == "hello")).one() == "您好"
        )


def test_texts_can_be_narrowed_to_a_purpose(admin: PageClient) -> None:
    page = admin.get(f"{HOME}/replies?purpose=callback")

    assert {"回访开场", "回访未接通"} <= set(page.links)
    assert "受理告知" not in page.links


def test_what_does_not_exist_is_not_found(admin: PageClient) -> None:
    for name in LISTS:
        assert admin.get(f"{HOME}/{name}/999999").status == 404

"""The find page and the workbench's search, as a clerk without script meets them."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.cases.models import Case
from app.catalogue.models import Category
from app.citizens.rules import number_of
from tests.citizens.people import Who, known
from tests.support.city import City, a_case, a_city, first_category
from tests.support.pages import PASSWORD_HASH, Page, PageClient

Enter = Callable[[Role], PageClient]
ZHANG = Who("张小红", ("17900008812",), document="990101199003070018", birth_year=1990)


@pytest.fixture
def city(app: FastAPI, db: sessionmaker[Session]) -> City:
    return a_city(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)


@pytest.fixture
def enter(app: FastAPI, city: City) -> Enter:
    assert Role.CLERK in city.people

    def of(role: Role) -> PageClient:
        pages = PageClient(TestClient(app))
        pages.sign_in(role.value)
        return pages

    return of


def add(city: City, *people: Who) -> list[int]:
    with city.db.begin() as session:
        return [known(session, who) for who in people]


def find(pages: PageClient, typed: str) -> Page:
    return pages.submit(pages.get("/citizens").form(action="/citizens", field="q"), q=typed)


def test_a_person_is_shown_masked_and_the_address_holds_nothing(enter: Enter, city: City) -> None:
    wanted, other = add(city, ZHANG, Who("张小明", ("17900018812",)))

    page = find(enter(Role.CLERK), "8812 z")

    assert page.url == "/citizens"
    assert {f"/citizens/{number_of(one)}" for one in (wanted, other)} <= set(page.links.values())
    assert "张*红" in page.text
    assert "179****8812" in page.text
    assert "张小红" not in page.html
    assert "17900008812" not in page.html


def test_a_scanned_card_leads_straight_to_the_person(enter: Enter, city: City) -> None:
    [wanted] = add(city, ZHANG)
    clerk = enter(Role.CLERK)

    page = find(clerk, "张小红\t女\t汉\t990101199003070018\n")

    assert page.url == f"/citizens/{number_of(wanted)}"


def test_open_matters_stand_beside_the_person_with_their_lamp(enter: Enter, city: City) -> None:
    [wanted] = add(city, ZHANG)
    with city.db.begin() as session:
        a_case(session, citizen_id=wanted, is_anonymous=False)
        a_case(session, citizen_id=wanted, is_anonymous=False)

    page = find(enter(Role.CLERK), "zxh")

    assert "在办 2 件" in page.text
    assert "lamp" in page.html


def test_a_matters_number_shows_the_matter_and_whose_it_is(enter: Enter, city: City) -> None:
    [wanted] = add(city, ZHANG)
    with city.db.begin() as session:
        number = a_case(session, citizen_id=wanted, is_anonymous=False).number

    page = find(enter(Role.CLERK), f" {number.lower()} ")

    assert {f"/cases/{number}", f"/citizens/{number_of(wanted)}"} <= set(page.links.values())


def test_a_tail_alone_asks_kindly_for_more_and_keeps_what_was_typed(
    enter: Enter, city: City
) -> None:
    add(city, ZHANG)

    page = find(enter(Role.CLERK), "8812")

    assert "请加上姓或姓的首字母" in page.text
    assert page.form(field="q").values()["q"] == ["8812"]


def test_nobody_found_offers_to_register(enter: Enter) -> None:
    page = find(enter(Role.CLERK), "孙悟空")

    assert "没有找到" in page.text
    assert "/citizens/new" in page.links.values()


def test_the_search_of_the_workbench_finds_people_by_what_only_people_have(
    enter: Enter, city: City
) -> None:
    [wanted] = add(city, ZHANG)
    clerk = enter(Role.CLERK)
    box = clerk.get("/desk").form(action="/desk/search")

    by_tail = clerk.submit(box, q="8812z")  # found alone, so opened
    by_phone = clerk.submit(box, q="17900008812")
    by_words = clerk.submit(box, q="张小红")
    by_name = clerk.submit(by_words.form(action="/citizens"))

    assert by_tail.url == f"/citizens/{number_of(wanted)}"
    assert by_phone.url == f"/citizens/{number_of(wanted)}"
    assert by_words.url == "/desk/search"
    assert f"/citizens/{number_of(wanted)}" in by_name.links.values()


def test_who_may_not_look_for_citizens_is_told_so(enter: Enter) -> None:
    handler = enter(Role.HANDLER)

    assert handler.get("/citizens").status == 403
    assert handler.submit(handler.get("/desk").form(action="/desk/search"), q="8812").status == 200


def test_the_box_is_one_key_away_on_every_page_of_who_may_find(enter: Enter) -> None:
    clerk = enter(Role.CLERK)

    for path in ("/desk", "/desk/new", "/citizens", "/account"):
        keys = [e.attrs.get("data-key") for e in clerk.get(path).tree.walk()]
        assert "F2" in keys, path


def a_category(city: City) -> str:
    with city.db() as session:
        return session.get_one(Category, first_category(session)).code


def of_case(city: City, page: Page) -> int | None:
    with city.db() as session:
        number = page.url.rpartition("/")[2]
        return session.scalars(select(Case.citizen_id).where(Case.number == number)).one()


def test_intake_offers_the_people_it_knows_and_takes_in_for_the_one_chosen(
    enter: Enter, city: City
) -> None:
    mother, son = add(city, Who("王芳", ("17900002222",)), Who("王小明", ("17900002222",)))
    clerk = enter(Role.CLERK)
    form = clerk.get("/desk/new").form(field="body")

    asked = clerk.submit(
        form,
        press="find",
        name="王",
        phone="1790000 2222",
        body="楼道灯坏了三天。",
        category=a_category(city),
    )
    done = clerk.submit(asked.form(field="citizen"), citizen=number_of(son))

    assert number_of(mother) in asked.html
    assert "楼道灯坏了三天" in asked.html
    assert of_case(city, done) == son


def test_intake_takes_a_tail_with_an_initial_in_the_name_field(enter: Enter, city: City) -> None:
    [wanted] = add(city, ZHANG)
    clerk = enter(Role.CLERK)

    asked = clerk.submit(clerk.get("/desk/new").form(field="body"), press="find", name="8812 z")

    assert number_of(wanted) in asked.html
    assert "张小红" not in asked.html


def test_intake_for_a_person_chosen_elsewhere_and_for_one_who_is_gone(
    enter: Enter, city: City
) -> None:
    [wanted] = add(city, ZHANG)
    clerk = enter(Role.CLERK)
    page = clerk.get(f"/desk/new?citizen={number_of(wanted)}")
    code = a_category(city)
    form = page.form(field="citizen")

    gone = clerk.post(
        form.action,
        {
            **form.values(),
            "body": ["楼道灯坏了三天。"],
            "category": [code],
            "citizen": ["C000009999"],
        },
    )
    done = clerk.submit(form, body="楼道灯坏了三天。", category=code)

    assert of_case(city, done) == wanted
    assert gone.status == 422
    assert "楼道灯坏了三天" in gone.html

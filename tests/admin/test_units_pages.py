"""The pages for the tree of units."""

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.departments.models import Unit
from tests.accounts.builders import a_person, a_unit
from tests.support.pages import PageClient

Db = sessionmaker[Session]


@pytest.fixture
def admin(db: Db, pages: PageClient) -> PageClient:
    with db.begin() as session:
        a_person(session, "admin", Role.ADMIN)
    pages.http.cookies.set("lang", "en")
    pages.sign_in("admin")
    return pages


def unit(db: Db, code: str) -> Unit:
    with db() as session:
        return session.scalars(select(Unit).where(Unit.code == code)).one()


def test_a_unit_is_founded_changed_closed_and_reopened(db: Db, admin: PageClient) -> None:
    new = admin.get("/admin/units/new").form(field="code")
    admin.submit(new, code="S1", name="澄湖街道", kind="street", region_code="990101001")
    page = admin.get(f"/admin/units/{unit(db, 'S1').id}")

    admin.submit(page.form(field="name"), name="新湖街道")
    page = admin.submit(admin.get(page.url).form(action="/close"))
    assert "This unit is closed." in page.text
    page = admin.submit(page.form(action="/reopen"))

    assert "This unit is closed." not in page.text
    assert unit(db, "S1").name == "新湖街道"


def test_a_refused_unit_comes_back_with_its_values_and_sentences(admin: PageClient) -> None:
    new = admin.get("/admin/units/new").form(field="code")

    page = admin.submit(new, code="HALL", name="再来一个", kind="hall", region_code="12345")

    assert page.status == 422
    assert "Another unit already has this code." in page.text
    assert "A region code has 2, 4, 6, 9 or 12 digits." in page.text
    assert 'value="再来一个"' in page.html


def test_two_people_on_one_unit_both_keep_their_text(db: Db, admin: PageClient) -> None:
    address = f"/admin/units/{unit(db, 'HALL').id}"
    mine, theirs = (admin.get(address).form(field="name") for _ in range(2))
    admin.submit(theirs, name="他们的名称")

    page = admin.submit(mine, name="我的名称")

    assert page.status == 409
    assert "他们的名称" in page.text
    assert "我的名称" in page.html
    admin.submit(page.form(field="name"))
    assert unit(db, "HALL").name == "我的名称"


def test_a_unit_where_somebody_works_is_not_closed(db: Db, admin: PageClient) -> None:
    page = admin.get(f"/admin/units/{unit(db, 'HALL').id}")

    refused = admin.submit(page.form(action="/close"))

    assert refused.status == 409
    assert "People still work in this unit" in refused.text
    assert unit(db, "HALL").is_active


def test_the_list_costs_the_same_with_fifty_units_as_with_two(db: Db, admin: PageClient) -> None:
    with db.begin() as session:
        a_unit(session, "SECOND")
    few = selects(admin)
    with db.begin() as session:
        for n in range(50):
            a_unit(session, f"U{n:02}")

    assert selects(admin) == few


def selects(admin: PageClient) -> int:
    seen: list[str] = []

    def count(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(Engine, "before_cursor_execute", count)
    try:
        admin.get("/admin/units")
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    return len([text for text in seen if text.startswith("SELECT")])


def test_an_unknown_unit_is_not_found(admin: PageClient) -> None:
    assert admin.get("/admin/units/424242").status == 404

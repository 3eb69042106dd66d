"""The pages for accounts, roles and sessions."""

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import Appointment, Staff
from app.accounts.rules import Role
from tests.accounts.builders import a_person
from tests.support.clock import StoppedClock
from tests.support.pages import Page, PageClient

Db = sessionmaker[Session]
WRONG = "wrong"


@pytest.fixture
def security(db: Db, pages: PageClient) -> PageClient:
    with db.begin() as session:
        a_person(session, "security", Role.SECURITY)
    pages.http.cookies.set("lang", "en")
    pages.sign_in("security")
    return pages


def account(db: Db, username: str) -> Staff:
    with db() as session:
        return session.scalars(select(Staff).where(Staff.username == username)).one()


def page_of(db: Db, security: PageClient, username: str) -> Page:
    return security.get(f"/admin/staff/{account(db, username).id}")


def one_time_password(page: Page) -> str:
    found = re.search(r"\w{4}-\w{4}-\w{4}", page.text)
    assert found
    return found[0]


def test_an_account_is_opened_with_a_password_shown_once_that_works_once(
    db: Db, security: PageClient, app: FastAPI
) -> None:
    form = security.get("/admin/staff/new").form(field="username")
    unit_id = str(account(db, "security").unit_id)

    shown = security.submit(form, username="Li.Wen", display_name="李文", unit_id=unit_id)

    password = one_time_password(shown)
    assert password not in page_of(db, security, "li.wen").html
    with TestClient(app, follow_redirects=False) as elsewhere:
        assert PageClient(elsewhere).sign_in("li.wen", password).url == "/account/password"


def test_a_refused_account_comes_back_with_its_values(security: PageClient) -> None:
    form = security.get("/admin/staff/new").form(field="username")

    page = security.submit(form, username="security", display_name="重名")

    assert page.status == 422
    assert 'value="重名"' in page.html


def test_a_role_is_given_and_ended(db: Db, security: PageClient) -> None:
    with db.begin() as session:
        a_person(session, "colleague")
    form = page_of(db, security, "colleague").form(field="role")

    page = security.submit(form, role="dispatcher", scope="subtree")
    assert "Dispatcher" in page.text
    page = security.submit(page.form(action="/end"))

    assert "Has ended" in page.text
    with db() as session:
        held = session.scalars(select(Appointment).order_by(Appointment.id.desc())).first()
        assert held is not None
        assert held.role is Role.DISPATCHER
        assert held.valid_to is not None


def test_a_second_administration_is_refused_with_the_reason(db: Db, security: PageClient) -> None:
    with db.begin() as session:
        a_person(session, "auditor", Role.AUDITOR)
    form = page_of(db, security, "auditor").form(field="role")

    page = security.submit(form, role="admin")

    assert page.status == 422
    assert "must be three different people" in page.text


def test_ones_own_account_offers_no_buttons_and_accepts_none(db: Db, security: PageClient) -> None:
    page = page_of(db, security, "security")
    csrf = page.form(field="display_name").values()["csrf"]

    assert "another security administrator must change it" in page.text
    assert security.post(f"{page.url}/password", {"csrf": csrf}).status == 403
    assert security.post(f"{page.url}/close", {"csrf": csrf, "version": "1"}).status == 403
    appointed = security.post(
        f"{page.url}/appointments",
        {
            "csrf": csrf,
            "role": "clerk",
            "seat_id": str(account(db, "security").unit_id),
            "scope": "all",
            "valid_from": "2026-03-02",
        },
    )
    assert appointed.status == 403


def test_a_reset_password_opens_the_account_once_more(
    db: Db, security: PageClient, app: FastAPI
) -> None:
    with db.begin() as session:
        a_person(session, "clerk", Role.CLERK)

    shown = security.submit(page_of(db, security, "clerk").form(action="/password"))

    with TestClient(app, follow_redirects=False) as elsewhere:
        page = PageClient(elsewhere).sign_in("clerk", one_time_password(shown))
    assert page.url == "/account/password"


def test_a_blocked_account_is_seen_and_let_in_again(
    db: Db, security: PageClient, app: FastAPI
) -> None:
    with db.begin() as session:
        a_person(session, "clerk", Role.CLERK)
    with TestClient(app, follow_redirects=False) as elsewhere:
        other = PageClient(elsewhere)
        for _ in range(6):
            other.sign_in("clerk", WRONG)
        page = security.get("/admin/security")
        assert "one place" in page.text

        page = security.submit(page.form(action="/unblock"))

        assert "Nobody has to wait." in page.text
        assert other.sign_in("clerk").status != 429


def test_somebody_elses_sessions_are_ended(db: Db, security: PageClient, app: FastAPI) -> None:
    with db.begin() as session:
        a_person(session, "admin", Role.ADMIN)
    with TestClient(app, follow_redirects=False) as elsewhere:
        other = PageClient(elsewhere)
        other.sign_in("admin")

        target = account(db, "admin").id
        security.submit(page_of(db, security, "admin").form(action=f"/{target}/sign-out"))
        assert other.get("/admin").url == "/sign-in"
        other.sign_in("admin")
        security.submit(security.get("/admin/security").form(action=f"/sign-out/{target}"))

        assert other.get("/admin").url == "/sign-in"


def test_an_account_is_closed_and_reopened(db: Db, security: PageClient, app: FastAPI) -> None:
    with db.begin() as session:
        a_person(session, "admin", Role.ADMIN)

    page = security.submit(page_of(db, security, "admin").form(action="/close"))
    with TestClient(app, follow_redirects=False) as elsewhere:
        assert PageClient(elsewhere).sign_in("admin").status == 422
    security.submit(page.form(action="/reopen"))

    assert account(db, "admin").is_active


def test_two_people_on_one_account_both_keep_their_text(db: Db, security: PageClient) -> None:
    with db.begin() as session:
        a_person(session, "clerk")
    mine, theirs = (page_of(db, security, "clerk").form(field="display_name") for _ in range(2))
    security.submit(theirs, display_name="他们写的")

    page = security.submit(mine, display_name="我写的")

    assert page.status == 409
    assert "他们写的" in page.text
    assert "我写的" in page.html


def test_people_are_found_without_their_names_in_the_address(db: Db, security: PageClient) -> None:
    with db.begin() as session:
        a_person(session, "clerk")

    page = security.submit(security.get("/admin/staff").form(field="q"), q="clerk姓")

    assert page.url == "/admin/staff/search"
    assert "clerk姓名" in page.text
    assert "security姓名" not in page.tree.all("tbody")[0].text


def test_the_list_turns_its_pages(db: Db, security: PageClient) -> None:
    with db.begin() as session:
        for n in range(60):
            a_person(session, f"person{n:02}")

    first = security.get("/admin/staff")
    second = security.get(first.links["Next page"].partition("?")[0], params=_query(first))

    assert "person10" in first.text
    assert "person59" not in first.text
    assert "person59" in second.text
    assert "Previous page" in second.links


def _query(page: Page) -> dict[str, list[str]]:
    query = page.links["Next page"].partition("?")[2]
    return {name: [value] for name, value in (part.split("=", 1) for part in query.split("&"))}


def test_the_table_of_roles_names_every_role_and_how_many_hold_it(
    security: PageClient,
) -> None:
    page = security.get("/admin/roles")

    assert "Security administrator 1 person" in page.text
    assert "Hall manager 0 people" in page.text


def test_a_block_that_has_passed_is_not_shown(
    security: PageClient, clock: StoppedClock, app: FastAPI
) -> None:
    with TestClient(app, follow_redirects=False) as elsewhere:
        for _ in range(6):
            PageClient(elsewhere).sign_in("nobody", WRONG)
    assert "No such account" in security.get("/admin/security").text

    clock.advance(timedelta(minutes=1))

    assert "Nobody has to wait." in security.get("/admin/security").text

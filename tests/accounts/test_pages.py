"""The sign-in page and one's own account, walked through as a person would."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import Staff, StaffSession
from app.accounts.rules import Role
from tests.accounts.builders import a_person, a_unit
from tests.support.clock import StoppedClock
from tests.support.pages import PASSWORD, PageClient

Db = sessionmaker[Session]
SHORT, WRONG = "short", "wrong"
NEXT_PASSWORD = "Tram-Line-58"  # noqa: S105  # of nobody


@pytest.fixture
def clerk(db: Db, pages: PageClient) -> PageClient:
    """A clerk who has signed in."""
    with db.begin() as session:
        a_person(session, "clerk", Role.CLERK)
    pages.http.cookies.set("lang", "en")
    assert pages.sign_in("clerk").status != 422
    return pages


@pytest.fixture
def admin(db: Db, pages: PageClient) -> PageClient:
    """A system administrator who has signed in."""
    with db.begin() as session:
        a_person(session, "admin", Role.ADMIN)
    pages.http.cookies.set("lang", "en")
    pages.sign_in("admin")
    return pages


def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_page_and_comes_back(
    db: Db, pages: PageClient
) -> None:
    with db.begin() as session:
        a_person(session, "admin", Role.ADMIN)
    asked = pages.get("/admin/units?q=HALL")

    arrived = pages.submit(asked.form(field="password"), username="admin", password=PASSWORD)

    assert asked.url == "/sign-in"
    assert arrived.url == "/admin/units"
    assert "HALL" in arrived.text


@pytest.mark.parametrize("goal", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nobody_is_led_off_the_site_after_signing_in(
    db: Db, client: TestClient, pages: PageClient, goal: str
) -> None:
    with db.begin() as session:
        a_person(session, "admin", Role.ADMIN)
    form = pages.get("/sign-in", params={"next": [goal]}).form(field="password")

    answer = client.post(
        "/sign-in", data=form.values() | {"username": "admin", "password": PASSWORD}
    )

    assert answer.headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    db: Db, pages: PageClient
) -> None:
    with db.begin() as session:
        a_person(session, "clerk", Role.CLERK)

    known, unknown = pages.sign_in("clerk", "wrong"), pages.sign_in("nobody", "wrong")

    assert known.status == unknown.status == 422
    assert known.text.replace("clerk", "") == unknown.text.replace("nobody", "")
    assert 'value="wrong"' not in known.html


def test_too_many_attempts_say_how_long_to_wait(pages: PageClient) -> None:
    pages.http.cookies.set("lang", "en")
    for _ in range(5):
        pages.sign_in("nobody", "wrong")

    page = pages.sign_in("nobody", "wrong")

    assert page.status == 429
    assert "Wait 1 minutes" in page.text


def test_the_session_changes_at_sign_in_and_its_cookie_is_guarded(
    db: Db, client: TestClient, pages: PageClient
) -> None:
    with db.begin() as session:
        a_person(session, "admin", Role.ADMIN)
    client.cookies.set("cw_session", "planted", domain="testserver.local", path="/")
    form = pages.get("/sign-in").form(field="password")

    answer = client.post(
        "/sign-in", data=form.values() | {"username": "admin", "password": PASSWORD}
    )

    cookies = [v for k, v in answer.headers.multi_items() if k == "set-cookie"]
    session_cookie = next(c for c in cookies if c.startswith("cw_session="))
    assert "planted" not in session_cookie
    assert "HttpOnly" in session_cookie
    assert "SameSite=lax" in session_cookie


def test_signing_out_ends_the_session_for_good(
    db: Db, admin: PageClient, client: TestClient
) -> None:
    token = client.cookies["cw_session"]

    admin.submit(admin.get("/admin").form(action="/sign-out"))
    client.cookies.set("cw_session", token)

    assert admin.get("/admin").url == "/sign-in"
    with db() as session:
        assert session.scalars(select(StaffSession)).one().revoked_at is not None


def test_a_first_password_must_be_changed_before_anything_else(db: Db, pages: PageClient) -> None:
    with db.begin() as session:
        a_person(session, "admin", Role.ADMIN, must_change=True)

    asked = pages.sign_in("admin")
    assert asked.url == pages.get("/admin").url == "/account/password"
    changed = pages.submit(
        asked.form(field="new_password"),
        password=PASSWORD,
        new_password=NEXT_PASSWORD,
        new_password_again=NEXT_PASSWORD,
    )

    assert changed.url == "/account"
    assert pages.get("/admin").url == "/admin"
    with db() as session:
        assert not session.scalars(select(Staff)).one().must_change_password


def test_a_refused_new_password_says_why_beside_the_field(admin: PageClient) -> None:
    form = admin.get("/account/password").form(field="new_password")

    page = admin.submit(form, password=PASSWORD, new_password=SHORT, new_password_again=SHORT)

    assert page.status == 422
    assert "Use at least 10 characters." in page.text
    assert "short" not in page.html.replace("shortcuts", "")


def test_what_was_typed_survives_an_expired_session(
    db: Db, admin: PageClient, clock: StoppedClock
) -> None:
    with db.begin() as session:
        unit = a_unit(session, "LATER")
    form = admin.get(f"/admin/units/{unit.id}").form(field="name")
    clock.advance(timedelta(minutes=20))

    asked = admin.submit(form, name="写了很久的名称", phone="010-12345678")
    assert asked.status == 401
    assert "写了很久的名称" in asked.text
    kept = admin.submit(asked.form(field="password"), username="admin", password=PASSWORD)
    assert kept.status == 200
    sent = admin.submit(kept.form(field="name"))

    assert sent.url == "/admin/units"
    with db() as session:
        stored = session.get(type(unit), unit.id)
        assert stored is not None
        assert (stored.name, stored.phone) == ("写了很久的名称", "010-12345678")


def test_a_wrong_password_meanwhile_still_keeps_what_was_typed(
    admin: PageClient, clock: StoppedClock
) -> None:
    form = admin.get("/admin/units/new").form(field="name")
    clock.advance(timedelta(minutes=20))
    asked = admin.submit(form, name="很长的名称")

    again = admin.submit(asked.form(field="password"), username="admin", password=WRONG)

    assert again.status == 422
    assert "很长的名称" in again.text


def test_reading_pages_keeps_a_session_alive_but_polling_does_not(
    admin: PageClient, client: TestClient, clock: StoppedClock
) -> None:
    for _ in range(3):
        clock.advance(timedelta(minutes=10))
        assert admin.get("/admin").url == "/admin"

    clock.advance(timedelta(minutes=10))
    client.get("/admin", headers={"X-Background": "1", "HX-Request": "true"})
    clock.advance(timedelta(minutes=10))

    answer = client.get("/admin", headers={"X-Background": "1", "HX-Request": "true"})
    assert (answer.status_code, "hx-redirect" in answer.headers) == (401, False)
    followed = client.get("/admin", headers={"HX-Request": "true"})
    assert followed.headers["hx-redirect"] == "/sign-in?next=%2Fadmin"


def test_staying_signed_in_moves_the_end(
    admin: PageClient, client: TestClient, clock: StoppedClock
) -> None:
    csrf = admin.get("/admin").form(action="/sign-out").values()["csrf"]
    clock.advance(timedelta(minutes=14))

    answer = client.post("/account/keep", data={"csrf": csrf})

    assert answer.json() == {"ends": (clock.now() + timedelta(minutes=15)).isoformat()}
    clock.advance(timedelta(minutes=14))
    assert admin.get("/admin").url == "/admin"


def test_my_account_shows_who_i_am_and_ends_other_sessions(admin: PageClient, app: FastAPI) -> None:
    with TestClient(app, follow_redirects=False) as elsewhere:
        other = PageClient(elsewhere)
        other.sign_in("admin")
        page = admin.get("/account")

        admin.submit(page.form(action="/end"))

        assert "System administrator" in page.text
        assert other.get("/admin").url == "/sign-in"
    assert admin.get("/admin").url == "/admin"


def test_signing_out_everywhere_ends_this_session_too(admin: PageClient) -> None:
    page = admin.submit(admin.get("/account").form(action="everywhere"))

    assert page.url == "/sign-in"
    assert admin.get("/admin").url == "/sign-in"


def test_preferences_follow_the_account_to_another_browser(admin: PageClient, app: FastAPI) -> None:
    admin.submit(admin.get("/account").form(field="density"), density="large", keys="off")

    with TestClient(app, follow_redirects=False) as elsewhere:
        other = PageClient(elsewhere)
        other.sign_in("admin")
        page = other.get("/admin")

    assert 'data-density="large"' in page.html
    assert 'data-keys="off"' in page.html


def test_outside_the_demonstration_no_account_is_offered(pages: PageClient) -> None:
    page = pages.get("/sign-in")

    assert "Window-2026" not in page.text.replace(PASSWORD, "")
    assert "dispatcher" not in page.text


def test_somebody_without_a_role_may_sign_in_but_do_nothing(db: Db, pages: PageClient) -> None:
    with db.begin() as session:
        a_person(session, "newcomer")

    assert pages.sign_in("newcomer").status == 403
    assert pages.get("/account").status == 200

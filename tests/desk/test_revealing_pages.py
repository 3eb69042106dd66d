"""The pages of looking behind the mask, and the one that watches who looks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.citizens.rules import number_of
from tests.citizens.bare import a_citizen
from tests.support.city import City, a_city
from tests.support.clock import StoppedClock
from tests.support.pages import PASSWORD_HASH, PageClient

Enter = Callable[[Role], PageClient]


@pytest.fixture
def city(app: FastAPI, db: sessionmaker[Session]) -> City:
    return a_city(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)


@pytest.fixture
def enter(client: TestClient, city: City) -> Enter:
    def _enter(role: Role) -> PageClient:
        client.cookies.clear()
        pages = PageClient(client)
        pages.sign_in(city[role].username)
        return pages

    return _enter


@pytest.fixture
def number(city: City) -> str:
    with city.db.begin() as session:
        return number_of(
            a_citizen(session, "林示例", phone="17900001111", address="样板区光明路12号")
        )


def test_a_clerk_looks_for_a_minute_and_the_page_goes_back_by_itself(
    enter: Enter, number: str, clock: StoppedClock
) -> None:
    clerk = enter(Role.CLERK)
    form = clerk.get(f"/citizens/{number}/reveal").form(field="reason_code")

    shown = clerk.submit(form, field="contact", reason_code="call_back")
    clock.advance(timedelta(seconds=20))
    again = clerk.get(shown.url)
    clock.advance(timedelta(seconds=40))
    over = clerk.get(shown.url)

    assert "17900001111" in shown.text
    assert shown.headers["refresh"] == f"60;url=/citizens/{number}"
    assert shown.headers["cache-control"] == "no-store"
    assert again.headers["refresh"] == f"40;url=/citizens/{number}"
    assert over.url == f"/citizens/{number}"
    assert "17900001111" not in over.html
    assert "林示例" not in over.html


def test_only_what_was_asked_for_is_shown(enter: Enter, number: str) -> None:
    clerk = enter(Role.CLERK)
    form = clerk.get(f"/citizens/{number}/reveal").form(field="reason_code")

    shown = clerk.submit(form, field="name", reason_code="identify")

    assert "林示例" in shown.text
    assert "17900001111" not in shown.html


def test_without_a_reason_the_form_comes_back_with_what_was_chosen(
    enter: Enter, number: str
) -> None:
    clerk = enter(Role.CLERK)
    form = clerk.get(f"/citizens/{number}/reveal").form(field="reason_code")

    missing = clerk.submit(form, field="document")
    wordless = clerk.submit(form, field="document", reason_code="other")

    assert (missing.status, wordless.status) == (422, 422)
    assert "document" in missing.form(field="reason_code").values()["field"]
    assert "17900001111" not in missing.html + wordless.html


def test_the_security_administrator_sees_who_looked_and_no_citizen(
    enter: Enter, number: str
) -> None:
    clerk = enter(Role.CLERK)
    form = clerk.get(f"/citizens/{number}/reveal").form(field="reason_code")
    clerk.submit(form, field="contact", reason_code="other", reason="核对 17900001111 归属")
    security = enter(Role.SECURITY)

    overview = security.get("/admin/access")
    rows = security.get(overview.links["1"])

    assert "Clerk" in overview.text
    assert number in rows.text
    for page in (overview, rows):
        assert "17900001111" not in page.html
        assert "林" not in page.html
    assert security.get(f"/citizens/{number}/reveal").status == 403
    assert security.get(f"/citizens/{number}").status == 404


def test_limits_and_reasons_are_set_on_the_page_and_bad_ones_come_back(enter: Enter) -> None:
    security = enter(Role.SECURITY)
    page = security.get("/admin/access")

    saved = security.submit(page.form(field="many"), many="5")
    bad = security.submit(saved.form(field="many"), many="viele")
    reasons = security.submit(
        bad.form(field="reasons"), reasons="上门走访\n回访", reasons_en="Visit"
    )
    too_long = security.submit(reasons.form(field="reasons"), reasons="长" * 61)
    empty = security.submit(reasons.form(field="reasons"), reasons=" ")

    assert saved.form(field="many").values()["many"] == ["5"]
    assert (bad.status, too_long.status, empty.status) == (422, 422, 422)
    assert bad.form(field="many").values()["many"] == ["viele"]
    assert reasons.form(field="reasons").values()["reasons"] == ["上门走访\n回访"]
    assert reasons.form(field="reasons").values()["reasons_en"] == ["Visit\n"]


@pytest.mark.parametrize("path", ["/admin/access", "/admin/access/rows"])
def test_nobody_but_the_security_administrator_watches(enter: Enter, path: str) -> None:
    assert enter(Role.AUDITOR).get(path).status == 403
    assert enter(Role.MANAGER).get(path).status == 403


@pytest.mark.parametrize("query", ["days=99", "days=x", "staff=x", "why=x", "staff=99999999999999"])
def test_an_odd_address_of_the_list_is_no_fault(enter: Enter, query: str) -> None:
    assert enter(Role.SECURITY).get(f"/admin/access/rows?{query}").status == 200

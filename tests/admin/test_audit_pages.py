"""The audit log as its administrator sees it."""

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.jobs import seal_audit
from app.accounts.rules import Role
from app.kernel.guards import remove_guards
from app.web.deps import Edge
from tests.accounts.builders import a_person
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PageClient

Db = sessionmaker[Session]


@pytest.fixture
def auditor(db: Db, pages: PageClient) -> PageClient:
    with db.begin() as session:
        a_person(session, "auditor", Role.AUDITOR)
    pages.http.cookies.set("lang", "en")
    pages.sign_in("auditor")
    return pages


def rows(page_html: str) -> int:
    return page_html.count("<tr>") - 1


def test_the_log_is_filtered_by_action_person_and_day(auditor: PageClient) -> None:
    form = auditor.get("/admin/audit").form(field="action")

    by_action = auditor.submit(form, action="sign-in")
    by_person = auditor.submit(form, who="auditor")
    by_day = auditor.submit(form, last="2026-03-01")
    by_nobody = auditor.submit(form, who="nobody")

    assert rows(by_action.html) == rows(by_person.html) == 1
    assert "No entry matches." in by_day.text
    assert "No entry matches." in by_nobody.text


def test_a_day_that_is_none_is_said_to_be_none(auditor: PageClient) -> None:
    page = auditor.get("/admin/audit", params={"first": ["yesterday"]})

    assert page.status == 422
    assert "Enter a date" in page.text


def test_the_log_turns_its_pages_and_keeps_its_filter(db: Db, auditor: PageClient) -> None:
    with db.begin() as session:
        for n in range(60):
            a_person(session, f"person{n}", Role.CLERK)
    first = auditor.get("/admin/audit", params={"action": ["role"]})

    following = first.links["Next page"]

    assert "action=role" in following
    assert rows(first.html) == 50


def test_sealing_shows_on_the_page_and_meddling_too(
    db: Db, auditor: PageClient, app: FastAPI
) -> None:
    edge: Edge = app.state.edge
    assert "Nothing has been sealed yet." in auditor.get("/admin/audit").text
    with edge.writing() as session:
        seal_audit(session, {}, now=MONDAY_9AM)
    assert "1 seal, the last at 2026-03-02 09:00." in auditor.get("/admin/audit").text
    assert "The log is whole." in auditor.get("/admin/audit/chain").text

    with db.begin() as session:
        remove_guards(session.connection())
        session.execute(text("UPDATE audit_entries SET action = 'other' WHERE id = 1"))

    assert "The log is not whole." in auditor.get("/admin/audit/chain").text

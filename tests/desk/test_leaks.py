"""What names a person goes through every main walk, and is looked for where it must not be."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.cases.models import CaseEvent
from app.kernel.audit import AuditEntry
from app.kernel.jobs import Job
from app.kernel.outbox import Message
from app.tables import metadata
from tests.citizens.parties import a_number
from tests.support.city import City, a_city, first_category
from tests.support.clock import StoppedClock
from tests.support.pages import PASSWORD_HASH, Page, PageClient

NAME = "夔龑示例"
PHONE = "17900008642"
LINE = "099088886420"
EMAIL = "mark8642@example.org"
ADDRESS = "示例市样板区光明街道绝密里86号4栋201室"
NUMBER = a_number("19610417", sequence=864)
MARKED = (NAME, PHONE, LINE, EMAIL, ADDRESS, "绝密里86号", NUMBER)
Enter = Callable[[Role], PageClient]


@dataclass
class Seen:
    """Everything a stranger could look at beside the pages themselves."""

    addresses: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)

    def note(self, answer: Response) -> None:
        self.addresses.append(str(answer.url))
        self.addresses += [
            answer.headers.get(n, "") for n in ("location", "refresh", "hx-push-url")
        ]

    def page(self, page: Page) -> Page:
        self.titles += [title.text for title in page.tree.all("title")]
        return page


@pytest.fixture
def city(app: FastAPI, db: sessionmaker[Session]) -> City:
    return a_city(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)


@pytest.fixture
def seen(client: TestClient) -> Seen:
    watched = Seen()
    client.event_hooks["response"] = [watched.note]
    client.headers["accept-language"] = "en"
    return watched


@pytest.fixture
def enter(client: TestClient, city: City) -> Enter:
    def _enter(role: Role) -> PageClient:
        client.cookies.clear()
        pages = PageClient(client)
        pages.sign_in(city[role].username)
        return pages

    return _enter


def leaks(said: str) -> list[str]:
    return [each for each in MARKED if each in said]


def everything_stored(engine: Engine) -> str:
    """Every column of every table as text; bytes as they would be read by whoever has the file."""
    with engine.connect() as connection:
        rows = [
            value
            for table in metadata.sorted_tables
            for row in connection.execute(select(table))
            for value in row
        ]
    return "\n".join(
        value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        for value in rows
    )


def walked(enter: Enter, city: City, seen: Seen, clock: StoppedClock) -> None:
    """A clerk registers, takes in, finds, looks, mistypes and changes; the others look on."""
    clerk = enter(Role.CLERK)
    new = seen.page(clerk.get("/citizens/new"))
    typed: dict[str, Any] = {
        "name": NAME,
        "document": NUMBER,
        "phone": PHONE,
        "phone2": LINE,
        "email": EMAIL,
        "address": ADDRESS,
        "note": f"{NAME} 请打 {PHONE}",
    }
    clerk.post("/desk/drafts/citizen", new.form(field="document").values() | typed)
    seen.page(clerk.submit(new.form(field="document"), birth_year="1700", **typed))
    shown = seen.page(clerk.submit(new.form(field="document"), **typed))
    seen.page(clerk.submit(seen.page(clerk.get("/citizens/new")).form(field="document"), **typed))
    number = shown.url.rsplit("/", 1)[1]
    with city.db() as session:
        category = first_category(session)
        code = session.execute(
            text("SELECT code FROM categories WHERE id = :id"), {"id": category}
        ).scalar_one()
    intake = clerk.get("/desk/new").form(field="body")
    case = seen.page(
        clerk.submit(
            intake,
            category=code,
            body="楼道灯坏了三天,老人出行不便。",
            name=NAME,
            phone=PHONE,
            address=ADDRESS,
        )
    )
    seen.page(clerk.submit(case.form(field="reason"), reason=f"打 {PHONE} 核实"))
    ask = seen.page(clerk.get(f"/citizens/{number}/reveal"))
    clear = seen.page(
        clerk.submit(
            ask.form(field="reason_code"),
            field="everything",
            reason_code="other",
            reason=f"证件 {NUMBER}，邮箱 {EMAIL}",
        )
    )
    assert len(leaks(clear.html)) > 4  # the walk really showed it
    clock.advance(timedelta(minutes=2))
    seen.page(clerk.get(clear.url))
    find = seen.page(clerk.get("/citizens"))
    for typed_in in (PHONE, NUMBER, NAME):
        seen.page(clerk.submit(find.form(field="q"), q=typed_in))
    search = clerk.get("/desk")
    seen.page(clerk.submit(search.form(field="q"), q=PHONE))
    edit = seen.page(clerk.get(f"/citizens/{number}/edit"))
    stale = edit.form(field="preferred_times")
    clerk.submit(stale, name=f"{NAME}甲")
    seen.page(clerk.submit(stale, name=NAME))
    seen.page(clerk.submit(edit.form(action="/parts/tags", button="Add"), word=PHONE))
    seen.page(clerk.get(f"/citizens/{number}"))
    seen.page(enter(Role.REVIEWER).get(f"/citizens/{number}/edit"))
    seen.page(enter(Role.SECURITY).get("/admin/access"))
    seen.page(enter(Role.SECURITY).get("/admin/access/rows"))
    seen.page(enter(Role.AUDITOR).get("/admin/audit"))


def test_nothing_that_names_a_person_stands_in_logs_addresses_titles_or_any_column(
    enter: Enter,
    city: City,
    seen: Seen,
    engine: Engine,
    clock: StoppedClock,
    capsys: pytest.CaptureFixture[str],
) -> None:
    walked(enter, city, seen, clock)

    written = capsys.readouterr()
    assert len(seen.addresses) > 50
    assert leaks(written.out + written.err) == []
    assert leaks("\n".join(seen.addresses)) == []
    assert leaks("\n".join(seen.titles)) == []
    assert leaks(everything_stored(engine)) == []
    with city.db() as session:
        counts = [
            len(session.scalars(select(table)).all())
            for table in (AuditEntry, CaseEvent, Message, Job)
        ]
        payloads = json.dumps([event.payload for event in session.scalars(select(CaseEvent))])
    assert min(counts[:3]) > 0  # what was looked through was not empty
    assert leaks(payloads) == []


@pytest.mark.parametrize("table", ["citizen_tags", "citizen_notes", "contacts"])
def test_a_fault_in_the_middle_tells_nobody_what_was_typed(
    app: FastAPI,
    city: City,
    engine: Engine,
    capsys: pytest.CaptureFixture[str],
    table: str,
) -> None:
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as http:
        clerk = PageClient(http)
        clerk.sign_in(city[Role.CLERK].username)
        typed: dict[str, Any] = {"name": NAME, "document": NUMBER, "phone": PHONE, "tags": NAME}
        known = clerk.submit(clerk.get("/citizens/new").form(field="document"), **typed)
        form = clerk.get("/citizens/new").form(field="document")
        with engine.execution_options(writing=True).begin() as connection:
            connection.execute(text(f"ALTER TABLE {table} RENAME TO gone"))

        # What was typed is given back to who typed it; a page that fails shows nothing at all.
        given_back = clerk.submit(form, name="另一人", email=EMAIL, tags=NAME, note=PHONE)
        fault = clerk.get(f"{known.url}/edit")

    written = capsys.readouterr()
    assert known.status == 200
    assert {given_back.status, fault.status} <= {500, 503}
    assert leaks(fault.html) == []
    assert f'"status": {fault.status}' in written.out
    assert leaks(written.out + written.err) == []


def test_a_leak_that_is_planted_is_seen() -> None:
    assert leaks(f"error: no such number {PHONE}") == [PHONE]

"""Signals on screen: listed, looked at, closed with a note; their numbers set by administration."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.signals import queries, service
from app.signals.models import Signal
from app.signals.rules import Level
from tests.support.city import City, a_case, a_city
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.pages import PASSWORD_HASH, PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Enter = Callable[[Role], PageClient]


@pytest.fixture
def city(app: FastAPI, db: sessionmaker[Session]) -> City:
    return a_city(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)


@pytest.fixture
def person(app: FastAPI, city: City) -> Enter:  # noqa: ARG001  # the town must be there first
    def enter(role: Role) -> PageClient:
        pages = PageClient(TestClient(app, follow_redirects=False))
        assert pages.sign_in(role.value).status == 200
        return pages

    return enter


def a_red_one(city: City) -> tuple[int, str]:
    with city.db.begin() as session:
        case = a_case(session, body="食堂集体食物中毒,请马上处理。")
        service.count_in(session, case)
        service.watch(session, now=MONDAY_9AM)
        return session.scalars(select(Signal.id)).one(), case.number


def test_a_supervisor_looks_at_a_signal_and_closes_it_with_a_note(
    person: Enter, city: City
) -> None:
    signal_id, number = a_red_one(city)
    supervisor = person(Role.SUPERVISOR)

    listed = supervisor.get("/signals")
    page = supervisor.get(f"/signals/{signal_id}")
    looked = supervisor.submit(page.form(action="/see"))
    empty = supervisor.submit(looked.form(action="/close"))
    closed = supervisor.submit(empty.form(action="/close"), note="已到场处置")

    assert f"/signals/{signal_id}" in listed.links.values()
    assert number in page.text
    assert empty.status == 422
    assert "已到场处置" in closed.text
    href = f"/signals/{signal_id}"
    assert href not in supervisor.get("/signals").links.values()
    assert href in supervisor.get("/signals?show=closed").links.values()


def test_the_list_is_narrowed_by_place_category_level_and_age(
    person: Enter, city: City, clock: StoppedClock
) -> None:
    signal_id, _number = a_red_one(city)
    with city.db() as session:
        signal = session.get_one(Signal, signal_id)
        here, about = signal.region_code, signal.category_id
    clock.advance(timedelta(days=10))
    supervisor = person(Role.SUPERVISOR)

    def lists(**asked: object) -> bool:
        page = supervisor.get("/signals", params={k: [str(v)] for k, v in asked.items()})
        return f"/signals/{signal_id}" in page.links.values()

    assert lists(region=here, category=about, level="red", days=30)
    assert not lists(region="990199")
    assert not lists(category=about + 1)
    assert not lists(level="yellow")
    assert not lists(days=7)
    assert lists(level="purple", days="x", category="y")


def test_who_does_not_supervise_is_refused(person: Enter, city: City) -> None:
    signal_id, _ = a_red_one(city)
    handler = person(Role.HANDLER)

    assert handler.get("/signals").status == 403
    assert handler.get(f"/signals/{signal_id}").status == 403


def test_samples_are_marked_until_administration_saves_its_own(person: Enter, city: City) -> None:
    admin = person(Role.ADMIN)

    page = admin.get("/admin/signals")
    wrong = admin.submit(page.form(field="words"), yellow_persons="1")
    kept = admin.submit(page.form(field="words"), yellow_persons="3", words="停电\n停水")

    assert "[S]" in page.text
    assert wrong.status == 422
    assert "[S]" not in kept.text
    with city.db() as session:
        settings = queries.settings_of(session)
        persons = {one.level: one.persons for one in settings.thresholds}
    assert persons == {Level.YELLOW: 3, Level.RED: 10}
    assert set(settings.words) == {"停电", "停水"}

"""The repair board as people meet it: who sees what, what refusals keep, what conflicts show."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import Staff
from app.accounts.rules import Role
from app.cases.models import Case
from app.cases.repair_models import Repair
from app.crews.models import CrewProfile
from app.crews.service import presence
from tests.crews.mending import crew_view, settle, skilled, waiting
from tests.repairs.mending import LEAK, Works, a_repair, dispatched, the_works
from tests.support.clock import MONDAY_9AM as NOW
from tests.support.pages import PASSWORD_HASH, PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def works(app: FastAPI, db: sessionmaker[Session]) -> Works:
    works = skilled(the_works(db, vault=app.state.edge.vault))
    with works.city.db.begin() as session:
        for staff in session.query(Staff):
            staff.password_hash = PASSWORD_HASH
    return works


def enter(app: FastAPI, username: str) -> PageClient:
    pages = PageClient(TestClient(app, follow_redirects=False))
    assert pages.sign_in(username).status == 200
    return pages


def test_from_the_board_to_the_crew_with_every_refusal_kept(app: FastAPI, works: Works) -> None:
    with works.city.db.begin() as session:
        case = waiting(session, works)
        rings = dispatched(session, works, a_repair(session, works, dangers=(LEAK,)))
        first, second = works.crew_ids
        presence.go_online(
            session, crew_view(session, first), actor=works.crews[0], now=NOW, at=(83.0, 39.0)
        )
    pages = enter(app, Role.DISPATCHER.value)
    board = pages.get("/repairs")
    assert board.text.index(rings.number) < board.text.index(case.number)
    assert "抢修 0 班" in board.text
    assert rings.number in pages.get("/repairs/bar").text
    assert case.number not in pages.get("/repairs?danger=on").text
    page = pages.get(f"/repairs/give/{case.id}")
    assert "会修路灯 · 在负责片区 · 已上线 · 今天还能接 8 件" in page.text
    form = page.form(action=f"/repairs/give/{case.id}", field="crew_id")

    given = pages.post(form.action, {**form.values(), "crew_id": [str(second)]})
    assert "已派给抢修 1 班" in given.text
    again = pages.post(form.action, {**form.values(), "crew_id": [str(first)], "note": "顺路"})
    fresh = pages.get(f"/repairs/give/{case.id}").form(field="crew_id")
    silent = pages.post(fresh.action, {**fresh.values(), "crew_id": [str(first)]})
    nobody = pages.post(fresh.action, {**fresh.values(), "crew_id": [""], "note": "想一想"})
    over = pages.post(
        fresh.action, {**fresh.values(), "crew_id": [str(first)], "note": "二班车坏了"}
    )

    assert again.status == 409
    assert "抢修 0 班" in again.text
    assert "抢修 1 班" in again.text
    assert "顺路" in again.html
    assert silent.status == 422
    assert "请写明为什么改派其他班组" in silent.text
    assert nobody.status == 422
    assert "想一想" in nobody.text
    assert "已派给抢修 0 班" in over.text
    with works.city.db() as session:
        assert session.get_one(Repair, case.id).crew_id == first
    turn = pages.get(f"/repairs/give/{rings.id}").form(action="/turn")
    assert "已派给抢修 0 班" in pages.submit(turn).text
    head = pages.get(f"/repairs/give/{rings.id}").form(action="/head")
    assert "已提请单位负责人安排" in pages.submit(head).text


def test_the_head_settles_a_crew_its_people_order_their_day_and_others_see_no_places(
    app: FastAPI, works: Works
) -> None:
    first = works.crew_ids[0]
    with works.city.db.begin() as session:
        settle(session, first, capacity=1)
        case = waiting(session, works)
    head = enter(app, Role.UNIT_HEAD.value)
    form = head.get(f"/repairs/crews/{first}").form(action=f"/repairs/crews/{first}")
    bad = head.post(form.action, {**form.values(), "capacity": "很多", "day0": "8点"})
    good = head.post(form.action, {**form.values(), "capacity": ["5"], "skills": ["0120", "02"]})
    days = head.get(f"/repairs/crews/{first}").form(action=f"/repairs/crews/{first}/days")
    head.post(days.action, {**days.values(), "day": "2026-03-09", "note": "培训"})
    grab = head.get(f"/repairs/crews/{first}").form(action=f"/repairs/crews/{first}/grabbing")
    head.post(grab.action, {**grab.values(), "may_grab": ["on"]})

    assert bad.status == 422
    assert "8点" in bad.html
    assert (good.status, "已保存。" in good.text) == (200, True)
    assert "培训" in head.get(f"/repairs/crews/{first}").text
    with works.city.db() as session:
        profile = session.get_one(CrewProfile, first)
        assert (profile.capacity, profile.skills) == (5, ["0120", "02"])

    crew = enter(app, "mender0")
    assert crew.submit(crew.get("/repairs/crews").form(action="/presence")).status == 200
    taken = crew.submit(crew.get("/repairs/pool").form(action=f"/repairs/pool/{case.id}"))
    assert case.number in taken.text
    planned = crew.submit(taken.form(action=f"/repairs/crews/{first}/route"))
    assert "简易算法" in planned.text
    assert crew.get(f"/repairs/crews/{works.crew_ids[1]}/route").status == 403
    assert crew.get(f"/repairs/crews/{first}").status == 403
    clerk = enter(app, Role.CLERK.value)
    for path in ("/repairs", "/repairs/bar", "/repairs/crews", f"/repairs/crews/{first}/route"):
        assert clerk.get(path).status == 403
    assert clerk.get(f"/repairs/give/{case.id}").status == 403
    with works.city.db() as session:
        assert session.get_one(Case, case.id).status == "signed"

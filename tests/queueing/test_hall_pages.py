"""The pages of a hall as a whole: call panel, manager, administration."""

from datetime import timedelta

import pytest

from app.accounts.rules import Role
from app.queueing import service
from app.queueing.models import QueueHall
from tests.queueing.halls import HALL, Hall
from tests.queueing.test_queue_pages import known_person
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.pages import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_panel_shows_numbers_and_counters_and_no_name(pages: PageClient, served: Hall) -> None:
    person = known_person(served)
    with served.db.begin() as session:
        served.take(session, citizen_id=person)
        served.take(session, "C")
        clerk = served.sits(session, 1, 2, now=MONDAY_9AM)
        service.call_next(session, clerk, seen=None, now=MONDAY_9AM)

    page = pages.get("/queue/HALL")

    assert "A001 2 号窗口" in page.text
    assert 'data-news="/queue/HALL/events?seen=4"' in page.html
    assert "测试" not in page.html
    assert "noscript" in page.html


@pytest.mark.usefixtures("served")
def test_a_panel_of_a_hall_that_is_not_there_gets_no_news(pages: PageClient) -> None:
    assert pages.http.get("/queue/NOWHERE/events").status_code == 404


def test_a_wait_reads_as_one_sentence_in_chinese(pages: PageClient, served: Hall) -> None:
    with served.db.begin() as session:
        for _ in range(2):
            served.take(session)
        served.sits(session, 1, 2, now=MONDAY_9AM)

    for page in (pages.get("/kiosk/HALL"), pages.get("/take/HALL")):
        assert "2 人等候，约 15 分钟" in page.text


def test_the_manager_is_told_whom_to_open_a_counter_for(
    pages: PageClient, served: Hall, clock: StoppedClock
) -> None:
    with served.db.begin() as session:
        for _ in range(11):
            served.take(session)
        clerk = served.sits(session, 0, 1, now=MONDAY_9AM)
        service.call_next(session, clerk, seen=None, now=MONDAY_9AM)
    clock.advance(timedelta(minutes=31))
    pages.sign_in(Role.MANAGER.value)

    page = pages.get("/queue")
    sheet = pages.get("/queue/day-sheet?hall=HALL")
    empty = pages.get("/queue/day-sheet?hall=HALL&day=2026-03-01")
    table = pages.http.get("/queue/day-sheet.csv?hall=HALL")
    board = pages.get("/board/applications")
    by_day = pages.get("/board/applications/halls/HALL/09:00?days=7")
    nobody = pages.get("/board/applications/halls/HALL/09:30?days=7")

    assert "建议增开 2 号窗口" in page.text
    assert "最长等候 31 分钟" in page.text
    assert "09:00" in sheet.text
    assert "没有人取号" in empty.text
    assert table.text.startswith("\ufeff日期,窗口")
    assert "当场答复" in table.text.splitlines()[0]
    assert pages.get("/queue/day-sheet?hall=CITY").status == 404
    assert 'href="/board/applications/halls/HALL/09:00?days=30"' in board.html
    assert f"/queue/day-sheet?hall=HALL&amp;day={MONDAY_9AM:%Y-%m-%d}" in by_day.html
    assert "近 7 天没有人在这半小时取号并被叫到" in nobody.text
    assert pages.get("/board/applications/halls/CITY/09:00").status == 404


@pytest.mark.usefixtures("served")
def test_a_clerk_does_not_watch_and_a_handler_does_not_call(pages: PageClient) -> None:
    pages.sign_in("window1")
    assert pages.get("/queue").status == 403

    pages.sign_in(Role.HANDLER.value)
    assert pages.get("/desk/counter").status == 403


def test_an_administrator_sets_a_hall_up(pages: PageClient, served: Hall) -> None:
    pages.sign_in(Role.ADMIN.value)
    page = pages.get("/admin/queues")
    page = pages.get(page.links["政务服务大厅"])

    wrong = pages.submit(page.form(action="/rules"), red="5")
    pages.submit(page.form(action="/rules"), red="40")
    taken = pages.submit(page.form(action="/services"), prefix="A", name="重复")
    pages.submit(page.form(action="/services"), prefix="d", name="税务")
    page = pages.get("/admin/queues/HALL")
    pages.submit(page.form(action="/counters"), number="9", services=[str(served.services["A"])])
    one = pages.get(f"/admin/queues/HALL?counter={served.counters[1]}")
    page = pages.submit(one.form(action="/counters"), number="12")
    stale = pages.submit(one.form(action="/rules"), red="50", version="1")

    assert (wrong.status, taken.status, stale.status) == (422, 422, 409)
    assert "重复" in taken.html
    assert "税务" in page.text
    assert "12 号窗口" in page.text
    with served.db() as session:
        assert session.get_one(QueueHall, HALL).red == 40

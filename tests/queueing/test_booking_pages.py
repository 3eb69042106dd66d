"""The pages of booked times: chosen, booked, found by code, cancelled, checked in; and a rating."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.kernel import outbox
from app.kernel.outbox import Channel, Delivery, Fate, Letter, Message, Outcome, Wait
from app.queueing import service
from app.queueing.booking_models import Booking, BookingPlan, QueueContact
from app.queueing.letters import visit_letter
from app.queueing.models import Ticket, TicketRating
from app.queueing.rules.booking import BookingState
from app.queueing.service import telling
from tests.queueing.halls import Hall
from tests.queueing.test_booking import let_book
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.pages import Page, PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Postman:
    """Says that it took every letter."""

    def carry(self, _letter: Letter) -> Outcome:
        return Outcome(Fate.SENT)


@pytest.fixture
def with_messages(app: FastAPI) -> Iterator[None]:
    """This installation sends short messages."""
    assert app.state.edge  # the application has wired its own ways first
    outbox.wire(Delivery({Channel.SMS: Postman()}, visit_letter))
    yield
    outbox.wire(Delivery({}, visit_letter))


def books(pages: PageClient, hall: Hall, *, phone: str = "17900000021", at: str = "10:00") -> Page:
    page = pages.get(f"/book/HALL?service={hall.services['A']}")
    form = page.form(action="/book/HALL")
    return pages.submit(form, slot=f"2026-03-02T{at}", phone=phone, name="测试甲")


def the_booking(hall: Hall) -> Booking:
    with hall.db() as session:
        return session.scalars(select(Booking).order_by(Booking.id.desc()).limit(1)).one()


def test_a_time_is_booked_found_by_its_code_and_cancelled(pages: PageClient, served: Hall) -> None:
    let_book(served, capacity=1)
    page = pages.get("/book")
    page = pages.get(page.links["政务服务大厅"])
    page = pages.get(page.links["社会保障"])
    assert "余 1 个" in page.text

    refused = books(pages, served, phone="123")
    booked = books(pages, served)
    full = books(pages, served, phone="17900000022")
    code = booked.html.split("data-code>")[1].split("<")[0]
    found = pages.submit(pages.get("/book").form(action="/book"), code=code.lower())
    unknown = pages.submit(pages.get("/book").form(action="/book"), code="22222222")
    cancelled = pages.submit(found.form(action="/cancel"))

    assert (refused.status, full.status, unknown.status) == (422, 422, 422)
    assert 'value="123"' in refused.html
    assert booked.url == found.url == cancelled.url
    assert "10:00–10:30" in booked.text
    assert "已取消" in cancelled.text
    assert the_booking(served).state is BookingState.CANCELLED
    for shown in (booked, found, cancelled):
        assert "1790" not in shown.html
        assert "测试" not in shown.html


def test_the_same_booking_sent_twice_is_one(pages: PageClient, served: Hall) -> None:
    let_book(served, capacity=5)
    form = pages.get(f"/book/HALL?service={served.services['A']}").form(action="/book/HALL")

    urls = {pages.submit(form, slot="2026-03-02T10:00", phone="17900000023").url for _ in range(2)}

    assert len(urls) == 1


def test_a_booking_becomes_a_number_at_the_kiosk_and_the_visit_is_rated_once(
    pages: PageClient, served: Hall, clock: StoppedClock
) -> None:
    let_book(served, capacity=1)
    booked = books(pages, served)
    code = booked.html.split("data-code>")[1].split("<")[0]
    page = pages.get("/kiosk/HALL")
    page = pages.get(page.links["我有预约"])
    early = pages.submit(page.form(action="/check-in"), code=code)
    clock.advance(timedelta(minutes=50))

    given = pages.submit(page.form(action="/check-in"), code=f"https://example.org{booked.url}")
    own = pages.get(f"/ticket/{given.url.rpartition('/')[2]}")
    with served.db.begin() as session:
        clerk = served.sits(session, 0, 1, now=clock.at)
        called = service.call_next(session, clerk, seen=None, now=clock.at).ticket
        assert called is not None
        service.finish(session, clerk, called.id, now=clock.at)
    panel = pages.get("/queue/HALL")
    done = pages.get(own.url)
    rated = pages.submit(done.form(action="/rate"), press="5")
    again = pages.submit(done.form(action="/rate"), press="1")

    assert early.status == 422
    assert "10:00" in early.text
    assert "A001" in given.text
    assert "预约 10:00" in own.text
    assert "已签到" in pages.get(booked.url).text
    for shown in (given, own, panel):
        assert "1790" not in shown.html
    assert "满意" not in rated.text
    assert again.status == 200
    with served.db() as session:
        assert session.scalars(select(TicketRating.level)).all() == [5]


@pytest.mark.usefixtures("with_messages")
def test_who_left_a_number_is_written_to_once_when_few_are_before_them(
    pages: PageClient, served: Hall
) -> None:
    let_book(served, capacity=1)
    with served.db.begin() as session:
        for _ in range(5):
            served.take(session)
    form = pages.get("/take/HALL").form(action="/take/HALL")
    ticket = pages.submit(form, service=str(served.services["A"]), phone="17900000024")
    form = pages.get("/take/HALL").form(action="/take/HALL")
    refused = pages.submit(form, service=str(served.services["A"]), phone="12")

    with served.db.begin() as session:
        clerk = served.sits(session, 0, 1, now=MONDAY_9AM)
        first = service.call_next(session, clerk, seen=None, now=MONDAY_9AM).ticket
        assert first is not None
        untold = session.scalars(select(Message)).all()
        second = service.call_next(session, clerk, seen=first.id, now=MONDAY_9AM).ticket
        assert second is not None
        service.call_next(session, clerk, seen=second.id, now=MONDAY_9AM)
        (message,) = session.scalars(select(Message))
        letter = visit_letter(session, message, MONDAY_9AM)
        at_night = visit_letter(session, message, MONDAY_9AM + timedelta(hours=13))

    assert isinstance(at_night, Wait)
    assert "短信提醒" in ticket.text
    assert refused.status == 422
    assert not untold
    assert isinstance(letter, Letter)
    assert letter.address == "17900000024"
    assert letter.text == "政务服务大厅 A006 号：前面约剩 3 人，请尽快回到大厅。"
    assert message.msgid == telling.NEARLY


def test_an_administrator_opens_a_service_for_booking(pages: PageClient, served: Hall) -> None:
    pages.sign_in("admin")
    page = pages.get("/admin/queues/HALL")
    key = served.services["B"]

    form = page.form(action="/booking")
    sent = form.values() | {"is_open": ["on"], "days_ahead": ["3"]}
    wrong = pages.post(form.action, sent | {f"capacity_{key}": ["many"]})
    done = pages.post(form.action, sent | {f"capacity_{key}": ["7"]})

    assert (wrong.status, done.status) == (422, 200)
    with served.db() as session:
        assert session.get_one(BookingPlan, key).capacity == 7
        assert session.scalars(select(QueueContact)).all() == []
        assert session.scalars(select(Ticket)).all() == []

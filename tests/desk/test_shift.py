"""The end of a shift and questions handed on, at the desk: left, taken over, looked at."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.desk.shift import service
from app.desk.shift.service import Leaving
from app.desk.shift_models import ShiftHandover
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.questions import service as questions
from app.questions.models import Question
from app.questions.service import NewQuestion
from app.queueing import service as queue
from app.queueing.models import QueueCounter
from tests.queueing.conftest import served
from tests.queueing.halls import Hall, a_hall
from tests.queueing.test_booking import let_book
from tests.support.city import Db
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PageClient

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LATER = MONDAY_9AM + timedelta(hours=8)
__all__ = ["served"]


def test_a_shift_is_left_with_its_questions_and_taken_over_once(db: Db) -> None:
    hall = a_hall(db)
    first, second, third = hall.clerks
    with hall.db.begin() as session:
        hall.sits(session, 0, 1, now=MONDAY_9AM)
        words = NewQuestion("医保卡在哪里补办？")
        questions.ask(session, first, words, None, now=MONDAY_9AM)
        hall.take(session)
        called = queue.call_next(session, first, seen=None, now=MONDAY_9AM).ticket
        assert called is not None
    with hall.db.begin() as session:
        with pytest.raises(InvalidError):  # somebody is still there
            service.hand_over(session, first, Leaving(), now=LATER)
        queue.finish(session, first, called.id, now=LATER)
        with pytest.raises(InvalidError):
            service.hand_over(session, first, Leaving(to_id=first.id), now=LATER)
        leaving = Leaving(to_id=second.id, note="打印机缺纸")
        made = service.hand_over(session, first, leaving, now=LATER).id

    with hall.db.begin() as session:
        for wrong in (first, third):
            with pytest.raises(ForbiddenError):
                service.accept(session, wrong, made, now=LATER)
        service.accept(session, second, made, now=LATER)
        with pytest.raises(ConflictError):
            service.accept(session, second, made, now=LATER)

    with hall.db() as session:
        kept = session.get_one(ShiftHandover, made)
        assert service.note_in(session, kept.note, kept.place) == "打印机缺纸"
        assert kept.accepted_by == second.id
        assert session.scalars(select(Question.owner_id)).all() == [second.id]
        assert set(session.scalars(select(QueueCounter.staff_id))) == {None}


@ONE_DATABASE
def test_a_question_and_a_shift_go_over_by_the_pages(pages: PageClient, served: Hall) -> None:
    pages.sign_in("window1")
    page = pages.get("/desk/counter")
    page = pages.submit(page.form(action="sign-on"), press=str(served.counters[1]))
    form = pages.get("/desk/questions").form(action="/desk/questions")
    short = pages.submit(form, words="?")
    target = f"staff:{served.clerks[1].id}"
    with served.db.begin() as session:
        served.sits(session, 1, 2, now=MONDAY_9AM)
    form = pages.get("/desk/questions").form(action="/desk/questions")
    asked = pages.submit(form, words="在哪里补办身份证？", to=target)
    left = pages.submit(pages.get("/desk/shift").form(action="/hand-over"), note="无")
    pages.sign_in("window2")
    waiting = pages.get("/desk/counter")
    question = pages.get(asked.url)
    refused = pages.submit(question.form(action="/refuse"), why="")
    pages.submit(question.form(action="/accept"))
    pages.submit(pages.get("/desk/shift").form(action="/accept"))
    answered = pages.submit(pages.get(asked.url).form(action="/answer"), answer="到户籍窗口补办。")
    listed = pages.get("/desk/questions?which=answered")
    with served.db() as session:
        accepted = session.scalars(select(ShiftHandover.accepted_by)).one()

    assert (short.status, refused.status) == (422, 422)
    assert "待接收" in asked.text
    assert "待接班" in left.text
    assert "交接清单待接收" in waiting.text
    assert "到户籍窗口补办" in answered.text
    assert "在哪里补办身份证" in listed.text
    assert accepted == served.clerks[1].id


@ONE_DATABASE
def test_the_desk_books_checks_in_and_cancels(pages: PageClient, served: Hall) -> None:
    let_book(served, capacity=3)
    pages.sign_in("window1")
    address = f"/desk/bookings?hall=HALL&service={served.services['A']}"
    form = pages.get(address).form(field="slot")

    wrong = pages.submit(form, phone="1", slot="2026-03-02T09:30")
    booked = [
        pages.submit(form, phone=f"1790000006{n}", name="测试乙", slot="2026-03-02T09:30")
        for n in (1, 2)
    ]
    page = pages.get(address)
    pages.submit(page.form(action="/cancel"))
    page = pages.get(address)
    early = pages.submit(page.form(action="/check-in"))

    assert wrong.status == 422
    assert [one.url[:9] for one in booked] == ["/booking/"] * 2
    assert "17900000061" not in page.html
    assert "0062" in page.text
    assert "已取消" in page.text
    assert early.status == 422

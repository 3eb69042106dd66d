"""A question asked at the wrong counter: owned, handed on, accepted, reminded of, forgotten."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.rules import Actor
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.notifications.models import StaffEntry
from app.questions import queries, service
from app.questions.models import Question, QuestionMove
from app.questions.queries import Which
from app.questions.rules import Deed, QuestionState
from app.questions.service import NewQuestion, Target
from tests.queueing.halls import HALL, Hall, a_hall
from tests.support.city import Db
from tests.support.clock import MONDAY_9AM

WORDS = NewQuestion("退休金在哪里改发放银行？", "17900000041")
LATER = MONDAY_9AM + timedelta(minutes=31)
Tells = Callable[[int], list[str]]


@pytest.fixture
def hall(db: Db) -> Hall:
    return a_hall(db)


def told(hall: Hall, who: Actor) -> int:
    with hall.db() as session:
        found = session.scalars(select(StaffEntry).where(StaffEntry.staff_id == who.id)).all()
    return len(found)


def counts(hall: Hall, who: Actor) -> tuple[int, int, int]:
    """Mine, offered to me, too slow."""
    with hall.db() as session:
        before = LATER - service.terms().accept_within
        found = queries.counts_of(session, who, slow_before=before, since=MONDAY_9AM)
    return found.mine, found.to_me, found.slow


def test_whoever_was_asked_first_owns_it_until_the_next_one_accepts(hall: Hall) -> None:
    first, second, third = hall.clerks
    with hall.db.begin() as session:
        question = service.ask(session, first, WORDS, Target(staff_id=second.id), now=MONDAY_9AM)
        with pytest.raises(ForbiddenError):
            service.accept(session, question, third, now=LATER)
    asked = counts(hall, first), counts(hall, second)

    with hall.db.begin() as session:
        question = queries.get_question(session, question.ref, second)
        service.refuse(session, question, second, "不是我的窗口", now=LATER)
        with pytest.raises(ConflictError):
            service.accept(session, question, second, now=LATER)
        assert question.owner_id == first.id
        assert service.words_in(session, question, "note") == "不是我的窗口"
        service.offer(session, question, first, Target(unit_id=HALL), now=LATER)
        service.accept(session, question, third, now=LATER)
        with pytest.raises(ForbiddenError):
            service.answer(session, question, first, "到社保窗口", now=LATER)
        service.answer(session, question, third, "到社保窗口办理。", now=LATER)

    assert asked == ((1, 0, 1), (0, 1, 1))
    with hall.db() as session:
        kept = session.scalars(select(Question)).one()
        deeds = session.scalars(select(QuestionMove.deed).order_by(QuestionMove.id)).all()
        assert (kept.state, kept.first_id, kept.owner_id, kept.hands) == (
            QuestionState.ANSWERED,
            first.id,
            third.id,
            2,
        )
        assert b"\xe9\x80\x80" not in (kept.words or b"")
    assert deeds == [Deed.ASK, Deed.OFFER, Deed.REFUSE, Deed.OFFER, Deed.ACCEPT, Deed.ANSWER]
    assert told(hall, second) >= 1


def test_a_slow_offer_is_reminded_of_once_on_both_sides(hall: Hall) -> None:
    first, second, third = hall.clerks
    with hall.db.begin() as session:
        service.ask(session, first, WORDS, Target(staff_id=second.id), now=MONDAY_9AM)

    with hall.db.begin() as session:
        reminded = [service.remind(session, now=now) for now in (MONDAY_9AM, LATER, LATER)]

    assert reminded == [0, 1, 0]
    assert (told(hall, first), told(hall, second), told(hall, third)) == (1, 2, 0)


def test_nobody_else_sees_it_and_nobody_hands_on_to_themselves(hall: Hall) -> None:
    first, second, third = hall.clerks
    with hall.db.begin() as session:
        for wrong in (
            Target(),
            Target(staff_id=first.id),
            Target(staff_id=9999),
            Target(unit_id=9),
        ):
            with pytest.raises(InvalidError):
                service.ask(session, first, WORDS, wrong, now=MONDAY_9AM)
    with hall.db.begin() as session:
        to = Target(staff_id=second.id)
        ref = service.ask(session, first, WORDS, to, now=MONDAY_9AM).ref

    with hall.db() as session:
        with pytest.raises(NotFoundError):
            queries.get_question(session, ref, third)
        found = queries.list_of(session, second, Which.TO_ME, slow_before=LATER, cursor=None)
        assert [row.ref for row in found.items] == [ref]


def test_words_of_old_questions_are_forgotten_and_who_handed_on_stays_counted(hall: Hall) -> None:
    first = hall.clerks[0]
    with hall.db.begin() as session:
        question = service.ask(session, first, WORDS, None, now=MONDAY_9AM)
        service.answer(session, question, first, "在三号窗口。", now=MONDAY_9AM)

    with hall.db.begin() as session:
        service.forget(session, now=MONDAY_9AM + service.terms().kept + timedelta(days=1))

    with hall.db() as session:
        kept = session.scalars(select(Question)).one()
        assert (kept.words, kept.reach, kept.answer) == (None, None, None)
        assert len(session.scalars(select(QuestionMove)).all()) == 2

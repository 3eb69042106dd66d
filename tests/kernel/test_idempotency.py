"""A form sent twice is answered twice and acted on once."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import idempotency
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.idempotency import SentForm
from app.kernel.jobs import Job, enqueue
from tests.support.clock import MONDAY_9AM, StoppedClock

Db = sessionmaker[Session]
TOKEN = "a-token-of-sufficient-length"  # noqa: S105  # of no use anywhere


def send(db: Db, token: str = TOKEN, scope: str = "report") -> idempotency.Answer:
    """A small service in the way services use it: one job stands for what was done."""
    with db.begin() as session:
        earlier = idempotency.once(session, token, scope, MONDAY_9AM)
        if earlier is not None:
            return earlier
        enqueue(session, "deed", run_at=MONDAY_9AM)
        deeds = session.scalar(select(func.count()).select_from(Job))
        idempotency.remember(session, token, scope, {"deed": deeds})
        return {"deed": deeds}


def deeds(db: Db) -> int:
    with db() as session:
        return session.scalar(select(func.count()).select_from(Job)) or 0


def test_a_resend_returns_the_first_answer_and_does_nothing(db: Db) -> None:
    answers = [send(db), send(db), send(db)]

    assert answers == [{"deed": 1}] * 3
    assert deeds(db) == 1


def test_another_form_or_another_token_is_another_deed(db: Db) -> None:
    answers = [send(db), send(db, scope="rate"), send(db, token=TOKEN + "2")]

    assert answers == [{"deed": 1}, {"deed": 2}, {"deed": 3}]


def test_two_sendings_at_the_same_moment_are_one_deed(db: Db) -> None:
    answers: list[idempotency.Answer] = []
    start = threading.Barrier(4)

    def press() -> None:
        start.wait()
        answers.append(send(db))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [{"deed": 1}] * 4
    assert deeds(db) == 1


def test_a_first_sending_that_failed_may_be_repeated(db: Db) -> None:
    with db() as session:
        idempotency.once(session, TOKEN, "report", MONDAY_9AM)
        session.rollback()

    assert send(db) == {"deed": 1}


def test_a_form_without_a_real_token_is_refused(db: Db) -> None:
    with db() as session, pytest.raises(InvalidError):
        idempotency.once(session, "1", "report", MONDAY_9AM)


def test_an_answer_nobody_asked_for_and_one_never_given_are_conflicts(db: Db) -> None:
    with db() as session, pytest.raises(ConflictError):
        idempotency.remember(session, TOKEN, "report", {})
    with db.begin() as session:
        idempotency.once(session, TOKEN, "report", MONDAY_9AM)

    with db() as session, pytest.raises(ConflictError):
        idempotency.once(session, TOKEN, "report", MONDAY_9AM)


def test_old_tokens_are_forgotten(db: Db, clock: StoppedClock) -> None:
    send(db)
    clock.advance(idempotency.KEPT + timedelta(hours=1))
    with db.begin() as session:
        idempotency.forget_old(session, {}, now=clock.now())

    with db() as session:
        assert session.scalars(select(SentForm)).all() == []

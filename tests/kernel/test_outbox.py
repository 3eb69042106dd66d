"""Messages to the outside: after the commit, under a stable name, and never blindly twice."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import jobs, outbox
from app.kernel.errors import ConflictError, NotFoundError
from app.kernel.jobs import Job
from app.kernel.messages import mark
from app.kernel.outbox import (
    Channel,
    Delivery,
    Fate,
    Letter,
    Message,
    MessageStatus,
    Outcome,
    Ready,
    Wait,
)
from app.web.deps import Edge
from app.worker import Worker
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import an_edge

Db = sessionmaker[Session]
CASE = ("case", 7)


@dataclass
class Postman:
    """Answers with the fates it was given, the last one for ever, and keeps the letters."""

    fates: list[Fate]
    carried: list[Letter] = field(default_factory=list)

    def carry(self, letter: Letter, /) -> Outcome:
        self.carried.append(letter)
        fate = self.fates.pop(0) if len(self.fates) > 1 else self.fates[0]
        return Outcome(fate, "" if fate is Fate.SENT else "HTTP 503")


def compose(_session: Session, message: Message, now: datetime) -> Ready:
    if message.contact_id == 0:
        return None
    if until := message.params.get("until"):
        at = datetime.fromisoformat(until)
        if now < at:
            return Wait(at)
    return Letter(message.ref, message.channel, "17900000001", message.msgid % message.params)


@pytest.fixture
def edge(engine: Engine, clock: StoppedClock) -> Edge:
    return an_edge(engine, clock)


@pytest.fixture(autouse=True)
def _a_way_out_meanwhile() -> Iterator[None]:
    outbox.wire(Delivery({Channel.SMS: Postman([Fate.SENT])}, compose))
    yield
    outbox.wire(Delivery({}, compose))


def a_worker(edge: Edge, postman: Postman | None) -> Worker:
    outbox.wire(Delivery({Channel.SMS: postman} if postman else {}, compose))
    return Worker(edge, {outbox.JOB: outbox.ERRAND})


def write(db: Db, *, contact_id: int = 3, until: datetime | None = None) -> int:
    with db.begin() as session:
        message = outbox.post(
            session,
            CASE,
            channel=Channel.SMS,
            contact_id=contact_id,
            msgid=mark("Your matter %(number)s was answered."),
            params={"number": "RX1", "until": until.isoformat() if until else ""},
            now=MONDAY_9AM,
        )
        return message.id


def the_message(db: Db) -> Message:
    with db() as session:
        return session.scalars(select(Message)).one()


def test_a_message_goes_out_after_the_commit_and_is_shown_as_sent(db: Db, edge: Edge) -> None:
    postman = Postman([Fate.SENT])
    write(db)

    a_worker(edge, postman).drain()

    message = the_message(db)
    assert [letter.text for letter in postman.carried] == ["Your matter RX1 was answered."]
    assert (message.status, message.settled_at) == (MessageStatus.SENT, MONDAY_9AM)


def test_a_message_of_a_transaction_that_failed_never_goes_out(db: Db, edge: Edge) -> None:
    postman = Postman([Fate.SENT])
    with db() as session:
        outbox.post(session, CASE, channel=Channel.SMS, contact_id=3, msgid="", now=MONDAY_9AM)
        session.rollback()

    a_worker(edge, postman).drain()

    assert postman.carried == []


@pytest.mark.parametrize("was_open", [True, False])
def test_without_a_channel_the_message_is_shown_as_not_sent(
    db: Db, edge: Edge, *, was_open: bool
) -> None:
    if not was_open:
        outbox.wire(Delivery({}, compose))
    write(db)

    a_worker(edge, None).drain()

    message = the_message(db)
    assert (message.status, message.trouble) == (MessageStatus.OFF, "no such channel is set up")


def test_who_can_no_longer_be_reached_is_shown(db: Db, edge: Edge) -> None:
    postman = Postman([Fate.SENT])
    write(db, contact_id=0)

    a_worker(edge, postman).drain()

    assert the_message(db).status is MessageStatus.FAILED
    assert postman.carried == []


def test_an_unknown_outcome_is_shown_and_not_resent(
    db: Db, edge: Edge, clock: StoppedClock
) -> None:
    postman = Postman([Fate.UNKNOWN])
    write(db)

    for _ in range(3):
        a_worker(edge, postman).drain()
        clock.advance(timedelta(days=1))

    assert the_message(db).status is MessageStatus.UNKNOWN
    assert len(postman.carried) == 1


def test_what_was_certainly_not_sent_is_tried_again_under_the_same_name(
    db: Db, edge: Edge, clock: StoppedClock
) -> None:
    postman = Postman([Fate.NOT_NOW, Fate.SENT])
    write(db)

    a_worker(edge, postman).drain()
    between = the_message(db)
    clock.advance(timedelta(minutes=1))
    a_worker(edge, postman).drain()

    assert (between.status, between.settled_at) == (MessageStatus.PENDING, None)
    assert the_message(db).status is MessageStatus.SENT
    assert len({letter.ref for letter in postman.carried}) == 1


def test_after_five_vain_attempts_the_message_has_failed(
    db: Db, edge: Edge, clock: StoppedClock
) -> None:
    postman = Postman([Fate.NOT_NOW])
    write(db)

    for _ in range(8):
        a_worker(edge, postman).drain()
        clock.advance(timedelta(days=1))

    message = the_message(db)
    assert (message.status, message.trouble) == (MessageStatus.FAILED, "HTTP 503")
    assert len(postman.carried) == jobs.MAX_ATTEMPTS


def test_a_worker_that_vanished_on_the_way_leaves_an_unknown_outcome(
    db: Db, edge: Edge, clock: StoppedClock
) -> None:
    def vanish(_letter: Letter) -> Outcome:
        raise SystemExit

    postman = Postman([Fate.SENT])
    write(db)
    gone = jobs.Errand(outbox.ERRAND.prepare, vanish, outbox.ERRAND.settle)

    with pytest.raises(SystemExit):
        Worker(edge, {outbox.JOB: gone}).drain()
    on_its_way = the_message(db).status
    for wait in (jobs.LEASE, timedelta(minutes=1), timedelta(minutes=1)):
        clock.advance(wait)
        a_worker(edge, postman).drain()

    assert on_its_way is MessageStatus.SENDING
    assert the_message(db).status is MessageStatus.UNKNOWN
    assert postman.carried == []


@pytest.mark.parametrize("fate", [Fate.UNKNOWN, Fate.REFUSED])
def test_a_person_may_decide_to_send_again(db: Db, edge: Edge, fate: Fate) -> None:
    postman = Postman([fate, Fate.SENT])
    message_id = write(db)
    a_worker(edge, postman).drain()

    with db.begin() as session:
        outbox.send_again(session, message_id, now=MONDAY_9AM)
    a_worker(edge, postman).drain()

    assert the_message(db).status is MessageStatus.SENT
    with db() as session, pytest.raises(ConflictError):
        outbox.send_again(session, message_id, now=MONDAY_9AM)
    with db() as session, pytest.raises(NotFoundError):
        outbox.send_again(session, message_id + 1, now=MONDAY_9AM)


def test_a_message_is_delivered_once_however_often_the_job_is_put_in(db: Db, edge: Edge) -> None:
    postman = Postman([Fate.SENT])
    message_id = write(db)
    worker = a_worker(edge, postman)
    worker.drain()

    for _ in range(2):
        with db.begin() as session:
            jobs.enqueue(session, outbox.JOB, {"message": message_id}, run_at=MONDAY_9AM)
    worker.drain()

    assert len(postman.carried) == 1
    assert list(_jobs(db)) == []


def test_a_message_that_must_wait_goes_out_when_it_may(
    db: Db, edge: Edge, clock: StoppedClock
) -> None:
    postman = Postman([Fate.SENT])
    until = MONDAY_9AM + timedelta(hours=2)
    write(db, until=until)

    a_worker(edge, postman).drain()
    waiting, carried = the_message(db), len(postman.carried)
    clock.advance(timedelta(hours=2))
    a_worker(edge, postman).drain()

    assert (waiting.status, waiting.send_after, carried) == (MessageStatus.PENDING, until, 0)
    assert the_message(db).status is MessageStatus.SENT


def test_what_is_held_is_written_down_and_never_goes_out(db: Db, edge: Edge) -> None:
    postman = Postman([Fate.SENT])
    worker = a_worker(edge, postman)
    with db.begin() as session:
        held = outbox.post(
            session, CASE, channel=Channel.SMS, contact_id=3, msgid="", held="why", now=MONDAY_9AM
        )
        message_id = held.id

    worker.drain()

    message = the_message(db)
    assert (message.status, message.trouble) == (MessageStatus.SUPPRESSED, "why")
    assert postman.carried == []
    with db() as session, pytest.raises(ConflictError):
        outbox.send_again(session, message_id, now=MONDAY_9AM)


@pytest.mark.parametrize(
    ("fate", "receipts", "ends"),
    [
        (Fate.SENT, [True], MessageStatus.DELIVERED),
        (Fate.SENT, [True, True, False], MessageStatus.DELIVERED),
        (Fate.SENT, [False], MessageStatus.FAILED),
        (Fate.SENT, [False, True], MessageStatus.DELIVERED),
        (Fate.UNKNOWN, [True], MessageStatus.DELIVERED),
        (Fate.REFUSED, [True], MessageStatus.DELIVERED),
    ],
)
def test_a_receipt_says_what_became_of_it_and_arrival_is_never_taken_back(
    db: Db, edge: Edge, fate: Fate, receipts: list[bool], ends: MessageStatus
) -> None:
    write(db)
    a_worker(edge, Postman([fate])).drain()
    ref = the_message(db).ref

    for arrived in receipts:
        with db.begin() as session:
            outbox.confirm(session, ref, arrived=arrived, trouble="gone", now=MONDAY_9AM)

    message = the_message(db)
    assert message.status is ends
    assert (message.delivered_at is not None) is (ends is MessageStatus.DELIVERED)


def test_a_receipt_quicker_than_the_answer_is_not_overwritten(db: Db, edge: Edge) -> None:
    def receipt_first(letter: Letter) -> Outcome:
        with db.begin() as session:
            outbox.confirm(session, letter.ref, arrived=True, now=MONDAY_9AM)
        return Outcome(Fate.UNKNOWN)

    write(db)
    quick = jobs.Errand(outbox.ERRAND.prepare, receipt_first, outbox.ERRAND.settle)

    Worker(edge, {outbox.JOB: quick}).drain()

    assert the_message(db).status is MessageStatus.DELIVERED


def test_a_receipt_for_nothing_we_know_is_answered_so(db: Db) -> None:
    with db.begin() as session:
        assert outbox.confirm(session, "nobody", arrived=True, now=MONDAY_9AM) is None


def test_a_person_may_leave_it_at_that(db: Db, edge: Edge) -> None:
    message_id = write(db)
    with db() as session, pytest.raises(ConflictError):
        outbox.leave(session, message_id, now=MONDAY_9AM)
    a_worker(edge, Postman([Fate.UNKNOWN])).drain()

    with db.begin() as session:
        outbox.leave(session, message_id, now=MONDAY_9AM)

    assert the_message(db).left_at == MONDAY_9AM
    with db() as session, pytest.raises(NotFoundError):
        outbox.leave(session, message_id + 1, now=MONDAY_9AM)


def test_a_letter_does_not_print_its_address_or_its_words() -> None:
    letter = Letter("ref", Channel.SMS, "17900000001", "words")

    assert "1790" not in repr(letter)
    assert "words" not in repr(letter)


def _jobs(db: Db) -> Iterator[Job]:
    with db() as session:
        yield from session.scalars(select(Job)).all()

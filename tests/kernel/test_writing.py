"""Rows written past the unit of work are the rows the ORM would have written."""

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import revisions
from app.kernel.outbox import Channel, Message, MessageStatus
from app.kernel.writing import write, write_all
from tests.support.clock import MONDAY_9AM

Db = sessionmaker[Session]


def a_message(ref: str) -> Message:
    return Message(
        ref=ref,
        channel=Channel.SMS,
        contact_id=1,
        subject_type="case",
        subject_id=7,
        msgid="",
        params={},
        locale="zh_CN",
        created_at=MONDAY_9AM,
    )


def test_a_row_written_straight_away_has_its_key_and_its_defaults(db: Db) -> None:
    with db.begin() as session:
        message = a_message("one")

        write(session, message)

        key = message.id
        assert message in session

    with db() as session:
        stored = session.get_one(Message, key)
        assert (stored.ref, stored.status, stored.attempts) == ("one", MessageStatus.PENDING, 0)


def test_what_was_written_straight_away_can_still_be_changed(db: Db) -> None:
    with db.begin() as session:
        message = a_message("one")
        write(session, message)

        message.trouble = "no way out"

    with db() as session:
        assert session.scalars(select(Message.trouble)).all() == ["no way out"]


def test_what_waits_in_the_session_is_written_before(db: Db) -> None:
    with db.begin() as session:
        session.add(a_message("first"))

        write(session, a_message("second"))

    with db() as session:
        told = session.scalars(select(Message.ref).order_by(Message.id)).all()
        assert told == ["first", "second"]


def test_several_rows_go_in_at_once(db: Db) -> None:
    with db.begin() as session:
        write_all(session, [a_message("one"), a_message("two")])

    with db() as session:
        assert set(session.scalars(select(Message.ref))) == {"one", "two"}


def test_a_token_renewed_in_a_transaction_that_failed_is_never_seen(db: Db) -> None:
    with db.begin() as session:
        revisions.renew(session.connection(), "thing")
    with db() as session:
        before = revisions.token_of(session, "thing")
    with db() as session:
        revisions.renew(session.connection(), "thing")
        revisions.forget(session)
        meanwhile = revisions.token_of(session, "thing")
        session.rollback()

    with db() as session:
        after = revisions.token_of(session, "thing")

    assert before == after
    assert before
    assert meanwhile not in ("", before)

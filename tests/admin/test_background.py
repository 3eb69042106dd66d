"""The system administrator sees what the background could not do, and may order another try."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.kernel import jobs
from app.kernel.audit import AuditEntry
from app.kernel.jobs import Job, JobStatus
from app.kernel.outbox import Channel, Message, MessageStatus
from tests.accounts.builders import a_person
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.pages import PageClient

Db = sessionmaker[Session]
URL = "/admin/background"


@pytest.fixture
def admin(db: Db, pages: PageClient) -> PageClient:
    with db.begin() as session:
        a_person(session, "admin", Role.ADMIN)
    pages.http.cookies.set("lang", "en")
    pages.sign_in("admin")
    return pages


def given_up(db: Db) -> None:
    with db.begin() as session:
        session.add(
            Job(
                name="sla.sweep",
                payload={},
                status=JobStatus.DEAD,
                run_at=MONDAY_9AM,
                attempts=jobs.MAX_ATTEMPTS,
                trouble="ValueError at sweep:12",
            )
        )


def perhaps_sent(db: Db) -> None:
    with db.begin() as session:
        session.add(
            Message(
                ref="r",
                channel=Channel.SMS,
                contact_id=1,
                subject_type="case",
                subject_id=1,
                msgid="",
                params={"number": "RX1"},
                locale="zh_CN",
                status=MessageStatus.UNKNOWN,
                created_at=MONDAY_9AM,
            )
        )


def actions(db: Db) -> list[str]:
    with db() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_house_without_a_worker_says_so_and_one_with_does_not(
    admin: PageClient, db: Db, clock: StoppedClock
) -> None:
    without = admin.get(URL).text
    with db.begin() as session:
        jobs.beat(session, worker="w", now=clock.now())

    with_one = admin.get(URL).text

    assert "Nobody does the background work." in without
    assert "Nobody does the background work." not in with_one


def test_a_job_that_was_given_up_is_shown_and_can_be_tried_again(admin: PageClient, db: Db) -> None:
    given_up(db)
    page = admin.get(URL)

    after = admin.submit(page.form(button="Try again"))

    assert "ValueError at sweep:12" in page.text
    assert "sla.sweep" not in after.text
    with db() as session:
        assert session.scalars(select(Job.status)).one() is JobStatus.READY
    assert "job:revive" in actions(db)


def test_messages_that_may_not_have_arrived_are_counted_until_they_are_decided(
    admin: PageClient, db: Db
) -> None:
    perhaps_sent(db)
    before = admin.get(URL)
    with db.begin() as session:
        session.execute(update(Message).values(left_at=MONDAY_9AM))

    after = admin.get(URL)

    assert before.links["1 message to decide about"] == "/admin/notices"
    assert "0 messages to decide about" in after.text


@pytest.mark.parametrize("role", [Role.CLERK, Role.SECURITY, Role.AUDITOR])
def test_only_the_system_administrator_sees_it(db: Db, pages: PageClient, role: Role) -> None:
    with db.begin() as session:
        a_person(session, "somebody", role)
    pages.sign_in("somebody")

    assert pages.get(URL).status == 403

"""What is missing, unchecked, old or at odds with itself is found, and gone once put right."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from app.citizens import jobs
from app.citizens.models import Contact, QualityIssue
from app.citizens.rules import ContactKind, IdentifierKind, PartyKind
from app.citizens.rules.quality import IssueKind
from app.citizens.service import quality
from app.kernel.jobs import Job
from tests.citizens.bare import a_citizen, a_contact, a_document, resident
from tests.support.clock import MONDAY_9AM

Db = sessionmaker[Session]
YEARS_LATER = MONDAY_9AM + timedelta(days=800)


def issues(session: Session, *, now: object = MONDAY_9AM) -> set[IssueKind]:
    """What is wrong with citizen 1."""
    quality.inspect(session, [1], now=now)  # type: ignore[arg-type]  # an instant
    return set(session.scalars(select(QualityIssue.kind).where(QualityIssue.citizen_id == 1)))


def test_somebody_without_name_and_contact_is_missing_both(db: Db) -> None:
    with db.begin() as session:
        a_citizen(session)

        assert issues(session) == {IssueKind.NO_NAME, IssueKind.NO_CONTACT}


def test_a_contact_nobody_checked_is_unverified_until_a_document_was_seen(db: Db) -> None:
    with db.begin() as session:
        one = a_citizen(session, "张三", phone="17900000001")

        before = issues(session)
        a_document(session, one, resident("19800101"), verified_at=MONDAY_9AM)

        assert before == {IssueKind.UNVERIFIED}
        assert issues(session) == set()


def test_what_did_not_arrive_is_to_be_put_right_until_it_is_confirmed(db: Db) -> None:
    with db.begin() as session:
        one = a_citizen(session, "张三")
        a_contact(
            session,
            one,
            ContactKind.MOBILE,
            "17900000001",
            verified_at=MONDAY_9AM,
            failed_at=MONDAY_9AM + timedelta(days=1),
        )

        before = issues(session)
        session.execute(update(Contact).values(confirmed_at=MONDAY_9AM + timedelta(days=2)))

        assert before == {IssueKind.FAILED_CONTACT}
        assert issues(session) == set()


def test_a_contact_grows_old_without_being_touched(db: Db) -> None:
    with db.begin() as session:
        one = a_citizen(session, "张三")
        a_contact(session, one, ContactKind.MOBILE, "17900000001", verified_at=MONDAY_9AM)

        young = issues(session)
        jobs.look_at_all(session, {}, now=YEARS_LATER)

        assert young == set()
        assert set(session.scalars(select(QualityIssue.kind))) == {IssueKind.STALE_CONTACT}


@pytest.mark.parametrize(
    ("columns", "papers", "issue"),
    [
        ({}, [resident("19800101", 1), resident("19800101", 3)], IssueKind.TWO_NUMBERS),
        ({"birth_year": 1981}, [resident("19800101")], IssueKind.BIRTH_YEAR),
        ({"kind": PartyKind.ORGANISATION}, [resident("19800101")], IssueKind.WRONG_KIND),
    ],
)
def test_what_contradicts_itself_is_found(
    db: Db, columns: dict[str, object], papers: list[str], issue: IssueKind
) -> None:
    with db.begin() as session:
        one = a_citizen(session, "张三", **columns)  # type: ignore[arg-type]  # columns by name
        for paper in papers:
            a_document(session, one, paper, IdentifierKind.RESIDENT_ID)

        assert issue in issues(session)


def test_the_board_counts_and_says_when(db: Db) -> None:
    with db.begin() as session:
        for _ in range(3):
            a_citizen(session)
        jobs.look_at_changed(session, {}, now=MONDAY_9AM + timedelta(minutes=5))

    with db() as session:
        counted = quality.counted(session)
    assert counted["no_name"] == (3, MONDAY_9AM + timedelta(minutes=5))
    assert counted["stale_contact"][0] == 0


def test_a_long_walk_goes_on_by_itself(db: Db) -> None:
    with db.begin() as session:
        ids = [a_citizen(session) for _ in range(205)]
        jobs.look_at_all(session, {}, now=MONDAY_9AM)

        job = session.scalars(select(Job)).one()
        first = session.query(QualityIssue).filter_by(kind=IssueKind.NO_NAME).count()
        jobs.look_at_all(session, job.payload, now=MONDAY_9AM)

        assert first == job.payload["after"] == 200  # a batch
        assert session.query(QualityIssue).filter_by(kind=IssueKind.NO_NAME).count() == len(ids)

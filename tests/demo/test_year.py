"""The year of the demo city, small, on both databases: what every account finds there."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from app.accounts.demo import DEMO_ACCOUNTS
from app.accounts.models import Staff
from app.accounts.rules import APPOINTABLE, Role
from app.accounts.rules import Permission as Perm
from app.cases.kinds import FINAL, Action, ApprovalKind, DoerKind, Status
from app.cases.models import Approval, Attachment, Case, CaseEvent
from app.cases.queries import situation_of
from app.cases.rules import staff
from app.cases.workflows import open_steps
from app.citizens.models import Citizen
from app.demo.groups import OWN
from app.demo.people import hire
from app.demo.year import Played, Progress
from app.departments.queries import region_name
from app.keeping.checking import check_cases
from app.kernel.files import FileStore
from app.kernel.outbox import Message, MessageStatus
from app.ratings.models import Rating
from app.sla.models import ClockBreach
from app.sla.rules import Threshold
from tests.demo.conftest import MONDAY, SMALL, Db, make

OPEN = frozenset(Status) - FINAL
# In the middle of a week of holidays.
HOLIDAY_NIGHT = datetime(2026, 10, 3, 18, 30, tzinfo=UTC)
# What each account of the demo is for: somewhere it must have a button for it.
WORK = {
    Role.CLERK: Perm.CASE_ACCEPT,
    Role.DISPATCHER: Perm.CASE_DISPATCH,
    Role.HANDLER: Perm.CASE_HANDLE,
    Role.UNIT_HEAD: Perm.CASE_APPROVE,
    Role.CREW: Perm.REPAIR_FIELD,
    Role.INSPECTOR: Perm.REPAIR_CHECK,
    Role.REVIEWER: Perm.CASE_REVIEW,
    Role.SUPERVISOR: Perm.CASE_RULE,
    Role.MANAGER: Perm.CASE_ACCEPT,
}

# What each feature is shown by once, however small the city: 12,000 steps hold it in the whole one.
ONCE = 330


def test_every_seat_one_can_be_appointed_to_is_offered_to_whoever_tries_the_demo() -> None:
    assert {account.role for account in DEMO_ACCOUNTS} == set(APPOINTABLE)


@pytest.mark.parametrize("now", [MONDAY, HOLIDAY_NIGHT], ids=["monday", "holiday"])
def test_whenever_the_demo_begins_every_state_can_be_seen_and_everybody_has_work(
    db: Db, store: FileStore, now: datetime
) -> None:
    make(db, now, store)

    with db() as session:
        standing = session.scalars(select(Case).where(Case.closed_at.is_(None))).all()
        pending = set(session.scalars(select(Approval.kind).where(Approval.decided_at.is_(None))))
        staffing = hire(session)
        buttons = {
            (role, step.needs)
            for role in WORK
            for case in standing
            for step in open_steps(
                case.kind, situation_of(session, case), staff(staffing.by_role[role][0]), now
            )
        }

    assert {case.status for case in standing} == OPEN
    assert pending == set(ApprovalKind)
    assert set(WORK.items()) <= buttons


def test_a_year_is_within_its_measure_and_nothing_is_sent(
    db: Db, monday: tuple[Played, list[Progress]]
) -> None:
    played, told = monday

    with db() as session:
        citizens = session.scalar(select(func.count()).select_from(Citizen))
        messages = session.scalars(select(Message.status)).all()
        ratings = session.scalars(select(Rating)).all()
        first = session.scalars(select(func.min(Case.opened_at))).one()
        last = session.scalars(select(func.max(CaseEvent.at))).one()
        accounts = session.scalar(select(func.count()).select_from(Staff))

    # The ledger shows what might have been: nothing of it waits for a way out.
    assert messages
    assert not {MessageStatus.PENDING, MessageStatus.SENDING}.intersection(messages)
    assert accounts == 44
    assert citizens is not None
    assert citizens >= SMALL.citizens  # firms, families and their like come on top
    assert played.matters == SMALL.matters
    assert played.steps <= 8 * played.matters + ONCE
    assert len(ratings) == played.ratings > 0
    assert first is not None
    assert (MONDAY - first).days <= 366
    assert last <= MONDAY
    assert [page.month for page in told] == sorted({page.month for page in told})


@pytest.mark.usefixtures("monday")
def test_the_histories_of_the_demo_are_whole_and_the_late_ones_written_down(
    db: Db, store: FileStore
) -> None:
    with db() as session:
        report = check_cases(session)
        cases = session.scalar(select(func.count()).select_from(Case))
        late = select(Case.id).where(Case.closed_at.is_(None), Case.next_due_at < MONDAY)
        noticed = select(CaseEvent.case_id).where(CaseEvent.action == Action.BREACH)
        missed = set(session.scalars(late)) - set(session.scalars(noticed))
        overdue = select(ClockBreach).where(ClockBreach.threshold == Threshold.OVERDUE)
        photos = session.scalars(select(Attachment)).all()
        places = session.execute(select(Case.place, Case.region_code)).all()
        doubled = [one for one in places if region_name(session, one.region_code) in one.place]
        delays = [breach.at - breach.due_at for breach in session.scalars(overdue)]

    assert report.wrong == []
    assert report.cases == cases
    # Four people with a page of their own, and what each part of the city shows besides.
    assert report.cases >= SMALL.matters + len(OWN)
    assert missed == set()
    # A citizen's photo, and one the work is proved by, kept as any upload is; its street is
    # said beside every place and not in it.
    assert {photo.by_kind for photo in photos} == {DoerKind.CITIZEN, DoerKind.STAFF}
    assert all(store.path(photo.sha256).exists() for photo in photos)
    assert doubled == []
    assert len(delays) > 0
    # As the worker would have seen it, which looks once a minute; a third clock waits for a sweep.
    assert sorted(delays)[len(delays) // 2].total_seconds() < 60

"""Reminders: each limit and urge once, by level; digests, no floods; gone when matters move on."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.cases import service as cases
from app.cases.kinds import Action, Outcome
from app.cases.models import Case
from app.cases.rules import Facts
from app.kernel import events
from app.kernel.errors import ConflictError, InvalidError
from app.notifications.models import StaffEntry
from app.sla import service as sla
from app.supervision import queries
from app.supervision.jobs import remind
from app.supervision.models import Reminder, SupervisionLevel
from app.supervision.queries import reminders
from app.supervision.rules.ladder import Why
from app.supervision.service import levels, reminding
from app.supervision.service.levels import LevelDraft
from app.wiring import SUBSCRIBERS
from tests.cases.walking import take
from tests.supervision.supervising import DAY, in_hand, level
from tests.support.city import City, Db, a_city
from tests.support.clock import MONDAY_9AM


@pytest.fixture
def city(db: Db) -> Iterator[City]:
    city = a_city(db)
    events.wire(SUBSCRIBERS)
    yield city
    events.wire({})


def seen_by(session: Session, actor: Actor) -> list[tuple[Why, str]]:
    found = reminders.list_mine(session, actor, unit_id=None, cursor=None)
    return [(row.why, row.clock_kind) for row in found.items]


def late(session: Session, case: Case, *, workdays: int) -> None:
    """Let the limits pass, and so many working days more."""
    assert case.due_at is not None
    now = case.due_at + timedelta(seconds=1)
    sla.sweep_breaches(session, now=now)
    statutory_days = workdays + 2 * ((workdays + now.weekday()) // 5 + 1)
    remind(session, {}, now=now + statutory_days * DAY)


def test_a_warning_reminds_the_handler_once_however_often_it_is_looked_for(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)
        assert case.warn_at is not None
        for _ in range(2):
            sla.sweep_breaches(session, now=case.warn_at)

        found = seen_by(session, city[Role.HANDLER])

        assert (Why.WARN, "resolve") in found
        assert len(found) == len(set(found))
        assert seen_by(session, city[Role.SUPERVISOR]) == []


def test_overdue_the_head_is_told_too_and_the_warning_has_had_its_time(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)
        assert case.warn_at is not None
        assert case.due_at is not None
        sla.sweep_breaches(session, now=case.warn_at)
        sla.sweep_breaches(session, now=case.due_at + timedelta(seconds=1))

        for role in (Role.HANDLER, Role.UNIT_HEAD):
            of_resolve = [why for why, kind in seen_by(session, city[role]) if kind == "resolve"]
            assert of_resolve == [Why.OVERDUE]
        assert seen_by(session, city[Role.SUPERVISOR]) == []


def test_days_later_the_supervisor_hears_of_it_once_for_each_level(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)
        late(session, case, workdays=11)
        again = reminding.climb(session, now=MONDAY_9AM + 90 * DAY)

        of_resolve = select(Reminder.level_id).where(Reminder.clock_kind == "resolve")
        levels_told = session.scalars(of_resolve.order_by(Reminder.level_id)).all()
        seen = [kind for _, kind in seen_by(session, city[Role.SUPERVISOR])]

        assert again == 0
        assert len(levels_told) == len(set(levels_told)) == 5
        assert seen.count("resolve") == 1  # the highest speaks for the others


def test_a_level_is_reached_when_so_many_working_days_have_passed_not_before(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)
        assert case.due_at is not None
        sla.sweep_breaches(session, now=case.due_at + timedelta(seconds=1))
        rung = next(rung for rung in queries.rungs(session) if rung.after_workdays == 2)
        told = (
            select(func.count())
            .select_from(Reminder)
            .where(Reminder.level_id == rung.id, Reminder.clock_kind == "resolve")
        )
        # Due on a Monday at midnight: Tuesday and Wednesday have passed when Thursday begins.
        thursday = case.due_at + timedelta(days=2, seconds=1)
        found = []
        for now in (thursday - timedelta(seconds=1), thursday):
            reminding.climb(session, now=now)
            found.append(session.scalar(told))

        assert case.due_at.weekday() == 0
        assert found == [0, 1]


def test_what_has_moved_on_is_shown_no_more_and_swept_away(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)
        assert case.warn_at is not None
        sla.sweep_breaches(session, now=case.warn_at)
        facts = Facts(outcome=Outcome.RESOLVED)
        handler = city[Role.HANDLER]
        take(session, case, Action.REPLY, handler, at=case.warn_at, text="已修好", facts=facts)
        take(session, case, Action.APPROVE_REPLY, city[Role.REVIEWER], at=case.warn_at)

        shown = [kind for _, kind in seen_by(session, handler)]
        reminding.sweep(session, now=case.warn_at)

        lasting = select(Reminder.clock_kind).where(Reminder.ended_at.is_(None))
        assert "resolve" not in shown
        assert "resolve" not in session.scalars(lasting).all()


def test_an_urge_alarms_handler_head_and_supervisor_until_it_is_answered(city: City) -> None:
    roles = (Role.HANDLER, Role.UNIT_HEAD, Role.SUPERVISOR)
    with city.db.begin() as session:
        case = in_hand(session, city)
        cases.urge(session, case, now=MONDAY_9AM)
        cases.urge(session, case, now=MONDAY_9AM + timedelta(hours=1))
        urged = [seen_by(session, city[role]) for role in roles]
        handler = city[Role.HANDLER]
        cases.answer_urge(
            session, case.id, "在办", seen=case.version, actor=handler, now=MONDAY_9AM
        )

        assert urged == [[(Why.URGE, "")]] * 3
        assert [seen_by(session, city[role]) for role in roles] == [[]] * 3


def test_the_inbox_gets_a_digest_for_each_unit_however_many_matters_it_is(city: City) -> None:
    with city.db.begin() as session:
        for _ in range(3):
            cases.urge(session, in_hand(session, city), now=MONDAY_9AM)
        remind(session, {}, now=MONDAY_9AM)
        remind(session, {}, now=MONDAY_9AM)

        wanted = select(StaffEntry.staff_id, StaffEntry.params, StaffEntry.link)
        found = session.execute(wanted.where(StaffEntry.link.startswith(reminding.LIST))).all()

        told = {(row.staff_id, row.params["n"]) for row in found}
        roles = (Role.HANDLER, Role.UNIT_HEAD, Role.SUPERVISOR)
        assert told == {(city[role].id, 3) for role in roles}
        assert len(found) == 3


def test_what_was_read_is_not_new_and_is_never_unread_again(city: City) -> None:
    with city.db.begin() as session:
        handler = city[Role.HANDLER]
        reminding.read_up_to(session, handler.id, 7, now=MONDAY_9AM)
        session.flush()
        reminding.read_up_to(session, handler.id, 3, now=MONDAY_9AM)

        assert reminders.last_seen(session, handler.id) == 7


def test_levels_are_shipped_once_as_samples_and_changed_under_four_rules(city: City) -> None:
    admin = city[Role.ADMIN].author()
    with city.db.begin() as session:
        levels.seed(session)
        levels.seed(session)
        shipped = list(queries.list_levels(session))
        draft = LevelDraft("提醒", "Reminder", None, True, False, False, None)
        first = level(session, "remind")
        seen = first.version
        levels.change_level(session, first.id, draft, seen=seen, by=admin, now=MONDAY_9AM)

        assert [one.code for one in shipped] == ["remind", "press", "daily", "listed", "summoned"]
        assert (first.name, first.is_sample) == ("提醒", False)
        with pytest.raises(ConflictError):
            levels.change_level(session, first.id, draft, seen=seen, by=admin, now=MONDAY_9AM)
        with pytest.raises(InvalidError):
            levels.add_level(
                session,
                LevelDraft("", "", 1, False, False, False, None),
                by=admin,
                now=MONDAY_9AM,
            )
        added = levels.add_level(session, draft, by=admin, now=MONDAY_9AM)
        assert added.position == max(one.position for one in shipped) + 1
        assert isinstance(added, SupervisionLevel)

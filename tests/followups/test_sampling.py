"""What closed silently is drawn by lot that can be drawn again, and checked by somebody else."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.calendars import queries as calendars
from app.cases.kinds import Action, Status
from app.cases.models import Case
from app.cases.rules import StepNotAllowedError
from app.catalogue import service as catalogue
from app.catalogue.rules import FollowUps
from app.catalogue.service import Edit
from app.followups import jobs, queries, rules
from app.followups.models import SampleCheck, SampleDraw
from app.followups.rules import Answer, InvolvedError, Month
from app.followups.service import draw_month
from app.notifications.models import StaffEntry
from tests.followups.town import DAY, HOUR, closed_silently, ring, take, to_be_called
from tests.support.city import City
from tests.support.clock import MONDAY_9AM

HALL = ZoneInfo("Asia/Shanghai")
MARCH = Month(2026, 3)
APRIL = MONDAY_9AM + 31 * DAY


def drawn(session: Session, share: int = 100) -> SampleDraw:
    catalogue.set_follow_ups(session, FollowUps(share=share), edit=Edit(now=MONDAY_9AM, actor=None))
    return draw_month(session, MARCH, zone=HALL, now=APRIL)


def test_only_what_closed_without_a_word_is_drawn_from(city: City) -> None:
    with city.db.begin() as session:
        silent = closed_silently(session, city, at=MONDAY_9AM)
        ring(session, city, to_be_called(session, city), Answer.SOLVED, at=MONDAY_9AM + HOUR)

        made = drawn(session)

        checks = session.scalars(select(SampleCheck.case_id)).all()
        assert (made.among, made.drawn, list(checks)) == (1, 1, [silent.id])
        assert silent.is_drawn


def test_a_month_is_drawn_once_and_can_be_worked_out_again(city: City) -> None:
    with city.db.begin() as session:
        for _ in range(5):
            closed_silently(session, city, at=MONDAY_9AM)
        made = drawn(session, share=40)

        again = draw_month(session, MARCH, zone=HALL, now=APRIL + DAY)
        among = queries.silent_closings(session, made.starts_at, made.ends_at)
        chosen = rules.draw(among, share=made.share, seed=made.seed)

        assert again.id == made.id
        assert made.digest == rules.digest_of(among)
        assert set(chosen) == set(session.scalars(select(SampleCheck.case_id)))
        assert made.drawn == 2


def test_the_job_draws_the_month_that_is_over_and_twice_is_harmless(city: City) -> None:
    with city.db.begin() as session:
        closed_silently(session, city, at=MONDAY_9AM)
        assert calendars.load(session).statutory.zone == HALL

        for _ in range(2):
            jobs.draw_last_month(session, {}, now=APRIL)

        assert session.scalars(select(SampleDraw.period)).all() == ["2026-03"]
        assert session.scalar(select(func.count()).select_from(SampleCheck)) == 1


def check(session: Session, city: City, case: Case, action: Action, role: Role) -> None:
    take(session, city, case, action, role, at=APRIL + DAY, note="现场看过")


def test_a_check_that_finds_it_right_changes_nothing_for_the_citizen(city: City) -> None:
    with city.db.begin() as session:
        case = closed_silently(session, city, at=MONDAY_9AM)
        drawn(session)

        check(session, city, case, Action.UPHOLD, Role.SUPERVISOR)

        found = session.scalars(select(SampleCheck)).one()
        assert (case.status, case.closed_at) == (Status.CLOSED, MONDAY_9AM)
        assert (found.was_right, found.by_id) == (True, city[Role.SUPERVISOR].id)
        assert not case.is_drawn


def test_a_check_that_finds_it_unsolved_has_it_handled_again(city: City) -> None:
    with city.db.begin() as session:
        case = closed_silently(session, city, at=MONDAY_9AM)
        drawn(session)

        check(session, city, case, Action.OVERTURN, Role.SUPERVISOR)

        found = session.scalars(select(SampleCheck)).one()
        assert (case.status, case.round, found.was_right) == (Status.HANDLING, 2, False)
        assert city[Role.HANDLER].id in set(session.scalars(select(StaffEntry.staff_id)))


def test_whoever_worked_on_it_does_not_check_it(city: City) -> None:
    with city.db.begin() as session:
        case = closed_silently(session, city, at=MONDAY_9AM)
        drawn(session)

        with pytest.raises(InvolvedError):
            check(session, city, case, Action.UPHOLD, Role.REVIEWER)


def test_what_was_not_drawn_is_checked_by_nobody(city: City) -> None:
    with city.db.begin() as session:
        case = closed_silently(session, city, at=MONDAY_9AM)

        with pytest.raises(StepNotAllowedError):
            check(session, city, case, Action.OVERTURN, Role.SUPERVISOR)


def test_the_list_says_who_had_a_part(city: City) -> None:
    with city.db.begin() as session:
        closed_silently(session, city, at=MONDAY_9AM)
        drawn(session)

        seen = {
            role: queries.list_checks(session, city[role], is_done=False).items[0].had_part
            for role in (Role.REVIEWER, Role.SUPERVISOR)
        }

        assert seen == {Role.REVIEWER: True, Role.SUPERVISOR: False}

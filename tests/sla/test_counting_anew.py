"""Another limit, another round, another notice: clocks are counted anew and say so."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.calendars import service as calendar_service
from app.calendars.rules import LimitUnit
from app.calendars.service import By
from app.kernel.errors import ConflictError
from app.kernel.jobs import Job
from app.sla import jobs, queries, service
from app.sla.events import ClockBreached, ClockChanged, ClockDid
from app.sla.models import Clock, ClockBreach
from app.sla.rules import PauseKind, Subject
from tests.calendars.samples import MORNING, at
from tests.calendars.test_service import ADMIN, NOTICE_2027
from tests.sla.running import CASE, MONDAY, PAPER, RESOLVE, Db, a_limit, begin, the_clock


def counted_anew(session: Session, *, now: datetime, batch: int = 500) -> int:
    """How many clocks moved, one batch after the other as the job goes through them."""
    moved, after_id = 0, 0
    while True:
        more, last_id = service.recompute_batch(session, now=now, after_id=after_id, limit=batch)
        moved += more
        if last_id is None:
            return moved
        after_id = last_id


def test_work_done_again_runs_a_new_round(clocks: Db) -> None:
    begin(clocks)
    again = at("2026-03-10 10:00")
    with clocks.begin() as session:
        service.meet(session, CASE, RESOLVE, now=at("2026-03-06 10:00"))
        service.new_round(session, CASE, RESOLVE, a_limit(2), now=again)

    with clocks() as session:
        first, second = queries.list_clocks(session, CASE)
        assert (first.round, first.on_time) == (1, True)
        assert (second.round, second.due_at) == (2, at("2026-03-12 23:59:59"))


def test_work_sent_back_before_it_was_approved_gets_no_new_clock(clocks: Db) -> None:
    clock_id = begin(clocks)

    with clocks.begin() as session:
        same = service.new_round(session, CASE, RESOLVE, a_limit(), now=at("2026-03-06 10:00"))
        assert (same.id, same.round) == (clock_id, 1)


def test_another_limit_counts_from_the_beginning_and_keeps_the_pauses(clocks: Db) -> None:
    begin(clocks)
    with clocks.begin() as session:
        clock = the_clock(session)
        service.pause(session, clock, PauseKind.SUSPENSION, PAPER, now=at("2026-03-03 10:00"))
        service.resume(session, clock, now=at("2026-03-04 10:00"))

        service.rebase(session, clock, a_limit(24, LimitUnit.HOUR), now=at("2026-03-04 11:00"))

    with clocks() as session:
        clock = the_clock(session)
        assert (clock.unit, clock.budget) == (LimitUnit.HOUR, 24 * 3600)
        assert clock.due_at == at("2026-03-04 10:00")  # a day used, a day stopped


def test_another_limit_keeps_an_extension_of_the_same_unit_only(clocks: Db) -> None:
    begin(clocks)
    with clocks() as session:
        clock = the_clock(session)
        service.extend(session, clock, 10, PAPER, now=MONDAY)

        service.rebase(session, clock, a_limit(3), now=MONDAY)
        assert clock.budget == 13
        with pytest.raises(ConflictError):
            service.rebase(session, clock, a_limit(24, LimitUnit.HOUR), now=MONDAY)


def test_a_date_given_from_outside_is_kept_to_the_second(clocks: Db) -> None:
    due_at = MONDAY + timedelta(hours=5, seconds=7, microseconds=3)
    with clocks.begin() as session:
        service.start_until(
            session, CASE, RESOLVE, due_at, now=MONDAY, basis_text="from the source"
        )
        service.start_until(
            session, Subject.case(8), RESOLVE, MONDAY - timedelta(days=1), now=MONDAY, basis_text=""
        )

    with clocks() as session:
        kept, past = session.scalars(select(Clock).order_by(Clock.id))
        assert (kept.due_at, kept.limit_code) == (due_at, service.GIVEN_LIMIT)
        assert past.due_at == MONDAY - timedelta(days=1)


def test_history_is_replayed_without_a_sweep(
    clocks: Db, told: list[ClockChanged | ClockBreached]
) -> None:
    with clocks.begin() as session:
        for number, (opened, met) in enumerate(
            [("2017-09-29 10:00", "2017-10-12 20:00"), ("2017-09-29 10:00", "2017-10-17 09:00")]
        ):
            clock = service.start(
                session, Subject.case(100 + number), RESOLVE, a_limit(), now=at(opened)
            )
            service.meet_clock(session, clock, now=at(met))

    with clocks() as session:
        good, late = session.scalars(select(Clock).order_by(Clock.id))
        # 30 September was worked, 1 to 8 October were off.
        assert good.due_at == at("2017-10-12 23:59:59")
        assert (good.on_time, late.on_time) == (True, False)
        assert session.scalars(select(ClockBreach)).all() == []
    assert not [said for said in told if isinstance(said, ClockBreached)]


def test_a_new_notice_counts_open_clocks_anew_and_says_so(
    clocks: Db, told: list[ClockChanged | ClockBreached]
) -> None:
    now = at("2026-12-28 10:00")
    with clocks.begin() as session:
        for number, limit in enumerate((a_limit(5), a_limit(1), a_limit(24, LimitUnit.HOUR))):
            service.start(session, Subject.case(number), RESOLVE, limit, now=now)
        service.start(session, Subject.case(9), RESOLVE, a_limit(5), now=now)
        service.meet(session, Subject.case(9), RESOLVE, now=now)
    with clocks() as session:
        assert queries.count_provisional(session) == 1
        assert queries.count_open(session) == 2
    told.clear()

    with clocks.begin() as session:
        by = By(ADMIN, now, calendars.book(session).revision)
        calendar_service.apply_notice(session, NOTICE_2027, year=2027, number="样", by=by)
        waiting = session.scalars(select(Job)).one()
        assert (waiting.name, waiting.payload) == (jobs.RECOMPUTE, {"after_id": 0})
        jobs.recompute(session, waiting.payload, now=now)

    with clocks() as session:
        moved = queries.find_open(session, Subject.case(0), RESOLVE)
        assert moved is not None
        assert (moved.due_at, moved.provisional) == (at("2027-01-05 23:59:59"), False)
        assert queries.count_provisional(session) == 0
        ended = queries.list_clocks(session, Subject.case(9))
        assert ended[0].due_at == at("2027-01-04 23:59:59")
    assert [
        (said.subject.id, said.what, said.due_before)
        for said in told
        if isinstance(said, ClockChanged)
    ] == [(0, ClockDid.RECOMPUTED, at("2027-01-04 23:59:59"))]


def test_counting_anew_respects_pauses_and_extensions(clocks: Db) -> None:
    begin(clocks, now=at("2026-12-25 10:00"))  # Friday
    with clocks.begin() as session:
        clock = the_clock(session)
        service.pause(session, clock, PauseKind.SUSPENSION, PAPER, now=at("2027-01-04 10:00"))
        assert clock.spent == 5  # Monday 28 to Thursday 31 December and, unknown yet, 1 January
        service.resume(session, clock, now=at("2027-01-06 10:00"))
        service.extend(session, clock, 2, PAPER, now=at("2027-01-06 10:00"))
        by = By(ADMIN, at("2027-01-06 11:00"), calendars.book(session).revision)
        calendar_service.apply_notice(session, NOTICE_2027, year=2027, number="样", by=by)

        assert counted_anew(session, now=at("2027-01-06 11:00")) == 1

    with clocks() as session:
        clock = the_clock(session)
        assert (clock.budget, clock.spent, clock.provisional) == (7, 5, False)


def test_counting_anew_goes_on_where_a_batch_ended(clocks: Db) -> None:
    with clocks.begin() as session:
        for number in range(5):
            service.start(
                session, Subject.case(number), RESOLVE, a_limit(), now=at("2026-12-28 10:00")
            )
    with clocks.begin() as session:
        by = By(ADMIN, MONDAY, calendars.book(session).revision)
        calendar_service.apply_notice(session, NOTICE_2027, year=2027, number="样", by=by)

        assert counted_anew(session, now=MONDAY, batch=2) == 5
        assert counted_anew(session, now=MONDAY, batch=2) == 0


def test_other_opening_hours_move_clocks_that_count_working_hours(clocks: Db) -> None:
    begin(clocks, limit=a_limit(6, LimitUnit.WORK_HOUR))
    with clocks.begin() as session:
        by = By(ADMIN, MONDAY, calendars.book(session).revision)
        calendar_service.set_exception(session, None, MONDAY.date(), MORNING, reason="", by=by)

        assert counted_anew(session, now=MONDAY) == 1

    with clocks() as session:
        assert the_clock(session).due_at == at("2026-03-03 14:00")


def test_counting_many_clocks_anew_is_left_to_a_next_job(clocks: Db) -> None:
    with clocks.begin() as session:
        for number in range(501):
            service.start(session, Subject.case(number), RESOLVE, a_limit(), now=MONDAY)
        session.flush()
        session.execute(update(Clock).values(due_at=None))
        session.expire_all()

        jobs.recompute(session, {}, now=MONDAY)

        following = session.scalars(select(Job)).one()
        jobs.recompute(session, following.payload, now=MONDAY)

    with clocks() as session:
        assert session.scalars(select(Clock).where(Clock.due_at.is_(None))).all() == []

"""Clocks in the database: every act, what it tells, and what it refuses."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from app.calendars import queries as calendars
from app.calendars import service as calendar_service
from app.calendars.events import CalendarChanged
from app.calendars.rules import LimitUnit
from app.calendars.service import By
from app.catalogue.rules import BasisLevel, ChosenLimit
from app.kernel import events
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.jobs import Job
from app.sla import jobs, queries, service
from app.sla.events import ClockBreached, ClockChanged, ClockDid
from app.sla.models import Clock, ClockBreach
from app.sla.rules import ClockKind, Lamp, PauseKind, Subject, Threshold
from app.sla.service import Approval
from tests.calendars.samples import MORNING, at
from tests.calendars.test_service import ADMIN, NOTICE_2027

Db = sessionmaker[Session]
CASE = Subject.case(7)
PAPER = Approval("样挂〔2026〕3号", approver_id=5, reason="等待鉴定")
MONDAY = at("2026-03-02 10:00")
RESOLVE = ClockKind.RESOLVE


def a_limit(value: int = 5, unit: LimitUnit = LimitUnit.WORK_DAY) -> ChosenLimit:
    return ChosenLimit(
        code="resolve.normal",
        unit=unit,
        value=value,
        close_of_business=False,
        basis_text="样例",
        basis_level=BasisLevel.CITY,
        is_sample=True,
        region_code="",
    )


@pytest.fixture(autouse=True)
def told() -> Iterator[list[ClockChanged | ClockBreached]]:
    """What clocks published."""
    said: list[ClockChanged | ClockBreached] = []

    def note(_: Session, what: ClockChanged | ClockBreached) -> None:
        said.append(what)

    events.wire(
        {
            ClockChanged: [note],
            ClockBreached: [note],
            CalendarChanged: [jobs.on_calendar_changed],
        }
    )
    yield said
    events.wire({})


@pytest.fixture
def clocks(db: Db) -> Db:
    """A database with the shipped calendar."""
    with db.begin() as session:
        calendar_service.seed(session, now=MONDAY)
    return db


def begin(db: Db, *, limit: ChosenLimit | None = None, now: datetime = MONDAY) -> int:
    with db.begin() as session:
        clock = service.start(session, CASE, RESOLVE, limit or a_limit(), now=now)
        session.flush()
        return clock.id


def the_clock(session: Session, clock_id: int | None = None) -> Clock:
    wanted = select(Clock)
    return session.scalars(wanted.where(Clock.id == clock_id) if clock_id else wanted).one()


def deeds(told: list[ClockChanged | ClockBreached]) -> list[ClockDid]:
    return [said.what for said in told if isinstance(said, ClockChanged)]


def test_a_started_clock_carries_a_copy_of_its_limit(clocks: Db) -> None:
    begin(clocks)

    with clocks() as session:
        clock = the_clock(session)
        assert clock.due_at == at("2026-03-09 23:59:59")
        assert clock.warn_at == at("2026-03-07 00:00")
        assert (clock.budget, clock.spent, clock.round) == (5, 0, 1)
        assert (clock.limit_code, clock.basis_text, clock.basis_level, clock.is_sample) == (
            "resolve.normal",
            "样例",
            "city",
            True,
        )
        assert clock.subject == CASE
        assert clock.lamp(MONDAY) is Lamp.OK


def test_starting_costs_one_insert(clocks: Db) -> None:
    begin(clocks)
    asked: list[str] = []
    with clocks.begin() as session:
        service.start(session, CASE, ClockKind.SIGN, a_limit(), now=MONDAY)
        session.flush()
        event.listen(
            session.connection(),
            "before_cursor_execute",
            lambda *call: asked.append(call[2].split()[0]),
        )

        service.start(session, CASE, ClockKind.ACCEPT, a_limit(), now=MONDAY)
        session.flush()

    assert asked == ["INSERT"]


def test_a_second_open_clock_of_a_kind_is_refused(clocks: Db) -> None:
    begin(clocks)

    with pytest.raises(IntegrityError):
        begin(clocks)


def test_minutes_of_a_limit_count(clocks: Db) -> None:
    quick = ChosenLimit(
        "sign.urgent", LimitUnit.HOUR, 0, False, "样例", BasisLevel.SYSTEM, True, "", minutes=15
    )

    begin(clocks, limit=quick)

    with clocks() as session:
        assert the_clock(session).due_at == MONDAY + timedelta(minutes=15)


def test_several_pauses_each_keep_their_paper(
    clocks: Db, told: list[ClockChanged | ClockBreached]
) -> None:
    begin(clocks)
    steps = [
        ("2026-03-03 10:00", "2026-03-10 10:00", PauseKind.SUSPENSION),
        ("2026-03-11 10:00", "2026-03-16 10:00", PauseKind.APPRAISAL),
    ]

    for stopped, went_on, ground in steps:
        with clocks.begin() as session:
            service.pause(session, the_clock(session), ground, PAPER, now=at(stopped))
        with clocks.begin() as session:
            clock = the_clock(session)
            assert clock.is_paused
            assert (clock.due_at, clock.lamp(at(stopped))) == (None, Lamp.PAUSED)
            service.resume(session, clock, now=at(went_on))

    with clocks() as session:
        clock = the_clock(session)
        assert (clock.spent, clock.due_at) == (2, at("2026-03-19 23:59:59"))
        pauses = queries.list_pauses(session, clock.id)
        assert [(p.legal_type, p.document_no, p.approver_id) for p in pauses] == [
            (ground, PAPER.document_no, 5) for _, _, ground in steps
        ]
        assert [(p.from_at, p.to_at) for p in pauses] == [(at(a), at(b)) for a, b, _ in steps]
    assert deeds(told) == [
        ClockDid.STARTED,
        ClockDid.PAUSED,
        ClockDid.RESUMED,
        ClockDid.PAUSED,
        ClockDid.RESUMED,
    ]


def test_a_clock_begun_in_the_same_breath_may_stop_and_grow(clocks: Db) -> None:
    with clocks.begin() as session:
        clock = service.start(session, CASE, RESOLVE, a_limit(), now=MONDAY)
        service.pause(session, clock, PauseKind.TESTING, PAPER, now=MONDAY)
        service.extend(session, clock, 1, PAPER, now=MONDAY)
        service.resume(session, clock, now=MONDAY)

    with clocks() as session:
        assert the_clock(session).due_at == at("2026-03-10 23:59:59")


def test_a_pause_without_a_paper_is_refused(clocks: Db) -> None:
    begin(clocks)

    with clocks() as session, pytest.raises(InvalidError) as refused:
        service.pause(
            session, the_clock(session), PauseKind.SUSPENSION, Approval(" ", 5), now=MONDAY
        )

    assert set(refused.value.fields) == {"document_no"}


def test_a_clock_stops_and_goes_on_only_when_it_can(clocks: Db) -> None:
    begin(clocks)
    with clocks() as session:
        clock = the_clock(session)
        with pytest.raises(ConflictError):
            service.resume(session, clock, now=MONDAY)
        with pytest.raises(ConflictError):
            service.pause(session, clock, PauseKind.HEARING, PAPER, now=MONDAY - timedelta(hours=1))
        service.pause(session, clock, PauseKind.HEARING, PAPER, now=MONDAY)
        with pytest.raises(ConflictError):
            service.pause(session, clock, PauseKind.HEARING, PAPER, now=MONDAY)
        with pytest.raises(ConflictError):
            service.resume(session, clock, now=MONDAY - timedelta(hours=1))


def test_an_extension_is_written_down_and_moves_the_date(
    clocks: Db, told: list[ClockChanged | ClockBreached]
) -> None:
    begin(clocks)

    with clocks.begin() as session:
        service.extend(session, the_clock(session), 10, PAPER, now=at("2026-03-06 10:00"))

    with clocks() as session:
        clock = the_clock(session)
        assert (clock.budget, clock.due_at) == (15, at("2026-03-23 23:59:59"))
        assert [(e.amount, e.document_no) for e in queries.list_extensions(session, clock.id)] == [
            (10, PAPER.document_no)
        ]
    last = told[-1]
    assert isinstance(last, ClockChanged)
    assert (last.what, last.due_before) == (ClockDid.EXTENDED, at("2026-03-09 23:59:59"))


def test_an_extension_by_nothing_is_refused(clocks: Db) -> None:
    begin(clocks)

    with clocks() as session, pytest.raises(InvalidError):
        service.extend(session, the_clock(session), 0, PAPER, now=MONDAY)


@pytest.mark.parametrize(
    ("met", "on_time"),
    [
        ("2026-03-09 23:59:59", True),
        ("2026-03-10 00:00", False),
    ],
)
def test_done_on_the_due_day_is_in_time_and_a_moment_later_is_not(
    clocks: Db, met: str, *, on_time: bool
) -> None:
    begin(clocks)

    with clocks.begin() as session:
        clock = service.meet(session, CASE, RESOLVE, now=at(met))
        assert clock is not None
        assert clock.on_time is on_time

    with clocks() as session:
        clock = the_clock(session)
        assert (clock.met_at, clock.on_time, clock.is_open) == (at(met), on_time, False)
        assert clock.lamp(at("2026-03-20 00:00")) is Lamp.DONE


def test_a_clock_not_met_is_neither_in_time_nor_late(clocks: Db) -> None:
    begin(clocks)

    with clocks() as session:
        assert the_clock(session).on_time is None


def test_a_reply_approved_later_counts_from_when_it_was_given(clocks: Db) -> None:
    begin(clocks)

    with clocks.begin() as session:
        service.meet(session, CASE, RESOLVE, now=at("2026-03-12 10:00"), at=at("2026-03-09 18:00"))

    with clocks() as session:
        clock = the_clock(session)
        assert (clock.met_at, clock.on_time) == (at("2026-03-09 18:00"), True)


def test_what_was_granted_later_does_not_excuse_an_earlier_moment(clocks: Db) -> None:
    begin(clocks, now=at("2026-02-24 10:00"))  # due on 2 March
    with clocks.begin() as session:
        clock = the_clock(session)
        service.extend(session, clock, 10, PAPER, now=at("2026-03-04 10:00"))
        service.pause(session, clock, PauseKind.TENDER, PAPER, now=at("2026-03-05 10:00"))

        service.meet_clock(session, clock, now=at("2026-03-06 10:00"), at=at("2026-03-03 10:00"))

    with clocks() as session:
        clock = the_clock(session)
        assert (clock.due_at, clock.on_time) == (at("2026-03-02 23:59:59"), False)


def test_an_earlier_moment_after_every_change_is_judged_as_things_stand(clocks: Db) -> None:
    begin(clocks)
    with clocks.begin() as session:
        clock = the_clock(session)
        service.extend(session, clock, 10, PAPER, now=at("2026-03-04 10:00"))

        service.meet_clock(session, clock, now=at("2026-03-20 10:00"), at=at("2026-03-19 10:00"))

        assert clock.due_at == at("2026-03-23 23:59:59")
        assert clock.on_time is True


def test_done_while_the_clock_stands_still_is_in_time_unless_it_was_late_before(
    clocks: Db,
) -> None:
    for stopped, on_time in (("2026-03-05 10:00", True), ("2026-03-12 10:00", False)):
        begin(clocks)
        with clocks.begin() as session:
            clock = queries.open_clocks(session, CASE)[RESOLVE]
            service.pause(session, clock, PauseKind.AUCTION, PAPER, now=at(stopped))
            service.meet_clock(session, clock, now=at("2026-03-20 10:00"))
            assert clock.on_time is on_time


def test_nothing_can_be_done_before_it_began_or_in_the_future(clocks: Db) -> None:
    begin(clocks)
    with clocks() as session:
        for moment in (MONDAY - timedelta(seconds=1), MONDAY + timedelta(days=2)):
            with pytest.raises(ConflictError):
                service.meet(session, CASE, RESOLVE, now=MONDAY + timedelta(days=1), at=moment)


def test_where_no_clock_is_open_there_is_nothing_to_meet_or_cancel(clocks: Db) -> None:
    with clocks() as session:
        assert service.meet(session, CASE, RESOLVE, now=MONDAY) is None
        assert service.cancel(session, CASE, RESOLVE, now=MONDAY) is None


def test_an_ended_clock_takes_nothing_more(clocks: Db) -> None:
    begin(clocks)
    with clocks() as session:
        clock = service.cancel(session, CASE, RESOLVE, now=MONDAY)
        assert clock is not None
        assert clock.lamp(at("2026-04-01 00:00")) is Lamp.DONE
        for act in (
            lambda: service.pause(session, clock, PauseKind.HEARING, PAPER, now=MONDAY),
            lambda: service.resume(session, clock, now=MONDAY),
            lambda: service.extend(session, clock, 1, PAPER, now=MONDAY),
            lambda: service.rebase(session, clock, a_limit(), now=MONDAY),
            lambda: service.meet_clock(session, clock, now=MONDAY),
            lambda: service.cancel_clock(session, clock, now=MONDAY),
        ):
            with pytest.raises(ConflictError):
                act()


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


def sweep(db: Db, when: str) -> None:
    with db.begin() as session:
        while service.sweep_breaches(session, now=at(when), limit=2):
            pass


def test_each_threshold_is_written_down_once(
    clocks: Db, told: list[ClockChanged | ClockBreached]
) -> None:
    begin(clocks)

    for when in ("2026-03-06 12:00", "2026-03-07 00:00", "2026-03-09 23:59", "2026-03-10 00:00:01"):
        sweep(clocks, when)
        sweep(clocks, when)

    said = [(one.threshold, one.at) for one in told if isinstance(one, ClockBreached)]
    assert said == [
        (Threshold.WARN, at("2026-03-07 00:00")),
        (Threshold.OVERDUE, at("2026-03-10 00:00:01")),
    ]
    with clocks() as session:
        rows = session.scalars(select(ClockBreach).order_by(ClockBreach.id)).all()
        assert [row.due_at for row in rows] == [at("2026-03-09 23:59:59")] * 2


def test_a_sweep_reaches_everyone_however_many_there_are(
    clocks: Db, told: list[ClockChanged | ClockBreached]
) -> None:
    with clocks.begin() as session:
        for number in range(7):
            service.start(session, Subject.case(number), RESOLVE, a_limit(), now=MONDAY)

    sweep(clocks, "2026-03-20 10:00")

    breaches = [said for said in told if isinstance(said, ClockBreached)]
    assert {(said.subject.id, said.threshold) for said in breaches} == {
        (number, threshold) for number in range(7) for threshold in Threshold
    }


def test_stopped_and_ended_clocks_breach_nothing(clocks: Db) -> None:
    with clocks.begin() as session:
        for number in range(3):
            service.start(session, Subject.case(number), RESOLVE, a_limit(), now=MONDAY)
        clock = queries.find_open(session, Subject.case(0), RESOLVE)
        assert clock is not None
        service.pause(session, clock, PauseKind.SUSPENSION, PAPER, now=MONDAY)
        service.meet(session, Subject.case(1), RESOLVE, now=MONDAY)
        service.cancel(session, Subject.case(2), RESOLVE, now=MONDAY)

    sweep(clocks, "2026-04-20 10:00")

    with clocks() as session:
        assert session.scalars(select(ClockBreach)).all() == []


def test_a_provisional_clock_breaches_ten_days_later(
    clocks: Db, told: list[ClockChanged | ClockBreached]
) -> None:
    begin(clocks, now=at("2026-12-28 10:00"))

    for when in ("2027-01-14 23:59:59", "2027-01-15 00:00"):
        sweep(clocks, when)

    overdue = [
        said.at
        for said in told
        if isinstance(said, ClockBreached) and said.threshold is Threshold.OVERDUE
    ]
    assert overdue == [at("2027-01-15 00:00")]


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

        assert service.recompute_all(session, now=at("2027-01-06 11:00")) == 1

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

        assert service.recompute_all(session, now=MONDAY, batch=2) == 5
        assert service.recompute_all(session, now=MONDAY, batch=2) == 0


def test_other_opening_hours_move_clocks_that_count_working_hours(clocks: Db) -> None:
    begin(clocks, limit=a_limit(6, LimitUnit.WORK_HOUR))
    with clocks.begin() as session:
        by = By(ADMIN, MONDAY, calendars.book(session).revision)
        calendar_service.set_exception(session, None, MONDAY.date(), MORNING, reason="", by=by)

        assert service.recompute_all(session, now=MONDAY) == 1

    with clocks() as session:
        assert the_clock(session).due_at == at("2026-03-03 14:00")


def test_a_sweep_that_found_something_looks_again(clocks: Db) -> None:
    begin(clocks)
    with clocks.begin() as session:
        jobs.sweep(session, {}, now=MONDAY)
        assert session.scalars(select(Job)).all() == []

        jobs.sweep(session, {}, now=at("2026-03-20 10:00"))

        assert [job.name for job in session.scalars(select(Job))] == [jobs.SWEEP]


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

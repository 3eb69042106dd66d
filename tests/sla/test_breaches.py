"""The sweep writes each threshold down once, and only for clocks that run."""

from sqlalchemy import select

from app.kernel.jobs import Job
from app.sla import jobs, queries, service
from app.sla.events import ClockBreached, ClockChanged
from app.sla.models import ClockBreach
from app.sla.rules import PauseKind, Subject, Threshold
from tests.calendars.samples import at
from tests.sla.running import MONDAY, PAPER, RESOLVE, Db, a_limit, begin


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


def test_a_sweep_that_found_something_looks_again(clocks: Db) -> None:
    begin(clocks)
    with clocks.begin() as session:
        jobs.sweep(session, {}, now=MONDAY)
        assert session.scalars(select(Job)).all() == []

        jobs.sweep(session, {}, now=at("2026-03-20 10:00"))

        assert [job.name for job in session.scalars(select(Job))] == [jobs.SWEEP]

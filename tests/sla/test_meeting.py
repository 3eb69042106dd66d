"""What was to be done is done, or never will be: in time or late, and nothing after the end."""

from datetime import timedelta

import pytest

from app.kernel.errors import ConflictError
from app.sla import queries, service
from app.sla.rules import Lamp, PauseKind
from tests.calendars.samples import at
from tests.sla.running import CASE, MONDAY, PAPER, RESOLVE, Db, a_limit, begin, the_clock


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

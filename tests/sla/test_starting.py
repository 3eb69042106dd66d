"""A clock begins, stops, goes on and grows: what it keeps, and what it refuses."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from app.calendars.rules import LimitUnit
from app.catalogue.rules import BasisLevel, ChosenLimit
from app.kernel.errors import ConflictError, InvalidError
from app.sla import service
from app.sla.events import ClockBreached, ClockChanged, ClockDid
from app.sla.models import ClockExtension, ClockPause
from app.sla.rules import ClockKind, Lamp, PauseKind
from app.sla.service import Approval
from tests.calendars.samples import at
from tests.sla.running import CASE, MONDAY, PAPER, RESOLVE, Db, a_limit, begin, the_clock


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
        pauses = session.scalars(select(ClockPause).order_by(ClockPause.from_at)).all()
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
        assert [(e.amount, e.document_no) for e in session.scalars(select(ClockExtension))] == [
            (10, PAPER.document_no)
        ]
    last = told[-1]
    assert isinstance(last, ClockChanged)
    assert (last.what, last.due_before) == (ClockDid.EXTENDED, at("2026-03-09 23:59:59"))


def test_an_extension_by_nothing_is_refused(clocks: Db) -> None:
    begin(clocks)

    with clocks() as session, pytest.raises(InvalidError):
        service.extend(session, the_clock(session), 0, PAPER, now=MONDAY)

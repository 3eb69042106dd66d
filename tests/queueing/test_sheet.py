"""The day sheet: what each counter served, accepted and finished, and how visits were rated."""

from datetime import timedelta

import pytest

from app.accounts.rules import Actor, Grant, Role, Scope
from app.cases.kinds import Action
from app.cases.rules import Facts, StepInput, staff
from app.cases.service import take_step
from app.kernel.errors import ConflictError, InvalidError
from app.queueing import service
from app.queueing.rules.working import Done, SatDown, Work, work_by_seat
from app.queueing.service import rating, watching
from tests.queueing.halls import HALL, Hall, a_hall
from tests.support.city import CITY_CODE, Db, a_case
from tests.support.clock import MONDAY_9AM

NOON = MONDAY_9AM + timedelta(hours=3)


def test_a_deed_belongs_to_the_counter_its_doer_sat_at_and_a_matter_counts_once() -> None:
    hours = [MONDAY_9AM + timedelta(hours=n) for n in range(6)]
    seats = [
        SatDown(1, 10, hours[1]),
        SatDown(1, None, hours[2]),
        SatDown(1, 11, hours[3]),
        SatDown(2, 12, hours[0]),
    ]
    done = [
        Done(1, 100, hours[0], accepted=True, finished=False),  # before sitting down: nowhere
        Done(1, 101, hours[1], accepted=True, finished=True),
        Done(1, 102, hours[2], accepted=True, finished=False),  # signed off: nowhere
        Done(1, 101, hours[4], accepted=False, finished=True),
        Done(1, 101, hours[5], accepted=False, finished=True),
        Done(3, 103, hours[5], accepted=True, finished=True),  # never sat anywhere
    ]

    found = work_by_seat(seats, done)

    assert found == {(10, 1): Work(1, 1), (11, 1): Work(0, 1)}


def with_reach(clerk: Actor) -> Actor:
    """The clerk with matters of the whole house in reach."""
    grant = Grant(Role.CLERK, HALL, "/", CITY_CODE, Scope.ALL)
    return Actor(clerk.id, clerk.username, clerk.name, HALL, "/1/5/", CITY_CODE, (grant,))


def test_the_sheet_counts_matters_and_ratings_at_each_counter(db: Db) -> None:
    hall: Hall = a_hall(db)
    with hall.db.begin() as session:
        clerk = hall.sits(session, 0, 1, now=MONDAY_9AM)
        visits = [hall.take(session) for _ in range(3)]
        seen = None
        for n, visit in enumerate(visits):
            called = service.call_next(
                session, clerk, seen=seen, now=MONDAY_9AM + timedelta(minutes=n)
            ).ticket
            assert called == visit
            seen = visit.id
        with pytest.raises(ConflictError):  # still there
            rating.rate(session, visits[2], 5, now=NOON)
        service.finish(session, clerk, visits[2].id, now=NOON)
        with pytest.raises(InvalidError):
            rating.rate(session, visits[0], 6, now=NOON)
        for visit, level in zip(visits, (5, 2, 4), strict=True):
            rating.rate(session, visit, level, now=NOON)
        case = a_case(session)
        given = StepInput(Action.ACCEPT, case.version, facts=Facts(category_id=case.category_id))
        take_step(session, case, given, doer=staff(with_reach(clerk)), now=NOON)

    with hall.db() as session:
        (line,) = watching.sheet_of(session, HALL, MONDAY_9AM.date()).lines
        sheet = watching.sheet_of(session, HALL, MONDAY_9AM.date())

    assert (line.served, line.accepted, line.finished, line.rated) == (3, 1, 0, 3)
    assert (sheet.rated, sheet.accepted) == (3, 1)
    assert sheet.rating == pytest.approx(11 / 3)


def test_a_half_hour_is_looked_at_over_days_and_day_by_day(db: Db) -> None:
    hall: Hall = a_hall(db)
    tuesday = MONDAY_9AM + timedelta(days=1)
    waits = {MONDAY_9AM: (60, 240), tuesday: (120, 600, 660)}
    for opens, seconds in waits.items():
        with hall.db.begin() as session:
            clerk = hall.sits(session, 0, 1, now=opens)
            visits = [hall.take(session, now=opens) for _ in seconds]
            seen = None
            for visit, waited in zip(visits, seconds, strict=True):
                at = opens + timedelta(seconds=waited)
                assert service.call_next(session, clerk, seen=seen, now=at).ticket == visit
                seen = visit.id
            late = hall.take(session, now=opens + timedelta(minutes=30))
            at = opens + timedelta(minutes=40)
            service.call_next(session, clerk, seen=seen, now=at)
            service.finish(session, clerk, late.id, now=at)
            service.sign_off(session, clerk, now=at)

    first, last = MONDAY_9AM.date(), tuesday.date()
    with hall.db() as session:
        both = watching.waits_between(session, HALL, first, last)
        by_day = watching.waits_by_day(session, HALL, "09:00", first, last)
        only = watching.waits_between(session, HALL, last, last)

    assert [(one.begins, one.people, one.median, one.ninety) for one in both] == [
        ("09:00", 5, 240, 660),
        ("09:30", 2, 600, 600),
    ]
    assert [(day, one.people, one.median) for day, one in by_day] == [
        (last, 3, 600),
        (first, 2, 60),
    ]
    assert [one.people for one in only] == [3, 1]

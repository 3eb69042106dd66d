"""Booked times: windows by the calendar, the last place, limits, arrival in time and late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from app.kernel.authors import MACHINE
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.outbox import Message
from app.queueing import service
from app.queueing.booking_models import Booking, QueueContact
from app.queueing.queries import bookings
from app.queueing.rules import Source
from app.queueing.rules.booking import (
    Arrival,
    BookingState,
    Held,
    Terms,
    arrival,
    check_held,
    windows_of,
)
from app.queueing.service import booking, contacts, terms
from app.queueing.service.booking import NewBooking
from app.queueing.service.contacts import Left
from tests.queueing.halls import HALL, Hall, a_hall
from tests.support.city import Db
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import an_edge

TEN = MONDAY_9AM + timedelta(hours=1)
BEIJING = ZoneInfo("Asia/Shanghai")


def let_book(hall: Hall, *, capacity: int) -> None:
    """The hall takes bookings of half an hour for its first service."""
    with hall.db.begin() as session:
        terms.set_terms(session, HALL, Terms(), version=0, by=MACHINE, now=MONDAY_9AM)
        plan = {hall.services["A"]: (30, capacity)}
        terms.set_plans(session, HALL, plan, by=MACHINE, now=MONDAY_9AM)


def a_bookable_hall(db: Db, *, capacity: int = 1) -> Hall:
    """A hall that takes bookings."""
    hall = a_hall(db)
    let_book(hall, capacity=capacity)
    return hall


def books(
    hall: Hall,
    n: int,
    at: datetime = TEN,
    *,
    now: datetime = MONDAY_9AM,
    source: Source = Source.PHONE,
) -> int:
    """Somebody with the telephone of this number books."""
    with hall.db.begin() as session:
        new = NewBooking(hall.services["A"], at, source)
        return booking.book(session, HALL, new, Left(f"1790000{n:04d}"), now=now).id


@given(
    opens=st.times(max_value=time(12)),
    length=st.integers(min_value=0, max_value=600),
    minutes=st.integers(min_value=5, max_value=240),
)
def test_windows_lie_in_opening_hours_one_after_the_other(
    opens: time, length: int, minutes: int
) -> None:
    opens = opens.replace(second=0, microsecond=0)
    closes = (datetime.combine(date(2026, 3, 2), opens) + timedelta(minutes=length)).time()

    found = windows_of([(opens, closes)], minutes)

    assert len(found) == length // minutes
    assert all(opens <= one.begins < one.ends <= closes for one in found)
    assert all(a.ends == b.begins for a, b in pairwise(found))


def test_one_comes_early_in_time_or_late() -> None:
    starts, ends, rules = TEN, TEN + timedelta(minutes=30), Terms(early=15, late=10)
    minutes = {-16: Arrival.EARLY, -15: Arrival.IN_TIME, 40: Arrival.IN_TIME, 41: Arrival.LATE}

    assert {
        n: arrival(starts, ends, rules, now=TEN + timedelta(minutes=n)) for n in minutes
    } == minutes


@pytest.mark.parametrize("held", [Held(that_day=1), Held(in_all=3), Held(missed=3)])
def test_a_telephone_that_has_enough_gets_no_more(held: Held) -> None:
    with pytest.raises(InvalidError) as refusal:
        check_held(held, Terms())

    assert set(refusal.value.fields) == {"phone"}


def test_days_to_book_follow_the_calendar_with_its_worked_weekends(db: Db) -> None:
    hall = a_bookable_hall(db)
    before_spring = datetime(2026, 2, 9, 1, tzinfo=BEIJING)  # 春节 15-23 February; 14 and 28 worked

    with hall.db() as session:
        days = booking.days_of(session, HALL, now=before_spring)

    assert days == [date(2026, 2, n) for n in (9, 10, 11, 12, 13, 14)]


def test_a_time_outside_opening_hours_or_gone_by_is_not_sold(db: Db) -> None:
    hall = a_bookable_hall(db)

    for minutes in (-30, 10, 180, 600, 60 * 24 * 20):  # past, odd, lunch, evening, too far
        with pytest.raises(InvalidError) as refusal:
            books(hall, 1, MONDAY_9AM + timedelta(minutes=minutes))
        assert set(refusal.value.fields) == {"slot"}


def test_two_who_want_the_last_place_at_once_do_not_both_get_it(
    engine: Engine, db: Db, clock: StoppedClock
) -> None:
    hall = a_bookable_hall(db, capacity=2)
    edge = an_edge(engine, clock)

    def tries(n: int) -> bool:
        try:
            with edge.writing() as session:
                new = NewBooking(hall.services["A"], TEN, Source.PHONE)
                left = Left(f"1790000{n:04d}")
                booking.book(session, HALL, new, left, now=MONDAY_9AM)
        except InvalidError:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        got = list(threads.map(tries, range(6)))

    assert sorted(got) == [False] * 4 + [True] * 2
    with hall.db() as session:
        assert len(session.scalars(select(Booking)).all()) == 2


def test_who_keeps_the_time_goes_before_those_who_came_later_and_who_is_late_does_not(
    db: Db,
) -> None:
    hall = a_bookable_hall(db, capacity=2)
    first, second = books(hall, 1), books(hall, 2)
    late = TEN + timedelta(minutes=41)
    with hall.db.begin() as session:
        hall.take(session, now=TEN - timedelta(minutes=20))
        with pytest.raises(InvalidError):  # too early
            booking.check_in(session, first, Source.KIOSK, now=TEN - timedelta(minutes=16))
        kept = booking.check_in(session, first, Source.KIOSK, now=TEN)
        again = booking.check_in(session, first, Source.KIOSK, now=TEN)
        missed = booking.check_in(session, second, Source.KIOSK, now=late)
        clerk = hall.sits(session, 0, 1, now=late)

        called = service.call_next(session, clerk, seen=None, now=late).ticket

        assert called == kept == again
        assert kept.booked_for == TEN
        assert (missed.booked_for, missed.rank_at) == (None, late)
        counts = bookings.counts_of(session, HALL, MONDAY_9AM.date(), now=late)
        assert (counts.booked, counts.came, counts.late, counts.missed) == (2, 2, 1, 0)


def test_a_cancelled_place_is_free_again_and_its_number_forgotten(db: Db) -> None:
    hall = a_bookable_hall(db)
    first = books(hall, 1)
    with pytest.raises(InvalidError):
        books(hall, 2)
    with hall.db.begin() as session:
        booking.cancel(session, first, now=MONDAY_9AM)
        booking.cancel(session, first, now=MONDAY_9AM)

    assert books(hall, 2) != first
    with hall.db.begin() as session:
        contact_id = session.get_one(Booking, first).contact_id
        assert session.get_one(QueueContact, contact_id).value is None
        with pytest.raises(ConflictError):
            booking.check_in(session, first, Source.KIOSK, now=TEN)


def test_who_stayed_away_three_times_books_at_the_desk_only(db: Db) -> None:
    hall = a_bookable_hall(db)
    for day in (0, 1, 2):
        books(hall, 1, TEN + timedelta(days=day))
    friday = MONDAY_9AM + timedelta(days=4)

    with pytest.raises(InvalidError):
        books(hall, 1, friday + timedelta(hours=1), now=friday)

    assert books(hall, 1, friday + timedelta(hours=1), now=friday, source=Source.DESK)


def numbers_kept(hall: Hall) -> list[bool]:
    """Of each telephone whether its number is still there."""
    with hall.db() as session:
        return [one.value is not None for one in session.scalars(select(QueueContact))]


def test_a_number_left_for_a_visit_is_sealed_and_forgotten(db: Db) -> None:
    hall = a_bookable_hall(db)
    made = books(hall, 7)
    tomorrow = MONDAY_9AM + timedelta(days=1)
    kept = []
    with hall.db() as session:
        (contact,) = session.scalars(select(QueueContact))
        assert b"17900000007" not in (contact.value or b"")
        assert contacts.number_in(session, contact) == "17900000007"

    for now in (MONDAY_9AM, tomorrow, tomorrow + contacts.KEPT):
        with hall.db.begin() as session:
            contacts.forget(session, now=now)
        kept.append(numbers_kept(hall))

    assert kept == [[True], [False], []]
    with hall.db() as session:
        assert session.get_one(Booking, made).contact_id is None
        assert session.get_one(Booking, made).state is BookingState.BOOKED
        words = [str(one.params) for one in session.scalars(select(Message))]
        assert words
        assert not any("1790" in one for one in words)

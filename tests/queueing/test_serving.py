"""At the counter: taken, called, served, passed over, sent on; and what each refuses."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from app.accounts.rules import Role
from app.citizens import service as citizens
from app.citizens.models import Citizen
from app.citizens.rules import MarkKind
from app.citizens.service import Person, marks
from app.citizens.service.marks import GivenMark
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.kernel.vault import vault_of
from app.queueing import service
from app.queueing.models import QueueEvent, Ticket
from app.queueing.queries import lines
from app.queueing.rules import Deed, Need, PauseReason, Source, TicketState, spelt
from app.queueing.service import NewTicket, Onward, foretelling, watching
from app.queueing.service.setup import HallRules
from tests.queueing.halls import HALL, Hall, a_hall
from tests.support.city import WATER, Db
from tests.support.clock import MONDAY_9AM

LATER = MONDAY_9AM + timedelta(minutes=5)
NIGHT = MONDAY_9AM + timedelta(hours=12)


@pytest.fixture
def hall(db: Db) -> Hall:
    return a_hall(db)


def numbers(hall: Hall) -> list[str]:
    with hall.db() as session:
        return [spelt(t.prefix, t.number) for t in session.scalars(select(Ticket))]


def state(hall: Hall, ticket_id: int) -> TicketState:
    with hall.db() as session:
        return session.get_one(Ticket, ticket_id).state


def test_each_letter_counts_from_one_each_day(hall: Hall) -> None:
    with hall.db.begin() as session:
        for letter in "AABA":
            hall.take(session, letter)
        hall.take(session, "A", now=MONDAY_9AM + timedelta(days=1))

    assert numbers(hall) == ["A001", "A002", "B001", "A003", "A001"]


def test_at_night_the_desk_alone_gives_numbers(hall: Hall) -> None:
    with hall.db.begin() as session:
        with pytest.raises(InvalidError):
            hall.take(session, now=NIGHT)
        hall.take(session, now=NIGHT, source=Source.DESK)

    assert numbers(hall) == ["A001"]


def test_a_hall_that_keeps_no_hours_gives_numbers_at_night(db: Db) -> None:
    hall = a_hall(db, rules=HallRules(keeps_hours=False))

    with hall.db.begin() as session:
        hall.take(session, now=NIGHT)

    assert numbers(hall) == ["A001"]


def test_half_an_hour_before_opening_numbers_are_given(hall: Hall) -> None:
    with hall.db.begin() as session:
        early = [
            service.opens_at(session, HALL, now=MONDAY_9AM - timedelta(minutes=minutes))[0]
            for minutes in (31, 30)
        ]

    assert early == [False, True]


def test_what_a_hall_does_not_offer_gets_no_number(hall: Hall) -> None:
    with hall.db.begin() as session:
        with pytest.raises(InvalidError) as refusal:
            service.take(session, HALL, NewTicket(999, Source.KIOSK), now=MONDAY_9AM)
        with pytest.raises(NotFoundError):
            service.take(session, 1, NewTicket(999, Source.KIOSK), now=MONDAY_9AM)

    assert set(refusal.value.fields) == {"service"}


def test_who_is_65_or_disabled_is_called_earlier_and_the_card_need_not_say_so(hall: Hall) -> None:
    with hall.db.begin() as session:
        person = citizens.register(session, Person("测试甲", "17900000001"), now=MONDAY_9AM)
        citizen = session.get_one(Citizen, person)
        citizen.birth_year = 1950
        senior = hall.take(session, citizen_id=person)
        given = GivenMark(MarkKind.DISABLED)
        marks.add(session, citizen, given, by_id=None, now=MONDAY_9AM)
        disabled = hall.take(session, citizen_id=person)

        assert (senior.need, disabled.need) == (Need.SENIOR, Need.DISABLED)
        assert senior.rank_at == MONDAY_9AM - timedelta(minutes=15)
        assert disabled.rank_at == MONDAY_9AM - timedelta(minutes=30)


def test_the_first_is_called_the_one_before_is_done(hall: Hall) -> None:
    with hall.db.begin() as session:
        first, second = hall.take(session), hall.take(session, "B")
        clerk = hall.sits(session, 0, 1, now=MONDAY_9AM)

        one = service.call_next(session, clerk, seen=None, now=MONDAY_9AM)
        two = service.call_next(session, clerk, seen=first.id, now=LATER)
        three = service.call_next(session, clerk, seen=second.id, now=LATER)

    assert (one.ticket, two.ticket, three.ticket) == (first, second, None)
    assert (one.finished, two.finished, three.finished) == (None, first, second)
    assert first.ended_at == LATER


def test_the_key_pressed_twice_calls_once(hall: Hall) -> None:
    with hall.db.begin() as session:
        first, second = hall.take(session), hall.take(session)
        clerk = hall.sits(session, 0, 1, now=MONDAY_9AM)
        service.call_next(session, clerk, seen=None, now=MONDAY_9AM)

        again = service.call_next(session, clerk, seen=None, now=MONDAY_9AM)

    assert again.ticket == first
    assert state(hall, second.id) is TicketState.TAKEN


def test_nobody_calls_without_a_counter_or_at_a_paused_one(hall: Hall) -> None:
    with hall.db.begin() as session:
        hall.take(session)
        with pytest.raises(InvalidError):
            service.call_next(session, hall.clerks[0], seen=None, now=MONDAY_9AM)
        with pytest.raises(ForbiddenError):
            service.call_next(session, hall.city[Role.HANDLER], seen=None, now=MONDAY_9AM)
        clerk = hall.sits(session, 0, 1, now=MONDAY_9AM)
        service.pause(session, clerk, PauseReason.BREAK, now=MONDAY_9AM)
        with pytest.raises(InvalidError):
            service.call_next(session, clerk, seen=None, now=MONDAY_9AM)
        service.resume(session, clerk, now=LATER)

        assert service.call_next(session, clerk, seen=None, now=LATER).ticket is not None


def test_after_three_calls_a_number_is_passed_over_and_comes_back_three_places_later(
    hall: Hall,
) -> None:
    with hall.db.begin() as session:
        away, *others = [hall.take(session) for _ in range(6)]
        clerk = hall.sits(session, 0, 1, now=MONDAY_9AM)
        service.call_next(session, clerk, seen=None, now=MONDAY_9AM)
        with pytest.raises(InvalidError):
            service.pass_over(session, clerk, away.id, now=MONDAY_9AM)
        service.recall(session, clerk, away.id, now=LATER)
        service.recall(session, clerk, away.id, now=LATER)
        service.pass_over(session, clerk, away.id, now=LATER)

        service.come_back(session, away.id, now=LATER)
        service.come_back(session, away.id, now=LATER)
        order, seen = list[int](), None
        for _ in range(6):
            called = service.call_next(session, clerk, seen=seen, now=LATER).ticket
            assert called is not None
            order.append(called.id)
            seen = called.id

    assert order == [*(one.id for one in others[:3]), away.id, *(one.id for one in others[3:])]


def test_a_number_of_yesterday_does_not_come_back(hall: Hall) -> None:
    with hall.db.begin() as session:
        ticket = hall.take(session)

        with pytest.raises(InvalidError):
            service.come_back(session, ticket.id, now=MONDAY_9AM + timedelta(days=1))
        with pytest.raises(NotFoundError):
            service.come_back(session, 999, now=MONDAY_9AM)


def test_who_is_sent_on_keeps_the_place_of_their_arrival(hall: Hall) -> None:
    with hall.db.begin() as session:
        early = hall.take(session, "A")
        late = hall.take(session, "B", now=LATER)
        clerk, colleague = (hall.sits(session, n, n + 1, now=MONDAY_9AM) for n in (0, 1))
        service.call_next(session, clerk, seen=None, now=LATER)

        onward = Onward(hall.services["B"])
        service.transfer(session, clerk, early.id, onward, now=LATER)
        called = service.call_next(session, colleague, seen=None, now=LATER).ticket

    assert called == early
    assert (early.prefix, early.service_id) == ("A", hall.services["B"])
    assert state(hall, late.id) is TicketState.TAKEN


def test_who_is_sent_to_one_counter_is_called_by_that_one_alone(hall: Hall) -> None:
    with hall.db.begin() as session:
        ticket = hall.take(session)
        clerks = [hall.sits(session, n, n + 1, now=MONDAY_9AM) for n in range(3)]
        service.call_next(session, clerks[0], seen=None, now=MONDAY_9AM)
        onward = Onward(hall.services["A"], hall.counters[3])
        service.transfer(session, clerks[0], ticket.id, onward, now=LATER)

        called = [
            service.call_next(session, clerk, seen=None, now=LATER).ticket for clerk in clerks
        ]

    assert called == [None, None, ticket]


def test_who_was_sent_to_a_counter_that_is_left_is_called_by_its_colleagues(hall: Hall) -> None:
    with hall.db.begin() as session:
        waits, away = hall.take(session), hall.take(session)
        first, second, third = (hall.sits(session, n, n + 1, now=MONDAY_9AM) for n in range(3))
        service.call_next(session, first, seen=None, now=MONDAY_9AM)
        onward = Onward(hall.services["A"], hall.counters[3])
        service.transfer(session, first, waits.id, onward, now=LATER)
        service.call_next(session, first, seen=None, now=LATER)
        service.transfer(session, first, away.id, onward, now=LATER)
        service.call_next(session, third, seen=None, now=LATER)
        for _ in range(2):
            service.recall(session, third, waits.id, now=LATER)
        service.pass_over(session, third, waits.id, now=LATER)

        service.sign_off(session, third, now=LATER)
        service.come_back(session, waits.id, now=LATER)
        called = [service.call_next(session, one, seen=None, now=LATER) for one in (first, second)]

    assert [one.ticket for one in called] == [away, waits]


@pytest.mark.parametrize(
    ("letter", "counter", "field"),
    [("A", None, "service"), ("A", 1, "counter"), ("A", 2, "counter")],
)
def test_nobody_is_sent_to_where_they_are_or_where_nobody_works(
    hall: Hall, letter: str, counter: int | None, field: str
) -> None:
    with hall.db.begin() as session:
        ticket = hall.take(session)
        clerk = hall.sits(session, 0, 1, now=MONDAY_9AM)
        service.call_next(session, clerk, seen=None, now=MONDAY_9AM)
        onward = Onward(hall.services[letter], hall.counters[counter] if counter else None)

        with pytest.raises(InvalidError) as refusal:
            service.transfer(session, clerk, ticket.id, onward, now=LATER)

    assert set(refusal.value.fields) == {field}


def test_a_stale_screen_is_refused(hall: Hall) -> None:
    with hall.db.begin() as session:
        ticket = hall.take(session)
        clerk = hall.sits(session, 0, 1, now=MONDAY_9AM)
        service.call_next(session, clerk, seen=None, now=MONDAY_9AM)
        service.serve(session, clerk, ticket.id, now=MONDAY_9AM)
        service.serve(session, clerk, ticket.id, now=LATER)
        service.finish(session, clerk, ticket.id, now=LATER)

        with pytest.raises(ConflictError):
            service.recall(session, clerk, ticket.id, now=LATER)

    assert ticket.serving_at == MONDAY_9AM


def test_one_person_is_at_one_counter(hall: Hall) -> None:
    with hall.db.begin() as session:
        clerk = hall.sits(session, 0, 1, now=MONDAY_9AM)
        hall.sits(session, 0, 1, now=MONDAY_9AM)
        with pytest.raises(ConflictError):
            hall.sits(session, 1, 1, now=MONDAY_9AM)
        hall.sits(session, 0, 2, now=MONDAY_9AM)
        hall.sits(session, 1, 1, now=MONDAY_9AM)

        hall.take(session)
        service.call_next(session, clerk, seen=None, now=MONDAY_9AM)
        with pytest.raises(ConflictError):
            service.sign_off(session, clerk, now=MONDAY_9AM)


def test_a_sign_on_forgotten_yesterday_holds_nobody_up(hall: Hall) -> None:
    with hall.db.begin() as session:
        hall.take(session)
        clerk = hall.sits(session, 0, 1, now=MONDAY_9AM)
        service.call_next(session, clerk, seen=None, now=MONDAY_9AM)
    tomorrow = MONDAY_9AM + timedelta(days=1)

    with hall.db.begin() as session:
        assert service.where_of(session, clerk, now=tomorrow) is None
        with pytest.raises(InvalidError):
            service.call_next(session, clerk, seen=None, now=tomorrow)
        ticket = hall.take(session, now=tomorrow)
        colleague = hall.sits(session, 1, 1, now=tomorrow)

        assert service.call_next(session, colleague, seen=None, now=tomorrow).ticket == ticket


def test_a_clerk_of_another_unit_alone_does_not_sit_in_this_hall(hall: Hall) -> None:
    theirs = replace(hall.clerks[0].appointments[0], unit_id=WATER, unit_path="/1/4/")
    stranger = replace(hall.clerks[0], appointments=(theirs,))

    with hall.db.begin() as session, pytest.raises(ForbiddenError):
        service.sign_on(session, stranger, hall.counters[1], now=MONDAY_9AM)


def test_the_page_of_a_number_opens_by_its_token_alone(hall: Hall) -> None:
    with hall.db.begin() as session:
        ticket = hall.take(session)
        token = service.token_of(vault_of(session).signer, ticket.id)

        assert service.get_by_token(session, token) == ticket
        with pytest.raises(NotFoundError):
            service.get_by_token(session, str(ticket.id))


def test_what_happened_is_written_down_in_order_and_cannot_be_changed(hall: Hall) -> None:
    with hall.db.begin() as session:
        ticket = hall.take(session)
        clerk = hall.sits(session, 0, 1, now=MONDAY_9AM)
        service.call_next(session, clerk, seen=None, now=LATER)
        service.call_next(session, clerk, seen=ticket.id, now=LATER)

    with hall.db() as session:
        events = session.scalars(select(QueueEvent).order_by(QueueEvent.seq)).all()
        assert [e.deed for e in events] == [Deed.TAKE, Deed.SIGN_ON, Deed.CALL, Deed.FINISH]
        assert [e.seq for e in events] == [1, 2, 3, 4]
        assert {e.day for e in events} == {date(2026, 3, 2)}
        assert lines.revisions(session) == {HALL: 4}
        with pytest.raises(DatabaseError):
            session.execute(update(QueueEvent).values(detail="x"))


def test_a_clock_set_back_makes_no_wait_negative_and_lets_nobody_pass(hall: Hall) -> None:
    back = MONDAY_9AM - timedelta(minutes=10)
    with hall.db.begin() as session:
        first = hall.take(session)
        late = hall.take(session, now=back)
        clerk = hall.sits(session, 0, 1, now=back)

        called = service.call_next(session, clerk, seen=None, now=back).ticket

        assert called == first
        assert first.called_at == late.taken_at == first.taken_at == MONDAY_9AM
        assert foretelling.services_now(session, HALL, now=back)[0].about == 6
        (wait,) = watching.day_of(session, HALL, MONDAY_9AM.date()).waits
        assert wait.seconds == 0

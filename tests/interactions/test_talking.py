"""Conversations at the desk: several at once, one of them open, each leaving its entry."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases.rules import staff
from app.citizens import service as citizens
from app.citizens.models import Citizen
from app.citizens.rules import CitizenState
from app.citizens.service import Person
from app.interactions import queries, service
from app.interactions.models import Interaction
from app.interactions.rules import MOST_AT_ONCE, Deed, Medium, TalkState
from app.interactions.service import NewTalk
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM

LATER = MONDAY_9AM + timedelta(minutes=5)
WINDOW = NewTalk(Medium.WINDOW)


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def states(city: City) -> list[TalkState]:
    with city.db() as session:
        return list(session.scalars(select(Interaction.state).order_by(Interaction.id)))


def test_a_second_conversation_puts_the_first_on_hold(city: City) -> None:
    clerk = city[Role.CLERK]

    with city.db.begin() as session:
        service.start(session, clerk, WINDOW, now=MONDAY_9AM)
        service.start(session, clerk, NewTalk(Medium.PHONE), now=LATER)

    assert states(city) == [TalkState.HELD, TalkState.OPEN]


def test_going_on_with_one_puts_the_other_on_hold(city: City) -> None:
    clerk = city[Role.CLERK]
    with city.db.begin() as session:
        first = service.start(session, clerk, WINDOW, now=MONDAY_9AM)
        service.start(session, clerk, WINDOW, now=MONDAY_9AM)
        ref = first.ref

    with city.db.begin() as session:
        talk = service.get_talk(session, clerk, ref)
        service.do(session, clerk, talk, Deed.RESUME, now=LATER)

    assert states(city) == [TalkState.OPEN, TalkState.HELD]


def test_a_button_pressed_twice_does_nothing_the_second_time(city: City) -> None:
    clerk = city[Role.CLERK]
    with city.db.begin() as session:
        talk = service.start(session, clerk, WINDOW, now=MONDAY_9AM)

        for minutes in (1, 2):
            at = MONDAY_9AM + timedelta(minutes=minutes)
            service.do(session, clerk, talk, Deed.HOLD, now=at)

        assert talk.held_at == MONDAY_9AM + timedelta(minutes=1)


def test_pressing_a_button_of_a_stale_screen_is_refused(city: City) -> None:
    clerk = city[Role.CLERK]
    with city.db.begin() as session:
        talk = service.start(session, clerk, WINDOW, now=MONDAY_9AM)
        service.write_down(session, talk, "问路。", now=LATER)

        with pytest.raises(ConflictError):
            service.do(session, clerk, talk, Deed.RESUME, now=LATER)


def test_a_tenth_conversation_waits_until_one_is_ended(city: City) -> None:
    clerk = city[Role.CLERK]

    with city.db.begin() as session:
        for _ in range(MOST_AT_ONCE):
            service.start(session, clerk, WINDOW, now=MONDAY_9AM)
        with pytest.raises(InvalidError):
            service.start(session, clerk, WINDOW, now=MONDAY_9AM)


def test_a_colleague_cannot_open_a_conversation(city: City) -> None:
    with city.db.begin() as session:
        ref = service.start(session, city[Role.CLERK], WINDOW, now=MONDAY_9AM).ref

        with pytest.raises(NotFoundError):
            service.get_talk(session, city[Role.REVIEWER], ref)
        with pytest.raises(ForbiddenError):
            service.get_talk(session, city[Role.HANDLER], ref)


def test_an_ended_conversation_says_in_sealed_words_what_it_was_about(city: City) -> None:
    with city.db.begin() as session:
        talk = service.start(session, city[Role.CLERK], WINDOW, now=MONDAY_9AM)
        service.write_down(session, talk, "问老年证怎么办。", now=LATER)
        key = talk.id

    with city.db() as session:
        stored = session.get_one(Interaction, key)

    assert stored.state is TalkState.ENDED
    assert stored.ended_at == LATER
    assert stored.summary
    assert "老年证".encode() not in stored.summary


@pytest.mark.parametrize("words", ["", "   ", "话" * 2001])
def test_an_entry_needs_words_and_not_too_many(city: City, words: str) -> None:
    with city.db.begin() as session:
        talk = service.start(session, city[Role.CLERK], WINDOW, now=MONDAY_9AM)

        with pytest.raises(InvalidError) as refusal:
            service.write_down(session, talk, words, now=LATER)

        assert set(refusal.value.fields) == {"summary"}
        assert talk.state is TalkState.OPEN


def test_a_matter_taken_in_says_who_it_was_and_what_it_was_about(city: City) -> None:
    clerk = city[Role.CLERK]
    with city.db.begin() as session:
        talk = service.start(session, clerk, WINDOW, now=MONDAY_9AM)
        person = Person(name="测试甲", phone="17900000001")
        case = a_case(session, doer=staff(clerk), person=person, is_anonymous=False)

        service.link_case(session, talk, case)
        service.link_case(session, talk, case)
        service.write_down(session, talk, "", now=LATER)

        assert talk.citizen_id == case.citizen_id
        assert queries.cases_of(session, talk.id) == [case.number]


def test_who_shares_a_number_is_named_and_who_lost_it_is_not(city: City) -> None:
    with city.db.begin() as session:
        for name in ("测试甲", "测试乙"):
            citizens.register(session, Person(name=name, phone="17900000001"), now=MONDAY_9AM)

        found = service.who_has(session, "17900000001")

    assert {one.name for one in found} == {"测试甲", "测试乙"}


def test_a_number_of_somebody_restricted_brings_nobody_along(city: City) -> None:
    with city.db.begin() as session:
        person = Person(name="测试甲", phone="17900000001")
        citizen_id = citizens.register(session, person, now=MONDAY_9AM)
        session.get_one(Citizen, citizen_id).state = CitizenState.RESTRICTED

        assert service.who_has(session, "17900000001") == []


def test_a_caller_is_registered_with_a_name_only(city: City) -> None:
    with city.db.begin() as session:
        talk = service.start(session, city[Role.CLERK], WINDOW, now=MONDAY_9AM)
        with pytest.raises(InvalidError):
            service.register_caller(session, talk, Person(phone="17900000001"), now=LATER)

        person = Person(name="测试丙", phone="17900000001")
        service.register_caller(session, talk, person, now=LATER)

        assert talk.citizen_id is not None
        assert citizens.name_of(session, talk.citizen_id) == "测试丙"

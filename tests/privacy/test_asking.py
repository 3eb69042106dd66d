"""A person asks, agrees and takes back; each request has its clock."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.citizens.models import Citizen, Representation
from app.citizens.rules import CitizenState, Ground
from app.citizens.service import Person, register
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.privacy import service
from app.privacy.models import Consent, DataRequest
from app.privacy.rules import RequestKind, RequestStatus, Source
from app.privacy.service import SURVEY
from app.privacy.service.consents import seed
from app.sla.models import Clock
from app.sla.rules import Lamp
from tests.support.city import City, Db, a_city
from tests.support.clock import MONDAY_9AM

THE_PERSON = Author(None, "citizen")


@pytest.fixture
def city(db: Db) -> City:
    founded = a_city(db)
    with founded.db.begin() as session:
        seed(session)
    return founded


@pytest.fixture
def somebody(city: City) -> int:
    with city.db.begin() as session:
        return register(session, Person("张三丰", "17900001234"), now=MONDAY_9AM)


def ask(city: City, citizen_id: int, kind: RequestKind, text: str = "") -> int:
    with city.db.begin() as session:
        return service.open_request(
            session,
            citizen_id,
            kind,
            text,
            source=Source.PORTAL,
            by=THE_PERSON,
            now=MONDAY_9AM,
        ).id


def say(city: City, citizen_id: int, *, agree: bool, **given: int | None) -> None:
    deed = service.give if agree else service.withdraw
    with city.db.begin() as session:
        deed(
            session,
            citizen_id,
            SURVEY,
            source=Source.PORTAL,
            by=THE_PERSON,
            now=MONDAY_9AM,
            **given,
        )


def agrees(city: City, citizen_id: int) -> bool:
    with city.db() as session:
        return service.consent_of(session, citizen_id, SURVEY)


def test_a_request_has_fifteen_working_days_and_says_that_they_are_a_sample(
    city: City, somebody: int
) -> None:
    request_id = ask(city, somebody, RequestKind.ACCESS, "我想知道你们存了什么")

    with city.db() as session:
        clock = session.scalars(select(Clock).where(Clock.subject_type == "data_request")).one()
        assert (clock.subject_id, clock.budget, clock.is_sample) == (request_id, 15, True)
        assert clock.due_at is not None
        assert clock.due_at - MONDAY_9AM > timedelta(days=20)
        assert clock.lamp(MONDAY_9AM) is Lamp.OK


def test_what_was_written_is_sealed_and_comes_back(city: City, somebody: int) -> None:
    request_id = ask(city, somebody, RequestKind.CORRECTION, "名字错了,应为张三峰")

    with city.db() as session:
        request = session.get_one(DataRequest, request_id)
        assert "张三峰".encode() not in (request.text or b"")
        assert service.words_of(session, request) == ("名字错了,应为张三峰", "", "")


def test_the_same_is_not_asked_twice_at_once(city: City, somebody: int) -> None:
    ask(city, somebody, RequestKind.ACCESS)

    with pytest.raises(ConflictError):
        ask(city, somebody, RequestKind.ACCESS)


@pytest.mark.parametrize("text", ["", "长" * 2001])
def test_a_correction_says_what_is_wrong_in_reasonable_length(
    city: City, somebody: int, text: str
) -> None:
    with pytest.raises(InvalidError) as refusal:
        ask(city, somebody, RequestKind.CORRECTION, text)

    assert "text" in refusal.value.fields


def test_nobody_asks_for_a_person_who_does_not_exist(city: City) -> None:
    with pytest.raises(NotFoundError):
        ask(city, 4711, RequestKind.ACCESS)


def test_a_request_taken_back_ends_its_clock(city: City, somebody: int) -> None:
    request_id = ask(city, somebody, RequestKind.COPY)

    with city.db.begin() as session:
        service.withdraw_request(session, request_id, version=1, by=THE_PERSON, now=MONDAY_9AM)

    with city.db() as session:
        assert [line.status for line in service.requests_of(session, somebody)] == [
            RequestStatus.WITHDRAWN
        ]
        assert session.scalars(select(Clock.cancelled_at)).one() == MONDAY_9AM


def test_silence_is_no_consent(city: City, somebody: int) -> None:
    assert not agrees(city, somebody)


def test_a_consent_is_given_and_taken_back_and_its_history_stays(city: City, somebody: int) -> None:
    say(city, somebody, agree=True)
    say(city, somebody, agree=True)
    given = agrees(city, somebody)

    say(city, somebody, agree=False)

    with city.db() as session:
        history = [line.is_given for line in service.history_of(session, somebody)]
    assert given
    assert not agrees(city, somebody)
    assert history == [False, True]


def test_nobody_rewrites_what_was_agreed_to(city: City, somebody: int) -> None:
    say(city, somebody, agree=True)

    with pytest.raises(DBAPIError), city.db.begin() as session:
        session.scalars(select(Consent)).one().is_given = False


def test_consents_follow_a_merged_person(city: City, somebody: int) -> None:
    say(city, somebody, agree=True)
    with city.db.begin() as session:
        survivor = register(session, Person("张三丰", "17900001235"), now=MONDAY_9AM)
        merged = session.get_one(Citizen, somebody)
        merged.state, merged.merged_into_id = CitizenState.MERGED, survivor

    assert agrees(city, survivor)
    assert agrees(city, somebody)


def test_a_child_agrees_only_through_a_guardian(city: City, somebody: int) -> None:
    with city.db.begin() as session:
        guardian = register(session, Person("张大丰", "17900001236"), now=MONDAY_9AM)
        session.get_one(Citizen, somebody).birth_year = 2015
        paper = Representation(
            principal_id=somebody,
            agent_id=guardian,
            ground=Ground.GUARDIAN,
            valid_from=MONDAY_9AM.date(),
            created_at=MONDAY_9AM,
        )
        session.add(paper)

    with pytest.raises(InvalidError):
        say(city, somebody, agree=True)
    say(city, somebody, agree=True, guardian_id=guardian)

    assert agrees(city, somebody)


def test_a_restricted_person_is_left_be(city: City, somebody: int) -> None:
    say(city, somebody, agree=True)
    with city.db.begin() as session:
        session.get_one(Citizen, somebody).state = CitizenState.RESTRICTED

    assert not agrees(city, somebody)
    with pytest.raises(ConflictError):
        say(city, somebody, agree=True)

"""How a party is reached: numbers and addresses told, ended, preferred, and who is left alone."""

import pytest
from sqlalchemy.orm import Session

from app.citizens.rules import CitizenState, ContactKind
from app.citizens.service import contacts
from app.citizens.service.contacts import GivenContact
from app.kernel.errors import NotFoundError
from app.notifications.rules.deciding import Purpose, Reason
from app.notifications.service.deciding import Answer, decide
from tests.citizens.parties import enrolled, mobile, seen_by
from tests.support.city import City, Db, a_city
from tests.support.clock import MONDAY_9AM

ADDRESS = "示例市样板区光明街道幸福路12号3栋501室"


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def way_to(session: Session, citizen_id: int) -> Answer:
    return decide(session, citizen_id, Purpose.NOTICE, now=MONDAY_9AM)


def test_families_share_a_telephone(city: City) -> None:
    with city.db.begin() as session:
        one = enrolled(city, session, "林一", contacts=(mobile("17900001111"),))
        two = enrolled(city, session, "林二", contacts=(mobile("17900001111"),))

    assert one.id != two.id


def test_a_number_told_twice_is_one_contact_confirmed(city: City) -> None:
    with city.db.begin() as session:
        person = enrolled(city, session, contacts=(mobile("17900001111"),))
        again = contacts.add(session, person, mobile("179 0000 1111"), now=MONDAY_9AM)
        seen = seen_by(city, session, person.id).contacts

    assert [c.id for c in seen] == [again]
    assert seen[0].confirmed_at == MONDAY_9AM


def test_two_rooms_of_one_house_are_two_addresses(city: City) -> None:
    with city.db.begin() as session:
        person = enrolled(city, session, contacts=(GivenContact(ContactKind.ADDRESS, ADDRESS),))
        contacts.add(
            session, person, GivenContact(ContactKind.ADDRESS, ADDRESS + "甲"), now=MONDAY_9AM
        )

        assert len(seen_by(city, session, person.id).contacts) == 2


def test_an_ended_number_is_neither_shown_nor_written_to(city: City) -> None:
    with city.db.begin() as session:
        person = enrolled(city, session, contacts=(mobile("17900001111"),))
        old = seen_by(city, session, person.id).contacts[0].id
        assert way_to(session, person.id).way.contact_id == old
        contacts.end(session, person, old, now=MONDAY_9AM)

        assert way_to(session, person.id).reason is Reason.NO_CONTACT
        assert seen_by(city, session, person.id).contacts == ()
        with pytest.raises(NotFoundError):
            contacts.verify(session, person, old, now=MONDAY_9AM)


def test_the_preferred_number_is_one_and_goes_first(city: City) -> None:
    with city.db.begin() as session:
        person = enrolled(
            city,
            session,
            contacts=(mobile("17900001111", is_preferred=True), mobile("17900002222")),
        )
        second = next(c for c in seen_by(city, session, person.id).contacts if not c.is_preferred)
        contacts.prefer(session, person, second.id)

        assert way_to(session, person.id).way.contact_id == second.id
        assert [c.is_preferred for c in seen_by(city, session, person.id).contacts] == [True, False]


def test_who_asked_to_be_left_alone_is_sent_nothing(city: City) -> None:
    with city.db.begin() as session:
        person = enrolled(city, session, contacts=(mobile("17900001111"),))
        assert way_to(session, person.id).reason is None

        person.do_not_contact = True

        assert way_to(session, person.id).reason is Reason.DO_NOT_CONTACT


@pytest.mark.parametrize("state", [s for s in CitizenState if s is not CitizenState.ACTIVE])
def test_nothing_is_sent_where_processing_has_stopped(city: City, state: CitizenState) -> None:
    with city.db.begin() as session:
        person = enrolled(city, session, contacts=(mobile("17900001111"),))

        person.state = state

        assert way_to(session, person.id).reason in {Reason.RESTRICTED, Reason.GONE}

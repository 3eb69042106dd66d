"""A clerk registers a party, changes it, and is stopped where something cannot be."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select

from app.accounts.rules import Role
from app.citizens.models import Citizen, Identifier
from app.citizens.queries.getting import get_visible
from app.citizens.rules import CitizenState, ContactKind, Ground, MarkKind, PartyKind
from app.citizens.service import (
    contacts,
    identities,
    representing,
)
from app.citizens.service.contacts import GivenContact
from app.citizens.service.enrolling import Changes, change, open_for_edit
from app.citizens.service.identities import GivenIdentity, KnownIdentityError
from app.citizens.service.marks import GivenMark
from app.citizens.service.representing import GivenRepresentation
from app.kernel.audit import AuditEntry
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.citizens.parties import TODAY, a_code, a_number, document, enrolled, mobile, seen_by
from tests.support.city import City, Db, a_city
from tests.support.clock import MONDAY_9AM
from tests.support.counting import statements_of

ADDRESS = "示例市样板区光明街道幸福路12号3栋501室"


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def test_a_party_is_kept_whole_and_shown_masked(city: City) -> None:
    with city.db.begin() as session:
        person = enrolled(
            city,
            session,
            "林 示例",
            identities=(document(a_number("19500307")),),
            contacts=(
                mobile("＋86 179-0000-1111", is_preferred=True),
                GivenContact(ContactKind.EMAIL, "Lin@Example.ORG"),
                GivenContact(ContactKind.ADDRESS, ADDRESS),
            ),
            marks=(GivenMark(MarkKind.DISABLED, "残疾人证"),),
        )

    with city.db() as session:
        masked = seen_by(city, session, person.id)
        clear = seen_by(city, session, person.id, clear=True)

    assert clear.name == "林示例"
    assert [(c.kind.value, c.value) for c in clear.contacts] == [
        ("mobile", "17900001111"),
        ("address", ADDRESS),
        ("email", "Lin@example.org"),
    ]
    assert dict(clear.contacts[1].parts)["room"] == "501室"
    assert masked.name == "林*例"
    assert [c.value for c in masked.contacts] == [
        "179****1111",
        "示例市样板区光明街道***",
        "L***@example.org",
    ]
    assert masked.identities[0].value == f"990101********{a_number('19500307')[-4:]}"
    assert masked.birth_year == 1950
    assert masked.preferred_channel is ContactKind.MOBILE
    assert [m.kind for m in masked.marks] == [MarkKind.SENIOR, MarkKind.DISABLED]


def test_a_reviewer_sees_less_of_a_document_than_a_clerk(city: City) -> None:
    with city.db.begin() as session:
        person = enrolled(city, session, identities=(document(a_number()),))

        number = seen_by(city, session, person.id, Role.REVIEWER).identities[0].value

    assert number == f"990************{a_number()[-3:]}"


def test_an_organisation_is_no_secret_and_acts_through_people(city: City) -> None:
    with city.db.begin() as session:
        firm = enrolled(
            city,
            session,
            "示例样板有限公司",
            kind=PartyKind.ORGANISATION,
            identities=(document(a_code()),),
        )
        agent = enrolled(city, session, "林示例")
        representing.represent(
            session,
            agent,
            firm,
            GivenRepresentation(Ground.LEGAL_REPRESENTATIVE, TODAY, date(2027, 1, 1), "执照"),
            by_id=1,
            now=MONDAY_9AM,
        )
        seen = seen_by(city, session, firm.id, Role.REVIEWER)
        other_side = seen_by(city, session, agent.id)

    assert seen.name == "示例样板有限公司"
    assert seen.identities[0].value == a_code()
    assert [(a.name, a.ground, a.is_in_force) for a in seen.acted_by] == [
        ("林*例", Ground.LEGAL_REPRESENTATIVE, True)
    ]
    assert other_side.acts_for[0].citizen_id == firm.id


def test_everything_wrong_is_said_at_once_and_nothing_is_written(city: City) -> None:
    with city.db() as session, pytest.raises(InvalidError) as refused:
        enrolled(
            city,
            session,
            "张三😀",
            birth_year=1800,
            reading="张",
            identities=(document(a_number()[:-1] + "0"),),
            contacts=(mobile("179"), GivenContact(ContactKind.EMAIL, "x")),
        )

    assert set(refused.value.fields) == {
        "name",
        "birth_year",
        "reading",
        "document",
        "phone",
        "email",
    }
    with city.db() as session:
        assert session.scalar(select(func.count()).select_from(Citizen)) == 0


def test_a_child_born_tomorrow_has_no_document(city: City) -> None:
    with city.db() as session, pytest.raises(InvalidError) as refused:
        enrolled(city, session, identities=(document(a_number("20260303")),))

    assert "future" in refused.value.fields["document"]


def test_who_is_known_under_a_document_is_offered(city: City) -> None:
    with city.db.begin() as session:
        first = enrolled(city, session, identities=(document(a_number()),))

    with city.db() as session, pytest.raises(KnownIdentityError) as refused:
        enrolled(city, session, "林另例", identities=(document(a_number().lower()),))

    assert refused.value.citizen_id == first.id


def test_two_clerks_who_write_one_document_down_at_once_end_with_one_citizen(city: City) -> None:
    start = Barrier(2)

    def one(name: str) -> int:
        start.wait()
        try:
            with city.db.begin() as session:
                return enrolled(city, session, name, identities=(document(a_number()),)).id
        except KnownIdentityError as known:
            return -known.citizen_id

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(one, ["林一", "林二"]))

    assert ends[0] == -ends[1]
    with city.db() as session:
        assert session.scalar(select(func.count()).select_from(Identifier)) == 1
        assert session.scalar(select(func.count()).select_from(Citizen)) == 1


def test_a_second_number_that_contradicts_the_first_is_refused(city: City) -> None:
    with city.db.begin() as session:
        person = enrolled(city, session, identities=(document(a_number()),))

        with pytest.raises(InvalidError) as refused:
            identities.add(
                session, person, document(a_number(sequence=2)), now=MONDAY_9AM, today=TODAY
            )

    assert "two different numbers" in refused.value.fields["document"]


def test_a_document_may_be_verified_and_taken_away_again(city: City) -> None:
    with city.db.begin() as session:
        person = enrolled(
            city, session, identities=(GivenIdentity("E00000001", is_seen=False, issued_by="XX"),)
        )
        own = seen_by(city, session, person.id).identities[0]
        identities.verify(session, person, own.id, now=MONDAY_9AM)
        verified = seen_by(city, session, person.id).identities[0]
        identities.take_away(session, person, own.id, now=MONDAY_9AM)
        gone = seen_by(city, session, person.id).identities

    assert own.verified_at is None
    assert verified.verified_at == MONDAY_9AM
    assert gone == ()


def test_of_restricted_people_nothing_is_told_and_nothing_changed(city: City) -> None:
    with city.db.begin() as session:
        person = enrolled(city, session, contacts=(mobile("17900001111"),))
        person.state = CitizenState.RESTRICTED
        session.flush()

        to_clerk = seen_by(city, session, person.id, clear=True)
        to_privacy = seen_by(city, session, person.id, Role.PRIVACY)
        with pytest.raises(ForbiddenError, match="restricted"):
            open_for_edit(
                session,
                city[Role.CLERK],
                person.id,
                seen_version=person.version,
                now=MONDAY_9AM,
            )

    assert (to_clerk.name, to_clerk.contacts) == ("", ())
    assert len(to_privacy.contacts) == 1


def test_two_clerks_who_change_one_citizen_do_not_overwrite_each_other(city: City) -> None:
    clerk = city[Role.CLERK]
    with city.db.begin() as session:
        person = enrolled(city, session)
        seen = person.version

    with city.db.begin() as session:
        open_for_edit(session, clerk, person.id, seen_version=seen, now=MONDAY_9AM)
    with city.db() as session, pytest.raises(ConflictError) as refused:
        open_for_edit(session, clerk, person.id, seen_version=seen, now=MONDAY_9AM)

    assert refused.value.stored["Name"] == "林*例"
    assert refused.value.fresh == {"version": str(seen + 1)}


def test_a_merged_citizen_is_not_edited_but_leads_on(city: City) -> None:
    with city.db.begin() as session:
        survivor = enrolled(city, session)
        merged = enrolled(city, session)
        merged.state, merged.merged_into_id = CitizenState.MERGED, survivor.id
        session.flush()

        with pytest.raises(ConflictError, match="C000000001"):
            open_for_edit(
                session, city[Role.CLERK], merged.id, seen_version=merged.version, now=MONDAY_9AM
            )
        assert seen_by(city, session, merged.id).merged_into == "C000000001"


def test_a_change_leaves_out_what_was_not_typed_and_says_which_fields(city: City) -> None:
    with city.db.begin() as session:
        person = enrolled(city, session, "单示例")
        change(
            session,
            person,
            Changes(reading="shan shili", preferred_times="晚上六点后", do_not_contact=True),
            actor=city[Role.CLERK],
            ip="192.0.2.1",
            now=MONDAY_9AM,
        )
        seen = seen_by(city, session, person.id, clear=True)
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()

    assert (seen.name, seen.reading, seen.do_not_contact) == ("单示例", "shan shili", True)
    assert entry is not None
    assert entry.details == {"fields": ["preferred_times", "do_not_contact", "reading"]}


def test_a_year_of_birth_against_the_document_is_refused(city: City) -> None:
    with city.db.begin() as session:
        person = enrolled(city, session, identities=(document(a_number("19900307")),))

        with pytest.raises(InvalidError) as refused:
            change(
                session,
                person,
                Changes(birth_year=1991),
                actor=city[Role.CLERK],
                ip="",
                now=MONDAY_9AM,
            )

    assert set(refused.value.fields) == {"birth_year"}


def test_who_may_only_read_cannot_register_and_who_may_not_read_sees_nothing(city: City) -> None:
    with city.db.begin() as session:
        person = enrolled(city, session)

        with pytest.raises(ForbiddenError):
            open_for_edit(
                session,
                city[Role.REVIEWER],
                person.id,
                seen_version=person.version,
                now=MONDAY_9AM,
            )
        with pytest.raises(NotFoundError):
            get_visible(session, city[Role.HANDLER], person.id)
        assert get_visible(session, city[Role.REVIEWER], person.id).id == person.id


def test_the_picture_costs_the_same_however_much_is_known(city: City, engine: Engine) -> None:
    costs = []
    for n in range(2):
        with city.db.begin() as session:
            person = enrolled(city, session)
            for m in range(5 * n):
                contacts.add(session, person, mobile(f"1790000222{m}"), now=MONDAY_9AM)
        with city.db() as session, statements_of(engine) as seen:
            seen_by(city, session, person.id)
        costs.append(len(seen))

    assert costs[0] == costs[1] > 0

"""Conversations that belong to no person and no matter are proposed, approved and blanked, too."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.accounts.rules import Role
from app.cases.kinds import Status
from app.cases.models import Case
from app.catalogue.rules import CaseKind
from app.citizens.service import Person, register
from app.interactions import service as talks
from app.interactions.models import IncomingCall, Interaction, Promise
from app.interactions.rules import Deed
from app.interactions.service import Given, Ring
from app.kernel.errors import ConflictError, InvalidError
from app.privacy.models import RetentionItem, RetentionRule, Tombstone
from app.privacy.queries import list_items, list_stones
from app.privacy.rules import ItemState, RuleSubject
from app.privacy.service import holding, retention
from app.privacy.service.retention import Kept
from tests.privacy.town import COLLEAGUE, LATER, OFFICER, prepared
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM

A_YEAR_ON = MONDAY_9AM + timedelta(days=400)
WHOLE, NOTHING = (True, True, True), (False, False, False)


@pytest.fixture
def city(db: Db) -> City:
    founded = a_city(db)
    prepared(founded)
    return founded


def a_talk(city: City, *, citizen_id: int | None = None, case_id: int | None = None) -> int:
    """A call that was taken and written down, with a promise."""
    clerk = city[Role.CLERK]
    with city.db.begin() as session:
        call = Ring(f"call-{citizen_id}-{case_id}", "clerk", "17900009876")
        ref = talks.ring(session, call, now=MONDAY_9AM)
        talk = session.scalars(select(Interaction).where(Interaction.ref == ref)).one()
        talk.citizen_id = citizen_id
        if case_id is not None:
            talks.link_case(session, talk, session.get_one(Case, case_id))
        given = Given("明天回电", MONDAY_9AM.date(), interaction_id=talk.id)
        talks.promise(session, clerk, given, now=MONDAY_9AM)
        talks.do(session, clerk, talk, Deed.TAKE, now=MONDAY_9AM)
        talks.write_down(session, talk, "问社保卡怎么补办", now=MONDAY_9AM)
        return talk.id


def proposed(city: City, *, now: datetime = A_YEAR_ON) -> int:
    with city.db.begin() as session:
        batch = retention.propose(session, by=OFFICER, now=now)
        retention.approve(session, batch.id, version=1, by=COLLEAGUE, now=now)
        return batch.id


def worked_off(city: City, batch_id: int, *, now: datetime = A_YEAR_ON) -> list[ItemState]:
    with city.db.begin() as session:
        retention.work_off(session, batch_id, now=now)
    with city.db() as session:
        wanted = select(RetentionItem.state).where(RetentionItem.batch_id == batch_id)
        return list(session.scalars(wanted.order_by(RetentionItem.id)))


def what_is_left(city: City, talk_id: int) -> tuple[bool, bool, bool]:
    """Whether words, the caller's number and a promise are still there."""
    with city.db() as session:
        promised = session.scalars(select(Promise).where(Promise.interaction_id == talk_id)).all()
        return (
            session.get_one(Interaction, talk_id).summary is not None,
            session.get_one(IncomingCall, talk_id).number is not None,
            bool(promised),
        )


def test_a_contact_of_nobody_is_counted_first_and_loses_words_number_and_promise_at_the_end(
    city: City,
) -> None:
    talk_id = a_talk(city)
    with city.db() as session:
        assert retention.dry_run(session, now=A_YEAR_ON).talks == 1
        assert retention.dry_run(session, now=MONDAY_9AM + timedelta(days=300)).talks == 0
    assert what_is_left(city, talk_id) == WHOLE

    batch_id = proposed(city)

    assert worked_off(city, batch_id) == [ItemState.ERASED]
    assert what_is_left(city, talk_id) == NOTHING
    with city.db() as session:
        assert [each.is_talk for each in list_items(session, batch_id, most=5)] == [True]
        assert [each.talk_id for each in list_stones(session, before=99, most=5)] == [talk_id]
        assert retention.dry_run(session, now=A_YEAR_ON).talks == 0


def test_what_waits_is_not_proposed_twice(city: City) -> None:
    a_talk(city)
    proposed(city)

    with pytest.raises(ConflictError):
        proposed(city)


def test_a_contact_of_somebody_is_theirs_and_goes_with_them(city: City) -> None:
    with city.db.begin() as session:
        citizen_id = register(session, Person("测试甲", "17900001234"), now=A_YEAR_ON)
    talk_id = a_talk(city, citizen_id=citizen_id)

    with pytest.raises(ConflictError):
        proposed(city)

    assert what_is_left(city, talk_id) == WHOLE


def test_whose_contact_it_is_may_be_found_out_between_proposal_and_erasing(city: City) -> None:
    talk_id = a_talk(city)
    batch_id = proposed(city)
    with city.db.begin() as session:
        citizen_id = register(session, Person("测试甲", "17900001234"), now=A_YEAR_ON)
        session.get_one(Interaction, talk_id).citizen_id = citizen_id

    assert worked_off(city, batch_id) == [ItemState.SKIPPED]
    assert what_is_left(city, talk_id) == WHOLE


def test_a_rule_taken_back_since_the_proposal_wins(city: City) -> None:
    talk_id = a_talk(city)
    batch_id = proposed(city)
    with city.db.begin() as session:
        rules = update(RetentionRule).where(RetentionRule.subject == RuleSubject.TALK)
        session.execute(rules.values(is_active=False))

    assert worked_off(city, batch_id) == [ItemState.SKIPPED]
    assert what_is_left(city, talk_id) == WHOLE


def test_a_contact_about_a_nameless_matter_is_kept_as_long_as_the_matter_and_then_goes(
    city: City,
) -> None:
    with city.db.begin() as session:
        case = a_case(session, kind=CaseKind.HELP)
        ended = update(Case).where(Case.id == case.id)
        session.execute(ended.values(closed_at=MONDAY_9AM, status=Status.CLOSED))
    talk_id = a_talk(city, case_id=case.id)
    with city.db() as session:
        assert retention.dry_run(session, now=A_YEAR_ON).talks == 0

    worked_off(city, proposed(city, now=LATER), now=LATER)
    worked_off(city, proposed(city, now=LATER), now=LATER)

    assert what_is_left(city, talk_id) == NOTHING


def test_a_hold_on_the_matter_keeps_the_contact_about_it(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session, kind=CaseKind.HELP)
        ended = update(Case).where(Case.id == case.id)
        session.execute(ended.values(closed_at=MONDAY_9AM, status=Status.CLOSED))
        holding.place(session, case_id=case.id, reason="诉讼", until=None, by=OFFICER, now=LATER)
    talk_id = a_talk(city, case_id=case.id)

    with pytest.raises(ConflictError):
        proposed(city, now=LATER)

    assert what_is_left(city, talk_id) == WHOLE


def test_the_city_sets_its_own_months_for_contacts_and_without_a_category(city: City) -> None:
    wrong = Kept(6, "办法", category_id=1, subject=RuleSubject.TALK)
    with pytest.raises(InvalidError) as refusal, city.db.begin() as session:
        retention.set_rule(session, wrong, by=OFFICER, now=A_YEAR_ON)
    with city.db.begin() as session:
        mine = Kept(60, "本市办法", "Our city's rule", subject=RuleSubject.TALK)
        retention.set_rule(session, mine, by=OFFICER, now=A_YEAR_ON)

    a_talk(city)

    assert set(refusal.value.fields) == {"category_id"}
    with city.db() as session:
        assert retention.dry_run(session, now=A_YEAR_ON).talks == 0
        assert session.scalars(select(Tombstone)).all() == []

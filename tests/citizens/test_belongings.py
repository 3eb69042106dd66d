"""What hangs on a party: who acts for whom, tags, notes and marks."""

from datetime import date
from typing import Any

import pytest

from app.accounts.rules import Role
from app.citizens.rules import Ground, MarkKind, PartyKind, Visibility
from app.citizens.service import (
    marks,
    notes,
    representing,
    tags,
)
from app.citizens.service.marks import GivenMark
from app.citizens.service.representing import GivenRepresentation
from app.kernel.errors import InvalidError, NotFoundError
from tests.citizens.parties import TODAY, enrolled, seen_by
from tests.support.city import CENTRE, City, Db, a_city
from tests.support.clock import MONDAY_9AM


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


@pytest.mark.parametrize(
    ("agent_kind", "principal_kind", "ground", "says"),
    [
        (PartyKind.PERSON, PartyKind.PERSON, Ground.LEGAL_REPRESENTATIVE, "for organisations"),
        (PartyKind.PERSON, PartyKind.ORGANISATION, Ground.GUARDIAN, "no guardian"),
        (PartyKind.ORGANISATION, PartyKind.PERSON, Ground.GUARDIAN, "Only a person"),
    ],
)
def test_nobody_acts_on_a_ground_that_does_not_fit(
    city: City, agent_kind: PartyKind, principal_kind: PartyKind, ground: Ground, says: str
) -> None:
    with city.db.begin() as session:
        agent = enrolled(city, session, "示例甲", kind=agent_kind)
        principal = enrolled(city, session, "示例乙", kind=principal_kind)

        with pytest.raises(InvalidError) as refused:
            representing.represent(
                session,
                agent,
                principal,
                GivenRepresentation(ground, TODAY),
                by_id=1,
                now=MONDAY_9AM,
            )

    assert says in refused.value.fields["principal"]


def test_nobody_acts_for_themselves_or_twice_on_one_ground(city: City) -> None:
    given = GivenRepresentation(Ground.AGENT, TODAY)
    with city.db.begin() as session:
        one, two = enrolled(city, session, "林一"), enrolled(city, session, "林二")
        with pytest.raises(InvalidError):
            representing.represent(session, one, one, given, by_id=1, now=MONDAY_9AM)
        first = representing.represent(session, one, two, given, by_id=1, now=MONDAY_9AM)
        with pytest.raises(InvalidError):
            representing.represent(session, one, two, given, by_id=1, now=MONDAY_9AM)
        representing.end(session, two, first, now=MONDAY_9AM)
        representing.represent(session, one, two, given, by_id=1, now=MONDAY_9AM)

        assert len(seen_by(city, session, two.id).acted_by) == 1


def test_tags_and_notes_of_a_unit_are_read_in_that_unit_only(city: City) -> None:
    by: dict[str, Any] = {"by_id": 1, "now": MONDAY_9AM}
    with city.db.begin() as session:
        person = enrolled(city, session)
        for visibility in Visibility:
            tags.add(session, person, f"#{visibility}", visibility=visibility, unit_id=CENTRE, **by)
            notes.add(session, person, f"{visibility}", visibility=visibility, unit_id=CENTRE, **by)
        inside = seen_by(city, session, person.id, Role.CLERK)
        outside = seen_by(city, session, person.id, Role.SUPERVISOR)
        notes.end(session, person, inside.notes[0].id, unit_id=CENTRE, now=MONDAY_9AM)
        tags.end(session, person, inside.tags[0].id, unit_id=CENTRE, now=MONDAY_9AM)
        after = seen_by(city, session, person.id, Role.CLERK)

    assert {t.word for t in inside.tags} == {"unit", "everyone"} == {n.text for n in inside.notes}
    assert {t.word for t in outside.tags} == {"everyone"} == {n.text for n in outside.notes}
    assert (len(after.tags), len(after.notes)) == (1, 1)


@pytest.mark.parametrize("part", [tags, notes])
def test_another_unit_ends_only_what_it_may_read(city: City, part: Any) -> None:  # noqa: ANN401  # two modules alike
    by: dict[str, Any] = {"unit_id": CENTRE, "by_id": 1, "now": MONDAY_9AM}
    elsewhere: dict[str, Any] = {"unit_id": CENTRE + 1, "now": MONDAY_9AM}
    with city.db.begin() as session:
        person = enrolled(city, session)
        own = part.add(session, person, "自用", visibility=Visibility.UNIT, **by)
        shared = part.add(session, person, "共用", visibility=Visibility.EVERYONE, **by)

        part.end(session, person, shared, **elsewhere)
        with pytest.raises(NotFoundError):
            part.end(session, person, own, **elsewhere)


@pytest.mark.parametrize("word", ["", "17900001111", "a@b", "长" * 31])
def test_a_tag_is_a_short_word_and_no_number(city: City, word: str) -> None:
    with city.db.begin() as session:
        person = enrolled(city, session)

        with pytest.raises(InvalidError):
            tags.add(
                session,
                person,
                word,
                visibility=Visibility.UNIT,
                unit_id=CENTRE,
                by_id=1,
                now=MONDAY_9AM,
            )


def test_a_mark_lasts_until_its_day_or_until_it_is_ended(city: City) -> None:
    with city.db.begin() as session:
        person = enrolled(
            city,
            session,
            marks=(
                GivenMark(MarkKind.PREGNANT, "", date(2026, 3, 1)),
                GivenMark(MarkKind.VETERAN, "优待证", TODAY),
            ),
        )
        first = seen_by(city, session, person.id).marks
        marks.add(session, person, GivenMark(MarkKind.VETERAN, "新证"), by_id=1, now=MONDAY_9AM)
        second = seen_by(city, session, person.id).marks
        marks.end(session, person, second[0].id or 0, now=MONDAY_9AM)

        assert [m.basis for m in first] == ["优待证"]
        assert [m.basis for m in second] == ["新证"]
        assert seen_by(city, session, person.id).marks == ()

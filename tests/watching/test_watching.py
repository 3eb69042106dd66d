"""Whoever says "me too" counts once, is told at each step once confirmed, and can stop."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import wiring
from app.accounts.rules import Role
from app.cases.kinds import Action, Outcome
from app.cases.models import Case
from app.cases.rules import Facts
from app.catalogue.rules import Urgency
from app.citizens.models import Citizen
from app.citizens.service import Person, register
from app.kernel import events, outbox
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.outbox import Channel, Delivery, Fate, Letter
from app.kernel.outbox import Outcome as Carried
from app.notifications.letters import Writer
from app.watching import queries
from app.watching.models import Watcher
from app.watching.rules import VOICES, Why, proposed_urgency, street_of
from app.watching.service import following, forgetting
from app.worker import Worker
from tests.cases.walking import take
from tests.support.city import WORKS, City, Db, a_case, a_city, first_category
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import an_edge

MAIL = "neighbour@example.org"


@dataclass
class Town:
    """A city whose messages fall into a box."""

    city: City
    worker: Worker
    letters: list[Letter] = field(default_factory=list)

    def carry(self, letter: Letter, /) -> Carried:
        self.letters.append(letter)
        return Carried(Fate.SENT)


@pytest.fixture
def town(db: Db, clock: StoppedClock) -> Iterator[Town]:
    events.wire(wiring.SUBSCRIBERS)
    city = a_city(db)
    town = Town(city, Worker(an_edge(db.kw["bind"], clock), wiring.JOBS))
    writer = Writer("https://w.example.org/", wiring.LETTERS)
    outbox.wire(Delivery({Channel.SMS: town, Channel.MAIL: town}, writer))
    yield town
    outbox.wire(Delivery({}, Writer("")))
    events.wire({})


def reach(typed: str) -> following.Reach | None:
    return following.read_reach(typed)


def accept(session: Session, town: Town, case: Case) -> None:
    facts = Facts(category_id=first_category(session))
    take(session, case, Action.ACCEPT, town.city[Role.CLERK], facts=facts)


def test_who_typed_an_address_is_told_after_the_link_and_until_they_stop(town: Town) -> None:
    with town.city.db.begin() as session:
        case = a_case(session)
        case_id, number = case.id, case.number
        following.watch(session, case, Why.ME_TOO, browser="b1", now=MONDAY_9AM)
        row = following.watch(
            session, case, Why.ME_TOO, reach=reach(f" {MAIL} "), browser="b1", now=MONDAY_9AM
        )
        again = following.watch(
            session, case, Why.FOLLOW, reach=reach(MAIL), browser="b2", now=MONDAY_9AM
        )
        token = following.token_of(session, row)
        stored = row.address or b""

        assert again.id == row.id  # one browser first, then the same address: one voice
        assert MAIL.encode() not in stored
    with town.city.db.begin() as session:
        accept(session, town, session.get_one(Case, case_id))
    town.worker.drain()
    before = len(town.letters)
    with town.city.db.begin() as session:
        following.confirm(following.get_by_token(session, token), now=MONDAY_9AM)
        case, facts = session.get_one(Case, case_id), Facts(unit_id=WORKS)
        take(session, case, Action.DISPATCH, town.city[Role.DISPATCHER], facts=facts)
        take(session, case, Action.SIGN, town.city[Role.HANDLER])
    town.worker.drain()
    told = [letter.text for letter in town.letters[before:]]
    with town.city.db.begin() as session:
        following.stop(following.get_by_token(session, token), now=MONDAY_9AM)
        case, facts = session.get_one(Case, case_id), Facts(outcome=Outcome.RESOLVED)
        take(session, case, Action.REPLY, town.city[Role.HANDLER], text="已修好", facts=facts)
        take(session, case, Action.APPROVE_REPLY, town.city[Role.REVIEWER])
    town.worker.drain()

    assert all(f"https://w.example.org/w/{token}" in one.text for one in town.letters)
    assert told
    assert all(number in text for text in told)
    assert len(town.letters) == before + len(told)
    with town.city.db() as session:
        assert queries.voices_of(session, case_id) == 1


def test_a_link_known_before_an_address_was_typed_says_yes_for_nobody(town: Town) -> None:
    with town.city.db.begin() as session:
        case = a_case(session)
        voice = following.watch(session, case, Why.ME_TOO, browser="b1", now=MONDAY_9AM)
        seen = following.token_of(session, voice)
        row = following.watch(
            session, case, Why.ME_TOO, reach=reach(MAIL), browser="b1", now=MONDAY_9AM
        )
        sent = following.token_of(session, row)

        with pytest.raises(NotFoundError):
            following.get_by_token(session, seen)
        assert following.get_by_token(session, sent).id == voice.id
    town.worker.drain()

    assert [letter.text.rsplit("/", 1)[-1] for letter in town.letters] == [sent]


def test_who_stopped_hears_nothing_though_somebody_types_their_address_again(town: Town) -> None:
    with town.city.db.begin() as session:
        case = a_case(session)
        row = following.watch(session, case, Why.FOLLOW, reach=reach(MAIL), now=MONDAY_9AM)
        following.confirm(row, now=MONDAY_9AM)
        following.stop(row, now=MONDAY_9AM)

        again = following.watch(session, case, Why.FOLLOW, reach=reach(MAIL), now=MONDAY_9AM)
        unasked = again.is_told
        following.confirm(again, now=MONDAY_9AM)

        assert (again.id, unasked, again.is_told) == (row.id, False, True)


def test_a_citizen_hears_without_more_and_nobody_who_wants_no_contact_does(town: Town) -> None:
    with town.city.db.begin() as session:
        case = a_case(session)
        people = [
            register(session, Person(name=name, phone=phone), now=MONDAY_9AM)
            for name, phone in (("甲", "17900005001"), ("乙", "17900005002"))
        ]
        for one in people:
            following.watch(session, case, Why.ME_TOO, citizen_id=one, now=MONDAY_9AM)
        shy = following.watch(session, case, Why.FOLLOW, reach=reach("17900005002"), now=MONDAY_9AM)
        following.confirm(shy, now=MONDAY_9AM)
        session.execute(update(Citizen).where(Citizen.id == people[1]).values(do_not_contact=True))
        accept(session, town, case)
        number, case_id = case.number, case.id
    town.worker.drain()

    assert [letter.address for letter in town.letters] == ["17900005001"]
    with town.city.db.begin() as session:
        assert queries.voices(session, [case_id]) == {case_id: 2}
        assert [one.number for one in queries.watched_by(session, people[:1])] == [number]
        watcher = queries.watched_by(session, people[:1])[0].id
        following.stop_own(session, (people[1],), watcher, now=MONDAY_9AM)
        still = len(queries.watched_by(session, people[:1]))
        following.stop_own(session, (people[0],), watcher, now=MONDAY_9AM)
        after = len(queries.watched_by(session, people[:1]))
    assert (still, after) == (1, 0)


def test_a_citizen_who_types_a_neighbours_address_takes_nothing_from_them(town: Town) -> None:
    with town.city.db.begin() as session:
        case = a_case(session)
        theirs = following.watch(session, case, Why.FOLLOW, reach=reach(MAIL), now=MONDAY_9AM)
        theirs.confirmed_at = MONDAY_9AM
        me = register(session, Person(name="演示丙", phone="17900005503"), now=MONDAY_9AM)
        mine = following.watch(
            session, case, Why.ME_TOO, citizen_id=me, reach=reach(MAIL), now=MONDAY_9AM
        )

    assert mine.id != theirs.id
    assert theirs.citizen_id is None
    assert (theirs.why, theirs.confirmed_at) == (Why.FOLLOW, MONDAY_9AM)


def test_addresses_are_forgotten_when_nobody_confirmed_or_the_matter_is_long_over(
    town: Town,
) -> None:
    with town.city.db.begin() as session:
        fresh, old = a_case(session), a_case(session)
        following.watch(session, fresh, Why.ME_TOO, reach=reach(MAIL), now=MONDAY_9AM)
        told = following.watch(session, old, Why.ME_TOO, reach=reach(MAIL), now=MONDAY_9AM)
        following.confirm(told, now=MONDAY_9AM)
        session.execute(update(Case).where(Case.id == old.id).values(closed_at=MONDAY_9AM))
        ids = [fresh.id, old.id]

    kept = {}
    for days in (2, 4, 31):
        with town.city.db.begin() as session:
            forgetting.forget(session, now=MONDAY_9AM + timedelta(days=days))
            found = session.scalars(select(Watcher.address).order_by(Watcher.id)).all()
            kept[days] = [address is not None for address in found]

    assert kept == {2: [True, True], 4: [False, True], 31: [False, False]}
    with town.city.db() as session:
        assert queries.voices(session, ids) == dict.fromkeys(ids, 1)


@pytest.mark.usefixtures("town")
def test_only_what_can_be_written_to_is_taken() -> None:
    assert reach("   ") is None
    for odd in ("010-12345678", "12345", "somebody@"):
        with pytest.raises(InvalidError):
            reach(odd)
    outbox.wire(Delivery({}, Writer("")))
    with pytest.raises(InvalidError, match="cannot send"):
        reach(MAIL)


def test_many_voices_speak_for_one_grade_more_never_for_the_highest() -> None:
    assert proposed_urgency(Urgency.NORMAL, VOICES - 1) is None
    assert proposed_urgency(Urgency.NORMAL, VOICES) is Urgency.URGENT
    assert proposed_urgency(Urgency.COMPLEX, VOICES) is Urgency.NORMAL
    assert proposed_urgency(Urgency.URGENT, 10 * VOICES) is None


def test_a_place_is_told_down_to_its_street() -> None:
    assert street_of("样板路 12 号门口") == "样板路"
    assert street_of("人民三路北口") == "人民三路北口"
    assert street_of("幸福里 三 单元") == "幸福里"

"""The board counts orders and matters apart, and both follow from the histories (rulebook §2.6)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app import wiring
from app.accounts.rules import Role
from app.cases.kinds import Action, CallbackResult, Outcome, Status
from app.cases.queries import lists
from app.cases.queries.lists import Filter
from app.cases.rules import CITIZEN, Facts, StepInput
from app.cases.service import take_step
from app.demo import year
from app.kernel import events
from app.supervision.queries import Period, count_all
from app.supervision.queries.recount import check
from app.supervision.rules import Tally
from tests.cases.joining import a_led_group, join, join_sent, unjoin
from tests.cases.walking import HOUR, take
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM

LATER = MONDAY_9AM + timedelta(days=30)
PERIOD = Period(MONDAY_9AM - timedelta(days=1), LATER)


@pytest.fixture
def city(db: Db) -> Iterator[City]:
    """A town in which whoever listens to the steps of a matter does."""
    events.wire(year.silent(wiring.SUBSCRIBERS))
    yield a_city(db)
    events.wire({})


def total(city: City) -> Tally:
    with city.db() as session:
        found = Tally()
        for tally in count_all(session, Filter(), PERIOD, now=LATER).by_unit.values():
            found.add(tally)
        return found


def wrong(city: City) -> list[str]:
    with city.db() as session:
        return check(session, PERIOD, now=LATER).wrong


def test_three_orders_of_one_matter_are_three_orders_and_one_matter(city: City) -> None:
    with city.db.begin() as session:
        a_led_group(session, city, 2)
        a_case(session)

    found = total(city)

    assert (found.in_hand, found.matters) == (4, 2)
    assert (found.opened, found.new_matters) == (4, 2)
    assert wrong(city) == []


def test_what_ended_together_is_counted_both_ways_too(city: City) -> None:
    with city.db.begin() as session:
        master, _ = a_led_group(session, city, 2)
        reviewer = city[Role.REVIEWER]
        fixed = Facts(outcome=Outcome.RESOLVED)
        take(session, master, Action.REPLY, city[Role.HANDLER], text="已修好", facts=fixed)
        take(session, master, Action.APPROVE_REPLY, reviewer, at=MONDAY_9AM + HOUR)
        solved = Facts(callback_result=CallbackResult.SOLVED)
        take(session, master, Action.CLOSE, reviewer, at=MONDAY_9AM + 2 * HOUR, facts=solved)

    found = total(city)

    assert (found.ended, found.ended_matters) == (3, 1)
    assert (found.kept, found.settled) == (3, 3)
    assert wrong(city) == []


def test_what_was_taken_out_again_counts_as_it_did_before(city: City) -> None:
    with city.db.begin() as session:
        first, _ = a_led_group(session, city, 2)
        second = a_case(session)
        join_sent(session, city, first, second)
        unjoin(session, city, first, at=MONDAY_9AM + HOUR)

    found = total(city)

    assert (found.in_hand, found.matters) == (4, 2)
    assert wrong(city) == []


def test_the_list_of_matters_is_as_long_as_their_figure(city: City) -> None:
    with city.db.begin() as session:
        a_led_group(session, city, 2)
    who = city[Role.SUPERVISOR]

    with city.db() as session:
        shown = lists.worklist(session, who, Filter(is_led=False), now=LATER).items

    assert len(shown) == total(city).matters == 1


def test_whoever_takes_their_own_back_leaves_with_the_date_they_had(city: City) -> None:
    much_later = MONDAY_9AM + timedelta(days=3)
    with city.db.begin() as session:
        own = a_case(session)
        promised = own.due_at
        master = a_case(session, now=much_later)
        join(session, city, own, master, at=much_later)
        shown = own.due_at
        taken_back = StepInput(Action.WITHDRAW, own.version)
        take_step(session, own, taken_back, doer=CITIZEN, now=much_later + HOUR)

    assert (own.status, own.due_at) == (Status.WITHDRAWN, promised)
    assert promised != shown == master.due_at
    assert wrong(city) == []

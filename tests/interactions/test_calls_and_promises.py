"""Calls as a telephone system tells of them, and promises that time alone breaks."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.citizens import service as citizens
from app.citizens.service import Person
from app.interactions import jobs, queries, service
from app.interactions.models import Interaction, Promise
from app.interactions.rules import RING_FOR, Deed, TalkState
from app.interactions.service import Given, Ring
from app.kernel.errors import InvalidError, NotFoundError
from tests.support.city import City, Db, a_city
from tests.support.clock import MONDAY_9AM

NUMBER = "17900000001"
DAY = timedelta(days=1)
TODAY = MONDAY_9AM.date()


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def known(session: Session, name: str) -> int:
    return citizens.register(session, Person(name=name, phone=NUMBER), now=MONDAY_9AM)


def the_talk(session: Session, ref: str) -> Interaction:
    return session.scalars(select(Interaction).where(Interaction.ref == ref)).one()


def test_a_number_one_citizen_alone_has_brings_them_along(city: City) -> None:
    with city.db.begin() as session:
        citizen_id = known(session, "测试甲")

        ref = service.ring(session, Ring("a-1", "clerk", "+86 179-0000-0001"), now=MONDAY_9AM)

        assert the_talk(session, ref).citizen_id == citizen_id


def test_a_shared_number_leaves_the_choice_to_whoever_takes_the_call(city: City) -> None:
    with city.db.begin() as session:
        known(session, "测试甲")
        known(session, "测试乙")

        ref = service.ring(session, Ring("a-1", "Clerk ", NUMBER), now=MONDAY_9AM)

        assert the_talk(session, ref).citizen_id is None


@pytest.mark.parametrize("number", ["", "anonymous", "8001", "00000000000000000000000000000"])
def test_a_number_nobody_has_still_rings(city: City, number: str) -> None:
    with city.db.begin() as session:
        ref = service.ring(session, Ring("a-1", "clerk", number), now=MONDAY_9AM)

        waiting = queries.under_way(session, city[Role.CLERK].id, now=MONDAY_9AM)

    assert [one.ref for one in waiting] == [ref]


def test_the_same_call_told_twice_is_one_call(city: City) -> None:
    told = Ring("a-1", "clerk", NUMBER)

    with city.db.begin() as session:
        refs = {service.ring(session, told, now=MONDAY_9AM) for _ in range(2)}

    with city.db() as session:
        assert len(refs) == 1
        assert session.scalar(select(func.count()).select_from(Interaction)) == 1


def test_a_call_for_nobody_here_is_refused(city: City) -> None:
    with city.db.begin() as session, pytest.raises(InvalidError) as refusal:
        service.ring(session, Ring("a-1", "nobody", NUMBER), now=MONDAY_9AM)

    assert set(refusal.value.fields) == {"extension"}


def test_a_caller_who_gives_up_leaves_a_missed_call(city: City) -> None:
    with city.db.begin() as session:
        ref = service.ring(session, Ring("a-1", "clerk", NUMBER), now=MONDAY_9AM)

        assert service.hang_up(session, "a-1", now=MONDAY_9AM) == ref
        assert service.hang_up(session, "never told of", now=MONDAY_9AM) is None

        talk = the_talk(session, ref)
        assert (talk.state, talk.taken_at) == (TalkState.ENDED, None)


def test_a_call_that_was_taken_stays_open_for_its_notes_when_it_is_over(city: City) -> None:
    clerk = city[Role.CLERK]
    with city.db.begin() as session:
        ref = service.ring(session, Ring("a-1", "clerk", NUMBER), now=MONDAY_9AM)
        service.do(session, clerk, the_talk(session, ref), Deed.TAKE, now=MONDAY_9AM)

        service.hang_up(session, "a-1", now=MONDAY_9AM)

        assert the_talk(session, ref).state is TalkState.OPEN


def test_a_call_nobody_hung_up_ends_by_itself_and_is_gone_from_the_screen_before(
    city: City,
) -> None:
    late = MONDAY_9AM + RING_FOR
    with city.db.begin() as session:
        ref = service.ring(session, Ring("a-1", "clerk", NUMBER), now=MONDAY_9AM)

        shown = queries.under_way(session, city[Role.CLERK].id, now=late)
        for _ in range(2):
            jobs.end_missed_calls(session, {}, now=late)

        assert shown == []
        assert the_talk(session, ref).state is TalkState.ENDED


def test_a_promise_is_due_at_the_end_of_its_day_and_marked_after_it(city: City) -> None:
    clerk = city[Role.CLERK]
    with city.db.begin() as session:
        made = service.promise(session, clerk, Given("明天回电。", TODAY), now=MONDAY_9AM)
        key = made.id

        jobs.mark_broken(session, {}, now=made.due_at)
        before = queries.count_broken(session, clerk.id)
        jobs.mark_broken(session, {}, now=made.due_at + timedelta(seconds=1))
        jobs.mark_broken(session, {}, now=made.due_at + DAY)

        assert before == 0
        assert queries.count_broken(session, clerk.id) == 1

    with city.db() as session:
        stored = session.get_one(Promise, key)
        assert stored.broken_at == stored.due_at + timedelta(seconds=1)
        assert "回电".encode() not in stored.text


def test_a_promise_kept_late_is_kept_and_was_broken(city: City) -> None:
    clerk = city[Role.CLERK]
    with city.db.begin() as session:
        key = service.promise(session, clerk, Given("回电。", TODAY), now=MONDAY_9AM).id
        jobs.mark_broken(session, {}, now=MONDAY_9AM + DAY)

    with city.db.begin() as session:
        for hours in (30, 60):
            service.keep(session, clerk, key, now=MONDAY_9AM + timedelta(hours=hours))

    with city.db() as session:
        stored = session.get_one(Promise, key)
        assert stored.kept_at == MONDAY_9AM + timedelta(hours=30)
        assert stored.broken_at
        assert queries.promises_waiting(session, clerk.id) == []


def test_nobody_keeps_a_promise_of_somebody_else(city: City) -> None:
    with city.db.begin() as session:
        key = service.promise(session, city[Role.CLERK], Given("回电。", TODAY), now=MONDAY_9AM).id

        with pytest.raises(NotFoundError):
            service.keep(session, city[Role.REVIEWER], key, now=MONDAY_9AM)


@pytest.mark.parametrize(
    ("text", "days", "field"),
    [(" ", 0, "promise"), ("回电", -1, "due_on"), ("回电", 400, "due_on")],
)
def test_a_promise_needs_words_and_a_day_to_come(
    city: City, text: str, days: int, field: str
) -> None:
    given = Given(text, TODAY + days * DAY)

    with city.db.begin() as session, pytest.raises(InvalidError) as refusal:
        service.promise(session, city[Role.CLERK], given, now=MONDAY_9AM)

    assert set(refusal.value.fields) == {field}

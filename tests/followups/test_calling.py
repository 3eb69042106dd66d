"""Citizens are called back, tried in vain, given up honestly; "not solved" is handled again."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.kinds import Action, CallbackResult, Status
from app.cases.models import Case, CaseEvent
from app.cases.rules import Facts, StepNotAllowedError
from app.followups import queries
from app.followups.models import Callback, CallbackTry
from app.followups.queries import When
from app.followups.rules import Answer, LinkAnswer, Way
from app.followups.service import answer_by_link, give_up
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.notifications.models import StaffEntry
from app.sla.models import Clock
from app.sla.rules import ClockKind
from tests.followups.town import (
    DAY,
    HOUR,
    LATER,
    approve,
    closed_silently,
    in_hand,
    reply,
    ring,
    take,
    to_be_called,
)
from tests.support.city import City, a_case
from tests.support.clock import MONDAY_9AM


def told(session: Session) -> set[int]:
    return set(session.scalars(select(StaffEntry.staff_id)))


def waiting(session: Session, city: City, when: When = When.NOW) -> list[str]:
    page = queries.list_waiting(session, city[Role.REVIEWER], when, now=LATER)
    return [row.number for row in page.items]


def test_an_approved_reply_puts_the_matter_on_the_list(city: City) -> None:
    with city.db.begin() as session:
        case = to_be_called(session, city)

        assert waiting(session, city) == [case.number]


def test_who_answers_solved_is_done_with(city: City) -> None:
    with city.db.begin() as session:
        case = ring(session, city, to_be_called(session, city), Answer.SOLVED, at=LATER)
        callback = session.scalars(select(Callback)).one()

        assert (case.status, case.callback_result) == (Status.CLOSED, CallbackResult.SOLVED)
        assert (callback.result, callback.way) == (CallbackResult.SOLVED, Way.PHONE)
        assert waiting(session, city) == []


def test_nobody_answers_and_is_called_again_later(city: City) -> None:
    with city.db.begin() as session:
        case = ring(session, city, to_be_called(session, city), at=LATER)

        assert case.status is Status.CALLING_BACK
        assert waiting(session, city) == []
        assert waiting(session, city, When.LATER) == [case.number]
        with pytest.raises(InvalidError):
            ring(session, city, case, at=LATER + HOUR)


def test_after_three_tries_it_closes_as_not_reached_and_not_before(city: City) -> None:
    with city.db.begin() as session:
        case = to_be_called(session, city)
        reviewer = city[Role.REVIEWER]
        for hours in (0, 4):
            ring(session, city, case, at=LATER + hours * HOUR)
        early = LATER + 5 * HOUR
        with pytest.raises(InvalidError):
            give_up(session, case.id, "", seen_version=case.version, actor=reviewer, now=early)
        ring(session, city, case, at=LATER + 8 * HOUR)

        late = LATER + 9 * HOUR
        give_up(session, case.id, "", seen_version=case.version, actor=reviewer, now=late)

        assert (case.status, case.callback_result) == (Status.CLOSED, CallbackResult.UNREACHABLE)
        assert session.scalars(select(Callback.attempts)).one() == 3


def test_not_reached_needs_its_tries_on_the_page_of_the_matter_too(city: City) -> None:
    with city.db.begin() as session:
        case = to_be_called(session, city)
        facts = Facts(callback_result=CallbackResult.UNREACHABLE)

        with pytest.raises(InvalidError):
            take(session, city, case, Action.CLOSE, Role.REVIEWER, at=LATER, facts=facts)


def test_not_solved_by_telephone_is_handled_again_with_a_new_clock_and_both_are_told(
    city: City,
) -> None:
    with city.db.begin() as session:
        case = to_be_called(session, city)

        ring(session, city, case, Answer.NOT_SOLVED, at=LATER, note="还是不亮")

        rounds = session.scalars(
            select(Clock.round).where(Clock.subject_id == case.id, Clock.kind == ClockKind.RESOLVE)
        ).all()
        assert (case.status, case.round) == (Status.HANDLING, 2)
        assert sorted(rounds) == [1, 2]
        assert told(session) >= {city[Role.HANDLER].id, city[Role.SUPERVISOR].id}
        assert session.scalars(select(Callback.result)).one() is CallbackResult.NOT_SOLVED


def test_not_solved_without_a_word_on_what_is_refused(city: City) -> None:
    with city.db.begin() as session:
        case = to_be_called(session, city)

        with pytest.raises(InvalidError) as refused:
            ring(session, city, case, Answer.NOT_SOLVED, at=LATER)

        assert set(refused.value.fields) == {"note"}


def test_not_solved_cannot_be_closed_away(city: City) -> None:
    with city.db.begin() as session:
        case = to_be_called(session, city)
        facts = Facts(callback_result=CallbackResult.NOT_SOLVED)

        with pytest.raises(InvalidError):
            take(session, city, case, Action.CLOSE, Role.REVIEWER, note="算了", facts=facts)


def test_not_solved_by_link_reaches_both_as_well_and_counts_once(city: City) -> None:
    with city.db.begin() as session:
        case = to_be_called(session, city)

        answer_by_link(session, case, LinkAnswer.NOT_SOLVED, "一半还是黑的", now=LATER)

        assert (case.status, case.round) == (Status.HANDLING, 2)
        assert told(session) >= {city[Role.HANDLER].id, city[Role.SUPERVISOR].id}
        assert session.scalars(select(Callback.way)).one() is Way.LINK
        with pytest.raises(ConflictError):
            answer_by_link(session, case, LinkAnswer.SOLVED, "", now=LATER + HOUR)


def test_partly_by_link_closes_as_partly_and_never_as_solved(city: City) -> None:
    with city.db.begin() as session:
        case = to_be_called(session, city)

        answer_by_link(session, case, LinkAnswer.PARTLY, "", now=LATER)

        assert (case.status, case.callback_result) == (Status.CLOSED, CallbackResult.PARTLY)


def test_the_next_round_is_asked_anew(city: City) -> None:
    with city.db.begin() as session:
        case = to_be_called(session, city)
        ring(session, city, case, at=LATER)
        answer_by_link(session, case, LinkAnswer.NOT_SOLVED, "没修", now=LATER + HOUR)

        assert queries.find_callback(session, case.id, 1) is not None
        assert queries.find_callback(session, case.id, 2) is None
        assert case.callback_result is None


def test_a_matter_in_hand_is_called_about_by_nobody(city: City) -> None:
    with city.db.begin() as session:
        case = closed_silently(session, city, at=MONDAY_9AM)

        with pytest.raises(StepNotAllowedError):
            ring(session, city, case, at=LATER)


def test_a_handler_calls_nobody_back(city: City) -> None:
    with city.db.begin() as session:
        case = to_be_called(session, city)
        handler = city[Role.HANDLER]

        with pytest.raises(ForbiddenError):
            give_up(session, case.id, "", seen_version=case.version, actor=handler, now=LATER)


def test_an_old_screen_of_a_call_is_a_conflict(city: City) -> None:
    with city.db.begin() as session:
        case = to_be_called(session, city)
        reviewer, seen = city[Role.REVIEWER], case.version
        ring(session, city, case, at=LATER)

        with pytest.raises(ConflictError):
            give_up(session, case.id, "", seen_version=seen, actor=reviewer, now=LATER + DAY)


def test_each_try_stands_in_the_history_and_is_never_changed(city: City) -> None:
    with city.db.begin() as session:
        case = ring(session, city, to_be_called(session, city), at=LATER)
        lines = session.scalars(select(CaseEvent).where(CaseEvent.action == Action.CALLED)).all()

        assert [(line.case_id, line.payload["answer"]) for line in lines] == [
            (case.id, "no_answer")
        ]
    with pytest.raises(DatabaseError), city.db.begin() as session:
        session.scalars(select(CallbackTry)).one().number = 9


def two_of_one(session: Session, city: City) -> tuple[Case, Case]:
    """A matter to be called back about, and another that followed it."""
    master = in_hand(session, city)
    follower = a_case(session, category_id=master.category_id)
    leads = Facts(master=master.number)
    take(session, city, follower, Action.MERGE, Role.CLERK, note="同一件事", facts=leads)
    approve(session, city, reply(session, city, master))
    return master, follower


def test_who_followed_a_matter_to_its_end_is_called_back_apart(city: City) -> None:
    with city.db.begin() as session:
        master, follower = two_of_one(session, city)

        ring(session, city, master, Answer.SOLVED, at=LATER)

        assert waiting(session, city) == [follower.number]
        ring(session, city, follower, Answer.NOT_SOLVED, at=LATER, note="我家门口没修")
        assert (master.status, follower.status) == (Status.CLOSED, Status.HANDLING)
        assert {city[Role.HANDLER].id, city[Role.SUPERVISOR].id} <= told(session)
        assert city[Role.SUPERVISOR].id in told(session)


def test_who_followed_answers_by_link_as_well(city: City) -> None:
    with city.db.begin() as session:
        master, follower = two_of_one(session, city)
        ring(session, city, master, Answer.SOLVED, at=LATER)

        answer_by_link(session, follower, LinkAnswer.SOLVED, "", now=LATER)

        assert follower.callback_result is CallbackResult.SOLVED
        assert waiting(session, city) == []


def test_who_followed_and_disputes_by_link_has_a_call_back_that_says_so(city: City) -> None:
    with city.db.begin() as session:
        master, follower = two_of_one(session, city)
        ring(session, city, master, Answer.SOLVED, at=LATER)

        answer_by_link(session, follower, LinkAnswer.NOT_SOLVED, "我家门口没修", now=LATER)

        callback = queries.find_callback(session, follower.id, 1)
        assert callback is not None
        assert (callback.result, callback.way) == (CallbackResult.NOT_SOLVED, Way.LINK)
        assert waiting(session, city) == []

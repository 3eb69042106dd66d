"""What the board says of call-backs is worked out again from the histories, and agrees."""

from sqlalchemy import update

from app.cases.kinds import CallbackResult
from app.cases.queries.lists import Filter
from app.followups.models import Callback
from app.followups.rules import Answer, LinkAnswer
from app.followups.service import answer_by_link
from app.supervision.queries import Period, closing, recount_closing
from app.supervision.rules.closing import Figure
from tests.followups.test_sampling import drawn
from tests.followups.town import DAY, HOUR, closed_silently, ring, to_be_called
from tests.support.city import City
from tests.support.clock import MONDAY_9AM

ALL = Period(MONDAY_9AM - DAY, MONDAY_9AM + 60 * DAY)


def a_lively_week(city: City) -> None:
    with city.db.begin() as session:
        ring(session, city, to_be_called(session, city), Answer.SOLVED, at=MONDAY_9AM + HOUR)
        again = to_be_called(session, city)
        ring(session, city, again, at=MONDAY_9AM + HOUR)
        answer_by_link(session, again, LinkAnswer.NOT_SOLVED, "没修", now=MONDAY_9AM + DAY)
        partly = to_be_called(session, city)
        answer_by_link(session, partly, LinkAnswer.PARTLY, "", now=MONDAY_9AM + DAY)
        closed_silently(session, city, at=MONDAY_9AM)
        drawn(session)


def test_the_record_and_the_histories_agree(city: City) -> None:
    a_lively_week(city)

    with city.db() as session:
        wrong = list(recount_closing.check(session, ALL))

    assert wrong == []


def test_a_record_that_was_bent_is_seen(city: City) -> None:
    a_lively_week(city)
    with city.db.begin() as session:
        bent = update(Callback).where(Callback.result == CallbackResult.NOT_SOLVED)
        session.execute(bent.values(result=CallbackResult.SOLVED))

    with city.db() as session:
        wrong = list(recount_closing.check(session, ALL))

    assert len(wrong) == 1


def test_each_figure_counts_exactly_the_rows_of_its_list(city: City) -> None:
    a_lively_week(city)
    base, now = Filter(is_open=None), ALL.end

    with city.db() as session:
        counts = {one: closing.count(session, one, base, ALL, now=now) for one in Figure}
        rows = {one: len(closing.list_of(session, one, base, ALL, now=now).items) for one in Figure}

    assert counts == rows
    assert (counts[Figure.CLEAR], counts[Figure.ENDED]) == (3, 4)
    assert (counts[Figure.SAID_SOLVED], counts[Figure.SAID_UNSOLVED]) == (1, 1)
    assert counts[Figure.SILENT] == 1

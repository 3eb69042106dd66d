"""What the board says of call-backs is worked out again from the histories, and agrees."""

from datetime import timedelta

from sqlalchemy import select, update

from app.cases.kinds import CallbackResult, Status
from app.cases.models import Case
from app.cases.queries.lists import Filter
from app.followups.models import Callback
from app.followups.rules import Answer, LinkAnswer
from app.followups.service import answer_by_link
from app.supervision.queries import Period, closing, recount_closing
from app.supervision.rules.closing import ENDINGS, Figure
from tests.followups.test_sampling import drawn
from tests.followups.town import DAY, HOUR, closed_silently, ring, to_be_called
from tests.support.city import City, a_case
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


def test_the_parts_of_each_figure_add_up_to_it(city: City) -> None:
    a_lively_week(city)
    base, now = Filter(is_open=None), ALL.end

    with city.db.begin() as session:
        refused = a_case(session)
        refused.status, refused.closed_at = Status.DECLINED, now - timedelta(days=1)
    with city.db() as session:
        counts = {one: closing.count(session, one, base, ALL, now=now) for one in Figure}
        ended = session.scalars(select(Case.id).where(Case.closed_at.is_not(None))).all()

    assert counts[Figure.OTHERWISE] == 1
    assert sum(counts[one] for one in ENDINGS) == len(ended)
    assert counts[Figure.ENDED] == counts[Figure.CLEAR] + counts[Figure.SILENT]
    assert counts[Figure.CLEAR] == sum(
        counts[one] for one in (Figure.SAID_SOLVED, Figure.SAID_PARTLY, Figure.SAID_UNSOLVED)
    )
    assert counts[Figure.SILENT] == sum(
        counts[one]
        for one in (Figure.NOT_REACHED, Figure.UNCLEAR, Figure.DECLINED, Figure.NOT_WANTED)
    )

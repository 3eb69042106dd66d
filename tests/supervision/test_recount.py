"""A played year of the demo city: what the board counts is what histories and clocks say."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from app import wiring
from app.cases.kinds import Status
from app.cases.models import Case
from app.cases.queries.lists import Filter
from app.demo import founding, year
from app.demo.year import Size
from app.kernel import events
from app.supervision.queries import Period, count_all
from app.supervision.queries.recount import Report, check
from app.supervision.rules import Tally
from tests.supervision.matters import many_matters
from tests.support.city import CENTRE, WORKS, a_case, a_city
from tests.support.clock import MONDAY_9AM

Db = sessionmaker[Session]
YEAR = Period(MONDAY_9AM - timedelta(days=365), MONDAY_9AM)


@pytest.fixture
def played(db: Db) -> Db:
    """A year of sixty matters, played through the real services."""
    events.wire(year.silent(wiring.SUBSCRIBERS))
    with db.begin() as session:
        since = (MONDAY_9AM - timedelta(days=366)).date()
        founding.found_city(session, now=MONDAY_9AM, since=since, zone="Asia/Shanghai")
        size = Size(matters=60, citizens=90)
        year.play_year(session, now=MONDAY_9AM, size=size, tell=lambda _: None)
    events.wire({})
    return db


def checked(db: Db, *, now: datetime = MONDAY_9AM, period: Period = YEAR) -> Report:
    with db() as session:
        return check(session, period, now=now)


def test_the_columns_and_the_figures_of_a_year_follow_from_its_histories(played: Db) -> None:
    report = checked(played)
    month = checked(played, period=Period(MONDAY_9AM - timedelta(days=30), MONDAY_9AM))

    with played() as session:
        total = Tally()
        for tally in count_all(session, Filter(), YEAR, now=MONDAY_9AM).by_unit.values():
            total.add(tally)
        told = session.scalar(select(func.count()).select_from(Case))
    assert report.cases == told
    assert report.cases >= 60
    assert report.wrong == month.wrong == []
    assert min(total.in_hand, total.ended, total.kept, total.settled - total.kept) > 0
    assert sum((total.responses or {}).values()) > sum((total.handlings or {}).values()) > 0


def test_a_column_that_was_changed_behind_the_history_is_named(db: Db) -> None:
    city = a_city(db)
    with city.db.begin() as session:
        case = a_case(session)
        number, unit_id = case.number, case.unit_id
        changed = {"first_response_at": MONDAY_9AM, "status": Status.WITHDRAWN, "on_time": False}
        session.execute(update(Case).values(changed))
    period = Period(MONDAY_9AM, MONDAY_9AM + timedelta(days=60))

    report = checked(city.db, now=period.end, period=period)

    assert report.cases == 1
    assert [sentence.split(" is ")[0] for sentence in report.wrong[:3]] == [
        f"{number}: first_response_at",
        f"{number}: status",
        f"{number}: on_time",
    ]
    prefix = f"Unit {unit_id}: the board counts "
    assert [sentence.removeprefix(prefix).split(" ")[0] for sentence in report.wrong[3:]] == [
        "overdue",
        "responses",
    ]


def test_a_matter_without_a_history_is_named(db: Db) -> None:
    with a_city(db).db.begin() as session:
        many_matters(session, 1, (WORKS,), now=MONDAY_9AM)

    report = checked(db)

    assert any(sentence.endswith("its history says None.") for sentence in report.wrong)


def test_rough_times_are_four_per_cent_off_at_most(db: Db) -> None:
    city = a_city(db)
    with city.db.begin() as session:
        many_matters(session, 300, (CENTRE, WORKS), now=MONDAY_9AM)
        exact = count_all(session, Filter(), YEAR, now=MONDAY_9AM)
        rough = count_all(session, Filter(), YEAR, now=MONDAY_9AM, exact_up_to=0)

    assert rough.is_rough
    assert not exact.is_rough
    for unit_id, tally in exact.by_unit.items():
        for name in ("responses", "handlings"):
            true = _sorted(getattr(tally, name))
            near = _sorted(getattr(rough.by_unit[unit_id], name))
            assert len(true) == len(near)
            for one, other in zip(true, near, strict=True):
                assert 0 <= one - other <= max(60, one * 0.042)


def _sorted(times: dict[int, int] | None) -> list[int]:
    return sorted(seconds for seconds, count in (times or {}).items() for _ in range(count))

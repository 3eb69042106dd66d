"""The board of repairs: a story with known answers, each figure exactly its list."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from app import wiring
from app.accounts.models import Staff
from app.accounts.rules import Role
from app.cases.kinds import Action, NotFiled
from app.cases.models import Case
from app.cases.queries.lists import Filter
from app.cases.repair_models import Repair
from app.cases.rules import Facts
from app.cases.rules.repairing import PhotoStage, Work
from app.demo.year import silent
from app.kernel import events
from app.supervision.queries import Period, recount_repairs, repairs
from app.supervision.rules.repairs import (
    CAME,
    FELL,
    NO_TYPE,
    NOW,
    WENT,
    Figure,
    Narrow,
    Rate,
    Span,
    Stretch,
)
from app.supervision.service.repairs import Repairs, draw_up
from tests.repairs.mending import (
    LEAK,
    Works,
    a_repair,
    dispatched,
    on_site,
    shots,
    step,
    stocked,
    the_works,
)
from tests.support.city import WATER, WORKS, Db, a_case
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PASSWORD_HASH, PageClient

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW_AT = MONDAY_9AM + 10 * DAY
ZONE = ZoneInfo("Asia/Shanghai")
SPAN = Span(MONDAY_9AM.astimezone(ZONE).date(), NOW_AT.astimezone(ZONE).date())
ALL = Period(*SPAN.bounds(ZONE))
BASE = Filter(is_open=None)
LON, LAT = Decimal("83.100000"), Decimal("39.010000")


@pytest.fixture
def works(db: Db) -> Iterator[Works]:
    """The town with crews, all who listen to the steps of repairs."""
    events.wire(silent(wiring.SUBSCRIBERS))
    yield the_works(db)
    events.wire({})


def mended(works: Works, case: Case, *, took: timedelta, again: bool = False) -> None:
    """From the report to the file; the crew is there after a third of the time."""
    with works.city.db.begin() as session:
        case = session.merge(case)
        mender, lamps = works.crews[0], stocked(session) if again else None
        on_site(session, works, case, at=MONDAY_9AM + took / 3)
        used = ((lamps.id, Decimal(1)),) if lamps else ()
        work = Work(shots(session, PhotoStage.BEFORE, PhotoStage.AFTER), used, Decimal(1), 1200)
        step(session, case, Action.FIX, mender, at=MONDAY_9AM + took, work=work)
        if again:
            at = MONDAY_9AM + took + HOUR
            step(session, case, Action.REWORK, works.inspector, at=at, note="仍不亮")
            step(session, case, Action.ARRIVE, mender, at=at)
            work = Work(shots(session, PhotoStage.BEFORE, PhotoStage.AFTER), (), Decimal(1), 0)
            step(session, case, Action.FIX, mender, at=at + HOUR, work=work)
        at = MONDAY_9AM + took + 4 * HOUR
        step(session, case, Action.CHECK, works.inspector, at=at)
        step(session, case, Action.CLOSE, works.inspector, at=at, text="已修复。")


def ten_days(works: Works) -> None:
    """Three mended, one of them twice and one late; one not filed, one nobody's, one dangerous."""
    with works.city.db.begin() as session:
        good, twice, late = (a_repair(session, works, lon=LON, lat=LAT) for _ in range(3))
        none, alien, danger = (a_repair(session, works) for _ in range(3))
        reason = Facts(not_filed=NotFiled.NOTHING_THERE)
        step(session, none, Action.NOT_FILE, works.inspector, facts=reason, text="现场未见破损。")
        step(session, alien, Action.FILE, works.inspector)
        to = Facts(unit_id=WATER)
        step(session, alien, Action.COORDINATE, works[Role.DISPATCHER], facts=to, note="权属不明")
        row = session.get_one(Repair, danger.id)
        row.is_danger, row.safety_due_at = True, MONDAY_9AM + HOUR
        dispatched(session, works, danger)
        a_case(session)  # an order is no repair
    mended(works, good, took=6 * HOUR)
    mended(works, twice, took=9 * HOUR, again=True)
    mended(works, late, took=9 * DAY)


def board(works: Works, narrow: Narrow = Narrow()) -> Repairs:  # noqa: B008  # frozen
    with works.city.db() as session:
        return draw_up(session, BASE, narrow, SPAN, zone=ZONE, now=NOW_AT)


def test_each_figure_counts_exactly_the_rows_of_its_list(works: Works) -> None:
    ten_days(works)

    found = board(works)
    with works.city.db() as session:
        rows = {
            one: len(repairs.list_of(session, one, BASE, Narrow(), ALL, now=NOW_AT).items)
            for one in Figure
        }
        wrong = list(recount_repairs.check(session, ALL))

    counts = found.total.counts
    assert counts == rows
    assert wrong == []
    assert [counts[one] for one in NOW] == [2, 2, 0, 0, 1, 1]
    assert [counts[one] for one in CAME] == [6, 5, 1, 5, 3, 1]
    assert [counts[one] for one in WENT] == [3, 3, 3, 2, 1]
    assert [counts[one] for one in FELL] == [5, 2, 3]
    assert found.total.share(Rate.FIRST_FIX).value == pytest.approx(2 / 3)
    took = {one.stretch: one.spread for one in found.took}
    assert took[Stretch.TO_SITE].median == 3 * 3600  # a second arrival counts no more
    assert took[Stretch.TO_REPAIR].median == 11 * 3600  # after the work was sent back
    assert took[Stretch.TO_CLOSE].p90 == (9 * 24 + 4) * 3600
    assert found.total.cost == 3 * 1200 + 8800
    assert [(one.count, one.place) for one in found.spots] == [(3, "样板路 12 号对面")]


def test_lines_add_up_and_narrowing_shows_the_same_numbers(works: Works) -> None:
    ten_days(works)
    whole = board(works)

    by_unit = {one.key: one.line.counts for one in whole.by_unit}
    (kind,) = whole.by_type
    here, elsewhere = board(works, Narrow(unit_id=WORKS)), board(works, Narrow(type_id=NO_TYPE))
    square = board(works, Narrow(cell=whole.spots[0].cell))

    assert kind.name == "路灯"
    for figure in Figure:
        assert sum(counts[figure] for counts in by_unit.values()) == whole.total.counts[figure]
        assert kind.line.counts[figure] == whole.total.counts[figure]
    assert here.total.counts == by_unit[WORKS]
    assert elsewhere.total.counts[Figure.REPORTED] == 0
    assert square.total.counts[Figure.REPORTED] == whole.spots[0].count


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_repair_whose_columns_were_bent_is_seen(works: Works) -> None:
    ten_days(works)
    with works.city.db.begin() as session:
        session.execute(update(Repair).where(Repair.rework_count == 1).values(rework_count=0))
        later = update(Repair).where(Repair.is_territorial).values(filed_at=NOW_AT)
        session.execute(later)

    with works.city.db() as session:
        wrong = list(recount_repairs.check(session, ALL))

    assert ["rework_count" in one for one in wrong] == [True, False]


def test_days_are_whole_days_of_the_hall() -> None:
    span = Span(date(2026, 2, 28), date(2026, 3, 1))

    begins, ends = span.bounds(ZONE)

    assert begins == datetime(2026, 2, 28, tzinfo=ZONE)
    assert ends == datetime(2026, 3, 2, tzinfo=ZONE)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_page_leads_to_lists_and_says_what_is_wrong_with_days(
    works: Works, pages: PageClient
) -> None:
    with works.city.db.begin() as session:
        number = dispatched(session, works, a_repair(session, works, dangers=(LEAK,))).number
        spot = [a_repair(session, works, lon=LON, lat=LAT).number for _ in range(2)]
        session.execute(update(Staff).values(password_hash=PASSWORD_HASH))
    pages.sign_in("supervisor")

    page = pages.get("/board/repairs")
    listed = pages.get(f"/board/repairs/dangers?days=30&unit={WORKS}")
    other = pages.get(f"/board/repairs/dangers?days=30&unit={WATER}")
    refused = pages.get("/board/repairs?since=2026-03-05&until=2026-03-01")
    unread = pages.get("/board/repairs?since=gestern&until=2026-03-01")
    chosen = pages.get("/board/repairs?since=2026-03-01&until=2026-03-05")
    mapped = pages.get(page.links["在地图上查看"])
    pages.sign_in("clerk")

    assert 'href="/board/repairs/dangers?days=30"' in page.html
    assert page.links["已结案报修的费用：0 元"] == "/board/repairs/closed?days=30"
    assert number in listed.text
    assert number not in other.text
    assert all(f"/cases/{each}" in mapped.links.values() for each in spot)
    assert f"/cases/{number}" not in mapped.links.values()
    assert (refused.status, unread.status) == (422, 422)
    assert "结束日期早于开始日期" in refused.text
    assert 'value="gestern"' in unread.html
    assert 'href="/board/repairs/reported?since=2026-03-01&amp;until=2026-03-05"' in chosen.html
    assert pages.get("/board/repairs").status == 403

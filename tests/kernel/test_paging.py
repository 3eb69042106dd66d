"""Pages of long lists: every row once, forwards and backwards, on both databases."""

import base64
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import paging
from app.kernel.errors import InvalidError
from app.kernel.jobs import Job, enqueue
from app.kernel.paging import Count, Order, list_page
from tests.support.clock import MONDAY_9AM

Db = sessionmaker[Session]
JOBS = select(Job.id, Job.name)
ORDERS = {
    "rising": Order.by(Job.run_at, Job.id),
    "falling": Order.by(Job.run_at, Job.id, descending=True),
    "mixed": Order.by(Job.name, Job.run_at, Job.id, descending=(True, False, True)),
}


def fill(db: Db, count: int) -> None:
    with db.begin() as session:
        for i in range(count):  # many share their time and their name
            enqueue(session, f"n{i % 3}", run_at=MONDAY_9AM + timedelta(hours=i % 4))


def walk(session: Session, order: Order) -> tuple[list[int], list[list[int]]]:
    """The ids of all pages to the end, and the pages on the way back."""
    seen: list[int] = []
    page = list_page(session, JOBS, order, size=4)
    while True:
        seen += _ids(page.items)
        if page.next_cursor is None:
            break
        page = list_page(session, JOBS, order, cursor=page.next_cursor, size=4)
    back = []
    while page.prev_cursor is not None:
        page = list_page(session, JOBS, order, cursor=page.prev_cursor, size=4)
        back.append(_ids(page.items))
    return seen, back


@pytest.mark.parametrize("name", ORDERS)
def test_a_walk_sees_every_row_once_in_order_and_finds_the_way_back(db: Db, name: str) -> None:
    order = ORDERS[name]
    fill(db, 18)

    with db() as session:
        whole = _ids(session.execute(JOBS.order_by(*order.clauses(backwards=False))).all())
        seen, back = walk(session, order)

    assert seen == whole
    assert [i for page in reversed(back) for i in page] == whole[:16]


def test_a_row_that_comes_in_between_does_not_shift_the_next_page(db: Db) -> None:
    fill(db, 8)
    order = ORDERS["rising"]
    with db() as session:
        first = list_page(session, JOBS, order, size=4)
    with db.begin() as session:
        enqueue(session, "early", run_at=MONDAY_9AM - timedelta(days=1))

    with db() as session:
        second = list_page(session, JOBS, order, cursor=first.next_cursor, size=4)

    assert not set(_ids(first.items)) & set(_ids(second.items))
    assert len(second.items) == 4


def test_an_empty_list_has_no_ways_on(db: Db) -> None:
    with db() as session:
        page = list_page(session, JOBS, ORDERS["rising"])

    assert page == paging.Page([], None, None)


def test_a_page_can_be_made_ready_for_the_screen(db: Db) -> None:
    fill(db, 3)
    with db() as session:
        page = list_page(session, JOBS, ORDERS["rising"], size=2)

    ready = page.map(lambda row: row.name.upper())

    assert ready.items == ["N0", "N1"]
    assert ready.next_cursor == page.next_cursor


@pytest.mark.parametrize(
    "made_up",
    ["%%%", "e30", *(base64.urlsafe_b64encode(t.encode()).decode() for t in (
        '["n"]', '["n","x",1]', '["n","2026-01-01",1]', '["n","2026-01-01T00:00:00+00:00","1"]',
        f'["n","2026-01-01T00:00:00+00:00",{2**70}]', '["n",1,true]',
    ))],
)  # fmt: skip
def test_a_cursor_that_was_made_up_is_refused(db: Db, made_up: str) -> None:
    with db() as session, pytest.raises(InvalidError):
        list_page(session, JOBS, ORDERS["rising"], cursor=made_up)


def test_counts_are_exact_to_a_thousand_and_capped_above(db: Db) -> None:
    counts = []
    for more in (3, paging.CAP - 3, 1):
        fill(db, more)
        with db() as session:
            counts.append(paging.count_capped(session, JOBS.order_by(Job.id)))

    assert counts == [Count(3), Count(1000), Count(1000, is_capped=True)]
    assert [str(count) for count in counts] == ["3", "1000", "1000+"]


def _ids(rows: Sequence[object]) -> list[int]:
    return [row.id for row in rows]  # type: ignore[attr-defined]  # rows of JOBS

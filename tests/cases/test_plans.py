"""Lists read what they show in its order and boards count from an index, however long the history.

Asks SQLite for its plans: it has the simpler planner, which went wrong here before.
"""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Select, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session, sessionmaker

from app.cases.models import Case
from app.cases.queries.lists import Filter, LampState, conditions, lamp_clause, order_of

Db = sessionmaker[Session]
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def plan_of(db: Db, statement: Select[*tuple[Any, ...]]) -> str:
    with db() as session:
        if session.get_bind().dialect.name != "sqlite":
            pytest.skip("plans are asked of SQLite")
        compiled = statement.compile(
            dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
        )
        rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")
        return "\n".join(row[-1] for row in rows)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Filter(), "ix_cases_open_sort"),
        (Filter(unit_id=3), "ix_cases_open_unit"),
        (Filter(handler_id=3), "ix_cases_open_handler"),
        (Filter(lamp=LampState.BAD), "ix_cases_open_sort"),
        (Filter(is_open=False), "ix_cases_closed"),
    ],
)
def test_a_list_is_read_in_its_own_order(db: Db, wanted: Filter, index: str) -> None:
    order = order_of(wanted).clauses(backwards=False)
    listed = select(Case.id).where(*conditions(wanted, NOON)).order_by(*order).limit(30)

    plan = plan_of(db, listed)

    assert index in plan
    assert "TEMP B-TREE" not in plan


def test_what_is_in_hand_is_counted_from_the_index_alone(db: Db) -> None:
    overdue = func.count().filter(lamp_clause(LampState.BAD, NOON))
    counted = select(Case.unit_id, func.count(), overdue).where(*conditions(Filter(), NOON))

    plan = plan_of(db, counted.group_by(Case.unit_id))

    assert "COVERING INDEX ix_cases_open_unit" in plan


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Filter(is_open=None, opened_from=MORNING, opened_to=NOON), "ix_cases_opened"),
        (Filter(is_open=None, responded_from=MORNING, responded_to=NOON), "ix_cases_responded"),
        (Filter(is_open=False, closed_from=MORNING, closed_to=NOON), "ix_cases_closed"),
        (Filter(is_open=None, due_from=MORNING, due_to=NOON), "ix_cases_due"),
    ],
)
def test_a_period_is_counted_from_the_index_alone(db: Db, wanted: Filter, index: str) -> None:
    counted = select(Case.unit_id, func.count()).where(*conditions(wanted, NOON))

    plan = plan_of(db, counted.group_by(Case.unit_id))

    assert f"COVERING INDEX {index} " in plan

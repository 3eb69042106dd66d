"""Numbers and keys taken many at a time, as imports need them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.kernel.audit import AuditEntry, record
from app.kernel.errors import UnavailableError
from app.kernel.ids import LAST_NUMBER, NumberSeries, case_number, case_numbers
from app.kernel.keys import one_at_a_time, reserve_keys

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
Db = sessionmaker[Session]


def test_many_numbers_keep_their_order_and_go_on_from_single_ones(db: Db) -> None:
    with db.begin() as session:
        single = case_number(session, "RX", "990101", MONDAY)
        many = case_numbers(
            session, "RX", [("990101", MONDAY), ("990101", TUESDAY), ("990101", MONDAY)]
        )
        later = case_number(session, "RX", "990101", MONDAY)

    monday = [single, many[0], many[2], later]
    assert len(set(monday)) == 4
    assert many[0] < many[2]
    assert many[1] == "RX99010120260303000001"


def test_four_at_once_never_get_the_same_number_or_key(db: Db) -> None:
    def take(_: int) -> tuple[list[str], list[int]]:
        with db.begin() as session:
            numbers = case_numbers(session, "RX", [("990101", MONDAY), ("990102", TUESDAY)] * 20)
            keys = reserve_keys(session, AuditEntry, 10)
            at = datetime(2026, 3, 2, tzinfo=UTC)
            for key in keys:
                session.add(_entry(key, at))
            return numbers, keys

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(take, range(8)))

    numbers = [number for some, _ in taken for number in some]
    keys = [key for _, some in taken for key in some]
    assert len(set(numbers)) == len(numbers) == 320
    assert len(set(keys)) == len(keys) == 80


def test_rows_the_database_numbers_itself_come_after_reserved_keys(db: Db) -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    with db.begin() as session:
        keys = reserve_keys(session, AuditEntry, 3)
        session.add_all(_entry(key, at) for key in keys)

    with db.begin() as session:
        record(session, at=at, actor_id=None, role="", action="x", object_type="x", object_id=1)

    with db() as session:
        ids = {entry.id for entry in session.query(AuditEntry)}
    assert len(ids) == 4
    assert max(ids) > max(keys)


def test_a_batch_that_would_overrun_the_day_is_refused(db: Db) -> None:
    with db.begin() as session:
        session.add(NumberSeries(series="RX99010120260302", last=LAST_NUMBER - 1))

    with db.begin() as session, pytest.raises(UnavailableError):
        case_numbers(session, "RX", [("990101", MONDAY)] * 2)


def test_a_name_can_be_held_again_once_it_was_let_go(db: Db) -> None:
    for _ in range(2):
        with db.begin() as session:
            one_at_a_time(session, "import:示例")


def _entry(key: int, at: datetime) -> AuditEntry:
    return AuditEntry(
        id=key, at=at, actor_id=None, role="", action="x", object_type="x", object_id="1"
    )

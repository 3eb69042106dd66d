"""Search finds every word of two and more characters, on both databases alike."""

from collections.abc import Iterator
from itertools import product

import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    Table,
    Text,
    inspect,
    select,
)
from sqlalchemy.orm import Session

from app.kernel import search
from app.kernel.db import make_engine

matters = Table(
    "search_matters",
    MetaData(),
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("unit", Integer, nullable=False),
    Column("body", Text, nullable=False),
)
ALL = select(matters.c.id)
BODY = matters.c.body


@pytest.fixture
def session(empty_database_url: str) -> Iterator[Session]:
    engine = make_engine(empty_database_url).execution_options(writing=True)
    with engine.begin() as connection:
        matters.create(connection)
        search.create_index(connection)
    with Session(engine) as session:
        yield session
    engine.dispose()


def file(session: Session, *bodies: str, unit: int = 1, start: int = 1) -> None:
    rows = list(enumerate(bodies, start))
    session.execute(matters.insert(), [{"id": i, "unit": unit, "body": b} for i, b in rows])
    search.put_many(session, rows)


def find(session: Session, query: str, limit: int = 31) -> tuple[int, ...]:
    return search.search_ids(session, query, base=ALL, over=BODY, limit=limit).ids


def test_a_word_inside_another_word_is_found(session: Session) -> None:
    file(session, "东街路灯不亮", "路灯坏了", "井盖缺失")

    assert find(session, "路灯") == (2, 1)
    assert find(session, "灯不") == (1,)
    assert find(session, "不亮了") == ()


def test_a_longer_word_is_not_found_in_its_scattered_pairs(session: Session) -> None:
    file(session, "路灯坏", "路灯好，灯坏")

    assert find(session, "路灯坏") == (1,)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("wifi", (1,)),
        ("ＷｉＦｉ", (1,)),
        ("wifi信号", (1,)),
        ("3号楼", (1,)),
        ("路灯 wifi", (1,)),
        ("路灯 灯", (2, 1)),
        ("路灯，坏", (2, 1)),
        ("rx99010120260302000001", (2,)),
        ("RX990101", ()),
        ("路灯 井盖", ()),
        ("100%_了", ()),
        ("𠮷野", (2,)),
        ("' OR 1=1 --", ()),
        ('路灯" OR "井盖', ()),
    ],
)
def test_every_word_of_the_query_must_be_there(
    session: Session, query: str, found: tuple[int, ...]
) -> None:
    file(session, "3号楼WiFi信号弱，路灯坏", "RX99010120260302000001 路灯坏 𠮷野家", "井盖")

    assert find(session, query) == found


@pytest.mark.parametrize("query", ["", " ", "灯", "a", "灯 a", "，。", "😀😀", "\x00"])
def test_a_query_without_a_word_of_two_characters_is_refused(session: Session, query: str) -> None:
    result = search.search_ids(session, query, base=ALL, over=BODY, limit=31)

    assert result.refused == search.TOO_SHORT
    assert result.ids == ()


def test_only_what_the_actor_may_see_is_found_and_counted(session: Session) -> None:
    file(session, "路灯不亮", unit=1)
    file(session, "路灯坏了", unit=2, start=2)

    result = search.search_ids(
        session, "路灯", base=ALL.where(matters.c.unit == 1), over=BODY, limit=31
    )

    assert (result.ids, result.total_capped) == ((1,), 1)


def test_text_put_again_replaces_what_was_found_before(session: Session) -> None:
    file(session, "路灯不亮")

    search.put(session, 1, "井盖缺失")

    assert search.search_ids(session, "路灯", base=ALL, limit=31).ids == ()
    assert search.search_ids(session, "井盖", base=ALL, limit=31).ids == (1,)


def test_what_was_removed_is_not_found(session: Session) -> None:
    file(session, "路灯不亮", "路灯坏了")

    search.remove(session, 1)

    assert find(session, "路灯") == (2,)


def test_a_text_of_ten_megabytes_can_be_put_in(session: Session) -> None:
    pairs = product(range(0x4E00, 0x4E00 + 1320), repeat=2)
    body = "路灯不亮" + "".join(chr(one) + chr(other) for one, other in pairs)

    file(session, body)

    assert len(body.encode()) > 10_000_000
    assert find(session, "路灯不亮") == (1,)


def test_a_common_word_is_counted_to_1000_and_paged_newest_first(session: Session) -> None:
    file(session, *["路灯不亮"] * 1200)

    first = search.search_ids(session, "路灯不亮", base=ALL, over=BODY, limit=3)
    second = search.search_ids(
        session, "路灯不亮", base=ALL, over=BODY, limit=3, before_id=first.ids[-1]
    )

    assert first.is_capped
    assert first.total_capped == 1001
    assert first.ids == (1200, 1199, 1198)
    assert second.ids == (1197, 1196, 1195)


def test_a_rare_word_is_counted_exactly_and_paged_newest_first(session: Session) -> None:
    file(session, *["路灯不亮"] * 40)

    result = search.search_ids(session, "路灯", base=ALL, over=BODY, limit=3, before_id=11)

    assert not result.is_capped
    assert result.total_capped == 40
    assert result.ids == (10, 9, 8)


def test_the_index_can_be_taken_away_again(empty_database_url: str) -> None:
    engine = make_engine(empty_database_url).execution_options(writing=True)
    with engine.begin() as connection:
        search.create_index(connection)
        search.drop_index(connection)

        left = inspect(connection).get_table_names()

    engine.dispose()
    assert left == []

"""Case numbers, tokens and codes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from app.kernel.db import make_engine
from app.kernel.errors import UnavailableError
from app.kernel.ids import (
    CODE_ALPHABET,
    LAST_NUMBER,
    NumberSeries,
    Signer,
    case_number,
    random_token,
)

DAY = date(2026, 3, 2)
SIGNER = Signer(b"k" * 32)
parts = st.lists(st.text(max_size=5) | st.integers(), max_size=3)


def test_a_number_names_its_prefix_region_and_day(db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        number = case_number(session, "RX", "990101", DAY)

    assert number == "RX99010120260302000001"


def test_each_region_and_each_day_counts_for_itself(db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        numbers = [
            case_number(session, "RX", "990101", DAY),
            case_number(session, "RX", "990102", DAY),
            case_number(session, "RX", "990101", date(2026, 3, 3)),
            case_number(session, "RX", "990101", DAY),
        ]

    assert [number[-6:] for number in numbers] == ["000001", "000001", "000001", "000002"]


def test_numbers_stay_unique_when_many_take_them_at_once(db: sessionmaker[Session]) -> None:
    def intake(_: int) -> str:
        with db.begin() as session:
            return case_number(session, "RX", "990101", DAY)

    with ThreadPoolExecutor(16) as threads:
        numbers = list(threads.map(intake, range(200)))

    assert len(set(numbers)) == 200


def test_two_processes_never_give_out_the_same_number(database_url: str) -> None:
    engines = [make_engine(database_url) for _ in range(2)]

    def intake(turn: int) -> str:
        engine = engines[turn % 2].execution_options(writing=True)
        with Session(engine) as session, session.begin():
            return case_number(session, "RX", "990101", DAY)

    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(intake, range(100)))

    for engine in engines:
        engine.dispose()
    assert len(set(numbers)) == 100


def test_a_submission_that_is_not_yet_committed_holds_nobody_up(
    db: sessionmaker[Session], engine: Engine
) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")

    other = make_engine(engine.url.render_as_string(hide_password=False))
    with db() as slow, Session(other) as quick:
        first = case_number(slow, "RX", "990101", DAY)
        second = case_number(quick, "RX", "990101", DAY)

    other.dispose()
    assert first != second


def test_a_pool_that_is_used_up_still_gets_numbers(database_url: str) -> None:
    engine = make_engine(database_url, pool_size=1)
    with Session(engine.execution_options(writing=True)) as session:
        session.execute(select(1))

        numbers = [case_number(session, "RX", "990101", DAY) for _ in range(40)]

    engine.dispose()
    assert len(set(numbers)) == 40


def test_a_rolled_back_submission_may_leave_a_gap_but_no_double(
    db: sessionmaker[Session],
) -> None:
    with db.begin() as session:
        kept = case_number(session, "RX", "990101", DAY)
    with db() as session:
        case_number(session, "RX", "990101", DAY)
        session.rollback()

    with db.begin() as session:
        after = case_number(session, "RX", "990101", DAY)

    assert after > kept


def test_a_used_up_day_is_refused_with_a_sentence(db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        session.add(NumberSeries(series="RX99010120260302", last=LAST_NUMBER))

    with db() as session, pytest.raises(UnavailableError, match="No number is left"):
        case_number(session, "RX", "990101", DAY)


def test_random_tokens_do_not_repeat() -> None:
    assert len({random_token() for _ in range(100)}) == 100


@given(parts)
def test_a_token_is_short_stable_and_recognised(facts: list[str | int]) -> None:
    token = SIGNER.token("case", *facts)

    assert len(token) == 26
    assert token == SIGNER.token("case", *facts)
    assert SIGNER.verify(token, "case", *facts)


@given(parts, parts)
def test_tokens_for_different_facts_differ(one: list[str | int], two: list[str | int]) -> None:
    same = [str(part) for part in one] == [str(part) for part in two]

    assert (SIGNER.token("case", *one) == SIGNER.token("case", *two)) is same


def test_a_token_is_worthless_for_another_purpose_or_under_another_key() -> None:
    token = SIGNER.token("case", 7)

    assert not SIGNER.verify(token, "rate", 7)
    assert not Signer(b"x" * 32).verify(token, "case", 7)
    assert not SIGNER.verify("市民", "case", 7)


def test_what_is_stored_of_a_token_is_not_the_token() -> None:
    token = random_token()

    assert len(SIGNER.digest(token)) == 16
    assert SIGNER.digest(token) == SIGNER.digest(token)
    assert token.encode() not in SIGNER.digest(token)


@given(st.integers(min_value=0))
def test_a_query_code_has_no_sign_that_is_mistaken_for_another(case_id: int) -> None:
    code = SIGNER.query_code("case", case_id)

    assert len(code) == 8
    assert set(code) <= set(CODE_ALPHABET)
    assert not set("0O1I") & set(CODE_ALPHABET)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Signer(b"short")

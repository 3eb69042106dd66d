"""The check of the matters names what was tampered with, and nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.cases import service as cases
from app.cases.models import Case
from app.keeping.checking import CasesReport, check_cases
from app.kernel import guards
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def a_matter(city: City) -> str:
    """A matter with three lines of history, words in two of them; its number."""
    with city.db.begin() as session:
        case = a_case(session)
        for hours in (1, 2):
            now = MONDAY_9AM + timedelta(hours=hours)
            cases.supplement(session, case, f"第{hours}次补充：还是不亮。", now=now)
        return case.number


def tamper(city: City, sentence: str) -> None:
    """As somebody with the database in hands would, who takes the guards away first."""
    with city.db.begin() as session:
        guards.remove_guards(session.connection())
        session.execute(text(sentence))


def checked(city: City) -> CasesReport:
    with city.db() as session:
        return check_cases(session)


def test_untouched_matters_are_whole(city: City) -> None:
    a_matter(city)

    report = checked(city)

    assert report.wrong == []
    assert (report.cases, report.events, report.clocks) == (1, 3, 2)


_CHANGE_WORDS = (
    "UPDATE case_texts SET public_text = '亮了' "
    "WHERE event_id IN (SELECT id FROM case_events WHERE seq = 3)"
)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("UPDATE case_events SET unit_id = 99 WHERE seq = 2", "line 2 of the history does not fit"),
        ("DELETE FROM case_texts", ""),
        (_CHANGE_WORDS, "words of line 3 were changed"),
        ("UPDATE cases SET due_at = opened_at", "due_at is"),
        ("UPDATE cases SET next_clock = 'sign'", "next_clock is sign, its clocks say accept"),
    ],
    ids=["a changed line", "erased words are lawful", "changed words", "a date", "a wrong clock"],
)
def test_what_was_tampered_with_is_named(city: City, sentence: str, said: str) -> None:
    number = a_matter(city)

    tamper(city, sentence)
    wrong = checked(city).wrong

    assert len(wrong) == bool(said)
    assert all(one.startswith(number) and said in one for one in wrong)


def test_a_cut_off_history_is_noticed(city: City) -> None:
    number = a_matter(city)

    tamper(city, "DELETE FROM case_texts")
    with city.db.begin() as session:
        session.execute(text("DELETE FROM case_events WHERE seq = 3"))
    wrong = checked(city).wrong

    assert wrong == [f"{number}: the last lines of the history are missing."]


def test_a_matter_without_clocks_is_no_trouble(city: City) -> None:
    a_matter(city)
    with city.db.begin() as session:
        case = session.get_one(Case, 1)
        session.execute(text("UPDATE clocks SET cancelled_at = opened_at"))
        case.next_clock, case.next_due_at, case.next_warn_at = "", None, None

    wrong = checked(city).wrong

    assert len(wrong) == 1
    assert "sort_at" in wrong[0]

"""The line about a citizen, by rule alone."""

from datetime import timedelta

import pytest

from app.desk.picture.summary import Known, Redress, line, redress
from tests.support.clock import MONDAY_9AM

HOUR = timedelta(hours=1)


def said(known: Known) -> str:
    return ", ".join(part.msgid % {"n": part.n} for part in line(known))


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (Known(0), "no matter in 90 days"),
        (Known(1), "1 matter in 90 days"),
        (
            Known(3, overdue=1, redress=Redress.DONE),
            "3 matters in 90 days, 1 overdue, last bad rating rectified",
        ),
        (
            Known(2, open=2, redress=Redress.WAITING, broken=1),
            "2 matters in 90 days, 2 open, last bad rating not put right yet, 1 promise broken",
        ),
        (
            Known(50, is_capped=True, open=30, is_open_capped=True, broken=4),
            "50 or more matters in 90 days, 30 or more open, 4 promises broken",
        ),
        (
            Known(1, open=1, redress=Redress.UNDER_WAY),
            "1 matter in 90 days, 1 open, last bad rating being put right",
        ),
    ],
)
def test_the_line_says_what_there_is_and_nothing_else(known: Known, words: str) -> None:
    assert said(known) == words


def test_a_bad_rating_is_rectified_when_the_matter_ended_anew() -> None:
    assert redress(MONDAY_9AM, None) is Redress.UNDER_WAY
    assert redress(MONDAY_9AM, MONDAY_9AM - HOUR) is Redress.WAITING
    assert redress(MONDAY_9AM, MONDAY_9AM + HOUR) is Redress.DONE

"""When an article must be looked at again, and when its owner is told of it.

Pure. The numbers are samples of ours: no rule of law sets them; Jinan's rules on supervision
only make a stale knowledge base a ground for it (rulebook §2.6).
"""

from datetime import date, timedelta
from typing import Final

# [S] half a year between two looks, told a fortnight before, and each week once it is late.
REVIEW_AFTER: Final = timedelta(days=182)
TOLD_BEFORE: Final = timedelta(days=14)
TOLD_AGAIN: Final = timedelta(days=7)
LONGEST: Final = timedelta(days=2 * 366)


def is_to_be_told(review_on: date, told_on: date | None, *, today: date) -> bool:
    """Whether its owner is told today that an article must be looked at.

    Once when the day comes near, and every week from the day on.
    """
    if today < review_on - TOLD_BEFORE:
        return False
    if told_on is None or told_on < review_on - TOLD_BEFORE:
        return True
    return today >= review_on and (told_on < review_on or today - told_on >= TOLD_AGAIN)


def is_stale(review_on: date, *, today: date) -> bool:
    """Whether the day to look at it has passed."""
    return today > review_on


def is_reasonable(review_on: date, *, today: date) -> bool:
    """Whether the day to look again lies ahead, and not so far that nobody ever would."""
    return today < review_on <= today + LONGEST

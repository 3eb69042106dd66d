"""What watching is, what of a matter anybody may read, and when many voices make it more urgent.

Pure: knows neither tables nor addresses.
"""

import re
from datetime import timedelta
from enum import StrEnum
from typing import Final

from app.catalogue.rules import Urgency

# [S] rulebook §2.4 knows the grades, not the number of voices.
VOICES: Final = 5
UNCONFIRMED_KEPT: Final = timedelta(days=3)
KEPT_AFTER_END: Final = timedelta(days=30)
_HOUSE_NUMBER: Final = re.compile(r"[\d一二三四五六七八九十]+ *[号幢栋弄单#]|\d")


class Why(StrEnum):
    """Why somebody watches: it troubles them too, or they only want to know."""

    ME_TOO = "me_too"
    FOLLOW = "follow"


def street_of(place: str) -> str:
    """The place down to its street: house numbers and rooms may be somebody's home."""
    return _HOUSE_NUMBER.split(place, maxsplit=1)[0].strip()


def proposed_urgency(now: Urgency, voices: int) -> Urgency | None:
    """The grade that so many people with the same trouble speak for; None if it is that already.

    Danger to life is never inferred from a number: the highest grade needs a person.
    """
    if voices < VOICES or now.rank <= Urgency.URGENT.rank:
        return None
    return Urgency.URGENT if now is Urgency.NORMAL else Urgency.NORMAL

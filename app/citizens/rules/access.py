"""Looking behind the mask: what may be asked for, for how long it is shown, what is unusual.

Limits are data; what stands here is what holds until somebody sets others.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from app.kernel.text import surname

SHOWN_FOR: Final = timedelta(seconds=60)
WINDOWS: Final = (1, 7, 30)  # days
OTHER: Final = "other"  # the reason that is told in words


class AccessField(StrEnum):
    """What somebody asked to see in clear."""

    NAME = "name"
    CONTACT = "contact"
    DOCUMENT = "document"
    EVERYTHING = "everything"


class Oddity(StrEnum):
    """Why looking may be worth a question."""

    MANY = "many"  # on one day
    OUT_OF_HOURS = "out_of_hours"
    OWN_SURNAME = "own_surname"
    NO_CASE = "no_case"


DEFAULT_LIMITS: Final[Mapping[Oddity, int]] = {
    Oddity.MANY: 30,
    Oddity.OUT_OF_HOURS: 3,
    Oddity.OWN_SURNAME: 2,
    Oddity.NO_CASE: 15,
}


def is_own_surname(citizen_name: str, staff_name: str) -> bool:
    """Whether somebody looks at a person of their own surname, perhaps a relative."""
    own = surname(staff_name).casefold()
    return own != "" and own == surname(citizen_name).casefold()

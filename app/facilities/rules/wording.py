"""The words a facility is found by: those of its name and place, and its plate as a whole.

Cut as for the search of matters (`kernel.text`); a plate stands behind a sign no word begins with.
"""

from typing import Final

from app.kernel.text import fold, tokens

LONGEST_WORD: Final = 64
_PLATE: Final = "#"
_LAST: Final = "\U0010ffff"


def words_of(name: str, place: str, plate: str) -> frozenset[str]:
    """What to find a facility by."""
    found = set(tokens(f"{name} {place} {plate}"))
    return frozenset(found | {plate_word(plate)} if plate else found)


def plate_word(plate: str) -> str:
    """The number on a plate, as one word."""
    return f"{_PLATE}{fold(plate)}"[:LONGEST_WORD]


def plates_from(said: str) -> tuple[str, str]:
    """Between which two words those of all plates lie that begin so, code point by code point."""
    first = plate_word(said)
    return first, first + _LAST

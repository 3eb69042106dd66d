"""Chinese readings, so that a name or category is found by its Latin initials.

The dictionary behind it takes a second and 50 MB. It is loaded when a reading is first written,
which most processes never do; looking readings up does not need it.
"""

from functools import cache
from importlib import import_module
from types import ModuleType

from app.kernel.text import fold


def pinyin(text: str) -> str:
    """The full readings run together: 路灯不亮 → `ludengbuliang`; Latin letters stay."""
    return _squeeze(syllables(fold(text)))


def initials(text: str) -> str:
    """The first letter of each character's reading: 路灯不亮 → `ldbl`."""
    return _squeeze(first_letters(fold(text)))


def syllables(text: str) -> list[str]:
    """The reading of each character, without tones; runs of Latin letters as they are."""
    found: list[str] = _dictionary().lazy_pinyin(text)
    return found


def first_letters(text: str) -> list[str]:
    """The first letter of each character's reading; runs of Latin letters as they are."""
    kept = _dictionary()
    found: list[str] = kept.lazy_pinyin(text, style=kept.Style.FIRST_LETTER)
    return found


@cache
def _dictionary() -> ModuleType:
    return import_module("pypinyin")


def _squeeze(readings: list[str]) -> str:
    return "".join(sign for reading in readings for sign in reading if sign.isalnum())

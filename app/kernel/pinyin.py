"""Chinese readings, so that a name or category is found by its Latin initials.

Loads a dictionary (about 0.1 s): import it only where readings are written, not where they
are looked up.
"""

from pypinyin import Style, lazy_pinyin

from app.kernel.text import fold


def pinyin(text: str) -> str:
    """The full readings run together: 路灯不亮 → `ludengbuliang`; Latin letters stay."""
    return _squeeze(lazy_pinyin(fold(text)))


def initials(text: str) -> str:
    """The first letter of each character's reading: 路灯不亮 → `ldbl`."""
    return _squeeze(lazy_pinyin(fold(text), style=Style.FIRST_LETTER))


def _squeeze(readings: list[str]) -> str:
    return "".join(sign for reading in readings for sign in reading if sign.isalnum())

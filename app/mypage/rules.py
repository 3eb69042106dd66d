"""How a citizen gets in: what a code is, how long it holds, how long a session lasts.

Pure. Times are rulebook §7 [S] (idle 30 minutes for citizens); code lengths are ours.
"""

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.citizens.rules import ContactKind
from app.kernel.text import clean_line, digits, phone

CODE_DIGITS: Final = 6
CODE_GOOD_FOR: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
IDLE: Final = timedelta(minutes=30)
ABSOLUTE: Final = timedelta(hours=12)
TOUCH_EVERY: Final = timedelta(minutes=1)
ID_TAIL: Final = 4
# A number given back to the operator is handed out again after about three months: whoever
# has it then is not who proved it [S].
PROOF_GOOD_FOR: Final = timedelta(days=90)
# How often a day the name behind one number may be guessed at, over all codes.
MOST_NAMES: Final = 10

_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_EMAIL: Final = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_LONGEST_EMAIL: Final = 254
_TAIL: Final = re.compile(r"\d{3}[\dX]")


class Goal(StrEnum):
    """What a code is for."""

    SIGN_IN = "sign_in"
    ADD = "add"


def read_contact(typed: str) -> tuple[ContactKind, str] | None:
    """The mobile number or e-mail address somebody typed, in one spelling; None for neither.

    A landline takes no text message, so it is none here.
    """
    if "@" in typed or "＠" in typed:
        address = unicodedata.normalize("NFKC", clean_line(typed)).replace(" ", "").lower()
        is_address = len(address) <= _LONGEST_EMAIL and _EMAIL.fullmatch(address) is not None
        return (ContactKind.EMAIL, address) if is_address else None
    number = phone(typed)
    return (ContactKind.MOBILE, number) if _MOBILE.fullmatch(number) else None


def read_code(typed: str) -> str:
    """The digits of a typed code, whatever stood between them; empty if they are not six."""
    plain = digits(typed)
    return plain if len(plain) == CODE_DIGITS and plain.isdecimal() else ""


def is_id_tail(typed: str) -> bool:
    """Whether what was typed is the end of an identity number rather than a name."""
    return _TAIL.fullmatch(digits(typed).upper()) is not None


def same_name(typed: str, known: str) -> bool:
    """Whether two spellings are one name: blanks, middle dots, width and case do not count."""
    return bool(known) and _bare(typed) == _bare(known)


def _bare(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s·•・‧.\-]", "", folded)


def lives(now: datetime, *, last_seen_at: datetime, expires_at: datetime) -> bool:
    """Whether a session that was last seen then is still one."""
    return now < expires_at and now - last_seen_at < IDLE

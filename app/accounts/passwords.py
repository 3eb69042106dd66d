"""What makes a password acceptable, and how long guessing must wait.

Pure; hashing is in `service/hashing`.
"""

import unicodedata
from datetime import timedelta
from typing import Final

from app.kernel.messages import mark

# Shown beside the demo accounts; outside demo mode it never opens a door.
DEMO_PASSWORD: Final = "Window-2026"  # noqa: S105  # public on purpose

MIN_LENGTH: Final = 10  # rulebook §7 [S], GB/T 22239-2019 application items
MAX_LENGTH: Final = 128  # a longer one only costs hashing time
_CLASSES_NEEDED: Final = 3

# What people choose when asked for three classes and ten characters.
_COMMON: Final = frozenset(
    {
        "1qaz2wsx3edc",
        "aa123456789",
        "abc123456789",
        "abcd123456",
        "abcd1234567",
        "admin12345",
        "admin123456",
        "administrator1",
        "changeme123",
        "chinamobile1",
        "civicwindow1",
        "huanying123",
        "iloveyou123",
        "letmein12345",
        "p@ssw0rd123",
        "p@ssword123",
        "passw0rd123",
        "password12",
        "password123",
        "password1234",
        "qazwsx12345",
        "qwer123456",
        "qwerty12345",
        "qwerty123456",
        "root123456",
        "test123456",
        "welcome123",
        "welcome2026",
        "window2026",
        "woaini1314520",
        "zhongguo123",
        "zxcvbnm123",
    }
)

_FREE_ATTEMPTS: Final = 5  # rulebook §7 [S]
_FREE_ATTEMPTS_EVERYWHERE: Final = 20
_FIRST_DELAY: Final = timedelta(seconds=30)
_LONGEST_DELAY: Final = timedelta(minutes=30)  # rulebook §7 [S]


def prepare(password: str) -> str:
    """The password as it is hashed: full-width characters folded, outer spaces dropped."""
    return unicodedata.normalize("NFKC", password).strip()


def problem_with(password: str, *, username: str) -> str | None:
    """The sentence saying why the password is refused, or None when it is good."""
    if len(password) < MIN_LENGTH:
        return mark("Use at least 10 characters.")
    if len(password) > MAX_LENGTH:
        return mark("Use at most 128 characters.")
    if _classes_in(password) < _CLASSES_NEEDED:
        return mark("Use three of these: small letters, capitals, digits, other signs.")
    if username and username.casefold() in password.casefold():
        return mark("The password must not contain the account name.")
    if _is_common(password):
        return mark("This password is too easy to guess.")
    return None


def _classes_in(password: str) -> int:
    small = any(c.islower() for c in password)
    capital = any(c.isupper() for c in password)
    digit = any(c.isdigit() for c in password)
    other = any(not (c.islower() or c.isupper() or c.isdigit()) for c in password)
    return small + capital + digit + other


def _is_common(password: str) -> bool:
    folded = password.casefold()
    core = "".join(c for c in folded if c.isalnum())
    return folded in _COMMON or core in _COMMON or password == DEMO_PASSWORD


def delay_after(failures: int, *, everywhere: bool = False) -> timedelta:
    """How long the next attempt must wait after so many failures in a row.

    Nothing for the first five (twenty, counted over all sources), then 30
    seconds, doubling up to half an hour. It never becomes a lock that only an
    administrator can open, because guessing at a name must not shut its owner out.
    """
    free = _FREE_ATTEMPTS_EVERYWHERE if everywhere else _FREE_ATTEMPTS
    over = failures - free
    if over < 0:
        return timedelta()
    doubled: timedelta = _FIRST_DELAY * (1 << min(over, 16))
    return min(doubled, _LONGEST_DELAY)

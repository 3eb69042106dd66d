"""Argon2id hashes of passwords, a few at a time.

Costs about 20 ms and 19 MiB each (OWASP's minimum), so it is done outside any
transaction and never on more threads than there are cores to pay for it.
"""

import secrets
import string
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.accounts import passwords

_hasher: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_at_once: Final = BoundedSemaphore(4)
# Somebody reads it aloud from a screen: no signs that look alike.
_ALPHABET: Final = "".join(c for c in string.ascii_letters + string.digits if c not in "0O1lI5S2Z")

NOBODY: Final = _hasher.hash(secrets.token_urlsafe(32))
"""A hash nothing matches: unknown names cost the same time as known ones."""


def hash_password(password: str) -> str:
    """The hash to store."""
    with _at_once:
        return _hasher.hash(passwords.prepare(password))


def is_right(password_hash: str, password: str) -> bool:
    """Whether the password belongs to the hash; a broken hash matches nothing."""
    prepared = passwords.prepare(password)[: passwords.MAX_LENGTH + 1]
    with _at_once:
        try:
            return _hasher.verify(password_hash, prepared)
        except (VerificationError, InvalidHashError):
            return False


def one_time_password() -> str:
    """A password to hand over once: three groups that meet the policy."""
    while True:
        groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
        password = "-".join(groups)
        if passwords.problem_with(password, username="") is None:
            return password

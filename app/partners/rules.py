"""What a partner's key lets its program do, and whether a use of it may go on.

Partners are programs of other cities and authorities that knock here with a key. Pure.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.kernel.errors import ForbiddenError, InvalidError
from app.kernel.messages import mark

LONGEST_NAME: Final = 80
MOST_CODES: Final = 200
MOST_AN_HOUR: Final = 100_000
USUAL_AN_HOUR: Final = 500
TAIL: Final = 4  # of the key, so that people can tell two of them apart
_PREFIX: Final = "cwk_"
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")


class Right(StrEnum):
    """What a key may be used for."""

    READ = "read"  # what it brought in itself, before it is released
    CREATE = "create"
    UPDATE = "update"


class KeyRefusedError(ForbiddenError):
    """The key is missing, wrong, revoked, or does not reach as far."""

    code = "key_refused"


@dataclass(frozen=True, slots=True)
class KeyTerms:
    """What a key is given out for. Without `codes` it holds for every service."""

    name: str
    rights: frozenset[Right]
    codes: tuple[str, ...] = ()
    hourly: int = USUAL_AN_HOUR

    def problems(self) -> dict[str, str]:
        """What keeps a key from being given out on these terms, by field."""
        wrong: dict[str, str] = {}
        if not 0 < len(self.name) <= LONGEST_NAME:
            wrong["name"] = mark("Name whose program it is, in at most 80 signs.")
        if not self.rights:
            wrong["rights"] = mark("Choose at least one.")
        if len(self.codes) > MOST_CODES or not all(map(_CODE.fullmatch, self.codes)):
            wrong["codes"] = mark("Write codes of facility types such as 0120 or E0101.")
        if not 1 <= self.hourly <= MOST_AN_HOUR:
            wrong["hourly"] = mark("Enter a number from 1 to 100,000.")
        return wrong

    def check(self) -> None:
        """Whether a key may be given out on these terms.

        Raises:
            InvalidError: no name, no right, a code that can be none, or a limit out of bounds.
        """
        if wrong := self.problems():
            raise InvalidError(fields=wrong)

    def require(self, right: Right, code: str = "") -> None:
        """Refuse what the key was not given out for; `code` is the service it is about.

        Raises:
            KeyRefusedError: the right is missing, or the service is not among its own.
        """
        if right not in self.rights:
            raise KeyRefusedError(mark("This api_key was not given out for this."))
        if code and self.codes and code not in self.codes:
            raise KeyRefusedError(mark("This api_key was not given out for this service."))


def codes_in(text: str) -> tuple[str, ...]:
    """The codes somebody typed, however they stand apart."""
    return tuple(dict.fromkeys(re.findall(r"[^\s,;，；、]+", text)))


def spelt(secret: str) -> str:
    """A key as a program sends it, recognisable in a leak as one of ours."""
    return f"{_PREFIX}{secret}"

"""Call-backs and the sample of silent closures: answers, when to call again, who is drawn.

Pure: decided from arguments alone; the numbers come from the catalogue ([S] as shipped).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from app.cases.kinds import SILENT, CallbackResult
from app.catalogue.rules import FollowUps
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark

_DECEMBER: Final = 12
_PER_CENT: Final = 100


class Answer(StrEnum):
    """What came of one try by telephone."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT_SOLVED = "not_solved"
    NO_CLEAR_ANSWER = "no_clear_answer"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"


class Way(StrEnum):
    """How a call-back came to its end."""

    PHONE = "phone"
    LINK = "link"
    DESK = "desk"  # on the page of the matter, as it was always possible


# What a try means for the call-back; nobody reached means another try.
RESULT_OF: Final = {
    Answer.SOLVED: CallbackResult.SOLVED,
    Answer.PARTLY: CallbackResult.PARTLY,
    Answer.NOT_SOLVED: CallbackResult.NOT_SOLVED,
    Answer.NO_CLEAR_ANSWER: CallbackResult.NO_CLEAR_ANSWER,
    Answer.DECLINED: CallbackResult.DECLINED,
}


class LinkAnswer(StrEnum):
    """What the citizen may say by link; silence is never counted as one of these."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT_SOLVED = "not_solved"


@dataclass(frozen=True, slots=True)
class Tried:
    """How often somebody was tried in vain, and when last."""

    attempts: int = 0
    last_at: datetime | None = None


def next_try(tried: Tried, how: FollowUps, now: datetime) -> datetime:
    """When to try again after one in vain; at once where there was none yet."""
    return now + timedelta(hours=how.wait_hours) if tried.attempts else now


def check_try(tried: Tried, how: FollowUps, now: datetime) -> None:
    """Refuse a try that comes so soon after the one before that it would prove nothing.

    Raises:
        InvalidError: it is too early.
    """
    if tried.last_at is None:
        return
    if now < tried.last_at + timedelta(hours=how.wait_hours):
        raise InvalidError(
            fields={"answer": mark("Too soon after the last try. Call again later.")}
        )


def may_give_up(tried: Tried, how: FollowUps) -> bool:
    """Whether the matter may be closed as "not reached", honestly apart from satisfied."""
    return tried.attempts >= how.attempts


def check_silent(result: CallbackResult, tried: Tried, how: FollowUps) -> None:
    """Refuse "not reached" before it was tried often enough.

    Raises:
        InvalidError: too few tries stand in the record.
    """
    if result is CallbackResult.UNREACHABLE and not may_give_up(tried, how):
        raise InvalidError(
            fields={
                "callback_result": mark(
                    "Not tried often enough yet. Write each try down in the call-back list."
                )
            }
        )


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the hall's calendar, as "2026-10"."""

    year: int
    month: int

    @property
    def name(self) -> str:
        return f"{self.year}-{self.month:02}"

    def starts(self, zone: ZoneInfo) -> datetime:
        """Its first instant on the hall's clock."""
        return datetime.combine(date(self.year, self.month, 1), time(), zone)

    @property
    def following(self) -> "Month":
        is_last = self.month == _DECEMBER
        return Month(self.year + is_last, 1 if is_last else self.month + 1)


def month_before(now: datetime, zone: ZoneInfo) -> Month:
    """The last month that is over."""
    last = now.astimezone(zone).date().replace(day=1) - timedelta(days=1)
    return Month(last.year, last.month)


def draw(ids: Iterable[int], *, share: int, seed: str) -> list[int]:
    """The keys drawn: the same for the same keys, share and seed, whoever draws and whenever.

    Each key gets a lot from the seed (SHA-256); the lowest are drawn, rounded up, so that a
    month with any silent closure has at least one looked at.
    """
    known = sorted(set(ids), key=lambda key: (lot(key, seed), key))
    return known[: ceil(len(known) * share / _PER_CENT)]


def lot(key: int, seed: str) -> str:
    """The lot of one key under a seed."""
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


def digest_of(ids: Iterable[int]) -> str:
    """A fingerprint of those among whom was drawn, to prove that nobody was left out."""
    return hashlib.sha256(",".join(str(key) for key in sorted(ids)).encode()).hexdigest()


def is_silent(result: str) -> bool:
    """Whether a closing rests on no word of the citizen."""
    return result in {str(one) for one in SILENT}


class InvolvedError(ConflictError):
    """Whoever worked on a matter does not check whether it was closed rightly."""

    code = "involved"


def check_uninvolved(staff_id: int | None, involved: Sequence[int]) -> None:
    """Refuse the check of a closure by somebody who had a part in the matter.

    Raises:
        InvolvedError: they had.
    """
    if staff_id in involved:
        raise InvolvedError(
            mark("You worked on this matter yourself; a colleague checks its closing.")
        )

"""What a conversation is and how it moves on, when a promise counts as kept, what a call signs.

Pure: no tables, no clock. A contact is logged with or without a case, with or
without a known citizen.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.accounts.rules import Permission
from app.cases.kinds import Channel
from app.kernel.errors import ConflictError
from app.kernel.messages import mark

# Who talks with citizens: whoever takes matters in, and whoever calls back.
MAY_TALK: Final = (Permission.CASE_INTAKE, Permission.CASE_CALLBACK)
MOST_AT_ONCE: Final = 9  # one for each key
RING_FOR: Final = timedelta(minutes=2)
SIGNED_FOR: Final = timedelta(minutes=5)  # clocks of two machines differ, and lines are slow


class Medium(StrEnum):
    """By what way somebody and the house were in touch."""

    WINDOW = "window"
    PHONE = "phone"
    MESSAGE = "message"
    EMAIL = "email"
    LETTER = "letter"


class Direction(StrEnum):
    """Who sought whom."""

    IN = "in"
    OUT = "out"


class TalkState(StrEnum):
    """Where a conversation stands; one that ended without being taken was missed."""

    RINGING = "ringing"
    OPEN = "open"
    HELD = "held"
    ENDED = "ended"


class Deed(StrEnum):
    """What a member of staff does to a conversation."""

    TAKE = "take"
    HOLD = "hold"
    RESUME = "resume"
    END = "end"


class PromiseState(StrEnum):
    """How a promise stands; computed, never stored."""

    OPEN = "open"
    KEPT = "kept"
    LATE = "late"  # kept, but after its date
    BROKEN = "broken"


MOVES: Final[Mapping[tuple[TalkState, Deed], TalkState]] = {
    (TalkState.RINGING, Deed.TAKE): TalkState.OPEN,
    (TalkState.RINGING, Deed.END): TalkState.ENDED,
    (TalkState.OPEN, Deed.HOLD): TalkState.HELD,
    (TalkState.OPEN, Deed.END): TalkState.ENDED,
    (TalkState.HELD, Deed.RESUME): TalkState.OPEN,
    (TalkState.HELD, Deed.END): TalkState.ENDED,
}
_CHANNELS: Final[Mapping[Medium, Channel]] = {
    Medium.WINDOW: Channel.WINDOW,
    Medium.PHONE: Channel.PHONE,
    Medium.MESSAGE: Channel.APP,
    Medium.EMAIL: Channel.EMAIL,
    Medium.LETTER: Channel.LETTER,
}


def after(state: TalkState, deed: Deed) -> TalkState:
    """Where the deed leads.

    Raises:
        ConflictError: the conversation has moved on meanwhile, in another window or by itself.
    """
    target = MOVES.get((state, deed))
    if target is None:
        raise ConflictError(mark("This conversation has moved on meanwhile."))
    return target


def channel_of(medium: Medium) -> Channel:
    """The channel of a matter that is taken in during such a conversation."""
    return _CHANNELS[medium]


def promise_state(due_at: datetime, kept_at: datetime | None, *, now: datetime) -> PromiseState:
    """How a promise stands at `now`; what is kept in its last second is kept."""
    if kept_at is not None:
        return PromiseState.KEPT if kept_at <= due_at else PromiseState.LATE
    return PromiseState.OPEN if now <= due_at else PromiseState.BROKEN


def signature(key: str, stamp: str, body: bytes) -> str:
    """What a telephone system puts beside a message: HMAC-SHA256 over `stamp.body`, in hex."""
    return hmac.new(key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_genuine(key: str, stamp: str, body: bytes, given: str, *, now: datetime) -> bool:
    """Whether the message was signed with the key, not long ago; equally long either way.

    `stamp` are the seconds since 1970 in decimal; a message may be five minutes off.
    """
    is_right = hmac.compare_digest(signature(key, stamp, body).encode(), given.lower().encode())
    seconds = int(stamp) if stamp.isascii() and stamp.isdigit() and len(stamp) <= 11 else 0  # noqa: PLR2004  # until the year 5138
    return is_right and abs(now.timestamp() - seconds) <= SIGNED_FOR.total_seconds()

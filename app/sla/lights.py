"""Says how a matter stands to its time limit, in few words, for a lamp.

Chooses sentences and numbers; the page translates. Pure.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from app.kernel.messages import mark
from app.sla.rules import Lamp, lamp

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
_TWO: Final = 2

_LEFT: Final = (
    (_DAY, mark("%(n)s d left")),
    (_HOUR, mark("%(n)s h left")),
    (_MINUTE, mark("%(n)s min left")),
)
_OVER: Final = (
    (_DAY, mark("%(n)s d over")),
    (_HOUR, mark("%(n)s h over")),
    (_MINUTE, mark("%(n)s min over")),
)
NO_LIMIT: Final = mark("no limit running")
PAUSED: Final = mark("paused")
ON_TIME: Final = mark("on time")
LATE: Final = mark("late")
ENDED: Final = mark("ended")


class Light(NamedTuple):  # made and compared thirty times a page: a tuple does it in C
    """A lamp: its state, its sentence, and the number in it."""

    state: str
    msgid: str
    n: int = 0


def light(
    *,
    due_at: datetime | None,
    warn_at: datetime | None,
    paused: bool,
    provisional: bool,
    now: datetime,
) -> Light:
    """The lamp of an open matter."""
    state = lamp(
        due_at=due_at,
        warn_at=warn_at,
        met_at=None,
        paused=paused,
        provisional=provisional,
        now=now,
    )
    if state is Lamp.PAUSED:
        return Light("paused", PAUSED)
    if due_at is None:
        return Light("done", NO_LIMIT)
    words, n = span_words(due_at - now)
    return Light(str(state), words, n)


def ended_light(*, on_time: bool | None) -> Light:
    """The lamp of a matter that has ended."""
    if on_time is None:
        return Light("done", ENDED)
    return Light("done", ON_TIME) if on_time else Light("bad", LATE)


def span_words(left: timedelta) -> tuple[str, int]:
    """What is left, or by how much it is over, in its largest unit of which there are two."""
    table = _LEFT if left >= timedelta() else _OVER
    size = abs(left)
    for unit, words in table[:-1]:
        if size >= _TWO * unit:
            return words, size // unit
    unit, words = table[-1]
    return words, size // unit

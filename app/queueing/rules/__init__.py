"""What a queue is: words, the order of a line, waits foretold and measured, thresholds.

Pure: no tables, no clock.
"""

from app.queueing.rules.line import (
    CALLS_BEFORE_PASSING,
    PLACES_BACK,
    Advance,
    Waiting,
    ahead_of,
    callable_at,
    in_line,
    next_of,
    place_back,
)
from app.queueing.rules.vocabulary import (
    AT_COUNTER,
    MOVES,
    WAITING,
    Deed,
    Need,
    PauseReason,
    Source,
    TicketState,
    after,
    spelt,
)

__all__ = [
    "AT_COUNTER",
    "CALLS_BEFORE_PASSING",
    "MOVES",
    "PLACES_BACK",
    "WAITING",
    "Advance",
    "Deed",
    "Need",
    "PauseReason",
    "Source",
    "TicketState",
    "Waiting",
    "after",
    "ahead_of",
    "callable_at",
    "in_line",
    "next_of",
    "place_back",
    "spelt",
]

"""What inspections' own words are called on the screen (msgids)."""

from collections.abc import Mapping
from typing import Final

from app.inspections.rules import Result, Rhythm, RoundState
from app.kernel.messages import mark

RHYTHMS: Final[Mapping[Rhythm, str]] = {
    Rhythm.WEEK: mark("weeks"),
    Rhythm.MONTH: mark("months"),
}

RESULTS: Final[Mapping[Result, str]] = {
    Result.FINE: mark("In order"),
    Result.FINDING: mark("Something to be repaired"),
    Result.OUT_OF_REACH: mark("Out of reach"),
}

ROUND_STATES: Final[Mapping[RoundState, str]] = {
    RoundState.COMING: mark("Not begun yet"),
    RoundState.OPEN: mark("Under way"),
    RoundState.MISSED: mark("Missed"),
    RoundState.DONE: mark("Walked"),
}
LAMPS: Final[Mapping[RoundState, str]] = {
    RoundState.COMING: "paused",
    RoundState.OPEN: "ok",
    RoundState.MISSED: "bad",
    RoundState.DONE: "done",
}

"""What each figure about repairs means, which shares are made of them, over which days.

Pure. Every figure is the number of rows of exactly the list it leads to (rulebook §5, §9).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.kernel.messages import mark
from app.supervision.rules.board import Measure, Share, Spread, Window

_NOW: Final = mark("The time of the figures.")
_CAME: Final = mark("Repairs reported in the days chosen above.")
_WENT: Final = mark("Repairs closed in the days chosen above.")
_FELL: Final = mark("Repairs whose limit fell due in the days chosen above.")
_STEPS: Final = mark("The steps of the repair.")
_CLOCK: Final = mark("The clock of the citizen’s limit")


class Figure(StrEnum):
    """One figure, and one list."""

    IN_HAND = "in_hand"
    RED = "red"
    YELLOW = "yellow"
    PAUSED = "paused"
    DANGERS = "dangers"
    UNSAFE = "unsafe"
    REPORTED = "reported"
    FILED = "filed"
    NOT_FILED = "not_filed"
    DISPATCHED = "dispatched"
    ON_SITE = "on_site"
    TERRITORIAL = "territorial"
    CLOSED = "closed"
    REPAIRED = "repaired"
    CHECKED = "checked"
    FIRST_FIX = "first_fix"
    REWORKED = "reworked"
    DUE = "due"
    KEPT = "kept"
    MISSED = "missed"


class Rate(StrEnum):
    """A part of a whole, both figures with their lists."""

    ON_TIME = "on_time"
    FIRST_FIX = "first_fix"
    REWORKED = "reworked"
    CHECKED = "checked"
    TERRITORIAL = "territorial"


class Stretch(StrEnum):
    """From where to where a time is measured."""

    TO_FILE = "to_file"
    TO_DISPATCH = "to_dispatch"
    TO_SITE = "to_site"
    TO_REPAIR = "to_repair"
    TO_CHECK = "to_check"
    TO_CLOSE = "to_close"


NOW: Final = (
    Figure.IN_HAND,
    Figure.RED,
    Figure.YELLOW,
    Figure.PAUSED,
    Figure.DANGERS,
    Figure.UNSAFE,
)
CAME: Final = (
    Figure.REPORTED,
    Figure.FILED,
    Figure.NOT_FILED,
    Figure.DISPATCHED,
    Figure.ON_SITE,
    Figure.TERRITORIAL,
)
WENT: Final = (
    Figure.CLOSED,
    Figure.REPAIRED,
    Figure.CHECKED,
    Figure.FIRST_FIX,
    Figure.REWORKED,
)
FELL: Final = (Figure.DUE, Figure.KEPT, Figure.MISSED)
RATES: Final[Mapping[Rate, tuple[Figure, Figure]]] = {
    Rate.ON_TIME: (Figure.KEPT, Figure.DUE),
    Rate.FIRST_FIX: (Figure.FIRST_FIX, Figure.CHECKED),
    Rate.REWORKED: (Figure.REWORKED, Figure.REPAIRED),
    Rate.CHECKED: (Figure.CHECKED, Figure.REPAIRED),
    Rate.TERRITORIAL: (Figure.TERRITORIAL, Figure.DISPATCHED),
}
RATE_NAMES: Final[Mapping[Rate, str]] = {
    Rate.ON_TIME: mark("Repaired on time"),
    Rate.FIRST_FIX: mark("Put right at the first visit, of all checked"),
    Rate.REWORKED: mark("Sent back to be done again, of all repaired"),
    Rate.CHECKED: mark("Checked by others, of all repaired"),
    Rate.TERRITORIAL: mark("Nobody’s facility, coordinated by the street, of all dispatched"),
}
# Which list holds exactly what a time is measured on.
MEASURED_ON: Final[Mapping[Stretch, Figure]] = {
    Stretch.TO_FILE: Figure.FILED,
    Stretch.TO_DISPATCH: Figure.DISPATCHED,
    Stretch.TO_SITE: Figure.ON_SITE,
    Stretch.TO_REPAIR: Figure.REPAIRED,
    Stretch.TO_CHECK: Figure.CHECKED,
    Stretch.TO_CLOSE: Figure.CLOSED,
}
STRETCH_NAMES: Final[Mapping[Stretch, str]] = {
    Stretch.TO_FILE: mark("Report to filing"),
    Stretch.TO_DISPATCH: mark("Report to dispatch"),
    Stretch.TO_SITE: mark("Report to first arrival on site"),
    Stretch.TO_REPAIR: mark("Report to repair"),
    Stretch.TO_CHECK: mark("Repair to check"),
    Stretch.TO_CLOSE: mark("Report to closing"),
}


def _figure(name: str, counted: str, window: str, left_out: str = "", source: str = "") -> Measure:
    return Measure(name, counted, exclusions=left_out, window=window, source=source or _STEPS)


MEASURES: Final[Mapping[Figure, Measure]] = {
    Figure.IN_HAND: _figure(mark("In hand"), mark("Repairs that have not ended."), _NOW),
    Figure.RED: _figure(
        mark("Late"),
        mark("In hand and past the citizen’s limit."),
        _NOW,
        mark("Put off on a ground; limits that may still move, for ten days."),
        _CLOCK,
    ),
    Figure.YELLOW: _figure(
        mark("Due soon"), mark("In hand, inside the warning window and not late."), _NOW, "", _CLOCK
    ),
    Figure.PAUSED: _figure(
        mark("Put off"), mark("In hand, put off on a ground until a day."), _NOW
    ),
    Figure.DANGERS: _figure(
        mark("Dangerous"), mark("In hand and reported or found dangerous."), _NOW
    ),
    Figure.UNSAFE: _figure(
        mark("Not made safe in time"),
        mark("Of these, the spot is not fenced off and the time for it is over."),
        _NOW,
    ),
    Figure.REPORTED: _figure(mark("Reported"), mark("Repairs reported in these days."), _CAME),
    Figure.FILED: _figure(mark("Filed as a repair"), mark("Of these, filed by now."), _CAME),
    Figure.NOT_FILED: _figure(
        mark("Not filed"), mark("Of these, not filed, with a reason told."), _CAME
    ),
    Figure.DISPATCHED: _figure(mark("Dispatched"), mark("Of these, sent to a unit by now."), _CAME),
    Figure.ON_SITE: _figure(
        mark("Somebody was there"), mark("Of these, a crew has arrived at least once."), _CAME
    ),
    Figure.TERRITORIAL: _figure(
        mark("Nobody’s facility"),
        mark("Of these, sent to the street because no owner was found."),
        _CAME,
    ),
    Figure.CLOSED: _figure(
        mark("Repairs closed"),
        mark("Repairs closed in these days."),
        _WENT,
        mark("What was withdrawn, referred, joined, not filed or terminated."),
    ),
    Figure.REPAIRED: _figure(
        mark("Repaired"), mark("Of these, the repair itself was reported by a crew."), _WENT
    ),
    Figure.CHECKED: _figure(
        mark("Checked by others"),
        mark("Of these, checked by somebody who was not of the crew."),
        _WENT,
    ),
    Figure.FIRST_FIX: _figure(
        mark("Put right at once"), mark("Of the checked, never sent back to be done again."), _WENT
    ),
    Figure.REWORKED: _figure(
        mark("Done again"), mark("Of the repaired, sent back at least once."), _WENT
    ),
    Figure.DUE: _figure(
        mark("Limits fallen due"),
        mark("Due in these days: answered, or late and not answered."),
        _FELL,
        mark("Put off, without a limit, or ended without an answer."),
        _CLOCK,
    ),
    Figure.KEPT: _figure(
        mark("Limits kept"), mark("Of these, repaired within the limit."), _FELL, "", _CLOCK
    ),
    Figure.MISSED: _figure(
        mark("Limits missed"), mark("Of these, too late or not yet."), _FELL, "", _CLOCK
    ),
}
# What is shown beside the counted figures, with its own meaning.
BESIDE: Final = (
    Measure(
        mark("Times of repairs"),
        mark(
            "Half took at most the median, nine in ten at most P90. Nights, rest days and time "
            "put off are included; after work was sent back the later repair and check count."
        ),
        source=_STEPS,
    ),
    Measure(
        mark("Cost"),
        mark("Materials at the price of their day and other costs of what was closed."),
        exclusions=mark("Materials without a price."),
        window=_WENT,
    ),
    Measure(
        mark("Hot spots"),
        mark("Squares of the map with at least two reports, the most first."),
        exclusions=mark("Reports without a position."),
        window=_CAME,
    ),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days of the hall's clock, both included; `window` where they were chosen by it."""

    first: date
    last: date
    window: Window | None = None

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From the first midnight to the one after the last day."""
        end = self.last + timedelta(days=1)
        return datetime.combine(self.first, time(), zone), datetime.combine(end, time(), zone)


# What asks for the repairs that have no type.
NO_TYPE: Final = 0


@dataclass(frozen=True, slots=True)
class Narrow:
    """One type, one unit or one square of the map; None means all of them."""

    type_id: int | None = None
    unit_id: int | None = None
    cell: int | None = None


@dataclass(slots=True)
class Line:
    """The figures of one type or one unit; lines are added up, spreads only at the end."""

    counts: dict[Figure, int] = field(default_factory=lambda: dict.fromkeys(Figure, 0))
    times: dict[Stretch, dict[int, int]] = field(default_factory=dict)
    cost: int = 0

    def add(self, other: "Line") -> None:
        """Take another line's figures in."""
        for figure, count in other.counts.items():
            self.counts[figure] += count
        for stretch, times in other.times.items():
            mine = self.times.setdefault(stretch, {})
            for seconds, count in times.items():
                mine[seconds] = mine.get(seconds, 0) + count
        self.cost += other.cost

    def share(self, rate: Rate) -> Share:
        """One of the shares, of this line."""
        part, whole = RATES[rate]
        return Share(self.counts[part], self.counts[whole])


@dataclass(frozen=True, slots=True)
class HotSpot:
    """A square of the map with several reports."""

    cell: int
    count: int
    place: str


@dataclass(frozen=True, slots=True)
class Took:
    """How long one stretch took."""

    stretch: Stretch
    spread: Spread

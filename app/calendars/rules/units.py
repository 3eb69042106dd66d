"""The four units limits are written in, and what comes out of counting them.

Holds words only; the arithmetic stands in `counting`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SECONDS_PER_HOUR = 3600


class LimitUnit(StrEnum):
    """How a limit counts (rulebook §0).

    HOUR and WORK_HOUR are durations and kept in seconds; DAY and WORK_DAY are
    counted dates and kept in days.
    """

    HOUR = "hour"
    WORK_HOUR = "work_hour"
    DAY = "day"
    WORK_DAY = "work_day"

    @property
    def is_duration(self) -> bool:
        """Whether amounts of this unit are seconds; otherwise they are days."""
        return self in (LimitUnit.HOUR, LimitUnit.WORK_HOUR)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as a rule states it: `value` hours or days.

    `close_of_business` ends a day limit when the hall closes instead of at
    24:00 (民法典 203, second paragraph).
    """

    unit: LimitUnit
    value: int
    close_of_business: bool = False

    @property
    def budget(self) -> int:
        """The allowance in units of account: seconds or days."""
        return self.value * SECONDS_PER_HOUR if self.unit.is_duration else self.value


@dataclass(frozen=True, slots=True)
class Due:
    """When something must be done.

    `provisional` says that a year without an official notice had a part in it, so
    that the date may still move.
    """

    at: datetime
    provisional: bool

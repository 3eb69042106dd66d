"""What the calendar tells whoever subscribed.

Values only; who listens is written in `app/wiring.py`.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """Working days or opening hours are different now: open clocks must be counted anew."""

    at: datetime
    what: str

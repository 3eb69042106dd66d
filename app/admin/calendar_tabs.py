"""The parts of the calendar's administration, as tabs.

Labels and addresses only.
"""

from enum import StrEnum
from typing import Final

from app.kernel.messages import mark
from app.web.ui import Way


class CalendarPage(StrEnum):
    """One part, by its address."""

    YEAR = "/admin/calendar"
    IMPORT = "/admin/calendar/import"
    HOURS = "/admin/calendar/hours"
    DAYS = "/admin/calendar/days"


_LABELS: Final = {
    CalendarPage.YEAR: mark("The year"),
    CalendarPage.IMPORT: mark("Import a notice"),
    CalendarPage.HOURS: mark("Opening hours of halls"),
    CalendarPage.DAYS: mark("Single days"),
}


def tabs(here: CalendarPage) -> list[Way]:
    """Every part, with the one being looked at marked."""
    return [Way(label, page, page is here) for page, label in _LABELS.items()]

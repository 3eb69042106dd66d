"""What working time is: statutory days, opening hours, limits counted in both, yearly notices.

Pure: built from rows somebody else loaded; reads neither database nor clock.
"""

from app.calendars.rules.counting import Calendars, due
from app.calendars.rules.hours import HallHours, Span, Week
from app.calendars.rules.notice import DayKind, Notice, NoticeDay, Problem, read_notice
from app.calendars.rules.statutory import StatutoryCalendar
from app.calendars.rules.units import Due, Limit, LimitUnit

__all__ = [
    "Calendars",
    "DayKind",
    "Due",
    "HallHours",
    "Limit",
    "LimitUnit",
    "Notice",
    "NoticeDay",
    "Problem",
    "Span",
    "StatutoryCalendar",
    "Week",
    "due",
    "read_notice",
]

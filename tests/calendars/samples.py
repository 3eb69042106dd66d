"""The calendars the tests count with: the notices of 2025 and 2026, one hall with odd hours."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from app.calendars.rules import Calendars, HallHours, StatutoryCalendar
from tests.calendars import oracle

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = ((time(9), time(12)), (time(13), time(17)))
MORNING = ((time(9), time(12)),)

STATUTORY = StatutoryCalendar.build(
    SHANGHAI,
    official_years={2025, 2026},
    exceptions={**dict.fromkeys(oracle.OFF, False), **dict.fromkeys(oracle.WORKED, True)},
)
HALL = HallHours(
    STATUTORY,
    week=(DAY,) * 5 + (MORNING, ()),
    exceptions={oracle.POWER_CUT: MORNING, oracle.FAIR: ((time(10), time(16)),)},
)
CALENDARS = Calendars(STATUTORY, HALL)


def at(text: str) -> datetime:
    """A wall-clock time in Shanghai as an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)

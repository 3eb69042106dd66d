"""What a crew can do, where, and when it works.

Pure. A shift is a pattern of its own: crews work on holidays too, so the statutory calendar
does not count; a date with other hours is an exception of the crew.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from app.calendars.rules.hours import Span, Week
from app.catalogue.rules import covers
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

USUAL_CAPACITY: Final = 8
MOST_CAPACITY: Final = 60
# A crew that goes on line and is forgotten there is not proposed at night for ever.
ONLINE_FOR: Final = timedelta(hours=10)
# An old position says nothing about the way; and where people were is kept no longer than needed.
FRESH_FOR: Final = timedelta(hours=1)
KEPT_FOR: Final = timedelta(hours=12)
USUAL_WEEK: Final[Week] = (((time(8), time(18)),),) * 5 + ((),) * 2
_MIDNIGHT: Final = time(0)
# A class (01, E01) or one type of it (0120, E0101); rulebook §5.
_SKILL: Final = re.compile(r"E?\d{2}(?:\d{2})?")


@dataclass(frozen=True, slots=True)
class Shift:
    """The hours of a week, Monday first, and the dates that differ; none means the day is off."""

    week: Week = USUAL_WEEK
    days: Mapping[date, tuple[Span, ...]] | None = None

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """When the crew works on that date, in local time."""
        other = (self.days or {}).get(day)
        return self.week[day.weekday()] if other is None else other

    def holds(self, local: datetime) -> bool:
        """Whether the crew is on shift at this local time."""
        at = local.time()
        return any(
            opens <= at and (at < closes or closes == _MIDNIGHT)
            for opens, closes in self.spans_on(local.date())
        )


def check_capacity(capacity: int | None) -> int:
    """The repairs a crew takes on one day.

    Raises:
        InvalidError: no such number makes sense.
    """
    if capacity is None or not 1 <= capacity <= MOST_CAPACITY:
        raise InvalidError(fields={"capacity": mark("Enter a number between 1 and 60.")})
    return capacity


def check_skills(codes: Iterable[str]) -> list[str]:
    """Codes of facility types or of whole classes, each once, in order.

    Raises:
        InvalidError: something else stands among them.
    """
    found = sorted(set(codes))
    if not all(_SKILL.fullmatch(code) for code in found):
        raise InvalidError(fields={"skills": mark("Choose from the list of facility types.")})
    return found


def can_do(skills: Sequence[str], type_code: str) -> bool:
    """Whether one of the skills is this type or the class it belongs to."""
    return any(type_code == skill or _is_class_of(skill, type_code) for skill in skills)


def is_specialist(skills: Sequence[str], type_code: str) -> bool:
    """Whether the very type is named, not only its class."""
    return type_code in skills


def serves(areas: Sequence[str], region_code: str) -> bool:
    """Whether the crew goes there; without areas it goes everywhere, an unknown place is near."""
    return not areas or not region_code or any(covers(area, region_code) for area in areas)


def is_online(online_until: datetime | None, now: datetime) -> bool:
    """Whether the crew has said that it is there, not too long ago."""
    return online_until is not None and online_until > now


def is_fresh(placed_at: datetime | None, now: datetime) -> bool:
    """Whether a position still says where the crew is."""
    return placed_at is not None and now - placed_at <= FRESH_FOR


def _is_class_of(skill: str, type_code: str) -> bool:
    return len(type_code) - len(skill) == 2 and type_code.startswith(skill)  # noqa: PLR2004  # two digits of a subclass

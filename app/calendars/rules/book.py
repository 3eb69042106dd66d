"""Everything known about working time, and the calendar of each region and hall made from it.

Made once per revision of the data and shared between threads; never changed afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from app.calendars.rules.counting import Calendars
from app.calendars.rules.hours import CLOSED_WEEK, HallHours, Span, Week
from app.calendars.rules.statutory import StatutoryCalendar

Key = tuple[tuple[str, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Book:
    """The rows of the calendar, sorted by whom they hold for.

    `days` maps a region code to its dates; "" is the whole country. `weeks` and
    `exceptions` map a unit to its hours; None is every unit without hours of its own.
    """

    revision: str
    zone: ZoneInfo
    official_years: frozenset[int]
    days: Mapping[str, Mapping[date, bool]]
    weeks: Mapping[int | None, Week]
    exceptions: Mapping[int | None, Mapping[date, tuple[Span, ...]]]
    # Two threads may make the same calendar at once; both are right and one stays.
    _statutory: dict[tuple[str, ...], StatutoryCalendar] = field(default_factory=dict)
    _made: dict[Key, Calendars] = field(default_factory=dict)

    @property
    def is_uniform(self) -> bool:
        """Whether every unit and region has the same calendar."""
        return not (self.days.keys() - {""} or (self.weeks.keys() | self.exceptions) - {None})

    def calendars(self, *, chain: Sequence[int] = (), region_code: str = "") -> Calendars:
        """The calendar of a unit, given its ids from itself up to the root.

        The nearest unit with hours of its own decides the week; exceptions of a nearer
        unit beat those above. A longer region code beats the ones it begins with.
        """
        regions = tuple(sorted((r for r in self.days if region_code.startswith(r)), key=len))
        own = tuple(unit for unit in chain if unit in self.weeks or unit in self.exceptions)
        key = (regions, own)
        if (made := self._made.get(key)) is None:
            made = self._made[key] = self._make(regions, own)
        return made

    def _make(self, regions: tuple[str, ...], own: tuple[int, ...]) -> Calendars:
        statutory = self._statutory.get(regions)
        if statutory is None:
            merged: dict[date, bool] = {}
            for region in regions:
                merged |= self.days[region]
            statutory = StatutoryCalendar.build(
                self.zone, official_years=self.official_years, exceptions=merged
            )
            self._statutory[regions] = statutory
        nearest_first: tuple[int | None, ...] = (*own, None)
        week = next((self.weeks[u] for u in nearest_first if u in self.weeks), CLOSED_WEEK)
        exceptions: dict[date, tuple[Span, ...]] = {}
        for unit in reversed(nearest_first):
            exceptions |= self.exceptions.get(unit, {})
        return Calendars(statutory, HallHours(statutory, week, exceptions))

"""The dates of an application before it is saved and the limits it will keep.

Pure: counted by the calendar given; the numbers of the law stand in `data/limits.json`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Final

from app.calendars.rules import Calendars, LimitUnit
from app.catalogue.rules import BasisLevel, ChosenLimit
from app.service_items.rules import Handling, ItemKind, ItemVersion
from app.sla import rules as clocks

RESOLVE: Final = "resolve"
LEGAL: Final = "legal"
_LONGEST_BASIS: Final = 300


@dataclass(frozen=True, slots=True)
class LimitData:
    """One number of the law with its ground; days are working days."""

    days: int = 0
    minutes: int = 0
    warn_minutes: int = 0
    post_days: int = 0
    basis: str = ""


@cache
def terms() -> Mapping[str, LimitData]:
    """The numbers by name, as the data file has them."""
    text = files("app.service_requests.data").joinpath("limits.json").read_text(encoding="utf-8")
    return {name: LimitData(**entry) for name, entry in json.loads(text).items()}


@dataclass(frozen=True, slots=True)
class Computed:
    """When what is due, were the papers complete now; None where there is no such limit.

    `notice` is the last moment to tell what lacks, `promised` and `legal` are the two limits of
    the decision; `is_provisional` where a calendar year is not known yet.
    """

    notice: datetime
    promised: datetime
    legal: datetime | None
    is_provisional: bool = False


def limits_of(item: ItemVersion) -> dict[str, ChosenLimit]:
    """The limits of the decision, by clock: the promised one, and the law's where it sets one.

    A permit without a limit of its own has the law's twenty working days, one that several
    bodies handle together forty-five (行政许可法 art. 42).
    """
    content = item.content
    limits = {RESOLVE: _promised(item)}
    if content.legal is not None:
        limits[LEGAL] = _limit(
            item, LEGAL, content.legal.unit, content.legal.value, content.legal_basis
        )
    elif content.is_joint:
        limits[LEGAL] = _of_law(item, terms()["joint"])
    elif content.kind is ItemKind.PERMIT:
        limits[LEGAL] = _of_law(item, terms()["permit"])
    return limits


def _promised(item: ItemVersion) -> ChosenLimit:
    content = item.content
    if content.handling is Handling.INSTANT or content.promised.value == 0:
        data = terms()["while_waiting"]
        instant = _limit(item, RESOLVE, LimitUnit.HOUR, 0, data.basis)
        return replace(instant, minutes=data.minutes, is_sample=True)
    basis = f"{item.code} {content.name.zh}：承诺时限"
    return _limit(item, RESOLVE, content.promised.unit, content.promised.value, basis)


def _of_law(item: ItemVersion, data: LimitData) -> ChosenLimit:
    return _limit(item, LEGAL, LimitUnit.WORK_DAY, data.days, data.basis)


def _limit(item: ItemVersion, clock: str, unit: LimitUnit, value: int, basis: str) -> ChosenLimit:
    return ChosenLimit(
        code=f"item.{item.id}.{clock}",
        unit=unit,
        value=value,
        close_of_business=False,
        basis_text=basis[:_LONGEST_BASIS],
        basis_level=BasisLevel.LAW if clock == LEGAL else BasisLevel.SYSTEM,
        is_sample=item.is_sample,
        region_code="",
    )


def compute(
    calendar: Calendars, item: ItemVersion, notice: ChosenLimit, *, now: datetime
) -> Computed:
    """The dates that would hold if the application were received and accepted at `now`."""
    limits = limits_of(item)
    read = {
        clock: clocks.started(calendar, clocks.Terms(limit.unit), limit.budget, now)
        for clock, limit in (*limits.items(), ("notice", notice))
    }
    due = {clock: reading.due_at or now for clock, reading in read.items()}
    return Computed(
        notice=due["notice"],
        promised=due[RESOLVE],
        legal=due.get(LEGAL),
        is_provisional=any(reading.provisional for reading in read.values()),
    )

"""The ladder of supervision: which rung a matter has reached, and what a rung may be.

Pure; the rungs themselves are data (rulebook §10: T−20 % reminder, overdue 催办, +2 working
days 督办单, +5 通报, +10 约谈 or 提级, all samples [S]).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.kernel.messages import mark

MOST_DAYS: Final = 250  # a working year


class Why(StrEnum):
    """What somebody is told about."""

    WARN = "warn"
    OVERDUE = "overdue"
    LATER = "later"  # a rung some working days after the limit
    URGE = "urge"
    REMIND = "remind"


@dataclass(frozen=True, slots=True)
class Rung:
    """One level as the rules see it."""

    id: int
    code: str
    position: int
    after_workdays: int | None
    tells_handler: bool
    tells_head: bool
    tells_supervisor: bool
    order_workdays: int | None

    @property
    def why(self) -> Why:
        """What a reminder of this rung says."""
        if self.after_workdays is None:
            return Why.WARN
        return Why.LATER if self.after_workdays else Why.OVERDUE

    @property
    def takes_orders(self) -> bool:
        """Whether an order may be issued at it."""
        return self.order_workdays is not None


def reached_at(rungs: Iterable[Rung], *, is_warning: bool) -> tuple[Rung, ...]:
    """The rungs reached at the warning, or the moment the limit passes."""
    wanted = None if is_warning else 0
    return tuple(rung for rung in rungs if rung.after_workdays == wanted)


def next_for_orders(rungs: Iterable[Rung], level_id: int) -> Rung | None:
    """The level an overdue order is proposed to be raised to; None at the top."""
    able = sorted((rung for rung in rungs if rung.takes_orders), key=lambda rung: rung.position)
    places = {rung.id: place for place, rung in enumerate(able)}
    place = places.get(level_id)
    if place is None or place + 1 >= len(able):
        return None
    return able[place + 1]


def wrong_in(
    *, after_workdays: int | None, order_workdays: int | None, tells: bool, names: Mapping[str, str]
) -> dict[str, str]:
    """What is wrong with a level as typed, by field; empty if nothing is."""
    found = {field: mark("Give it a name.") for field, name in names.items() if not name.strip()}
    if after_workdays is not None and not 0 <= after_workdays <= MOST_DAYS:
        found["after_workdays"] = mark("Enter working days from 0 to 250, or nothing.")
    if order_workdays is not None and not 1 <= order_workdays <= MOST_DAYS:
        found["order_workdays"] = mark("Enter working days from 1 to 250, or nothing.")
    if not tells and order_workdays is None:
        found["tells_handler"] = mark("A level tells somebody or lets orders be issued.")
    return found

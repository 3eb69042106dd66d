"""When a hall's manager should look: the colour of a wait, and which counter to open for whom.

Thresholds are data of the hall; the defaults are samples [S] of rulebook §3.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.kernel.errors import InvalidError
from app.kernel.messages import mark


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Minutes of waiting, and how many may wait for one service."""

    goal: int = 15
    yellow: int = 20
    red: int = 30
    crowd: int = 10

    def check(self) -> None:
        """Refuse what cannot be.

        Raises:
            InvalidError: not 1 ≤ goal ≤ yellow < red, or no crowd at all.
        """
        if not 1 <= self.goal <= self.yellow:
            raise InvalidError(fields={"goal": mark("The goal lies between 1 minute and yellow.")})
        if self.yellow >= self.red:
            raise InvalidError(fields={"red": mark("Red must come after yellow.")})
        if self.crowd < 1:
            raise InvalidError(fields={"crowd": mark("Enter a number from 1 on.")})


@dataclass(frozen=True, slots=True)
class Standing:
    """One service now: how many wait, the longest for so many seconds."""

    service_id: int
    waiting: int
    longest: int


@dataclass(frozen=True, slots=True)
class Spare:
    """A counter nobody is called to, and the services it could call for."""

    id: int
    service_ids: frozenset[int]
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """Open this counter, or go on with it, for that service."""

    service_id: int
    counter_id: int | None
    is_paused: bool = False


def lamp_of(seconds: int, thresholds: Thresholds) -> str:
    """Yellow when a wait exceeds its minutes, red likewise; `ok`, `warn` or `bad`."""
    if seconds > thresholds.red * 60:
        return "bad"
    return "warn" if seconds > thresholds.yellow * 60 else "ok"


def proposals(
    standings: Iterable[Standing], spare: Iterable[Spare], thresholds: Thresholds
) -> list[Proposal]:
    """What to open: for each service with a crowd or a red wait the counter that is best spared.

    A counter is proposed once, first for the longest wait; a service without one says so.
    """
    free = list(spare)
    found = []
    for one in sorted(standings, key=lambda one: (-one.longest, one.service_id)):
        if one.waiting > thresholds.crowd or lamp_of(one.longest, thresholds) == "bad":
            fitting = min(
                (c for c in free if one.service_id in c.service_ids),
                key=lambda c: (c.is_paused, len(c.service_ids), c.id),
                default=None,
            )
            if fitting is not None:
                free.remove(fitting)
            found.append(
                Proposal(
                    one.service_id,
                    fitting.id if fitting else None,
                    is_paused=bool(fitting and fitting.is_paused),
                )
            )
    return found

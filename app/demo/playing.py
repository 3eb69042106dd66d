"""What every scene of a matter's life needs: who acts, when, by how much luck.

A scene is a generator that yields when it wants to act next; it ends the life with `OverError`.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from app.accounts.rules import Actor, Role
from app.cases.kinds import Action
from app.cases.models import Case
from app.cases.rules import Facts
from app.cases.rules.repairing import NO_WORK, Work
from app.demo.hours import MINUTE
from app.demo.plans import Plan
from app.demo.town import NOTHING, Town

_SLOW: Final = 0.05
_MUCH_SLOWER: Final = 9
_BRISK: Final = 0.25  # a matter that must stand somewhere by today gets there fast


class OverError(Exception):
    """The life is over, or stands where its plan leaves it."""


@dataclass(slots=True)
class Player:
    """One matter on its way through the town."""

    town: Town
    plan: Plan
    dice: Random
    clerk: Actor | None = None
    worker: Actor | None = None
    was_redone: bool = False
    _case: list[Case] = field(default_factory=list)

    @property
    def case(self) -> Case:
        """The matter, once it is opened."""
        return self._case[0]

    @property
    def is_open(self) -> bool:
        return bool(self._case) and self.case.closed_at is None

    @property
    def is_rush(self) -> bool:
        """Whether people act by day and night."""
        return self.case.urgency.is_emergency

    def opened(self, case: Case) -> None:
        """Remember the matter, and stop here if the plan says so."""
        self._case.append(case)
        self._stop_after(Action.OPEN)

    def take(
        self,
        action: Action,
        who: Actor | None,
        *,
        note: str = "",
        text: str = "",
        facts: Facts = NOTHING,
        work: Work = NO_WORK,
    ) -> None:
        """Take a step as somebody, or as the citizen.

        Raises:
            OverError: the plan stops here.
        """
        self.town.step(self.case, action, who, note=note, text=text, facts=facts, work=work)
        self._stop_after(action)

    def when(self, action: Action, at: datetime) -> datetime:
        """`at`, but after the act before, and not before the plan has it."""
        at = max(at, self.town.now + MINUTE)
        if action is self.plan.stop and self.plan.stop_at is not None:
            return max(at, self.plan.stop_at)
        return at

    def after(self, minutes: float) -> datetime:
        """Some time from now, `minutes` on average; now and then somebody is very slow."""
        wait = min(self.dice.expovariate(1 / minutes), 5 * minutes)
        if self.plan.stop is not None:
            wait *= _BRISK
        elif self.dice.random() < _SLOW:
            wait *= _MUCH_SLOWER
        return self.town.now + timedelta(minutes=wait, seconds=self.dice.randrange(60))

    def at_desk(self, minutes: float) -> datetime:
        """As `after`, in office hours unless it is an emergency."""
        at = self.after(minutes)
        return at if self.is_rush else self.town.hours.office(at, self.dice)

    def at_home(self, minutes: float) -> datetime:
        """As `after`, while citizens are awake."""
        return self.town.hours.awake(self.after(minutes), self.dice)

    def maybe(self, chance: float, *actions: Action) -> bool:
        """By chance; for a plan that stops somewhere only what leads there."""
        if self.plan.stop is not None:
            return self.plan.stop in actions
        return self.dice.random() < chance

    @property
    def is_late(self) -> bool:
        """Whether the citizen's date has passed; then nothing more can be asked for."""
        return self.case.due_at is not None and self.town.now > self.case.due_at

    def somebody(self, role: Role) -> Actor:
        """Somebody of this role who may see the matter."""
        return self.town.staffing.somebody(role, self.dice, cleared=self.case.is_confidential)

    def say(self, key: str) -> str:
        """A sentence that fits anywhere."""
        return self.town.texts.say(self.dice, key)

    def phrase(self, key: str, **slots: object) -> str:
        """A sentence of the generator's own."""
        return self.town.texts.phrase(key, **slots)

    def _stop_after(self, action: Action) -> None:
        if action is self.plan.stop:
            raise OverError

"""How far a repair has come, as far as the steps of its workflow need it (rulebook §5).

Pure; what stands in it is read by `queries.repairing`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.cases.kinds import Action
from app.kernel.messages import mark


class PhotoStage(StrEnum):
    """What a photo of a repair shows."""

    BEFORE = "before"
    SAFETY = "safety"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides which steps of a repair are open.

    `crew_path` is empty while no crew has it. `is_danger` asks for a safety measure before
    the work may rest (挂账); `is_safe` says that one is recorded.
    """

    crew_id: int | None = None
    crew_path: str = ""
    is_danger: bool = False
    is_safe: bool = False

    @property
    def may_rest(self) -> bool:
        """Whether the spot can be left as it is for longer."""
        return self.is_safe or not self.is_danger


NO_REPAIR: Final = Standing()


@dataclass(frozen=True, slots=True)
class Brought:
    """A material of no stock of ours, as whoever brought it calls and counts it."""

    name: str
    measure: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Work:
    """What the people at the spot hand in with a step.

    `photos` are attachments by what they show, `materials` items of the stock with how much
    of each, `brought` what came from elsewhere; `cost` is in cents, besides the stock's
    materials. `taken_at`, `lon` and `lat` say when and where the photos were taken, where the
    device knew.
    """

    photos: tuple[tuple[PhotoStage, int], ...] = ()
    materials: tuple[tuple[int, Decimal], ...] = ()
    hours: Decimal | None = None
    cost: int | None = None
    taken_at: datetime | None = None
    lon: Decimal | None = None
    lat: Decimal | None = None
    brought: tuple[Brought, ...] = ()

    def shows(self, stage: PhotoStage) -> bool:
        """Whether a photo of this sort is among them."""
        return any(kind is stage for kind, _ in self.photos)


NO_WORK: Final = Work()
# What the people of the crew do on a matter that lies with the unit above them.
CREWS_OWN: Final = frozenset(
    {
        Action.SIGN,
        Action.HAND_BACK,
        Action.SET_OUT,
        Action.ARRIVE,
        Action.SECURE,
        Action.FIX,
    }
)
# What a contractor does by a lent link: no giving back, that is between people who know each other.
LENT: Final = CREWS_OWN - {Action.HAND_BACK}
# Of which photo each of these steps is the moment.
STAGE_OF: Final[Mapping[Action, PhotoStage]] = {
    Action.ARRIVE: PhotoStage.BEFORE,
    Action.SECURE: PhotoStage.SAFETY,
    Action.FIX: PhotoStage.AFTER,
}


def why_not_free(repair: Standing) -> str | None:
    """Why no other crew can take it by itself."""
    if repair.crew_id is not None:
        return mark("Another crew has taken it already. Nothing was changed.")
    return None


def why_no_crew(repair: Standing) -> str | None:
    """Why nothing can be given back: nobody has it."""
    return mark("No crew has this repair yet.") if repair.crew_id is None else None


def why_not_resting(repair: Standing) -> str | None:
    """Why the work may not be put off (挂账): first the spot is made safe."""
    if repair.may_rest:
        return None
    return mark("It is dangerous as it stands. Record the safety measure (barrier) first.")

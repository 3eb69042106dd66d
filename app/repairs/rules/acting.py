"""What is sent from the spot, each with an id of its own, and what is answered.

Pure. A device without signal keeps its actions and sends them later, in order.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.cases.kinds import Action, Status
from app.cases.rules.repairing import CREWS_OWN, LENT, Brought, PhotoStage, Work

# What is done at the spot, by a crew.
FIELD_ACTIONS: Final = CREWS_OWN | {Action.NOTE}
LENT_ACTIONS: Final = LENT


class Kept(StrEnum):
    """What became of an action sent from the spot."""

    DONE = "done"
    INVALID = "invalid"  # something lacks; send it again with it
    CONFLICT = "conflict"  # not possible any more; what was sent is kept with the matter
    REFUSED = "refused"  # not theirs, or no such matter


@dataclass(frozen=True, slots=True)
class FieldAction:
    """One thing done at the spot; `client_id` makes it happen once, however often it is sent.

    `version` is the one the device saw. Whether the step is still possible is asked of where
    the repair stands now, so that a word of the citizen meanwhile stops nobody at the spot.
    Photos are attachments stored beforehand.
    """

    client_id: str
    case_id: int
    action: Action
    version: int = 0
    note: str = ""
    photos: tuple[tuple[PhotoStage, int], ...] = ()
    materials: tuple[tuple[int, Decimal], ...] = ()
    hours: Decimal | None = None
    cost: int | None = None
    taken_at: datetime | None = None
    lon: Decimal | None = None
    lat: Decimal | None = None
    brought: tuple[Brought, ...] = ()

    @property
    def work(self) -> Work:
        """What it hands in besides words."""
        return Work(
            self.photos,
            self.materials,
            self.hours,
            self.cost,
            self.taken_at,
            self.lon,
            self.lat,
            self.brought,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an action, in one sentence (a msgid), and where the repair stands now."""

    kept: Kept
    sentence: str
    status: Status | None = None
    version: int = 0
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        """Whether it was taken."""
        return self.kept is Kept.DONE

"""What the tree of units tells the features above it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UnitClosing:
    """A unit is about to be deactivated.

    A feature that still needs it (open work, active staff) subscribes and
    raises `ConflictError` with a sentence that says what is left to do.
    """

    unit_id: int
    now: datetime

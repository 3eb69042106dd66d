"""What clocks tell whoever subscribed, in the same transaction.

Values only; who listens is written in `app/wiring.py`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.sla.models import Clock
from app.sla.rules import ClockKind, Subject, Threshold


class ClockDid(StrEnum):
    """What happened to a clock."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    REBASED = "rebased"
    RECOMPUTED = "recomputed"
    MET = "met"
    CANCELLED = "cancelled"
    RESTED = "rested"  # another matter counts for this one


@dataclass(frozen=True, slots=True)
class ClockChanged:
    """A clock is different now; `due_before` is the date that held until then."""

    subject: Subject
    clock: Clock
    what: ClockDid
    at: datetime
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClockBreached:
    """A clock crossed a threshold; said once for each."""

    subject: Subject
    clock_id: int
    kind: ClockKind
    threshold: Threshold
    due_at: datetime
    at: datetime

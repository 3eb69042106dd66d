"""What is known of a matter that happened in another system.

A value only; `historical` writes it down.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from app.cases.kinds import Channel, Outcome, Status
from app.catalogue.rules import CaseKind, CategoryEntry, ChosenLimit, Urgency

# A matter that ended this way had its answer; any other end only stops the clock.
_ANSWERED: Final = frozenset({Status.CLOSED, Status.ANSWERED})


@dataclass(frozen=True, slots=True)
class PastCase:
    """One matter as another system kept it; words are clean and fit their columns already.

    With a `limit` its resolve clock is replayed; a `due_at` takes the place of what the
    limit would give. Without a `limit` there is no clock.
    """

    source_id: str
    kind: CaseKind
    channel: Channel
    title: str
    body: str
    unit_id: int
    opened_at: datetime
    status: Status
    place: str = ""
    region_code: str = ""
    lon: Decimal | None = None
    lat: Decimal | None = None
    crs: str = "EPSG:4490"
    category: CategoryEntry | None = None
    is_anonymous: bool = False
    replied_at: datetime | None = None
    reply_text: str = ""
    note: str = ""  # words for staff that have no time of their own
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    limit: ChosenLimit | None = None
    due_at: datetime | None = None

    @property
    def urgency(self) -> Urgency:
        """The grade of its category; other systems grade by other rules."""
        return self.category.default_urgency if self.category else Urgency.NORMAL

    @property
    def answered_at(self) -> datetime | None:
        """When what had to be done was done."""
        return self.replied_at or (self.closed_at if self.status in _ANSWERED else None)

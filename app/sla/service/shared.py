"""What every act on a clock needs: its calendar, its history, and telling whoever listens.

Not for use outside this package.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.calendars.rules import Calendars
from app.kernel import events
from app.kernel.errors import ConflictError
from app.kernel.messages import mark
from app.sla import queries, rules
from app.sla.events import ClockChanged, ClockDid
from app.sla.models import Clock
from app.sla.rules import Change, Reading


@dataclass(frozen=True, slots=True)
class Approval:
    """The decision that lets a clock stand still or run longer: its paper, who signed, why."""

    document_no: str
    approver_id: int
    reason: str = ""


def calendar_of(session: Session, clock: Clock) -> Calendars:
    """The calendars this clock counts by."""
    return calendars.load(session, clock.unit_id, region_code=clock.region_code)


def changes_of(session: Session, clock: Clock) -> list[Change]:
    """The pauses and extensions of a clock that is in the database."""
    return queries.changes_of(session, [clock.id]).get(clock.id, [])


def first_budget(clock: Clock, changes: list[Change]) -> int:
    """The budget before extensions."""
    return clock.budget - sum(change.amount for change in changes)


def replay(session: Session, clock: Clock, budget: int, changes: list[Change]) -> Reading:
    """Where the clock would stand had the calendar always been what it is now."""
    calendar = calendar_of(session, clock)
    return rules.replayed(calendar, clock.terms, budget, clock.opened_at, changes)


def check_open(clock: Clock) -> None:
    """Let only open clocks pass.

    Raises:
        ConflictError: the clock has been met or cancelled.
    """
    if not clock.is_open:
        raise ConflictError(mark("This clock has ended."))


def tell(
    session: Session, clock: Clock, what: ClockDid, at: datetime, before: datetime | None = None
) -> None:
    """Publish that the clock is different now."""
    events.publish(session, ClockChanged(clock.subject, clock, what, at, before))

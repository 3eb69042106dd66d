"""Clocks of matters that ended long ago elsewhere: how they would have stood, as rows to insert.

For imports; writes nothing and tells nobody.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from app.calendars.rules import Calendars
from app.catalogue.rules import ChosenLimit
from app.sla import rules
from app.sla.rules import Terms


def past_clock(
    calendar: Calendars,
    limit: ChosenLimit,
    *,
    opened_at: datetime,
    due_at: datetime | None,
    met_at: datetime | None,
    cancelled_at: datetime | None,
) -> dict[str, Any]:
    """The columns of one clock without its subject: begun and ended at these instants.

    A `due_at` given by somebody else holds instead of what the limit would give, as
    with `start_until`.
    """
    terms = Terms(limit.unit, limit.close_of_business)
    if due_at is None:
        reading = rules.started(calendar, terms, limit.budget, opened_at)
    else:
        seconds = max(0, int((due_at - opened_at).total_seconds()))
        reading = replace(rules.started(calendar, terms, seconds, opened_at), due_at=due_at)
    return {
        "unit": limit.unit,
        "close_of_business": limit.close_of_business,
        "budget": reading.budget,
        "spent": reading.spent,
        "opened_at": opened_at,
        "running_since": reading.running_since,
        "due_at": reading.due_at,
        "warn_at": reading.warn_at,
        "met_at": met_at,
        "cancelled_at": cancelled_at,
        "provisional": reading.provisional,
        "limit_code": limit.code,
        "basis_text": limit.basis_text,
        "basis_level": limit.basis_level,
        "is_sample": limit.is_sample,
    }

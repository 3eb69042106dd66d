"""Every read of call-backs and samples."""

from app.followups.queries.calling import (
    When,
    find_callback,
    last_ended,
    list_tries,
    list_waiting,
    situation_for,
)
from app.followups.queries.sampling import (
    find_open_check,
    involved_in,
    list_checks,
    list_draws,
    silent_closings,
)

__all__ = [
    "When",
    "find_callback",
    "find_open_check",
    "involved_in",
    "last_ended",
    "list_checks",
    "list_draws",
    "list_tries",
    "list_waiting",
    "silent_closings",
    "situation_for",
]

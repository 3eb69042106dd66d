"""Every read behind the board: its figures, the lists they stand for, and their proof."""

from app.supervision.queries.counting import (
    Counted,
    Period,
    count_all,
    due,
    ended,
    handled,
    last_event_id,
    list_units,
    opened,
    responded,
)

__all__ = [
    "Counted",
    "Period",
    "count_all",
    "due",
    "ended",
    "handled",
    "last_event_id",
    "list_units",
    "opened",
    "responded",
]

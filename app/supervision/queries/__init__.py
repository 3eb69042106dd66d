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
from app.supervision.queries.ladder import (
    get_level,
    list_levels,
    order_levels,
    reached,
    rungs,
    warned,
)

__all__ = [
    "Counted",
    "Period",
    "count_all",
    "due",
    "ended",
    "get_level",
    "handled",
    "last_event_id",
    "list_levels",
    "list_units",
    "opened",
    "order_levels",
    "reached",
    "responded",
    "rungs",
    "warned",
]

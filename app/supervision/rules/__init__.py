"""What supervision decides: the figures of the board, the ladder of levels, the life of an order.

Pure; nothing here knows a database.
"""

from app.supervision.rules.board import (
    EXACT_UP_TO,
    MEASURES,
    Level,
    Measure,
    Share,
    Spread,
    Tally,
    Window,
    Words,
    parts,
    row_path,
    since,
    spoken,
    spread,
)

__all__ = [
    "EXACT_UP_TO",
    "MEASURES",
    "Level",
    "Measure",
    "Share",
    "Spread",
    "Tally",
    "Window",
    "Words",
    "parts",
    "row_path",
    "since",
    "spoken",
    "spread",
]

"""One function for each thing supervision does; boards are drawn up beside. Callers commit."""

from app.supervision.service.board import (
    NO_BOARD,
    PRESSING,
    Asked,
    Board,
    Line,
    Named,
    asked_of,
    draw_up,
    reach_of,
    seats,
    spared,
)

__all__ = [
    "NO_BOARD",
    "PRESSING",
    "Asked",
    "Board",
    "Line",
    "Named",
    "asked_of",
    "draw_up",
    "reach_of",
    "seats",
    "spared",
]

"""What the log does by itself: calls that rang out end, broken promises are marked."""

from typing import Final

from app.interactions.service import end_missed_calls, mark_broken

END_CALLS: Final = "interactions:end_missed_calls"
MARK_BROKEN: Final = "interactions:mark_broken"

__all__ = ["END_CALLS", "MARK_BROKEN", "end_missed_calls", "mark_broken"]

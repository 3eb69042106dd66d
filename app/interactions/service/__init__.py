"""What can be done in the interaction log, each deed in the module of its subject."""

from app.interactions.service.calls import Ring, end_missed_calls, hang_up, number_of_call, ring
from app.interactions.service.promising import Given, keep, mark_broken, promise
from app.interactions.service.talking import (
    NewTalk,
    Written,
    citizen_numbered,
    do,
    get_talk,
    link_case,
    register_caller,
    settle_who,
    start,
    who_has,
    write_down,
)

__all__ = [
    "Given",
    "NewTalk",
    "Ring",
    "Written",
    "citizen_numbered",
    "do",
    "end_missed_calls",
    "get_talk",
    "hang_up",
    "keep",
    "link_case",
    "mark_broken",
    "number_of_call",
    "promise",
    "register_caller",
    "ring",
    "settle_who",
    "start",
    "who_has",
    "write_down",
]

"""What can be done with a clock. Callers own the transaction, the rights and the approvals.

Every function takes the time from outside, so history is replayed by the same code.
"""

from app.sla.service.counting import recompute_batch, sweep_breaches
from app.sla.service.ending import cancel, cancel_clock, meet, meet_clock
from app.sla.service.opening import (
    GIVEN_LIMIT,
    due_under,
    new_round,
    start,
    start_all,
    start_until,
)
from app.sla.service.resting import copy_last, go_on, rest
from app.sla.service.shared import Approval
from app.sla.service.standing import extend, pause, rebase, resume

__all__ = [
    "GIVEN_LIMIT",
    "Approval",
    "cancel",
    "cancel_clock",
    "copy_last",
    "due_under",
    "extend",
    "go_on",
    "meet",
    "meet_clock",
    "new_round",
    "pause",
    "rebase",
    "recompute_batch",
    "rest",
    "resume",
    "start",
    "start_all",
    "start_until",
    "sweep_breaches",
]

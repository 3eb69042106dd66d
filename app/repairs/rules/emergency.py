"""Which repairs cannot wait: they ring, stand first, and are driven to first (rulebook §2.4, §5).

Pure, and one definition for the board, its bell, the proposals of crews and the crews' own list;
`queries.emergencies` says the same to the database.
"""

from enum import StrEnum
from typing import Final

from app.cases.kinds import AT_WORK, Status
from app.catalogue.rules import Urgency

# Nothing has been done about it yet, whoever it lies with; put off (挂账) it was made safe before.
WAITING: Final = AT_WORK | {
    Status.REPORTED,
    Status.VERIFIED,
    Status.DISPATCHED,
    Status.RETURNING,
    Status.ADJUDICATING,
}


class Emergency(StrEnum):
    """Why a repair cannot wait."""

    DANGEROUS = "dangerous"
    CRITICAL = "critical"


def emergencies(
    status: Status, urgency: Urgency, *, is_danger: bool, is_safe: bool, is_there: bool
) -> tuple[Emergency, ...]:
    """Why it cannot wait, empty where it can.

    What is dangerous rings until the spot is safe, what is critical (特急) until somebody is there.
    """
    if status not in WAITING:
        return ()
    holds = {
        Emergency.DANGEROUS: is_danger and not is_safe,
        Emergency.CRITICAL: urgency is Urgency.CRITICAL and not is_there,
    }
    return tuple(why for why, is_so in holds.items() if is_so)

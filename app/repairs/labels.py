"""What people read for the words of repairs (msgids)."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Row

from app.cases.rules.repairing import PhotoStage
from app.kernel.messages import mark
from app.repairs.queries import emergencies_of
from app.repairs.rules import Emergency
from app.repairs.service.lending import Door

STAGES: Final[Mapping[PhotoStage, str]] = {
    PhotoStage.BEFORE: mark("Photo from before"),
    PhotoStage.SAFETY: mark("Photo of the safety measure"),
    PhotoStage.AFTER: mark("Photo of the finished work"),
}
# Why a repair cannot wait, beside its number wherever it stands in a list.
EMERGENCIES: Final[Mapping[Emergency, str]] = {
    Emergency.DANGEROUS: mark("Dangerous"),
    Emergency.CRITICAL: mark("Critical"),
}
# What whoever opens a lent link reads where it does not open.
DOORS: Final[Mapping[Door, str]] = {
    Door.UNKNOWN: mark("There is no work behind this link. Check that it is complete."),
    Door.EXPIRED: mark("This link has expired. Ask whoever gave it to you for a new one."),
    Door.REVOKED: mark("This link was taken back. Ask whoever gave it to you."),
    Door.ENDED: mark("This repair has ended. There is nothing more to do here. Thank you."),
    Door.OTHER_BROWSER: mark(
        "This link is in use on another device. Ask whoever gave it to you for one of your own."
    ),
    Door.NEEDS_CODE: mark(
        "This link was opened on another device before. Enter the code you were told with it."
    ),
    Door.WRONG_CODE: mark("This is not the code. Look at it again."),
    Door.TOO_MANY: mark("The code was wrong too often. Ask for a new link."),
}


def emergency_labels(row: Row[*tuple[Any, ...]]) -> tuple[str, ...]:
    """Why the repair of this row (`queries.emergencies_of`) cannot wait; empty where it can."""
    return tuple(EMERGENCIES[why] for why in emergencies_of(row))

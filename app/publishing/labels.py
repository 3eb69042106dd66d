"""What the public reads for a state: one English sentence each, translated at the edge.

Words for everybody: nothing in them speaks to whoever reported it.
"""

from collections.abc import Mapping
from typing import Final

from app.cases.kinds import Status
from app.cases.labels import label
from app.kernel.messages import mark

_STATES: Final[Mapping[Status, str]] = {
    Status.SUBMITTED: mark("Reported, to be confirmed"),
    Status.REPORTED: mark("Reported, to be confirmed"),
    Status.ACCEPTED: mark("Confirmed, to be repaired"),
    Status.VERIFIED: mark("Confirmed, to be repaired"),
    Status.DISPATCHED: mark("Given to the responsible unit"),
    Status.SIGNED: mark("The responsible unit has taken it on"),
    Status.HANDLING: mark("The responsible unit has taken it on"),
    Status.ON_WAY: mark("The crew is on its way"),
    Status.ON_SITE: mark("The crew is at the spot"),
    Status.REPAIRED: mark("Repaired, to be checked"),
    Status.REPLIED: mark("Repaired, to be checked"),
    Status.CHECKED: mark("Repaired and checked"),
    Status.CALLING_BACK: mark("Repaired and checked"),
    Status.SUSPENDED: mark("Waits for a later date"),
    Status.CLOSED: mark("Closed"),
    Status.NOT_FILED: mark("Not taken on"),
    Status.DECLINED: mark("Not taken on"),
    Status.REFERRED: mark("Another body is responsible"),
    Status.MERGED: mark("Dealt with together with the same report"),
    Status.WITHDRAWN: mark("Withdrawn"),
    Status.TERMINATED: mark("Ended without repair"),
}


def public_label(status: Status) -> str:
    """The English words of a state for everybody."""
    return _STATES.get(status) or label(status)

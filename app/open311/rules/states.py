"""What the states of a matter are called outside: open and closed, and the words of updates.

Pure table; a state it does not know is open, and its update says only that.
"""

from typing import Final

from app.cases.kinds import FINAL, Status

OPEN: Final = "open"
CLOSED: Final = "closed"
# The words of the updates extension FixMyStreet knows; nothing else may be said there.
_WORDS: Final = {
    Status.REPORTED: "OPEN",
    Status.SUBMITTED: "OPEN",
    Status.VERIFIED: "INVESTIGATING",
    Status.ACCEPTED: "INVESTIGATING",
    Status.DISPATCHED: "ACTION_SCHEDULED",
    Status.SIGNED: "ACTION_SCHEDULED",
    Status.ON_WAY: "IN_PROGRESS",
    Status.ON_SITE: "IN_PROGRESS",
    Status.HANDLING: "IN_PROGRESS",
    Status.SUSPENDED: "PLANNED",
    Status.REPAIRED: "FIXED",
    Status.CHECKED: "FIXED",
    Status.CLOSED: "CLOSED",
    Status.NOT_FILED: "NO_FURTHER_ACTION",
    Status.DECLINED: "NO_FURTHER_ACTION",
    Status.TERMINATED: "NO_FURTHER_ACTION",
    Status.REFERRED: "INTERNAL_REFERRAL",
    Status.MERGED: "DUPLICATE",
    Status.WITHDRAWN: "CLOSED",
}
# What a client may say in an update of its own.
UPDATE_WORDS: Final = frozenset(
    {
        *("OPEN", "CLOSED", "FIXED", "IN_PROGRESS", "PLANNED", "ACTION_SCHEDULED"),
        *("INVESTIGATING", "DUPLICATE", "NOT_COUNCILS_RESPONSIBILITY", "NO_FURTHER_ACTION"),
        *("INTERNAL_REFERRAL", "CANCELLED", "REOPEN", "FOR_TRIAGE", "UNCHANGED"),
    }
)


def state_of(status: Status) -> str:
    """`open` or `closed`; whatever came of it, what has ended or follows another is closed."""
    return CLOSED if status in FINAL or status is Status.MERGED else OPEN


def word_of(status: Status, *, is_closed: bool = False) -> str:
    """The state after an update, in the words of the extension; CLOSED once it has ended."""
    word = _WORDS.get(status, "OPEN")
    return "CLOSED" if is_closed and word == "OPEN" else word

"""What can become of a row of a list of people, and what is wrong with one that is refused.

Words only; sentences are marked for translation and hold nothing of the row itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.imports.rules import UnfitError


class Fate(StrEnum):
    """What becomes, or would become, of a row."""

    NEW = "new"
    LIKELY = "likely"  # new, and a pair for somebody to compare
    UPDATED = "updated"
    KNOWN = "known"  # here already; nothing changes
    REFUSED = "refused"


class Existing(StrEnum):
    """What to do with a row whose document is known already."""

    UPDATE = "update"
    SKIP = "skip"


class ListKind(StrEnum):
    """What an uploaded list is about."""

    CITIZENS = "citizens"
    CONTACTS = "contacts"


class ListState(StrEnum):
    """Where an uploaded list stands."""

    WAITING = "waiting"  # for somebody to say which column is what
    RUNNING = "running"
    DONE = "done"
    FORGOTTEN = "forgotten"  # its rows were erased


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a row: with whom it has to do, or what is wrong with it."""

    fate: Fate
    citizen_ids: tuple[int, ...] = ()
    problems: Sequence[UnfitError] = ()


def refused(*problems: UnfitError) -> Taken:
    """A row that is not taken over."""
    return Taken(Fate.REFUSED, problems=problems)

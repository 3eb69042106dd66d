"""What citizens tell the features above them; published inside the same transaction."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CitizensMerging:
    """Two rows are about to become one, or two again; whoever must keep them apart refuses.

    A subscriber that raises `InvalidError` keeps everything as it was, and its sentence is
    shown to whoever asked for it.
    """

    survivor_id: int
    merged_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CitizensUnmerged:
    """What had been moved is back; what came after the merge stayed with the survivor."""

    survivor_id: int
    merged_id: int
    at: datetime

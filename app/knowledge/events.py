"""What the knowledge base tells the features above it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """An article must be looked at again; told to its owner, or to its unit where there is none."""

    code: str
    title: str
    unit_id: int
    owner_id: int | None
    now: datetime


@dataclass(frozen=True, slots=True)
class RemarkMade:
    """A reader said that an article is wrong or unclear."""

    remark_id: int
    title: str
    unit_id: int
    owner_id: int | None
    now: datetime


@dataclass(frozen=True, slots=True)
class RemarkClosed:
    """A remark of a member of staff was answered."""

    remark_id: int
    title: str
    staff_id: int
    now: datetime

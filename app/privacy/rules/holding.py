"""What a line about a table says: whose data it holds, how rows are found, what becomes of them.

Pure; the lines themselves stand in `holdings`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Owner(StrEnum):
    """Whose data a row holds; also the word polymorphic rows use for it."""

    CITIZEN = "citizen"
    CASE = "case"
    TALK = "talk"  # a conversation that belongs to neither


class Fate(StrEnum):
    """What becomes of the rows."""

    DELETE = "delete"
    BLANK = "blank"  # columns lose their content, the row stays
    KEEP = "keep"  # nothing in it leads to a person, or the law wants it whole: `why` says


@dataclass(frozen=True, slots=True)
class Holding:
    """One table, how its rows are found from their owner, and what becomes of them.

    `via` is a column, `subject` for a pair of subject_type and subject_id, or a way over
    another table: `event_id>case_events.id.case_id`. `kept` gives a reason for each column
    of text that stays; `withheld` columns are not copied into a person's package, nor rows
    whose `theirs` column names somebody else.
    """

    table: str
    owner: Owner | None
    via: str
    fate: Fate
    blank: Mapping[str, object] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    withheld: frozenset[str] = frozenset()
    theirs: str = ""

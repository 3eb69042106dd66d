"""The five levels of satisfaction and where a rating comes from.

Pure. Levels and names are those of GB/T 39735-2020 (rulebook §1).
"""

from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How satisfied somebody is; the stored number."""

    VERY_SATISFIED = 5
    SATISFIED = 4
    BASICALLY_SATISFIED = 3
    DISSATISFIED = 2
    VERY_DISSATISFIED = 1

    @property
    def is_bad(self) -> bool:
        """差评: 不满意 and 非常不满意."""
        return self <= Level.DISSATISFIED


class Source(StrEnum):
    """Who gave the rating: the person, or a rule for those who gave none (off by default)."""

    ACTIVE = "active"
    DEFAULT = "default"

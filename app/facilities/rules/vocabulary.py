"""The words facilities are described in: what they are, and how they are.

Enumerations only; labels for people stand in `facilities.labels`.
"""

from enum import StrEnum


class Family(StrEnum):
    """Whether a type is a thing that stands there (部件) or something that happens (事件)."""

    COMPONENT = "component"
    EVENT = "event"


class AssetState(StrEnum):
    """How a facility stands in the register."""

    PLANNED = "planned"
    IN_USE = "in_use"
    OUT_OF_USE = "out_of_use"
    REMOVED = "removed"

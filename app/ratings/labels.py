"""What people read for the five levels; translated at the edge.

Nothing but labels.
"""

from collections.abc import Mapping
from typing import Final

from app.kernel.messages import mark
from app.ratings.rules import Level

LEVELS: Final[Mapping[Level, str]] = {
    Level.VERY_SATISFIED: mark("Very satisfied"),
    Level.SATISFIED: mark("Satisfied"),
    Level.BASICALLY_SATISFIED: mark("Basically satisfied"),
    Level.DISSATISFIED: mark("Dissatisfied"),
    Level.VERY_DISSATISFIED: mark("Very dissatisfied"),
}

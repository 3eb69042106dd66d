"""What facilities' own words are called on the screen (msgids).

Nothing but labels; whoever draws puts them into the reader's language.
"""

from collections.abc import Mapping
from typing import Final

from app.facilities.rules import AssetState, Family
from app.kernel.messages import mark

FAMILIES: Final[Mapping[Family, str]] = {
    Family.COMPONENT: mark("Thing that stands there"),
    Family.EVENT: mark("Something that happens"),
}

STATES: Final[Mapping[AssetState, str]] = {
    AssetState.PLANNED: mark("Planned"),
    AssetState.IN_USE: mark("In use"),
    AssetState.OUT_OF_USE: mark("Out of use"),
    AssetState.REMOVED: mark("Removed"),
}

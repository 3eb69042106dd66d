"""What kinds of units are called on the screen (msgids)."""

from collections.abc import Mapping
from typing import Final

from app.departments.rules import UnitKind
from app.kernel.messages import mark

KINDS: Final[Mapping[UnitKind, str]] = {
    UnitKind.BUREAU: mark("Bureau"),
    UnitKind.CENTRE: mark("Centre"),
    UnitKind.DISTRICT: mark("District"),
    UnitKind.STREET: mark("Street or town"),
    UnitKind.COMMUNITY: mark("Community or village"),
    UnitKind.ENTERPRISE: mark("Public service enterprise"),
    UnitKind.CREW: mark("Crew"),
    UnitKind.HALL: mark("Service hall"),
}

"""The register of the demo city: some sixty facilities along its streets, with plates.

Goes through the real service; codes, plates and places exist nowhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count, cycle
from typing import Any, Final

from sqlalchemy.orm import Session

from app.catalogue.service import Edit
from app.departments import queries as departments
from app.facilities import queries, service
from app.facilities.rules import AssetState
from app.facilities.rules.register import AssetDraft

_STEP: Final = 0.0016  # degrees between two things of a street, some 150 m
_PER_STREET: Final = 4
_OUT_OF_USE: Final = 23  # one thing that is fenced off for good
# Type, letters of its plate, unit that owns it; lamps most, as in a real street.
_THINGS: Final = (
    ("0120", "LD", "LIGHT"),
    ("0101", "SS", "WATER"),
    ("0120", "LD", "LIGHT"),
    ("0103", "YS", "DRAIN"),
    ("0120", "LD", "LIGHT"),
    ("0303", "GX", "CLEAN"),
    ("0120", "LD", "LIGHT"),
    ("0203", "GJ", "BUS"),
    ("0117", "XH", "WATER"),
    ("0401", "SM", "YLJ"),
    ("0102", "WS", "DRAIN"),
    ("0209", "HL", "JJ"),
    ("0211", "BP", "JJ"),
    ("0210", "XD", "JJ"),
    ("0301", "GC", "CLEAN"),
    ("0125", "JS", "TYJ"),
    ("0110", "RQ", "GAS"),
)
# Where the streets of each district lie, around the middle of the district.
_MIDDLES: Final[Mapping[str, tuple[float, float]]] = {
    "990101": (83.0414, 39.0621),
    "990102": (82.9205, 39.0323),
    "990103": (82.9621, 38.9366),
    "990104": (83.0812, 38.9704),
}
_CORNERS: Final = ((-0.012, -0.008), (0.009, -0.006), (-0.01, 0.007), (0.011, 0.009))


@dataclass(frozen=True, slots=True)
class _Street:
    code: str
    places: Sequence[str]
    at: tuple[float, float]


def register(session: Session, city: Mapping[str, Any], *, now: datetime) -> int:
    """Put the facilities of the described city into the register; gives how many."""
    edit = Edit(now=now, actor=None, note="shipped")
    things = cycle(_THINGS)
    numbers = count(1)
    made = 0
    for street in _streets(city):
        for place in range(_PER_STREET):
            code, letters, owner = next(things)
            number = next(numbers)
            unit = departments.find_by_code(session, owner)
            draft = AssetDraft(
                plate=f"{letters}-{number:04}",
                type_id=queries.get_type_by_code(session, code).id,
                place=f"{street.places[place % len(street.places)]} {2 * number + 1} 号旁",
                region_code=street.code,
                lon=round(street.at[0] + place * _STEP, 6),
                lat=round(street.at[1] + (place % 2) * _STEP / 3, 6),
                owner_unit_id=unit.id if unit else None,
                state=AssetState.OUT_OF_USE if number == _OUT_OF_USE else AssetState.IN_USE,
                built_on=date(2008 + number % 15, 1 + number % 12, 1 + number % 27),
            )
            service.add_asset(
                session, draft, bounds=None, today=now.date(), edit=edit, is_sample=True
            )
            made += 1
    return made


def _streets(city: Mapping[str, Any]) -> Iterator[_Street]:
    for region in city["regions"]:
        lon, lat = _MIDDLES[region["code"]]
        for street, (east, north) in zip(region["streets"], _CORNERS, strict=True):
            yield _Street(street["code"], street["places"], (lon + east, lat + north))

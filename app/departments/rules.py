"""What a unit is, and how the tree of units is written down.

Pure: paths are text, the table lives in `models`.
"""

import re
from enum import StrEnum
from typing import Final

# Administrative division: province 2, city 4, district 6, street 9, community 12 digits
# (GB/T 2260, GB/T 10114). Demo cities use 99xxxx, which no division has.
_REGION: Final = re.compile(r"(?:\d{2}|\d{4}|\d{6}|\d{9}|\d{12})?")
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,31}")
# A district's government stands for the place in the tree of units; people choose the place.
_BODIES: Final = ("人民政府", "政府", "办事处", " People's Government", " Government", " Office")


class UnitKind(StrEnum):
    """What sort of body a unit is."""

    BUREAU = "bureau"
    CENTRE = "centre"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    ENTERPRISE = "enterprise"
    CREW = "crew"
    HALL = "hall"


def may_lead(kind: UnitKind) -> bool:
    """Whether a matter may be sent to such a unit; a crew gets its work from its own unit."""
    return kind is not UnitKind.CREW


def path_below(parent_path: str, unit_id: int) -> str:
    """The path of a unit directly under `parent_path`; an empty parent is the root."""
    return f"{parent_path or '/'}{unit_id}/"


def is_within(path: str, ancestor_path: str) -> bool:
    """Whether `path` is the ancestor itself or anything under it."""
    return path.startswith(ancestor_path)


def is_region_code(text: str) -> bool:
    """Whether the text is a division code of 2, 4, 6, 9 or 12 digits, or empty."""
    return _REGION.fullmatch(text) is not None


def is_unit_code(text: str) -> bool:
    """Whether the text is capitals, digits and hyphens, 2 to 32 of them."""
    return _CODE.fullmatch(text) is not None


def place_name(unit_name: str) -> str:
    """The place a territorial unit is named after: 青禾区 for 青禾区人民政府."""
    for body in _BODIES:
        if unit_name.endswith(body) and unit_name != body:
            return unit_name.removesuffix(body)
    return unit_name

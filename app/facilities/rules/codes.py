"""Codes of facility types and the sixteen digits of an asset (rulebook §5).

An asset is region 6 + class 2 + subclass 2 + serial 6. Pure: knows no table.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from app.facilities.rules.vocabulary import Family
from app.kernel.text import clean_line, digits

CATEGORY_MARK: Final = "F"  # the catalogue's codes of facilities: F0120, FE0101
LAST_SERIAL: Final = 999_999
_EVENT_MARK: Final = "E"
_TYPE: Final = re.compile(r"E?\d{4}")
_ASSET: Final = re.compile(r"\d{16}")
_REGION, _CLASSES = 6, 10


@dataclass(frozen=True, slots=True)
class AssetCode:
    """The parts of an asset's code."""

    region: str
    type_code: str
    serial: int

    def __str__(self) -> str:
        return f"{self.region}{self.type_code}{self.serial:06d}"


def is_type_code(text: str) -> bool:
    """Whether it is class and subclass of a component, or of an event behind an E."""
    return _TYPE.fullmatch(text) is not None


def family_of(type_code: str) -> Family:
    """What a type's code says it is."""
    return Family.EVENT if type_code.startswith(_EVENT_MARK) else Family.COMPONENT


def class_of(type_code: str) -> str:
    """The class a type belongs to: 01 of 0120, E01 of E0101."""
    return type_code[:-2]


def category_code(type_code: str) -> str:
    """The code of the category that stands for a type, or for a class of types."""
    return f"{CATEGORY_MARK}{type_code}"


def read_code(text: str) -> AssetCode | None:
    """The parts of what was typed, spaces and hyphens aside; None if it is no such code."""
    said = re.sub(r"[\s-]", "", digits(text))
    if not _ASSET.fullmatch(said):
        return None
    serial = int(said[_CLASSES:])
    return AssetCode(said[:_REGION], said[_REGION:_CLASSES], serial) if serial else None


def stem(region_code: str, type_code: str) -> str:
    """The first ten digits of the assets of a type in a district."""
    return f"{region_code[:_REGION]}{type_code}"


def plate_of(text: str) -> str:
    """A plate's number in the one spelling the register has: half-width, capital letters."""
    return clean_line(unicodedata.normalize("NFKC", text)).upper()


def address_of(code: str, plate: str) -> str:
    """Where the public page of a facility is: by the number people read on its plate.

    Slashes stay, everything else reserved is escaped; a number that addresses cannot carry as it
    is (`A//1`, `..`) gives way to the sixteen digits.
    """
    is_plain = not {"", ".", ".."} & set(plate.split("/"))
    return f"/f/{quote(plate if is_plain else code)}"

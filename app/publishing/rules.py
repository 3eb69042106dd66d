"""What may be released, how exactly a place is told, and which part of a photo is hidden.

Pure; the pictures themselves are drawn at the edge.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Final

from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import mask_free_text

# 0.001° of latitude are 111 m, of longitude in China 70 to 105 m.
_CELL: Final = Decimal("0.001")
_SHARES: Final = 1000  # a box is told in thousandths of the picture's width and height
_SIDES: Final = 4
MOST_BOXES: Final = 20

_HIDDEN: Final = "**"
# Which house, not which gate, well or lamp: those are things in the street.
_HOUSE: Final = re.compile(
    r"(?<![0-9月])(?:第\s*)?[0-9０-９一二三四五六七八九十百千甲乙丙丁]+(?:[\-－~之]\d+)*\s*"
    r"(?P<what>号(?:楼|院)?(?![线井杆灯桥台口闸泵箱]|门(?![前口]))|弄|栋|幢|单元|室)"
)
_HOUSE_EN: Final = re.compile(
    r"\b(?P<what>(?:No|Room|Flat|Apt|Unit)\.?)\s*\d[\w\-]*", re.IGNORECASE
)


class PublicState(StrEnum):
    """What the public tells apart (GeoReport v2 knows no more)."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a photo to make unrecognisable, in thousandths of its width and height."""

    x: int
    y: int
    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.x},{self.y},{self.width},{self.height}"


def mask_words(text: str) -> str:
    """Typed words as they may be published: no number that names somebody, no house number.

    Public pages never show identity numbers, telephones or house numbers (rulebook §7). A name
    in a sentence is for the eyes of whoever releases it.
    """
    masked = mask_free_text(text)
    masked = _HOUSE.sub(lambda found: _HIDDEN + found["what"], masked)
    return _HOUSE_EN.sub(lambda found: f"{found['what']} {_HIDDEN}", masked)


def to_cell(degrees: Decimal) -> Decimal:
    """A coordinate to about 100 m: what is left is a neighbourhood, not a door."""
    return degrees.quantize(_CELL, ROUND_HALF_EVEN)


def read_boxes(text: str) -> tuple[Box, ...]:
    """Boxes as a form carries them: `x,y,width,height` in thousandths, blanks between them.

    Raises:
        InvalidError: not four whole numbers, outside the picture, or too many.
    """
    boxes = tuple(_box(part) for part in text.split())
    if len(boxes) > MOST_BOXES:
        raise InvalidError(mark("Hide at most 20 parts of one photo, or leave the photo out."))
    return boxes


def _box(text: str) -> Box:
    parts = text.split(",")
    if len(parts) != _SIDES or not all(part.isdecimal() and len(part) <= _SIDES for part in parts):
        raise InvalidError(mark("A part to hide is given as left, top, width and height."))
    box = Box(*(int(part) for part in parts))
    is_inside = box.x + box.width <= _SHARES and box.y + box.height <= _SHARES
    if not (box.width and box.height and is_inside):
        raise InvalidError(mark("A part to hide lies inside the photo and has a size."))
    return box


def spell_boxes(boxes: Sequence[Box]) -> str:
    """The same as a form carries them."""
    return " ".join(str(box) for box in boxes)

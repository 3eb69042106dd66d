"""Addresses in their parts, as far as they can be told, beside the words as they were given.

Reads no map and no register; what it cannot tell stays in the words.
"""

import re
import unicodedata
from dataclasses import asdict, dataclass
from typing import Final

from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import clean_line

LONGEST: Final = 200
_SHORTEST: Final = 2
_DIGITS: Final = r"[\dA-Za-z零〇一二三四五六七八九十百]"
_HAN_BLANK: Final = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")

# Read from left to right, each where the one before it ended (rulebook §8).
_STEPS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("province", re.compile(r"[^省市区县]{2,8}?(?:省|自治区|特别行政区)")),
    ("city", re.compile(r"[^省市区县街道路号]{2,9}?(?:市|自治州|地区|盟)")),
    (
        "district",
        re.compile(r"[^省市街道路号]{1,9}?(?:自治县|林区|特区|新区|开发区|(?<!小)区|县|旗|市)"),
    ),
    ("street", re.compile(r"[^路号]{1,12}?(?:街道(?:办事处)?|镇|苏木|乡)")),
    ("community", re.compile(r"[^路街号]{1,14}?(?:社区|居委会|村委会|嘎查|村)")),
    ("road", re.compile(r"[^号幢栋室]{1,18}?(?:大街|大道|胡同|路|街|巷|弄|道)")),
    (
        "house",
        re.compile(rf"(?:{_DIGITS}|[-—－之甲乙丙丁]){{1,10}}号(?!楼)(?:院|附{_DIGITS}{{1,4}}号)?"),
    ),
    (
        "estate",
        re.compile(r"[^\d号幢栋室]{2,18}?(?:小区|花园|家园|公寓|新村|苑|园|里|院|大厦|城)(?!小区)"),
    ),
    ("building", re.compile(rf"{_DIGITS}{{1,6}}(?:号楼|幢|栋|座|楼|#)")),
    ("entrance", re.compile(rf"{_DIGITS}{{1,4}}(?:单元|门|梯)")),
    ("room", re.compile(rf"{_DIGITS}{{1,8}}(?:室|房|户)|[\dA-Za-z]{{3,6}}(?=$)")),
)
_GAP: Final = re.compile(r"[\s,，、;；\-—]*")


@dataclass(frozen=True, slots=True)
class Parts:
    """省 市 区县 街道 社区 路 门牌 小区 楼 单元 室; empty where the words do not say."""

    province: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    community: str = ""
    road: str = ""
    house: str = ""
    estate: str = ""
    building: str = ""
    entrance: str = ""
    room: str = ""

    def told(self) -> dict[str, str]:
        """The parts that are known, by name."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True)
class Address:
    """The words as they were given, and their parts."""

    text: str
    parts: Parts


def read_address(text: str) -> Address:
    """The address somebody typed.

    Raises:
        InvalidError: it is too short to be one, or too long.
    """
    line = clean_line(text)
    if len(line) < _SHORTEST:
        raise InvalidError(mark("Write a little more."))
    if len(line) > LONGEST:
        raise InvalidError(mark("This is too long. Shorten it."))
    return Address(line, parts_of(line))


def parts_of(text: str) -> Parts:
    """The parts of an address, read from left to right."""
    line = _HAN_BLANK.sub("", unicodedata.normalize("NFKC", text))
    found: dict[str, str] = {}
    at = 0
    for name, shape in _STEPS:
        start = _gap_after(line, at)
        if match := shape.match(line, start):
            found[name] = match[0]
            at = match.end()
    return Parts(**found)


def household_of(text: str) -> str:
    """By what two addresses count as one dwelling; empty where no room or house is named."""
    parts = parts_of(text)
    if not (parts.room or parts.house):
        return ""
    near = (parts.road, parts.house, parts.estate, parts.building, parts.entrance, parts.room)
    return "|".join((parts.district, *near)).casefold()


def _gap_after(line: str, at: int) -> int:
    gap = _GAP.match(line, at)
    return gap.end() if gap else at

"""Shows single fields in part, as lists may show them (domain-rulebook.md §7).

Takes values that are already in one spelling; free text is for `masking.py`.
"""

import re
from typing import Final

MASK: Final = "****"

_COMPOUND_SURNAMES: Final = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容"
    "仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐"
    "段干百里呼延东郭南门羊舌微生公户公玉梁丘左丘东门西门第五"
)
_COMPOUND = frozenset(
    _COMPOUND_SURNAMES[at : at + 2] for at in range(0, len(_COMPOUND_SURNAMES), 2)
)


def surname(name: str) -> str:
    """欧阳 of 欧阳修, 张 of 张三; the last word of a Latin name; empty of an empty one."""
    name = name.strip()
    if name.isascii():
        return name.split()[-1] if name else ""
    return name[:2] if name[:2] in _COMPOUND else name[:1]


def mask_name(name: str) -> str:
    """张* for 张三, 张*丰 for 张三丰, 欧阳* for 欧阳修; J*** S*** for Latin names."""
    name = name.strip()
    if name.isascii():
        return " ".join(f"{part[0]}***" for part in name.split())
    first = surname(name)
    given = name[len(first) :]
    if not given:
        return f"{name[:1]}*" if len(name) > 1 else "*"
    return f"{first}*{given[-1] if len(given) > 1 else ''}"


def mask_phone(number: str) -> str:
    """138****5678; 010-****5678 for a landline; only the last two of a short number."""
    if mobile := re.fullmatch(r"(?:\+?86)?(1\d{2})\d{4}(\d{4})", number):
        return f"{mobile[1]}****{mobile[2]}"
    if landline := re.fullmatch(r"(0(?:10|2\d|[3-9]\d{2}))-?\d{3,4}(\d{4})", number):
        return f"{landline[1]}-****{landline[2]}"
    shown = 4 if len(number) >= 8 else 2  # noqa: PLR2004  # of seven digits four say too much
    return f"****{number[-shown:]}" if len(number) > shown else MASK


def mask_id(number: str, *, head: int = 3, tail: int = 3) -> str:
    """110************02X; the window's own view may ask for `head=6, tail=4`.

    Documents shorter than 15 signs (passports, permits) show two and two.
    """
    if len(number) < 15:  # noqa: PLR2004  # the shortest national identity number
        head = tail = 2
    hidden = len(number) - head - tail
    return number[:head] + "*" * hidden + number[-tail:] if hidden > 0 else MASK


def mask_email(address: str) -> str:
    """a***@example.org."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}***@{domain}" if at else MASK


# Nothing finer stands before a street office; 小区 is a housing estate, not a district.
_TO_STREET = re.compile(r"^(?:(?!小区)[^\d号栋幢座楼室])*?(?:街道|社区|[镇乡])")
_TO_DISTRICT = re.compile(r"^(?:[^省市区县旗\d号栋幢座楼室]{1,12}(?:[省市县旗]|(?<!小)区)){1,4}")


def mask_address(address: str) -> str:
    """The address down to its 街道 or 社区, else to its district; the rest is `***`."""
    known = _TO_STREET.match(address) or _TO_DISTRICT.match(address)
    return f"{known[0] if known else ''}***"

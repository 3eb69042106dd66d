"""Hides in free text the numbers and addresses that name a person, before it is published.

Errs towards hiding; cannot know a name or a street in free text, so a person still previews.
"""

import re
import unicodedata
from typing import Final

from app.kernel.text.fields import MASK

# Patterns in verbose mode: blanks in them mean nothing, so a blank is written [ ].
_GAP: Final = r"[ \t\-_·.\u200b-\u200d\ufeff\u00ad]"
_ALONE: Final = r"(?<!\d)"
_END: Final = r"(?!\d)"
_NOT_A_DATE: Final = r"(?! (?:1[6-9]|20|21)\d\d [-./ ] \d{1,2} [-./ ] \d{1,2} (?!\d))"
_COUNTRY: Final = rf"(?: (?:\+|00)? 86 {_GAP}{{0,2}} )?"


def _gapped(*signs: str) -> str:
    return f"{_GAP}?".join(signs)


def _grouped(*groups: str) -> str:
    return f"{_GAP}{{1,3}}".join(groups)


_EMAIL = r"[\w.%+\-]{1,64} [ ]?@[ ]? (?:[a-z0-9\-]{1,63}\.){1,8} [a-z]{2,24}"

_MONTH_DAY = _gapped(r"(?:0", r"[1-9]|1", r"[0-2])", r"(?:0", r"[1-9]|[12]", r"\d|3", r"[01])")
_IDENTITY_NUMBERS = (
    # 18 signs with a birth date in the middle, whatever stands between them
    _ALONE
    + _NOT_A_DATE
    + _gapped("[1-9]", *[r"\d"] * 5, "(?:1", "[89]|2", "0)", r"\d\d", _MONTH_DAY)
    + rf"(?:{_GAP}?\d){{3}} {_GAP}? [\dx] {_END}",
    # 17 digits and a check sign in one run, though the date is mistyped; not a time stamp
    rf"{_ALONE} (?!20\d\d[01]\d[0-3]\d) [1-9]\d{{16}}[\dx] {_END}",
    # 15 digits, until 1999
    rf"""{_ALONE} (?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|99)\d{{4}} [ \-]?
    \d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]) [ \-]? \d{{3}} {_END}""",
    # foreigners' residence permit until 2023
    rf"(?<![a-z0-9]) [a-z]{{3}}\d{{12}} {_END}",
    # passports and travel permits
    r"(?<![a-z0-9]) (?: [cdeghmpsw]\d{8}(?:\d\d)? | e[a-z]\d{7} ) (?![a-z0-9])",
    # Hong Kong identity card
    r"(?<![a-z0-9]) [a-z]{1,2}\d{6}\([0-9a]\)",
)
_CARDS = (
    rf"{_ALONE} [3-69]\d{{15,18}} {_END}",
    rf"{_ALONE} [3-69]\d{{3}} (?:[ \-]\d{{4}}){{3}} (?:[ \-]?\d{{1,3}})? {_END}",
)
_MOBILE_GROUPS = "|".join(
    (
        r"1[3-9]\d{9}",
        _grouped(r"1[3-9]\d", r"\d{4}", r"\d{4}"),
        _grouped(r"1[3-9]\d", r"\d{3}", r"\d{5}"),
        _grouped(r"1[3-9]\d{2}", r"\d{3}", r"\d{4}"),
        _grouped(r"1[3-9]\d", r"\d{8}"),
        _grouped(r"1[3-9]\d{3}", r"\d{6}"),
        _grouped(r"1[3-9]\d{5}", r"\d{4}"),
        _grouped("1", "[3-9]", *[r"\d"] * 9),
    )
)
_AFTER_PHONE = r"""(?:
    (?<=电话)|(?<=手机)|(?<=微信)|(?<=号码)|(?<=联系)|(?<=座机)|(?<=致电)|(?<=拨打)
    |(?<=phone)|(?<=mobile)|(?<=tel) ) (?P<said> [是为号:\s]{0,4} )"""
_AREA = r"0(?:10|2\d|[3-9]\d{2})"
_PHONES = (
    f"{_ALONE} {_COUNTRY} {_NOT_A_DATE} (?:{_MOBILE_GROUPS}) {_END}",
    rf"""{_AFTER_PHONE}
    (?: 1{_GAP}{{0,2}}[3-9] (?:{_GAP}{{0,2}}\d){{9}} | [2-8]\d{{2,3}} [ \-]? \d{{4}} ) {_END}""",
    # landlines with their area code
    rf"""{_ALONE} {_COUNTRY} (?: {_AREA} | \({_AREA}\) ) [ \-_]{{0,3}}
    [2-8]\d{{2,3}} [ \-]? \d{{4}} {_END}""",
)
_PLATES = (
    # province, office, five signs or six on new energy, one of them a digit
    rf"""[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领] {_GAP}{{0,2}} [a-z]
    (?= (?:{_GAP}{{0,2}}[a-z]){{0,5}} {_GAP}{{0,2}} \d ) {_GAP}{{0,2}} [a-z0-9]
    (?:{_GAP}?[a-z0-9]){{3,4}} {_GAP}? [a-z0-9挂学警港澳使领] (?![a-z0-9])""",
    rf"[使领] {_GAP}? \d{{3}} {_GAP}? \d{{3}} {_END}",
)
_PERSONAL = re.compile(
    "|".join(f"(?:{each})" for each in (_EMAIL, *_IDENTITY_NUMBERS, *_CARDS, *_PHONES, *_PLATES)),
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)

# Every pattern asks for one of these; most short texts hold none, and the search is dear.
_HINT = re.compile("[0-9@]")

# Folded sign by sign, so that a place in the folded text is the same place in the original.
_WIDE = re.compile("(?![0-9])\\d|[！-～]|[\u3000\u00a0\u2000-\u200a\u202f]|[‐-―−﹣]")
_SPELT = re.compile(
    "[〇零○一二三四五六七八九幺两]|[\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u2460-\u2468"
    "\u24ea\u24f5-\u24fd\u2776-\u277e\u2780-\u2788\u278a-\u2792]"
)
_CHINESE_DIGITS = dict(zip("〇零○一二三四五六七八九幺两", "00012345678912", strict=True))


def mask_free_text(text: str) -> str:
    """The text for publication: every number or address that names a person is `****`.

    Hidden are identity numbers (18 and 15 signs, passports, travel permits), mobile and
    landline numbers, car plates, e-mail addresses and bank cards; also with blanks or
    hyphens inside, in full-width signs or in Chinese digits. Dates, amounts, house
    numbers and our own case numbers stay.
    """
    wide = _WIDE.sub(_half_width, text)
    text, wide = _hide(text, wide)
    if _SPELT.search(wide) is None:
        return text
    # Apart, because in "①17900001111" the first sign numbers a list.
    return _hide(text, _SPELT.sub(_digit, wide))[0]


def _hide(text: str, folded: str) -> tuple[str, str]:
    if _HINT.search(folded) is None:
        return text, folded
    shown: list[str] = []
    kept: list[str] = []
    at = 0
    for match in _PERSONAL.finditer(folded):
        start = match.end("said") if match["said"] else match.start()
        shown += [text[at:start], MASK]
        kept += [folded[at:start], MASK]
        at = match.end()
    return "".join([*shown, text[at:]]), "".join([*kept, folded[at:]])


def _half_width(match: re.Match[str]) -> str:
    sign = match[0]
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    if "！" <= sign <= "～":
        return chr(ord(sign) - 0xFEE0)
    return "-" if unicodedata.category(sign) in {"Pd", "Sm"} else " "


def _digit(match: re.Match[str]) -> str:
    return _CHINESE_DIGITS.get(match[0]) or str(unicodedata.digit(match[0]))

"""Cleans what people type without changing what they mean.

Keeps emoji, Chinese punctuation and line breaks; knows no field names.
"""

import re
import unicodedata
from typing import Final

_BREAKS: Final = re.compile("\r\n|[\r\u2028\u2029\x85]")
# Control characters; marks that reverse the reading order (they can disguise
# a text); the byte order mark; code points that are never characters.
_NEVER: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
# Full-width letters and digits only: full-width punctuation is proper Chinese.
_HALF_WIDTH: Final = {
    wide: wide - 0xFEE0
    for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
    for wide in range(first, last + 1)
} | {0x3000: 0x20}


def clean(typed: str) -> str:
    """The text as it will be stored: composed, half-width digits, no control characters."""
    text = _BREAKS.sub("\n", typed)
    text = _NEVER.sub("", text).translate(_HALF_WIDTH)
    return unicodedata.normalize("NFC", text).strip()

"""Takes out of typed text what no person meant to put in.

Never rewrites the characters of free text: a rare character in a name is that name.
"""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Controls, halves of surrogate pairs (no database takes them), invisible signs that
# reorder or hide text, and code points that are no characters. The joiner U+200D and
# variation selectors stay: emoji are made of them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u00ad\u061c\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff]"
)
_BLANKS = re.compile(r"\s+")
_BETWEEN_DIGITS = re.compile(r"[\s\-‐-―−_]+")
_LONGEST_NUMBER = 18  # digits; what the keys of both databases can hold
_COUNTRY = re.compile(r"^(?:\+|00)86(?=[01]\d{9})|^86(?=1\d{10}$)")


def clean(text: str) -> str:
    """Free text without control characters; lines end in one newline, ends are trimmed."""
    if text.isprintable():  # then nothing below could find anything
        return text.strip()
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text)).strip()


def clean_line(text: str) -> str:
    """As `clean`, on one line, with single blanks."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return _BLANKS.sub(" ", clean(text)).strip()


def identifier(text: str) -> str:
    """A number or code in one spelling: half-width, upper case, no blanks, no hyphens."""
    return digits(text).upper()


def digits(text: str) -> str:
    """Full-width signs made half-width; blanks and hyphens between digits gone.

    Other signs stay, so that a check afterwards can still say what is wrong.
    """
    return _BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", clean(text)))


def phone(text: str) -> str:
    """A telephone number in one spelling, without China's country code."""
    plain = re.sub(r"[().（）·]", "", digits(text))
    return _COUNTRY.sub("", plain)


def whole_number(text: str) -> int | None:
    """The number these digits are, if a database can hold it."""
    is_number = text.isdecimal() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_number else None

"""Telephone numbers and e-mail addresses in one spelling, or a sentence about what is wrong.

Knows shapes (rulebook §8), not whether anybody answers there.
"""

import re
from dataclasses import dataclass
from typing import Final

from app.citizens.rules.kinds import ContactKind
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import clean_line, digits
from app.kernel.text import phone as spelt

_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_LANDLINE: Final = re.compile(r"0(?:10|2\d|[3-9]\d{2})[1-9]\d{6,7}")
_SERVICE: Final = re.compile(r"[48]00\d{7}|9[56]\d{3,5}|1[012]\d{1,3}|12\d{3}")
_ABROAD: Final = re.compile(r"(?:\+|00)(?!86)[1-9]\d{6,13}")
_WITHOUT_AREA: Final = re.compile(r"[2-8]\d{6,7}")
_NATIONAL: Final = re.compile(r"(?:\+|00)86(?=[1-9]\d{8,10}$)")
_EXTENSION: Final = re.compile(
    r"(?P<number>.{7,}?)(?:转|分机|ext\.?|x|#|,|，|-(?=\d{1,5}$))\s*(?P<extension>\d{1,6})",
    re.IGNORECASE,
)
_LONGEST_EMAIL: Final = 254
_EMAIL: Final = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}"
)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in one spelling; an extension behind a switchboard stands apart."""

    kind: ContactKind
    number: str
    extension: str = ""

    def __str__(self) -> str:
        return f"{self.number}转{self.extension}" if self.extension else self.number


def read_phone(text: str) -> Phone:
    """The telephone somebody typed, with or without country code, blanks, brackets, extension.

    Raises:
        InvalidError: nobody can be called under it; the sentence says why.
    """
    number = _plain(text)
    if kind := _kind_of(number):
        return Phone(kind, number)
    if split := _EXTENSION.fullmatch(digits_kept(text)):
        number = _plain(split["number"])
        if _LANDLINE.fullmatch(number) or _SERVICE.fullmatch(number):
            return Phone(ContactKind.LANDLINE, number, split["extension"])
    raise InvalidError(_why(number))


def read_email(text: str) -> str:
    """The e-mail address, its domain in small letters.

    Raises:
        InvalidError: it is none.
    """
    address = digits_kept(text).replace(" ", "")
    local, _, domain = address.rpartition("@")
    address = f"{local}@{domain.lower()}"
    is_odd = ".." in local or local.startswith(".") or local.endswith(".")
    if is_odd or len(address) > _LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        raise InvalidError(mark("An e-mail address looks like name@example.org."))
    return address


def base_of(stored: str) -> str:
    """The number without its extension, by which it is found."""
    return stored.partition("转")[0]


def digits_kept(text: str) -> str:
    """The line with full-width signs made half-width; hyphens and blanks stay."""
    line = clean_line(text)
    return line.translate({0xFF01 + at: 0x21 + at for at in range(94)} | {0x3000: " "})


def _plain(text: str) -> str:
    bare = re.sub(r"[()（）·.]", "", digits(text))
    number = spelt(text)
    if _NATIONAL.match(bare) and not _MOBILE.fullmatch(number):
        return "0" + _NATIONAL.sub("", bare).removeprefix("0")
    return re.sub(r"^00", "+", number) if _ABROAD.fullmatch(number) else number


def _kind_of(number: str) -> ContactKind | None:
    if _MOBILE.fullmatch(number):
        return ContactKind.MOBILE
    is_line = _LANDLINE.fullmatch(number) or _SERVICE.fullmatch(number) or _ABROAD.fullmatch(number)
    return ContactKind.LANDLINE if is_line else None


def _why(number: str) -> str:
    if _WITHOUT_AREA.fullmatch(number):
        return mark("Put the area code before it, for example 010.")
    if re.fullmatch(r"1\d{5,}", number):
        return mark("A mobile number has 11 digits and begins with 13 to 19.")
    return mark("This is no telephone number. Check the digits.")

"""Documents and numbers that say who somebody is: their shape, their check signs, their meaning.

Format, date and check sign only (rulebook §8): region codes come and go, and no register is
asked. Library tables refuse good numbers of residents from Hong Kong, Macao and Taiwan.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.citizens.rules.kinds import IdentifierKind, PartyKind
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import identifier

_PERSON_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PERSON_SIGNS: Final = "10X98765432"
_ORGANISATION_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I, O, S, V, Z
_ORGANISATION_LENGTH: Final = 18
_SHORTEST_OTHER, _LONGEST_OTHER = 2, 40
_OLDEST: Final = 1850

_EIGHTEEN: Final = re.compile(r"[1-9]\d{16}[\dX]")
_HMT: Final = re.compile(r"8[123]0000")
# 9, the province that issued it, the nationality as three digits (ISO 3166-1).
_FOREIGNER: Final = re.compile(r"9(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])\d{3}")
_SHAPES: Final[Mapping[IdentifierKind, re.Pattern[str]]] = {
    IdentifierKind.FOREIGN_PERMANENT_OLD: re.compile(r"[A-Z]{3}\d{12}"),
    IdentifierKind.HM_PERMIT: re.compile(r"[HM]\d{8}"),
    IdentifierKind.TW_PERMIT: re.compile(r"\d{8}"),
    IdentifierKind.PASSPORT: re.compile(r"(?=(?:[A-Z]*\d){5})[A-Z0-9]{6,9}"),
}
_NUMBERED_PERSON: Final = frozenset(
    {
        IdentifierKind.RESIDENT_ID,
        IdentifierKind.HMT_RESIDENCE,
        IdentifierKind.FOREIGN_PERMANENT,
    }
)
# Somebody has one of each, and may hold several passports.
_ONLY_ONE: Final = _NUMBERED_PERSON | {IdentifierKind.USCC}

_CHECK_SIGN: Final = mark("The last sign does not fit the others: a sign was mistyped.")
_NO_DATE: Final = mark("The middle of this number is no date of birth.")
_OF_OLD: Final = mark(
    "Numbers of 15 digits are not valid any more. Copy the 18 signs of today's card."
)
_NOT_THIS_KIND: Final = mark("This is no number of the kind of document you chose.")
_UNKNOWN: Final = mark("This is no number of a document we know. Choose its kind, or check it.")
_WRONG_LETTERS: Final = mark(
    "A social credit code has 18 signs: digits and capital letters without I, O, S, V and Z."
)


@dataclass(frozen=True, slots=True)
class Identity:
    """A document's number in its one spelling, and what it tells of its holder."""

    kind: IdentifierKind
    value: str
    birth_on: date | None = None


def read(text: str) -> Identity | None:
    """The document somebody typed or scanned; None if it is none, or a sign is wrong."""
    try:
        return check(text)
    except InvalidError:
        return None


def check(text: str, kind: IdentifierKind | None = None) -> Identity:
    """The document, its kind recognised where none is chosen.

    Raises:
        InvalidError: it is no such number; the sentence says what is wrong with it.
    """
    value = identifier(text)
    if kind is None:
        kind = recognise(value)
    if kind is None:
        raise InvalidError(_OF_OLD if re.fullmatch(r"\d{15}", value) else _UNKNOWN)
    return _READERS.get(kind, _read_shape)(kind, value)


def recognise(value: str) -> IdentifierKind | None:
    """What kind of document a number in its one spelling looks like, right or mistyped."""
    if _EIGHTEEN.fullmatch(value) and (_person_date(value) or not _is_organisation(value)):
        return _kind_of_eighteen(value)
    if len(value) == _ORGANISATION_LENGTH and value.isascii() and value.isalnum():
        return IdentifierKind.USCC
    return next((kind for kind, shape in _SHAPES.items() if shape.fullmatch(value)), None)


def check_sign(seventeen: str) -> str:
    """The last sign of an identity number, MOD 11-2 (GB 11643)."""
    pairs = zip(_PERSON_WEIGHTS, seventeen, strict=True)
    return _PERSON_SIGNS[sum(weight * int(digit) for weight, digit in pairs) % 11]


def organisation_check_sign(seventeen: str) -> str:
    """The last sign of a unified social credit code (GB 32100): weights 3^i mod 31."""
    total = sum(
        pow(3, at, 31) * _ORGANISATION_SIGNS.index(sign) for at, sign in enumerate(seventeen)
    )
    return _ORGANISATION_SIGNS[(31 - total % 31) % 31]


def contradiction(
    party: PartyKind, identities: Iterable[Identity], birth_year: int | None = None
) -> str | None:
    """Why these documents cannot be one party's, as a sentence; None if they can."""
    known = list(identities)
    if party is PartyKind.ORGANISATION:
        if any(each.kind not in (IdentifierKind.USCC, IdentifierKind.OTHER) for each in known):
            return mark("An organisation has no identity document of a person.")
    elif any(each.kind is IdentifierKind.USCC for each in known):
        return mark("A social credit code belongs to an organisation, not to a person.")
    for kind in _ONLY_ONE:
        if len({each.value for each in known if each.kind is kind}) > 1:
            return mark("Nobody has two different numbers of this kind of document.")
    if len({each.birth_on for each in known if each.birth_on}) > 1:
        return mark("The dates of birth in these documents differ.")
    years = {each.birth_on.year for each in known if each.birth_on}
    if birth_year is not None and years and birth_year not in years:
        return mark("The year of birth differs from the one in the document.")
    return None


def _kind_of_eighteen(value: str) -> IdentifierKind:
    if _HMT.match(value):
        return IdentifierKind.HMT_RESIDENCE
    if _FOREIGNER.match(value):
        return IdentifierKind.FOREIGN_PERMANENT
    return IdentifierKind.RESIDENT_ID


def _person_date(value: str) -> date | None:
    year, month, day = int(value[6:10]), int(value[10:12]), int(value[12:14])
    try:
        return date(year, month, day) if year >= _OLDEST else None
    except ValueError:
        return None


def _is_organisation(value: str) -> bool:
    is_spelt = all(sign in _ORGANISATION_SIGNS for sign in value)
    return is_spelt and organisation_check_sign(value[:-1]) == value[-1]


def _read_person(kind: IdentifierKind, value: str) -> Identity:
    if not _EIGHTEEN.fullmatch(value):
        raise InvalidError(_OF_OLD if re.fullmatch(r"\d{15}", value) else _NOT_THIS_KIND)
    if _kind_of_eighteen(value) is not kind:
        raise InvalidError(_NOT_THIS_KIND)
    birth_on = _person_date(value)
    if birth_on is None:
        raise InvalidError(_NO_DATE)
    if check_sign(value[:-1]) != value[-1]:
        raise InvalidError(_CHECK_SIGN)
    return Identity(kind, value, birth_on)


def _read_organisation(kind: IdentifierKind, value: str) -> Identity:
    is_spelt = len(value) == _ORGANISATION_LENGTH and all(s in _ORGANISATION_SIGNS for s in value)
    if not is_spelt:
        raise InvalidError(_WRONG_LETTERS)
    if not _is_organisation(value):
        raise InvalidError(_CHECK_SIGN)
    return Identity(kind, value)


def _read_other(kind: IdentifierKind, value: str) -> Identity:
    if not _SHORTEST_OTHER <= len(value) <= _LONGEST_OTHER:
        raise InvalidError(_NOT_THIS_KIND)
    return Identity(kind, value)


def _read_shape(kind: IdentifierKind, value: str) -> Identity:
    if not _SHAPES[kind].fullmatch(value):
        raise InvalidError(_NOT_THIS_KIND)
    return Identity(kind, value)


_READERS: Final[Mapping[IdentifierKind, Callable[[IdentifierKind, str], Identity]]] = {
    **dict.fromkeys(_NUMBERED_PERSON, _read_person),
    IdentifierKind.USCC: _read_organisation,
    IdentifierKind.OTHER: _read_other,
}

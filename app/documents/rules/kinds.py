"""Which documents there are, on which paper they come, and how they are numbered.

Pure: names and tables. What stands in each kind is in `entries`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

LAST_NUMBER: Final = 99_999


class DocumentKind(StrEnum):
    """What the office writes; the comments name what the law asks for (rulebook §3)."""

    RECEIPT = "receipt"  # 收件回执
    NOTICE = "notice"  # 一次性告知书, 行政许可法 art. 32
    ACCEPTANCE = "acceptance"  # 受理通知书, art. 32: with seal and date
    NOT_ACCEPTED = "not_accepted"  # 不予受理决定书, art. 32
    SPECIAL = "special"  # 特别程序告知书, art. 45: the time is told in writing
    EXTENSION = "extension"  # 延期告知书, art. 42: the reason is told
    GRANT = "grant"  # 准予决定书, art. 38
    REFUSAL = "refusal"  # 不予许可决定书, art. 38: reasons and remedies
    REVOCATION = "revocation"  # 撤销决定书, art. 69
    DELIVERY = "delivery"  # 送达回证, art. 44
    HAND_OVER = "hand_over"  # 交接单 of a shift


class Paper(StrEnum):
    """What a document is printed on."""

    A4 = "a4"
    A5 = "a5"
    ROLL = "roll"  # 80 mm thermal paper, as long as the text


class DocumentState(StrEnum):
    """Whether a document still holds; a number is kept in every state."""

    VALID = "valid"
    REPLACED = "replaced"
    VOID = "void"


# The letters of each kind in a number, from the Chinese name.
LETTERS: Final[Mapping[DocumentKind, str]] = {
    DocumentKind.RECEIPT: "SJ",
    DocumentKind.NOTICE: "GZ",
    DocumentKind.ACCEPTANCE: "SL",
    DocumentKind.NOT_ACCEPTED: "BSL",
    DocumentKind.SPECIAL: "TC",
    DocumentKind.EXTENSION: "YQ",
    DocumentKind.GRANT: "JD",
    DocumentKind.REFUSAL: "BXK",
    DocumentKind.REVOCATION: "CX",
    DocumentKind.DELIVERY: "SD",
    DocumentKind.HAND_OVER: "JJ",
}

# The papers each kind may be printed on, the usual one first.
PAPERS: Final[Mapping[DocumentKind, tuple[Paper, ...]]] = {
    DocumentKind.RECEIPT: (Paper.A5, Paper.ROLL, Paper.A4),
    DocumentKind.NOTICE: (Paper.A4, Paper.A5),
    DocumentKind.ACCEPTANCE: (Paper.A4, Paper.A5),
    DocumentKind.NOT_ACCEPTED: (Paper.A4,),
    DocumentKind.SPECIAL: (Paper.A4,),
    DocumentKind.EXTENSION: (Paper.A4,),
    DocumentKind.GRANT: (Paper.A4,),
    DocumentKind.REFUSAL: (Paper.A4,),
    DocumentKind.REVOCATION: (Paper.A4,),
    DocumentKind.DELIVERY: (Paper.A5, Paper.A4),
    DocumentKind.HAND_OVER: (Paper.A4, Paper.ROLL),
}


def spelt(unit_code: str, kind: DocumentKind, year: int, seq: int) -> str:
    """The number as printed, e.g. `HALL-SJ-2026-00017`: unit, kind, year, place in the year."""
    return f"{unit_code}-{LETTERS[kind]}-{year}-{seq:05d}"

"""What an export is: its formats, where it stands, how long it is kept, what a cell may hold.

Pure. A cell is text, a number or nothing; who may export what stands with each source.
"""

import re
from datetime import timedelta
from enum import StrEnum
from typing import Final

from app.kernel.text import clean

KEPT: Final = timedelta(days=7)
MOST_TRIES: Final = 3
# What one sheet of XLSX holds, less its heading (ECMA-376: 1,048,576 rows).
MOST_ROWS: Final = 1_000_000
LONGEST_REASON: Final = 300
SHORTEST_REASON: Final = 4
LONGEST_CELL: Final = 32_700  # XLSX takes 32,767 UTF-16 units

Cell = str | int | None

# What spreadsheets take for the beginning of a formula, also in full width (OWASP, CSV injection).
_FORMULA: Final = tuple("=+-@\t\r＝＋－＠")
_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Format(StrEnum):
    """What kind of file it becomes."""

    XLSX = "xlsx"
    CSV = "csv"


class ExportState(StrEnum):
    """Where an export stands."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


UNFINISHED: Final = frozenset({ExportState.WAITING, ExportState.MAKING})


def plain(text: str) -> str:
    """Text as a cell holds it: no control characters, no endless cells."""
    cleaned = clean(text)
    if len(cleaned.encode("utf-16-le")) // 2 <= LONGEST_CELL:
        return cleaned
    return cleaned[: LONGEST_CELL // 2] + "…"


def defused(text: str) -> str:
    """The cell for a file without types: what a program could take for a formula is quoted.

    The apostrophe is what spreadsheets themselves put before such a text.
    """
    is_formula = text.startswith(_FORMULA) or plain(text).startswith(_FORMULA)
    return f"'{plain(text)}" if is_formula else plain(text)


def unescaped(text: str) -> str:
    """The cell for XLSX, where `_x0041_` in a text would be read as a sign of its own."""
    return _ESCAPED.sub("_x005F_", plain(text))

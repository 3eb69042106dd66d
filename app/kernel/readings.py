"""How single Chinese characters are read, from a small table: 1 MB and some milliseconds.

Knows the commonest reading of each character only; words and names read otherwise are the
business of who knows what the text is.
"""

from array import array
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

# Where Chinese characters live: 〇 to the end of the basic plane's, and the planes of rare ones.
_BLOCKS: Final = ((0x3000, 0xFB00), (0x20000, 0x32400))


class _Table(NamedTuple):
    readings: tuple[str, ...]
    blocks: tuple["array[int]", ...]


def reading_of(sign: str) -> str:
    """The usual reading of one character without its tone, `lv` for 绿; "" for what has none."""
    code = ord(sign)
    table = _table()
    for (first, end), places in zip(_BLOCKS, table.blocks, strict=True):
        if first <= code < end:
            return table.readings[places[code - first]]
    return ""


def syllables() -> tuple[str, ...]:
    """Every reading some character has."""
    return tuple(filter(None, _table().readings))


@cache
def _table() -> _Table:
    readings = [""]
    blocks = tuple(array("H", bytes(2 * (end - first))) for first, end in _BLOCKS)
    lines = files(__package__).joinpath("readings.txt").read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        reading, _, signs = line.partition("\t")
        for sign in signs:
            code = ord(sign)
            for (first, end), places in zip(_BLOCKS, blocks, strict=True):
                if first <= code < end:
                    places[code - first] = len(readings)
        readings.append(reading)
    return _Table(tuple(readings), blocks)

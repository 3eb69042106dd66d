"""The forms by which a name is found: its beginnings in characters, in pinyin, in initials.

Pure text; what is stored of a form is a keyed digest, made elsewhere. A form of a whole name
begins with `=`, an abbreviation with `~`, two neighbouring characters of an organisation with `#`.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from app.citizens.rules.kinds import PartyKind
from app.citizens.rules.reading import readings_of, surname_length
from app.kernel.readings import reading_of
from app.kernel.text import bigrams

PREFIX: Final = 4  # beginnings of one to four characters or syllables are kept
MOST_BIGRAMS: Final = 60
WHOLE: Final = "="
SHORT: Final = "~"  # so that wang is 王 before it is 万刚
MARKS: Final = WHOLE + SHORT
INSIDE: Final = "#"
UNREAD: Final = "?"
# 张三（大）: what stands in brackets tells namesakes apart and is no part of the name.
_REMARK: Final = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]")
_FIRST_HAN: Final = "\u2e80"


class Unit(NamedTuple):
    """One character, or one word in letters, with the part of the name it belongs to."""

    text: str
    part: int
    is_word: bool


def is_character(sign: str) -> bool:
    """Written without blanks and read by the syllable: Chinese, and what is written like it."""
    return sign >= _FIRST_HAN


def letters(text: str) -> str:
    """Letters in one spelling: capitals without marks, Ü and V as U."""
    plain = text.upper() if text.isascii() else unicodedata.normalize("NFKD", text.upper())
    if not plain.isalnum():
        plain = "".join(sign for sign in plain if sign.isalnum())
    return plain.replace("V", "U")


def units_of(name: str) -> list[Unit]:
    """The name in its units; dots, blanks and other signs only divide."""
    text = unicodedata.normalize("NFKC", name)
    if text.isalpha() and min(text) >= _FIRST_HAN:  # as most names are
        return [Unit(sign, 0, is_word=False) for sign in text]
    text = _REMARK.sub(" ", text) if _REMARK.sub("", text).strip() else text
    found: list[Unit] = []
    part, word = 0, ""
    for sign in f"{text} ":
        if sign.isalnum() and not is_character(sign):
            word += sign
            continue
        if word and (spelt := letters(word)):
            part += bool(found)
            found.append(Unit(spelt, part, is_word=True))
        word = ""
        if not sign.isalnum():
            part += bool(found) and found[-1].part == part
        elif is_character(sign):
            part += bool(found) and found[-1].is_word and found[-1].part == part
            found.append(Unit(sign, part, is_word=False))
    return found


def forms_of(name: str, reading: str = "", kind: PartyKind = PartyKind.PERSON) -> tuple[str, ...]:
    """Every form this name is found by, each once."""
    return found_by(name, reading, kind)[0]


def initials_of(name: str, reading: str = "") -> tuple[str, ...]:
    """The letters the name may begin with, as a clerk types them beside a telephone's tail.

    A name nobody can read begins with `?`.
    """
    return found_by(name, reading)[1]


def spoken(name: str, reading: str = "") -> tuple[str, ...]:
    """The likeliest reading of a name, a syllable or word each; what nobody reads as it is."""
    if not (units := units_of(name)):
        return ()
    said = _spoken(units, reading)[0]
    return tuple((one or unit.text).lower() for one, unit in zip(said, units, strict=True))


def found_by(
    name: str, reading: str = "", kind: PartyKind = PartyKind.PERSON
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The forms of a name, and the letters it may begin with."""
    units = units_of(name)
    if not units:
        return (), ()
    spoken = _spoken(units, reading)
    return _forms(units, spoken, reading, kind), _initials(units, spoken, reading)


def _forms(
    units: Sequence[Unit], spoken: Sequence[tuple[str, ...]], reading: str, kind: PartyKind
) -> tuple[str, ...]:
    found: dict[str, None] = dict.fromkeys(_beginnings([unit.text for unit in units]))
    later = _later_parts(units)
    found.update(dict.fromkeys("".join(unit.text for unit in part) for part in later))
    for syllables in spoken:
        found.update(dict.fromkeys(_in_letters(units, syllables)))
    for part in later:
        found.update(dict.fromkeys(map("".join, _read(part, is_head=False))))
    if reading:
        found[WHOLE + letters(reading)] = None
    if kind is PartyKind.ORGANISATION:
        found.update(dict.fromkeys(list(bigram_forms(units))[:MOST_BIGRAMS]))
    found.pop("", None)
    found.pop(WHOLE, None)
    return tuple(found)


def _initials(
    units: Sequence[Unit], spoken: Sequence[tuple[str, ...]], reading: str
) -> tuple[str, ...]:
    found = dict.fromkeys(each[0][:1] or UNREAD for each in spoken)
    if len(units) > 1 and units[-1].is_word:  # a surname may stand last in a name in letters
        found[units[-1].text[:1]] = None
    if reading:
        found[letters(reading)[:1] or UNREAD] = None
    return tuple(found)


def bigram_forms(units: Sequence[Unit]) -> Iterator[str]:
    """Neighbouring characters, and whole words, of a name: what a part of it is found by."""
    runs: dict[int, str] = {}
    for unit in units:
        if unit.is_word:
            yield INSIDE + unit.text
        else:
            runs[unit.part] = runs.get(unit.part, "") + unit.text
    for run in runs.values():
        yield from (INSIDE + pair for pair in bigrams(run))


def _beginnings(texts: Sequence[str]) -> Iterator[str]:
    for length in range(1, min(len(texts), PREFIX + 1)):
        yield "".join(texts[:length])
    yield WHOLE + "".join(texts)


def _later_parts(units: Sequence[Unit]) -> list[list[Unit]]:
    """The parts of a divided name; none where it is in one piece."""
    parts: dict[int, list[Unit]] = {}
    for unit in units:
        parts.setdefault(unit.part, []).append(unit)
    return list(parts.values()) if len(parts) > 1 else []


def _spoken(units: Sequence[Unit], reading: str) -> list[tuple[str, ...]]:
    told = tuple(filter(None, (letters(word) for word in reading.split())))
    return [told] if len(told) == len(units) else _read(units, is_head=True)


def _read(units: Sequence[Unit], *, is_head: bool) -> list[tuple[str, ...]]:
    if any(unit.is_word for unit in units):
        # Half in letters: one reading is enough.
        return [tuple(u.text if u.is_word else letters(reading_of(u.text)) for u in units)]
    signs = "".join(unit.text for unit in units)
    return [tuple(map(letters, one)) for one in readings_of(signs, is_head=is_head)]


def _in_letters(units: Sequence[Unit], syllables: Sequence[str]) -> Iterator[str]:
    first = [syllable[:1] for syllable in syllables]
    yield from _beginnings(syllables)
    for length in _lengths(len(first), 2):
        yield _short(first, length)
    heads = {1, surname_length("".join(unit.text for unit in units[:2]))}
    for head in heads:
        for length in _lengths(len(first), head + 1):
            yield _short([*syllables[:head], *first[head:]], length)
    if units[-1].is_word and 1 < len(units) <= PREFIX:  # Smith John
        yield WHOLE + "".join([syllables[-1], *syllables[:-1]])


def _lengths(size: int, least: int) -> Iterator[int]:
    yield from (length for length in range(least, PREFIX + 1) if length < size)
    if size >= least:
        yield size


def _short(pieces: Sequence[str], length: int) -> str:
    return SHORT + (WHOLE if length == len(pieces) else "") + "".join(pieces[:length])

"""What somebody typed, scanned or read from a card into the one box, understood.

Says what to look for; finds nothing itself, and never guesses a digit.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Final

from app.citizens.rules import kinds
from app.citizens.rules.forms import is_character, letters
from app.kernel.text import clean, identifier, phone

TAIL: Final = 4
LONGEST: Final = 400  # signs; a card reader types a whole card in one burst
_LEAST_NUMBER: Final = 5  # 95xxx, 12345
# The last six to eight digits of a telephone are nearly a whole number: one in a million.
_ENDINGS: Final = range(6, 9)
_MOST_WORDS: Final = 3
# Identity number or social credit code, alone among what else a reader types.
_EIGHTEEN: Final = re.compile(
    r"(?<![0-9A-Z])(?:\d{17}[\dX]|[0-9A-HJ-NPQRTUW-Y]{2}\d{6}[0-9A-HJ-NPQRTUW-Y]{10})(?![0-9A-Z])"
)
_MATTER: Final = re.compile(r"[A-Z]{1,3}\d{16,24}")
_DOCUMENT: Final = re.compile(r"(?=(?:[A-Z]*\d){5})[A-Z]{0,3}[A-Z0-9]{5,15}")
_NUMBER: Final = re.compile(r"\+?\d+")
_TAIL_AND_LETTERS: Final = re.compile(r"(\d{4})([^\d]+)|([^\d]+)(\d{4})")
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)[ \-]+(?=[\dX])")
_LONG_RUN: Final = re.compile(r"\+?\d[\d \-]{5,}\d")  # 179 0000 1234 beside a name
_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
# What card readers print before a value, and values that name nobody.
_ON_CARDS: Final = """
姓名 性别 男 女 民族 汉 汉族 出生 住址 地址
公民身份号码 身份证号 身份证号码 证件号码 签发机关 有效期限
"""
_LABELS: Final = frozenset(_ON_CARDS.split())


@dataclass(frozen=True, slots=True)
class Sought:
    """What to look for; empty members were not given.

    `numbers` are whole numbers, of telephones or documents; `tail` the last four digits of a
    telephone, `ending` the last six to eight; `words` a name or its beginning, in
    characters, pinyin or initials.
    """

    citizen_id: int | None = None
    matter: str = ""
    email: str = ""
    numbers: tuple[str, ...] = ()
    tail: str = ""
    ending: str = ""
    words: tuple[str, ...] = ()

    @property
    def is_logged(self) -> bool:
        """A telephone, or a part of one, was asked for: that leaves a line in the log."""
        return bool(self.tail or self.numbers)

    @property
    def name(self) -> str:
        """The words in one, as names are compared."""
        return "".join(self.words)


def read(typed: str) -> Sought:
    """What is meant by this; equal to `Sought()` where nothing is."""
    line = _plain(typed)
    if (citizen_id := kinds.read_number(line)) is not None:
        return Sought(citizen_id=citizen_id)
    if found := _EMAIL.search(line):
        return Sought(email=found[0].lower())
    if card := _EIGHTEEN.search(_BETWEEN_DIGITS.sub("", line)):
        return Sought(numbers=(card[0],), words=_name_on_card(line, card[0]))
    whole = phone(line)
    if _NUMBER.fullmatch(whole):
        return _of_number(whole)
    sought = Sought()
    joined = _LONG_RUN.sub(lambda run: phone(run[0]), line)
    for piece in joined.split():
        sought = _with(sought, piece)
    return replace(sought, words=sought.words[:_MOST_WORDS])


def _plain(typed: str) -> str:
    """One line in capitals, half-width, without pictures; other signs divide."""
    line = unicodedata.normalize("NFKC", clean(typed[:LONGEST])).upper()
    kept = "".join(sign if sign.isalnum() or sign in "+-·@._()" else " " for sign in line)
    return " ".join(kept.split())


def _name_on_card(line: str, number: str) -> tuple[str, ...]:
    bare = _BETWEEN_DIGITS.sub("", line).replace(number, " ")
    words = (word.strip("·-.()") for word in bare.split())
    said = [w for w in words if w and w not in _LABELS and not any(c.isdigit() for c in w)]
    return tuple(said[:1])


def _of_number(number: str) -> Sought:
    if len(number) == TAIL:
        return Sought(tail=number)
    ending = number if len(number) in _ENDINGS else ""
    is_whole = len(number) >= _LEAST_NUMBER
    return Sought(numbers=(number,), ending=ending) if is_whole else Sought()


def _with(sought: Sought, piece: str) -> Sought:
    number = phone(piece)
    if _NUMBER.fullmatch(number):
        more = _of_number(number)
        return replace(
            sought,
            tail=more.tail or sought.tail,
            ending=more.ending or sought.ending,
            numbers=(*sought.numbers, *more.numbers),
        )
    spelt = identifier(piece)
    if _MATTER.fullmatch(spelt):
        return replace(sought, matter=spelt)
    if _DOCUMENT.fullmatch(spelt):
        return replace(sought, numbers=(*sought.numbers, spelt))
    if both := _TAIL_AND_LETTERS.fullmatch(piece):
        tail, word = both[1] or both[4], both[2] or both[3]
        return replace(sought, tail=tail, words=(*sought.words, *_words(word)))
    return replace(sought, words=(*sought.words, *_words(piece)))


def _words(piece: str) -> tuple[str, ...]:
    """The word without signs; letters spelt as names in letters are."""
    bare = "".join(sign for sign in piece if sign.isalnum())
    if any(is_character(sign) for sign in bare):
        return (bare,)
    return (letters(bare),) if letters(bare) else ()

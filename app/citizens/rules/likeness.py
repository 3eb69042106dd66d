"""How alike two rows are, and whether that is worth somebody's look.

Pure; who is compared with whom is found elsewhere, so that nobody is compared with everybody.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from app.citizens.rules.kinds import ContactKind, PartyKind
from app.citizens.rules.names import key_of
from app.citizens.rules.quality import Reason

# What each likeness weighs; at 60 it is worth a look. A family has one telephone, one
# address and one surname, and the same name is many people's: none of them is enough alone.
# A rare name with the same year of birth is, where one of the two cannot be reached.
WEIGHTS: Final = {
    Reason.SAME_NUMBER: 80,
    Reason.SAME_NAME: 40,
    Reason.SIMILAR_NAME: 30,
    Reason.SAME_PHONE: 30,
    Reason.SAME_EMAIL: 30,
    Reason.SAME_ADDRESS: 20,
    Reason.SAME_BIRTH_YEAR: 10,
    Reason.RARE_NAME: 10,
}
ENOUGH: Final = 60
_FIRM: Final = 65  # an organisation's whole name is its own
_REACHING: Final = frozenset({Reason.SAME_PHONE, Reason.SAME_EMAIL, Reason.SAME_ADDRESS})
_NAMED: Final = frozenset({Reason.SAME_NAME, Reason.SIMILAR_NAME})
_BORN: Final = frozenset({Reason.SAME_NAME, Reason.RARE_NAME, Reason.SAME_BIRTH_YEAR})
_ALIKE: Final = 88  # of 100, for names of four characters or more
_SHORT: Final = 3  # characters: among these one other character is another person
_TITLE: Final = re.compile(
    "(?P<surname>.{1,2})(?:先生|女士|小姐|大爷|大妈|大叔|阿姨|师傅|老师|同志)"
)
# What people from the south, and dictation, do not tell apart.
_LOOSE: Final = ((re.compile("([zcs])h"), r"\1"), (re.compile("([aei])ng$"), r"\1n"))
_REASON_OF: Final = {
    ContactKind.MOBILE: Reason.SAME_PHONE,
    ContactKind.LANDLINE: Reason.SAME_PHONE,
    ContactKind.EMAIL: Reason.SAME_EMAIL,
    ContactKind.ADDRESS: Reason.SAME_ADDRESS,
}


@dataclass(frozen=True, slots=True, repr=False)  # names do not belong in a traceback
class Likeable:
    """One row, as far as it is compared. `syllables` are the readings of the name."""

    kind: PartyKind
    name: str
    syllables: tuple[str, ...]
    birth_years: frozenset[int]
    numbers: frozenset[str]
    reaches: frozenset[tuple[ContactKind, str]]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two rows may be one, and how much that weighs."""

    reasons: frozenset[Reason]
    score: int

    @property
    def is_worth_a_look(self) -> bool:
        """Whether a person should compare the two."""
        return self.score >= ENOUGH


def liken(one: Likeable, other: Likeable, *, is_rare: bool = False) -> Likeness:
    """How alike the two are; `is_rare` says that few people have the name of the first."""
    reasons = frozenset(_reasons(one, other))
    if is_rare and Reason.SAME_NAME in reasons:
        reasons |= {Reason.RARE_NAME}
    score = sum(WEIGHTS[reason] for reason in reasons)
    if Reason.SAME_NUMBER in reasons:
        return Likeness(reasons, score)
    if one.kind is not other.kind:
        return Likeness(reasons, 0)
    if one.kind is PartyKind.ORGANISATION and Reason.SAME_NAME in reasons:
        return Likeness(reasons, max(score, _FIRM))
    # Two who are reached by different ways are two, however rare their name.
    is_unreached = not (one.reaches and other.reaches)
    is_born = reasons >= _BORN and is_unreached
    is_told = reasons & _NAMED and (reasons & _REACHING or is_born)
    return Likeness(reasons, score if is_told else min(score, ENOUGH - 1))


def are_similar(one: Likeable, other: Likeable) -> bool:
    """Whether two different spellings may be one name.

    王小明 and 王晓明 read alike; 王小明 and 王小红 are brother and sister. 张先生 may be any 张.
    Long names may differ in a character: 阿卜杜拉·买买提, 阿布都拉·买买提.
    """
    if not (one.name and other.name):
        return False
    if _by_title(one.name, other.name) or _by_title(other.name, one.name):
        return True
    if one.syllables and [*map(_loose, one.syllables)] == [*map(_loose, other.syllables)]:
        return True
    if min(len(key_of(one.name)), len(key_of(other.name))) <= _SHORT:
        return False
    readings = (" ".join(one.syllables), " ".join(other.syllables))
    return fuzz.token_sort_ratio(*readings) >= _ALIKE


def written(reasons: Iterable[Reason]) -> str:
    """The codes as they are stored, in one order."""
    return " ".join(sorted(reasons))


def read_reasons(stored: str) -> frozenset[Reason]:
    """The codes again."""
    return frozenset(Reason(code) for code in stored.split())


def _reasons(one: Likeable, other: Likeable) -> Iterator[Reason]:
    if one.numbers & other.numbers:
        yield Reason.SAME_NUMBER
    yield from {_REASON_OF[kind] for kind, _ in one.reaches & other.reaches}
    if key_of(one.name) and key_of(one.name) == key_of(other.name):
        yield Reason.SAME_NAME
    elif are_similar(one, other):
        yield Reason.SIMILAR_NAME
    if one.birth_years & other.birth_years:
        yield Reason.SAME_BIRTH_YEAR


def _by_title(titled: str, name: str) -> bool:
    found = _TITLE.fullmatch(titled)
    return found is not None and name.startswith(found["surname"])


def _loose(syllable: str) -> str:
    for pattern, plainer in _LOOSE:
        syllable = pattern.sub(plainer, syllable)
    return syllable

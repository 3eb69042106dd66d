"""From a typed name to the forms to look under, and whether a name is one that was meant.

The other side of `forms.py`: what is kept there must be found from here.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

from app.citizens.rules.forms import (
    INSIDE,
    MARKS,
    PREFIX,
    SHORT,
    WHOLE,
    bigram_forms,
    forms_of,
    is_character,
    letters,
    units_of,
)
from app.citizens.rules.kinds import PartyKind
from app.citizens.rules.reading import readings_of
from app.kernel.readings import syllables

_MOST_PARTS: Final = 3
# In the names of nearly all organisations: looked for last.
_GENERIC_BY_HAND: Final = """
有限 限公 公司 责任 任公 限责 股份 份有 集团 团有 服务 务有 管理 理有 委员 员会
"""
_GENERIC: Final = frozenset(_GENERIC_BY_HAND.split())


def lookups(name: str) -> list[str]:
    """The forms to look under: whole names before beginnings, abbreviations last."""
    spelt = _in_letters(name) if is_mixed(name) else [name]
    marks = (WHOLE, "") if is_character(spelt[0][0]) else (WHOLE, "", SHORT + WHOLE, SHORT)
    return list(dict.fromkeys(mark + one for mark in marks for one in spelt))


def wider(name: str) -> str:
    """A shorter beginning that is kept, for names typed beyond what is; "" if there is none."""
    if is_mixed(name):
        name = _in_letters(name)[0]
    if is_character(name[0]):
        return name[:PREFIX] if len(name) > PREFIX else ""
    ends = [end for end, count in _syllable_ends(name) if count <= PREFIX and end < len(name)]
    return name[: max(ends)] if ends else ""


def part_forms(name: str) -> list[str]:
    """The pairs of characters to look for inside the names of organisations, the telling first."""
    if len(name) < 2 or not is_character(name[0]):  # noqa: PLR2004  # one character is no pair
        return []
    pairs = list(dict.fromkeys(bigram_forms(units_of(name))))
    return sorted(pairs, key=lambda form: form.removeprefix(INSIDE) in _GENERIC)[:_MOST_PARTS]


def is_mixed(name: str) -> bool:
    """Characters and letters together, 张xh: the forms kept do not prove the characters."""
    kinds = {is_character(sign) for sign in name}
    return len(kinds) > 1 and is_character(name[0])


def fits(typed: str, name: str, reading: str = "", kind: PartyKind = PartyKind.PERSON) -> bool:
    """Whether what was typed is a beginning of the name, as written, read or abbreviated."""
    forms = [form.lstrip(MARKS) for form in forms_of(name, reading, kind)]
    if not is_mixed(typed):
        is_part = kind is PartyKind.ORGANISATION and typed in _text_of(name)
        return is_part or any(form.startswith(typed) for form in forms)
    head = typed[: _first_letter(typed)]
    spelt = tuple(_in_letters(typed))
    return _text_of(name).startswith(head) and any(form.startswith(spelt) for form in forms)


def _text_of(name: str) -> str:
    return "".join(unit.text for unit in units_of(name))


def _first_letter(name: str) -> int:
    return next((at for at, sign in enumerate(name) if not is_character(sign)), len(name))


def _in_letters(name: str) -> list[str]:
    """张xh as it may be spelt in letters: ZHANGXH."""
    at = _first_letter(name)
    rest = letters(name[at:])
    return ["".join(map(letters, one)) + rest for one in readings_of(name[:at])]


def _syllable_ends(name: str) -> Iterator[tuple[int, int]]:
    """Where whole syllables may end, and after how many of them."""
    known, longest = _known()
    ends = {0: 0}
    for at in range(len(name)):
        if at not in ends:
            continue
        for end in range(at + 1, min(at + longest, len(name)) + 1):
            if name[at:end] in known:
                ends[end] = min(ends[at] + 1, ends.get(end, len(name)))
    yield from ((end, count) for end, count in ends.items() if end)


@cache
def _known() -> tuple[frozenset[str], int]:
    known = frozenset(letters(one) for one in syllables())
    return known, max(map(len, known))

"""Which reports are filed by rule, without anybody looking first (自动立案).

Pure. Each type says whether it may be (data); a person looks at what is dangerous or not in
the register.
"""

from collections.abc import Iterable

from app.facilities.rules import TypeView


def is_filed_by_rule(kind: TypeView, *, is_danger: bool, has_asset: bool) -> bool:
    """Whether a report counts as checked: its type allows it, no danger, the facility is known."""
    return kind.is_filed_by_rule and has_asset and not is_danger


def words_of(kind: TypeView, keys: Iterable[str], language: str) -> tuple[str, ...]:
    """What was named as broken or dangerous, in the reader's language.

    Words of another type, under which it was reported first, stand there as they were read.
    """
    named = {one.key: one.label for one in kind.forms}
    named |= {one.key: one.label for one in kind.dangers}
    return tuple(
        named[key].within(language) if key in named else key
        for key in keys
        if key in named or not key.isascii()
    )

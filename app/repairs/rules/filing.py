"""Which reports are filed by rule, without anybody looking first (自动立案).

Pure. The types it holds for are data; a person looks at what is dangerous or not in the register.
"""

from collections.abc import Collection, Iterable

from app.facilities.rules import TypeView


def is_filed_by_rule(
    type_code: str, types: Collection[str], *, is_danger: bool, has_asset: bool
) -> bool:
    """Whether a report counts as checked: its type allows it, no danger, the facility is known."""
    return type_code in types and has_asset and not is_danger


def words_of(kind: TypeView, keys: Iterable[str], language: str) -> tuple[str, ...]:
    """What was named as broken or dangerous, in the reader's language."""
    named = {one.key: one.label for one in kind.forms}
    named |= {one.key: one.label for one in kind.dangers}
    return tuple(named[key].within(language) for key in keys if key in named)

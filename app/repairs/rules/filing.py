"""Which reports are filed by rule, without anybody looking first (自动立案).

Pure. The types it holds for are data; a person looks at what is dangerous or not in the register.
"""

from collections.abc import Collection


def is_filed_by_rule(
    type_code: str, types: Collection[str], *, is_danger: bool, has_asset: bool
) -> bool:
    """Whether a report counts as checked: its type allows it, no danger, the facility is known."""
    return type_code in types and has_asset and not is_danger

"""What erasing asks: what is old enough, what holds forbid, batches, files, the register.

Returns ids and counts; never a word of what would be erased.
"""

from app.privacy.queries.erasure.aging import (
    Group,
    OldCase,
    count_people,
    groups_before,
    old_cases,
    old_people,
)
from app.privacy.queries.erasure.batches import (
    ItemLine,
    get_batch,
    items_by_state,
    list_batches,
    list_items,
    waiting_batches,
    waiting_items,
)
from app.privacy.queries.erasure.files import files_elsewhere, files_in, files_of, packages_of
from app.privacy.queries.erasure.holds import (
    HoldLine,
    get_hold,
    is_case_held,
    is_citizen_held,
    list_holds,
)
from app.privacy.queries.erasure.rules import find_rule, retention_lines, retention_rules, talk_rule
from app.privacy.queries.erasure.stones import StoneLine, is_case_erased, list_stones
from app.privacy.queries.erasure.talks import Talk, count_talks, old_talks, talk_of_nobody

__all__ = [
    "Group",
    "HoldLine",
    "ItemLine",
    "OldCase",
    "StoneLine",
    "Talk",
    "count_people",
    "count_talks",
    "files_elsewhere",
    "files_in",
    "files_of",
    "find_rule",
    "get_batch",
    "get_hold",
    "groups_before",
    "is_case_erased",
    "is_case_held",
    "is_citizen_held",
    "items_by_state",
    "list_batches",
    "list_holds",
    "list_items",
    "list_stones",
    "old_cases",
    "old_people",
    "old_talks",
    "packages_of",
    "retention_lines",
    "retention_rules",
    "talk_of_nobody",
    "talk_rule",
    "waiting_batches",
    "waiting_items",
]

"""Whose turn it is (轮派): crews in the order of their keys, from the one after the last.

Pure; who was last is kept in the database, so a restart changes nothing.
"""

from collections.abc import Iterable


def next_in_turn(crew_ids: Iterable[int], last_id: int | None) -> int | None:
    """The next of these crews after the last one who got something; None if there is none."""
    able = sorted(set(crew_ids))
    after = [one for one in able if last_id is not None and one > last_id]
    return next(iter(after or able), None)

"""Every question the rest of the house asks about service items.

Reads only; short entries come from a copy in memory.
"""

from app.service_items.queries.asking import (
    entries_of,
    entry_on,
    find_items,
    list_in_force,
    require_in_force,
    version_on,
)
from app.service_items.queries.reading import get_version

__all__ = [
    "entries_of",
    "entry_on",
    "find_items",
    "get_version",
    "list_in_force",
    "require_in_force",
    "version_on",
]

"""Every question the rest of the house asks about service items.

Reads only; short entries come from a copy in memory.
"""

from app.service_items.queries.asking import (
    entries_of,
    entry_on,
    find_items,
    latest_by_code,
    list_in_force,
    list_newest,
    newest_versions,
    refusal_of,
    require_in_force,
    version_on,
)
from app.service_items.queries.listing import (
    get_item,
    keys_by_code,
    last_published,
    list_drafts,
    newest_of,
    versions_of,
)
from app.service_items.queries.reading import files_known, get_version, sample_file

__all__ = [
    "entries_of",
    "entry_on",
    "files_known",
    "find_items",
    "get_item",
    "get_version",
    "keys_by_code",
    "last_published",
    "latest_by_code",
    "list_drafts",
    "list_in_force",
    "list_newest",
    "newest_of",
    "newest_versions",
    "refusal_of",
    "require_in_force",
    "sample_file",
    "version_on",
    "versions_of",
]

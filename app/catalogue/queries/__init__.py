"""Every question the rest of the house asks the catalogue.

Reads only; what is asked on every request is answered from a snapshot in memory.
"""

from app.catalogue.queries.asking import (
    choose_limit,
    find_categories,
    get_category,
    get_category_by_code,
    list_categories,
    list_reply_texts,
    picker,
    propose_unit,
)
from app.catalogue.queries.history import RevisionView, list_revisions
from app.catalogue.queries.shelf import Snapshot, snapshot

__all__ = [
    "RevisionView",
    "Snapshot",
    "choose_limit",
    "find_categories",
    "get_category",
    "get_category_by_code",
    "list_categories",
    "list_reply_texts",
    "list_revisions",
    "picker",
    "propose_unit",
    "snapshot",
]

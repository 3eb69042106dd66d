"""Every question the rest of the house asks the catalogue.

Reads only; what is asked on every request is answered from a snapshot in memory.
"""

from app.catalogue.queries.asking import (
    choose_limit,
    find_by_code,
    find_categories,
    get_category,
    get_category_by_code,
    list_categories,
    list_reply_texts,
    picker,
    propose_by,
    propose_unit,
)
from app.catalogue.queries.closing import (
    ReviewListing,
    follow_ups,
    get_review_item,
    list_review_items,
    review_points,
)
from app.catalogue.queries.history import FieldChange, RevisionView, list_revisions
from app.catalogue.queries.listing import (
    get_limit,
    get_reply,
    get_rule,
    list_limits,
    list_regions,
    list_replies,
    list_rules,
)
from app.catalogue.queries.shelf import Snapshot, snapshot

__all__ = [
    "FieldChange",
    "ReviewListing",
    "RevisionView",
    "Snapshot",
    "choose_limit",
    "find_by_code",
    "find_categories",
    "follow_ups",
    "get_category",
    "get_category_by_code",
    "get_limit",
    "get_reply",
    "get_review_item",
    "get_rule",
    "list_categories",
    "list_limits",
    "list_regions",
    "list_replies",
    "list_reply_texts",
    "list_review_items",
    "list_revisions",
    "list_rules",
    "picker",
    "propose_by",
    "propose_unit",
    "review_points",
    "snapshot",
]

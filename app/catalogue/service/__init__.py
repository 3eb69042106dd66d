"""Everything an administrator of the catalogue can do, and the first filling.

Every edit is a revision; no edit reaches a case that already runs.
"""

from app.catalogue.service.categories import (
    CategoryDraft,
    add_category,
    change_category,
    set_category_active,
)
from app.catalogue.service.closing import (
    ReviewDraft,
    add_review_item,
    change_review_item,
    seed_closing,
    set_follow_ups,
    set_review_item_active,
)
from app.catalogue.service.directory import (
    RuleDraft,
    add_rule,
    change_rule,
    move_rule,
    set_rule_active,
)
from app.catalogue.service.limits import (
    LimitDraft,
    activate_profile,
    add_limit,
    change_limit,
    list_profiles,
    set_limit_active,
)
from app.catalogue.service.replies import (
    ReplyDraft,
    add_reply,
    change_reply,
    preview_reply,
    set_reply_active,
)
from app.catalogue.service.revising import Edit
from app.catalogue.service.seeding import seed, seed_directory

__all__ = [
    "CategoryDraft",
    "Edit",
    "LimitDraft",
    "ReplyDraft",
    "ReviewDraft",
    "RuleDraft",
    "activate_profile",
    "add_category",
    "add_limit",
    "add_reply",
    "add_review_item",
    "add_rule",
    "change_category",
    "change_limit",
    "change_reply",
    "change_review_item",
    "change_rule",
    "list_profiles",
    "move_rule",
    "preview_reply",
    "seed",
    "seed_closing",
    "seed_directory",
    "set_category_active",
    "set_follow_ups",
    "set_limit_active",
    "set_reply_active",
    "set_review_item_active",
    "set_rule_active",
]

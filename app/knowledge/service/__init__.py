"""What people can do with the knowledge base: write, look again, remark, close a remark."""

from app.knowledge.service.remarks import close_remark, count_used, remark
from app.knowledge.service.reminding import tell_owners
from app.knowledge.service.seeding import seed, shipped_articles
from app.knowledge.service.writing import (
    ArticleDraft,
    Edit,
    add_article,
    change_article,
    confirm,
    may_edit,
    may_write_for,
    set_state,
    sounds_of,
)

__all__ = [
    "ArticleDraft",
    "Edit",
    "add_article",
    "change_article",
    "close_remark",
    "confirm",
    "count_used",
    "may_edit",
    "may_write_for",
    "remark",
    "seed",
    "set_state",
    "shipped_articles",
    "sounds_of",
    "tell_owners",
]

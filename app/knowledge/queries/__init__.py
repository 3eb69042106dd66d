"""What the rest of the house asks the knowledge base. Reads only."""

from app.knowledge.queries.listing import (
    Line,
    Whole,
    articles_to_tell_of,
    get_remark,
    get_whole,
    links_of,
    list_articles,
    list_remarks,
    list_to_review,
    list_versions,
    owners_of,
)
from app.knowledge.queries.shelf import (
    ArticleView,
    answers_in,
    find_articles,
    find_public,
    get_public,
    list_public,
    public_of_item,
    shelf,
)

__all__ = [
    "ArticleView",
    "Line",
    "Whole",
    "answers_in",
    "articles_to_tell_of",
    "find_articles",
    "find_public",
    "get_public",
    "get_remark",
    "get_whole",
    "links_of",
    "list_articles",
    "list_public",
    "list_remarks",
    "list_to_review",
    "list_versions",
    "owners_of",
    "public_of_item",
    "shelf",
]

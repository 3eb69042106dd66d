"""What the knowledge base decides without asking a database: finding, comparing, when to look."""

from app.knowledge.rules.comparing import Difference, Piece, Turn, differences, pieces_of
from app.knowledge.rules.finding import Findable, Index, find, findable, index_of
from app.knowledge.rules.reviewing import (
    REVIEW_AFTER,
    is_reasonable,
    is_stale,
    is_to_be_told,
)
from app.knowledge.rules.vocabulary import (
    MOST_ANSWER,
    MOST_KEYWORDS,
    MOST_NOTE,
    MOST_TITLE,
    MOST_WORDS,
    ArticleState,
    RemarkEnd,
    Verdict,
)

__all__ = [
    "MOST_ANSWER",
    "MOST_KEYWORDS",
    "MOST_NOTE",
    "MOST_TITLE",
    "MOST_WORDS",
    "REVIEW_AFTER",
    "ArticleState",
    "Difference",
    "Findable",
    "Index",
    "Piece",
    "RemarkEnd",
    "Turn",
    "Verdict",
    "differences",
    "find",
    "findable",
    "index_of",
    "is_reasonable",
    "is_stale",
    "is_to_be_told",
    "pieces_of",
]

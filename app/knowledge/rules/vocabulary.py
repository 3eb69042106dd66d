"""Words of the knowledge base: how an article stands, what is said of it, how that ends.

Pure. How they are called stands in `labels`.
"""

from enum import StrEnum
from typing import Final

MOST_TITLE: Final = 120
MOST_ANSWER: Final = 2000
MOST_KEYWORDS: Final = 200
MOST_NOTE: Final = 300
MOST_WORDS: Final = 500


class ArticleState(StrEnum):
    """Whether an article may be relied on."""

    DRAFT = "draft"
    IN_USE = "in_use"
    WITHDRAWN = "withdrawn"


class Verdict(StrEnum):
    """What a reader says of an article; all but the first need somebody to look at it."""

    USEFUL = "useful"
    UNCLEAR = "unclear"
    WRONG = "wrong"


class RemarkEnd(StrEnum):
    """What came of a remark."""

    CORRECTED = "corrected"
    MADE_CLEARER = "made_clearer"
    ARTICLE_RIGHT = "article_right"
    ELSEWHERE = "elsewhere"

"""What the words of the knowledge base are called on screen, as msgids."""

from collections.abc import Mapping
from typing import Final

from app.kernel.messages import mark
from app.knowledge.rules import ArticleState, RemarkEnd, Verdict

STATES: Final[Mapping[ArticleState, str]] = {
    ArticleState.DRAFT: mark("Draft"),
    ArticleState.IN_USE: mark("In use"),
    ArticleState.WITHDRAWN: mark("Out of use"),
}
VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.USEFUL: mark("It helped"),
    Verdict.UNCLEAR: mark("I did not understand it"),
    Verdict.WRONG: mark("Something in it is wrong"),
}
ENDS: Final[Mapping[RemarkEnd, str]] = {
    RemarkEnd.CORRECTED: mark("Article corrected"),
    RemarkEnd.MADE_CLEARER: mark("Article made clearer"),
    RemarkEnd.ARTICLE_RIGHT: mark("The article is right"),
    RemarkEnd.ELSEWHERE: mark("Not about the article"),
}
# The fields of a version, as its history names them.
FIELDS: Final[Mapping[str, str]] = {
    "title": mark("The question"),
    "title_en": mark("Question in English"),
    "keywords": mark("Other words for it"),
    "answer": mark("The answer"),
    "answer_en": mark("Answer in English"),
    "notes": mark("For staff only"),
    "basis": mark("Law or rule it rests on"),
    "state": mark("State"),
    "is_public": mark("Public"),
    "unit": mark("Unit that answers for it"),
    "owner": mark("Person who answers for it"),
    "review_on": mark("Look again on"),
    "categories": mark("Categories"),
    "items": mark("Service items"),
}

"""Tells owners that articles must be looked at again; changes no article but the day it told."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.kernel.events import publish
from app.knowledge import queries
from app.knowledge.events import ReviewDue
from app.knowledge.models import Article
from app.knowledge.rules import is_to_be_told
from app.knowledge.rules.reviewing import TOLD_BEFORE

BATCH: Final = 200


def tell_owners(session: Session, *, today: date, now: datetime) -> int:
    """Publish each article whose owner must hear of it today; how many there were.

    Safe to run twice: an article remembers the day its owner was told.
    """
    told, after = 0, 0
    while batch := queries.articles_to_tell_of(
        session, until=today + TOLD_BEFORE, after=after, size=BATCH
    ):
        for article in batch:
            if is_to_be_told(article.review_on, article.told_on, today=today):
                _tell(session, article, today=today, now=now)
                told += 1
        after = batch[-1].id
    return told


def _tell(session: Session, article: Article, *, today: date, now: datetime) -> None:
    # Past the version: being told is no edit, and must not disturb whoever is writing.
    session.execute(
        update(Article)
        .where(Article.id == article.id)
        .values(told_on=today)
        .execution_options(synchronize_session=False)
    )
    publish(session, ReviewDue(article.code, article.title, article.unit_id, article.owner_id, now))

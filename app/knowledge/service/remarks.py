"""What readers say of articles: counted when it helped, otherwise kept until somebody answers.

A remark belongs to whoever answers for its article; one that is closed stays closed.
"""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.departments.models import Unit
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.events import publish
from app.kernel.messages import mark
from app.kernel.text import mask_free_text
from app.knowledge import queries
from app.knowledge.events import RemarkClosed, RemarkMade
from app.knowledge.models import Article, ArticleRemark
from app.knowledge.rules import MOST_NOTE, MOST_WORDS, RemarkEnd, Verdict
from app.knowledge.service.writing import may_edit

_WHAT_IS_WRONG = mark("Say in a few words what is wrong, so that it can be put right.")


def remark(
    session: Session,
    article_id: int,
    seen_version: int,
    verdict: Verdict,
    words: str,
    *,
    staff_id: int | None,
    now: datetime,
) -> ArticleRemark | None:
    """Count that an article helped, or keep what is wrong with it for its owner to see.

    Raises:
        InvalidError: nothing is said of what is wrong, or too much.
    """
    if verdict is Verdict.USEFUL:
        _count(session, Article.useful_count, [article_id])
        return None
    said = mask_free_text(words.strip())
    if verdict is Verdict.WRONG and not said:
        raise InvalidError(fields={"words": _WHAT_IS_WRONG})
    if len(said) > MOST_WORDS:
        raise InvalidError(fields={"words": mark("This is too long.")})
    article = session.get_one(Article, article_id)
    made = ArticleRemark(
        article_id=article_id,
        seen_version=seen_version,
        verdict=verdict,
        words=said,
        staff_id=staff_id,
        at=now,
    )
    session.add(made)
    session.flush()
    publish(session, RemarkMade(made.id, article.title, article.unit_id, article.owner_id, now))
    return made


def close_remark(
    session: Session,
    remark_id: int,
    end: RemarkEnd,
    note: str,
    *,
    seen: int,
    actor: Actor,
    now: datetime,
) -> ArticleRemark:
    """Say what came of a remark; whoever of the staff made it is told.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, InvalidError: there is none; only whoever
            answers for the article closes it; it was closed meanwhile; no reason is given.
    """
    found, article, _, _ = queries.get_remark(session, actor, remark_id)
    if not may_edit(actor, article, session.get_one(Unit, article.unit_id)):
        raise ForbiddenError(mark("Whoever answers for the article closes this."))
    if found.version != seen or found.closed_at is not None:
        raise ConflictError(
            mark("Somebody else has closed this meanwhile."),
            stored={mark("What was done about it"): found.end_note},
            fresh={"version": str(found.version)},
        )
    said = note.strip()
    if not said or len(said) > MOST_NOTE:
        raise InvalidError(
            fields={"note": mark("Write in a sentence what was done about it.")},
        )
    found.end, found.end_note = end, said
    found.closed_at, found.closed_by = now, actor.id
    session.flush()
    if found.staff_id is not None:
        publish(session, RemarkClosed(found.id, article.title, found.staff_id, now))
    return found


def count_used(session: Session, text: str) -> None:
    """Count the articles whose answer stands in what a citizen was just told."""
    used = queries.answers_in(session, text)
    if used:
        _count(session, Article.used_count, used)


def _count(session: Session, column: object, ids: list[int]) -> None:
    # Past the version: counting is no edit, and must not disturb whoever is writing.
    session.execute(
        update(Article)
        .where(Article.id.in_(ids))
        .values({column: column + 1})  # type: ignore[operator]  # a column of whole numbers
        .execution_options(synchronize_session=False)
    )

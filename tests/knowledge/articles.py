"""Articles for tests: in use, public, of the works bureau, unless told otherwise."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.knowledge import service
from app.knowledge.models import Article
from app.knowledge.rules import REVIEW_AFTER, ArticleState
from app.knowledge.service import ArticleDraft, Edit
from tests.support.city import WORKS, City
from tests.support.clock import MONDAY_9AM

TODAY = MONDAY_9AM.date()
TITLE = "路灯不亮报给谁？"
ANSWER = "报给我们就行，三天内修好。"


def edit(actor: Actor, note: str = "", *, days: int = 0) -> Edit:
    later = timedelta(days=days)
    return Edit(MONDAY_9AM + later, TODAY + later, actor, note)


def draft(**given: object) -> ArticleDraft:
    written: dict[str, object] = {
        "title": TITLE,
        "answer": ANSWER,
        "unit_id": WORKS,
        "review_on": TODAY + REVIEW_AFTER,
        "is_public": True,
        "notes": "先问灯杆编号",
    }
    return ArticleDraft(**{**written, **given})  # type: ignore[arg-type]  # its own fields


def an_article(session: Session, city: City, **given: object) -> Article:
    head = city[Role.MANAGER]
    article = service.add_article(session, draft(**given), edit=edit(head))
    return service.set_state(
        session, article.code, ArticleState.IN_USE, seen=article.version, edit=edit(head)
    )

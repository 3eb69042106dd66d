"""Tells staff about the articles they answer for: to be looked at, remarked on, answered.

Whoever owns an article is told; where nobody does, or has left, whoever looks after its unit.
"""

from typing import Any, Final

from sqlalchemy.orm import Session

from app.accounts.rules import Permission
from app.kernel.messages import mark
from app.knowledge.events import RemarkClosed, RemarkMade, ReviewDue
from app.notifications.service import staff

_REVIEW: Final = mark("Please look at an article again: %(title)s")
_REMARK: Final = mark("A reader found something wrong or unclear: %(title)s")
_CLOSED: Final = mark("Your remark was answered: %(title)s")
_MANAGE: Final = Permission.KNOWLEDGE_MANAGE


def on_review_due(session: Session, event: ReviewDue) -> None:
    """An article must be looked at again."""
    _tell(session, event, _REVIEW, f"/desk/knowledge/{event.code}")


def on_remark(session: Session, event: RemarkMade) -> None:
    """A reader said that something is wrong or unclear."""
    _tell(session, event, _REMARK, f"/desk/knowledge/remarks/{event.remark_id}")


def on_remark_closed(session: Session, event: RemarkClosed) -> None:
    """What a member of staff remarked was answered."""
    link = f"/desk/knowledge/remarks/{event.remark_id}"
    said: dict[str, Any] = {"title": event.title}
    staff.tell(session, [event.staff_id], _CLOSED, params=said, link=link, now=event.now)


def _tell(session: Session, event: ReviewDue | RemarkMade, msgid: str, link: str) -> None:
    said: dict[str, Any] = {"title": event.title}
    people = [event.owner_id] if event.owner_id else []
    if not staff.tell(session, people, msgid, params=said, link=link, now=event.now):
        staff.tell_unit(
            session, event.unit_id, _MANAGE, msgid, params=said, link=link, now=event.now
        )

"""What belongs to a case beside its row: files that came with a line, words search finds it by."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.cases.kinds import Action
from app.cases.models import Attachment, Case, CaseEvent


def attach(session: Session, case: Case, ids: Sequence[int], *, event_id: int) -> None:
    """Give files uploaded beforehand to the case and to the line that brought them.

    A file that already belongs to another case is left where it is: an id in a
    form is a claim, not a right.
    """
    if not ids:
        return
    wanted = select(Attachment).where(
        Attachment.id.in_(ids),
        Attachment.event_id.is_(None),
        Attachment.case_id.is_(None) | (Attachment.case_id == case.id),
    )
    for file in session.scalars(wanted):
        file.case_id, file.event_id, file.draft_id = case.id, event_id, None


def release_files(session: Session, case: Case, *, event_id: int) -> None:
    """Move the files of the latest reply to the line that made it public."""
    latest = (
        select(func.max(CaseEvent.id))
        .where(CaseEvent.case_id == case.id, CaseEvent.action == Action.REPLY)
        .scalar_subquery()
    )
    moved = update(Attachment).where(Attachment.case_id == case.id, Attachment.event_id == latest)
    session.execute(moved.values(event_id=event_id))


def searchable(case: Case) -> str:
    """What full text search finds a case by; nothing that is encrypted elsewhere."""
    return searchable_text(case.number, case.title, case.body, case.place, case.category_name)


def searchable_text(number: str, title: str, body: str, place: str, category_name: str) -> str:
    """The same from its parts, for rows that never were a `Case`."""
    return f"{number}\n{title}\n{body}\n{place}\n{category_name}"

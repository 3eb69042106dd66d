"""Matters of “it could not be done” for tests."""

from sqlalchemy.orm import Session

from app.cases.kinds import Channel
from app.cases.models import Case
from app.cases.rules import CITIZEN
from app.complaints.service.stuck import NewStuck, open_stuck
from tests.support.clock import MONDAY_9AM


def a_stuck_matter(
    session: Session, n: int, *, unit_id: int | None = None, staff: str = ""
) -> Case:
    """One more matter, about a unit or a person if named."""
    words = f"第 {n} 次来办退休手续，仍然没有办成。"
    new = NewStuck(words, Channel.WINDOW, unit_id=unit_id, staff=staff)
    return open_stuck(session, new, doer=CITIZEN, now=MONDAY_9AM)

"""Addresses nobody confirmed, and those of matters long over, are forgotten; the voice stays."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.watching.models import Watcher
from app.watching.rules import KEPT_AFTER_END, UNCONFIRMED_KEPT


def forget(session: Session, *, now: datetime) -> None:
    """Take away what could reach somebody and is needed for nothing. Safe to run twice."""
    unconfirmed = Watcher.confirmed_at.is_(None) & (Watcher.watched_at < now - UNCONFIRMED_KEPT)
    stopped = Watcher.ended_at < now - UNCONFIRMED_KEPT
    over = Watcher.case_id.in_(select(Case.id).where(Case.closed_at < now - KEPT_AFTER_END))
    session.execute(
        update(Watcher)
        .where(Watcher.address.is_not(None), or_(unconfirmed, stopped, over))
        .values(address=None, kind=None, who=None, token_digest=None)
    )

"""Every look at the edited words of notices."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.notifications.models import NoticeTemplate


def newest_id(session: Session, code: str) -> int:
    """The key of the version of a notice published last in any language; 0 for none."""
    newest = select(func.max(NoticeTemplate.id)).where(NoticeTemplate.code == code)
    return session.scalar(newest) or 0


def in_force(session: Session) -> dict[tuple[str, str], str]:
    """The edited words that hold now, by notice and language; what was given back is not there."""
    newest = select(func.max(NoticeTemplate.id)).group_by(
        NoticeTemplate.code, NoticeTemplate.locale
    )
    found = session.scalars(select(NoticeTemplate).where(NoticeTemplate.id.in_(newest)))
    return {(one.code, one.locale): one.words for one in found if one.words}


def versions(session: Session, code: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was published of a notice and by whom, newest first; the last fifty."""
    return session.execute(
        select(
            NoticeTemplate.locale,
            NoticeTemplate.words,
            NoticeTemplate.published_at,
            Staff.display_name,
        )
        .outerjoin(Staff, Staff.id == NoticeTemplate.published_by_id)
        .where(NoticeTemplate.code == code)
        .order_by(NoticeTemplate.id.desc())
        .limit(50)
    ).all()

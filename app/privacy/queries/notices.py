"""Reads of privacy notices and of who was shown which."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.privacy.models import NoticeSeen, PrivacyNotice

_VERSIONS: Final = select(PrivacyNotice.version, PrivacyNotice.valid_from).order_by(
    PrivacyNotice.version.desc()
)
_SHOWN: Final = (
    select(NoticeSeen.id)
    .join(Case, Case.id == NoticeSeen.case_id, isouter=True)
    .where(
        NoticeSeen.notice_id == bindparam("notice_id"),
        or_(
            NoticeSeen.citizen_id.in_(bindparam("ids", expanding=True)),
            Case.citizen_id.in_(bindparam("ids", expanding=True)),
        ),
    )
    .limit(1)
)


def notice_versions(session: Session) -> list[tuple[int, datetime]]:
    """Every version and from when it holds, the newest first."""
    return [(row[0], row[1]) for row in rows(session, _VERSIONS)]


def get_notice(session: Session, version: int) -> PrivacyNotice:
    """One version.

    Raises:
        NotFoundError: there is none with this number.
    """
    wanted = select(PrivacyNotice).where(PrivacyNotice.version == version)
    notice = session.scalars(wanted).one_or_none()
    if notice is None:
        raise NotFoundError(mark("There is no such version."))
    return notice


def was_shown(session: Session, notice_id: int, ids: Sequence[int]) -> bool:
    """Whether one of these people was shown it, on a page of their own or with a matter."""
    return bool(rows(session, _SHOWN, notice_id=notice_id, ids=ids))


def list_notices(session: Session) -> Sequence[PrivacyNotice]:
    """Every version whole, the newest first; there are few."""
    return session.scalars(select(PrivacyNotice).order_by(PrivacyNotice.version.desc())).all()


def was_noted(session: Session, notice_id: int, case_id: int | None) -> bool:
    """Whether it is written down already that this version was shown with the matter."""
    if case_id is None:
        return False
    wanted = select(NoticeSeen.id).where(
        NoticeSeen.notice_id == notice_id, NoticeSeen.case_id == case_id
    )
    return session.scalar(wanted.limit(1)) is not None

"""Finds keys: the one a program sends, and all of them for whoever gives them out."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.partners.models import PartnerKey

_MOST: Final = 500  # a city gives keys to dozens of partners; old ones stay below the living
_LIVING: Final = select(PartnerKey).where(
    PartnerKey.digest == bindparam("digest"), PartnerKey.revoked_at.is_(None)
)
_LIST: Final = (
    select(
        PartnerKey.id,
        PartnerKey.name,
        PartnerKey.tail,
        PartnerKey.may_read,
        PartnerKey.may_create,
        PartnerKey.may_update,
        PartnerKey.codes,
        PartnerKey.hourly,
        PartnerKey.is_sample,
        PartnerKey.created_at,
        PartnerKey.revoked_at,
        PartnerKey.last_used_at,
        PartnerKey.uses,
        Staff.display_name.label("by"),
    )
    .outerjoin(Staff, Staff.id == PartnerKey.created_by)
    .order_by(PartnerKey.revoked_at.is_not(None), PartnerKey.id.desc())
    .limit(_MOST)
)


def find_living(session: Session, digest: bytes) -> PartnerKey | None:
    """The key of this digest, unless it was revoked."""
    return session.scalars(_LIVING, {"digest": digest}).one_or_none()


def list_keys(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """All keys, those in use first, the newest first."""
    return rows(session, _LIST)


def get_key(session: Session, key_id: int) -> PartnerKey:
    """One key, revoked or not.

    Raises:
        NotFoundError: there is none.
    """
    found = session.get(PartnerKey, key_id)
    if found is None:
        raise NotFoundError(mark("There is no such key."))
    return found

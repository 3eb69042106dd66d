"""Photos of an asset as it should be: added and taken away; the files lie in the store.

What is uploaded was checked, re-encoded and stripped before (`web.uploads`).
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue.service import Edit
from app.facilities.models import Asset, AssetPhoto
from app.facilities.service.registering import require
from app.kernel import audit
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.text import clean_line

MOST_PHOTOS: Final = 12
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A stored photo: its SHA-256, its type, a few words."""

    file: str
    file_type: str
    words: str = ""


def add_photo(session: Session, asset_id: int, photo: NewPhoto, *, edit: Edit) -> AssetPhoto:
    """Keep a photo with an asset.

    Raises:
        NotFoundError, ForbiddenError, InvalidError: no such asset; not theirs; not a photo,
            or too many.
    """
    asset = _asset(session, asset_id, edit)
    if not photo.file_type.startswith("image/"):
        raise InvalidError(fields={"photo": mark("Please choose a photo, not a document.")})
    had = select(func.count()).where(AssetPhoto.asset_id == asset_id)
    if (session.scalar(had) or 0) >= MOST_PHOTOS:
        raise InvalidError(fields={"photo": mark("There are enough photos. Take one away first.")})
    added = AssetPhoto(
        asset_id=asset.id,
        file=photo.file,
        file_type=photo.file_type,
        words=clean_line(photo.words)[:_LONGEST],
        at=edit.now,
        by_id=edit.author.id,
    )
    session.add(added)
    session.flush()
    _note(session, edit, "asset.photo", asset.id)
    return added


def remove_photo(session: Session, asset_id: int, photo_id: int, *, edit: Edit) -> None:
    """Take a photo away; the file is swept later.

    Raises:
        NotFoundError, ForbiddenError: there is none; not theirs.
    """
    asset = _asset(session, asset_id, edit)
    photo = session.get(AssetPhoto, photo_id)
    if photo is None or photo.asset_id != asset.id:
        raise NotFoundError(mark("This file is no longer there."))
    session.delete(photo)
    session.flush()
    _note(session, edit, "asset.photo_removed", asset.id)


def _asset(session: Session, asset_id: int, edit: Edit) -> Asset:
    asset = session.get(Asset, asset_id)
    if asset is None:
        raise NotFoundError(mark("There is no such facility."))
    require(session, edit, asset.owner_unit_id)
    return asset


def _note(session: Session, edit: Edit, action: str, asset_id: int) -> None:
    audit.note(session, edit.author, action, ("asset", asset_id), at=edit.now)

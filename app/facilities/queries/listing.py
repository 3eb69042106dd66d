"""The register as people look through it: pages of it, photos of one, which files are known.

The list walks along the codes; what was typed is found by `wording`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, false, func, select
from sqlalchemy.orm import Session

from app.departments.queries.shelf import tree
from app.facilities.models import Asset, AssetPhoto
from app.facilities.queries.asking import ASSET_COLUMNS, asset_view
from app.facilities.queries.shelf import types
from app.facilities.queries.wording import Found, worded
from app.facilities.rules import AssetState, AssetView
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.paging import Order, Page, list_page

PAGE: Final = 50
_BATCH: Final = 500
_ALL: Final = select(*ASSET_COLUMNS)
_PHOTOS: Final = (
    select(AssetPhoto.id, AssetPhoto.file, AssetPhoto.file_type, AssetPhoto.words, AssetPhoto.at)
    .where(AssetPhoto.asset_id == bindparam("asset_id"))
    .order_by(AssetPhoto.id)
)
_COUNTS: Final = (
    select(Asset.type_id, func.count().label("n"))
    .where(Asset.state != AssetState.REMOVED)
    .group_by(Asset.type_id)
)


@dataclass(frozen=True, slots=True)
class AssetFilter:
    """What of the register somebody wants to see; empty values ask for everything."""

    text: str = ""
    type_code: str = ""
    region_code: str = ""
    owner_unit_id: int | None = None
    state: AssetState | None = None


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo of an asset."""

    id: int
    file: str
    file_type: str
    words: str


def list_assets(
    session: Session, wanted: AssetFilter, *, cursor: str | None = None
) -> Page[AssetView]:
    """One page of the register, along the codes.

    Raises:
        InvalidError: the cursor was not made here.
    """
    asked = _matching(session, wanted)
    order = Order.by(asked.key)
    found = list_page(session, asked.statement, order, cursor=cursor, size=PAGE)
    return found.map(asset_view)


def all_assets(session: Session, wanted: AssetFilter) -> Iterator[AssetView]:
    """Everything that fits, along the codes, some hundred at a time: for files."""
    asked, last = _matching(session, wanted), ""
    statement = asked.statement.order_by(asked.key).limit(_BATCH)
    while batch := rows(session, statement.where(asked.key > last)):
        yield from (asset_view(row) for row in batch)
        last = batch[-1].code


def some_assets(session: Session, wanted: AssetFilter, *, limit: int) -> list[AssetView]:
    """The first that fit, along the codes."""
    asked = _matching(session, wanted)
    statement = asked.statement.order_by(asked.key).limit(limit)
    return [asset_view(row) for row in rows(session, statement)]


def counts_by_type(session: Session) -> dict[int, int]:
    """How many facilities of each type stand in the register, without those removed."""
    return {row.type_id: row.n for row in rows(session, _COUNTS)}


def photos_of(session: Session, asset_id: int) -> list[PhotoView]:
    """The photos of an asset, oldest first."""
    return [
        PhotoView(row.id, row.file, row.file_type, row.words)
        for row in rows(session, _PHOTOS, asset_id=asset_id)
    ]


def photo_of(session: Session, asset_id: int, photo_id: int) -> PhotoView:
    """One photo of an asset.

    Raises:
        NotFoundError: it has no such photo.
    """
    for photo in photos_of(session, asset_id):
        if photo.id == photo_id:
            return photo
    raise NotFoundError(mark("This file is no longer there."))


def files_known(session: Session, names: Sequence[str]) -> set[str]:
    """Which of these files are a photo of some asset."""
    return set(session.scalars(select(AssetPhoto.file).where(AssetPhoto.file.in_(names))))


def _matching(session: Session, wanted: AssetFilter) -> Found:
    found = _ALL
    if wanted.type_code:
        one = types(session).by_code.get(wanted.type_code)
        found = found.where(Asset.type_id == one.id if one else false())
    if wanted.region_code:
        found = found.where(Asset.region_code.startswith(wanted.region_code, autoescape=True))
    if wanted.owner_unit_id is not None:
        found = found.where(Asset.owner_unit_id.in_(_subtree(session, wanted.owner_unit_id)))
    if wanted.state is not None:
        found = found.where(Asset.state == wanted.state)
    return worded(session, found, wanted.text)


def _subtree(session: Session, unit_id: int) -> list[int]:
    units = tree(session).units
    top = units[unit_id].path if unit_id in units else "?"
    return [unit.id for unit in units.values() if unit.path.startswith(top)]

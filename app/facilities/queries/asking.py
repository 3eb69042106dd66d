"""What other features ask: which type, which asset, what stands near.

Answers with frozen values to copy; hands out no rows.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Row, bindparam, or_, select
from sqlalchemy.orm import Session

from app.facilities.models import Asset
from app.facilities.queries.shelf import types
from app.facilities.rules import AssetState, AssetView, TypeView, plate_of, read_code
from app.kernel import geo
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark

ASSET_COLUMNS: Final = (
    Asset.id,
    Asset.code,
    Asset.plate,
    Asset.type_id,
    Asset.name,
    Asset.place,
    Asset.region_code,
    Asset.lon,
    Asset.lat,
    Asset.owner_unit_id,
    Asset.state,
    Asset.built_on,
    Asset.note,
    Asset.is_sample,
    Asset.version,
)
_MOST_NEAR: Final = 500  # in one cell of a dense street there are a few dozen
_ASSETS: Final = select(*ASSET_COLUMNS)
_BY_CODE: Final = _ASSETS.where(Asset.code == bindparam("code"))
_BY_PLATE: Final = _ASSETS.where(Asset.plate == bindparam("plate"))
_BY_IDS: Final = _ASSETS.where(Asset.id.in_(bindparam("ids", expanding=True)))
_BATCH: Final = 500
_NAMED: Final = _ASSETS.where(
    or_(
        Asset.code.in_(bindparam("codes", expanding=True)),
        Asset.plate.in_(bindparam("plates", expanding=True)),
    )
)
_IN_CELLS: Final = (
    _ASSETS.where(Asset.cell.in_(bindparam("cells", expanding=True)))
    .where(Asset.state != AssetState.REMOVED)
    .order_by(Asset.id)
    .limit(_MOST_NEAR)
)


def list_types(session: Session) -> tuple[TypeView, ...]:
    """All types by code, also those switched off."""
    return tuple(types(session).by_id.values())


def types_for_report(session: Session) -> tuple[TypeView, ...]:
    """The types the public can report, in the order of their codes."""
    return tuple(one for one in list_types(session) if one.is_active and one.is_public)


def get_type(session: Session, type_id: int) -> TypeView:
    """One type by its key.

    Raises:
        NotFoundError: there is none.
    """
    return _or_not(types(session).by_id.get(type_id))


def get_type_by_code(session: Session, code: str) -> TypeView:
    """One type by its code.

    Raises:
        NotFoundError: there is none.
    """
    return _or_not(type_by_code(session, code))


def type_by_code(session: Session, code: str) -> TypeView | None:
    """The type with this code (0120, E0101), if there is one."""
    return types(session).by_code.get(code.strip().upper())


def type_of_category(session: Session, category_id: int | None) -> TypeView | None:
    """The type this category stands for; None for the categories of other matters."""
    return types(session).by_category.get(category_id) if category_id is not None else None


def asset_by_code(session: Session, code: str) -> AssetView | None:
    """The asset with these sixteen digits; spaces and hyphens do not matter."""
    read = read_code(code)
    return _first(rows(session, _BY_CODE, code=str(read))) if read else None


def asset_by_plate(session: Session, plate: str) -> AssetView | None:
    """The asset with this number on its plate."""
    said = plate_of(plate)
    return _first(rows(session, _BY_PLATE, plate=said)) if said else None


def find_asset(session: Session, said: str) -> AssetView | None:
    """The asset a plate names, by its code or by its number."""
    return asset_by_code(session, said) or asset_by_plate(session, said)


def assets_of(session: Session, asset_ids: Collection[int]) -> dict[int, AssetView]:
    """The assets with these keys, by key: for lists that name them."""
    found = rows(session, _BY_IDS, ids=sorted(set(asset_ids)))
    return {row.id: asset_view(row) for row in found}


def assets_named(session: Session, codes: Sequence[str], plates: Sequence[str]) -> list[AssetView]:
    """The assets with one of these codes or plates; for files, some hundred at a time."""
    found: dict[int, AssetView] = {}
    for start in range(0, max(len(codes), len(plates)), _BATCH):
        some = slice(start, start + _BATCH)
        for row in rows(session, _NAMED, codes=codes[some], plates=plates[some]):
            found[row.id] = asset_view(row)
    return list(found.values())


def assets_near(
    session: Session,
    lon: float,
    lat: float,
    radius: float,
    *,
    type_id: int | None = None,
    limit: int = 20,
) -> list[AssetView]:
    """The assets that stand within so many metres, nearest first, with their distance.

    Raises:
        ValueError: there is no such position, or the radius is too large (`kernel.geo`).
    """
    found = rows(session, _IN_CELLS, cells=geo.cells_around(lon, lat, radius))
    measured = [
        asset_view(row, geo.distance_m((lon, lat), (float(row.lon), float(row.lat))))
        for row in found
        if type_id in (None, row.type_id)
    ]
    inside = [one for one in measured if (one.distance_m or 0.0) <= radius]
    return sorted(inside, key=lambda one: (one.distance_m or 0.0, one.id))[:limit]


def asset_view(row: Row[*tuple[Any, ...]], distance: float | None = None) -> AssetView:
    """A row of `ASSET_COLUMNS` as other features read it."""
    return AssetView(
        id=row.id,
        code=row.code,
        plate=row.plate or "",
        type_id=row.type_id,
        name=row.name,
        place=row.place,
        region_code=row.region_code,
        lon=row.lon,
        lat=row.lat,
        owner_unit_id=row.owner_unit_id,
        state=row.state,
        built_on=row.built_on,
        note=row.note,
        is_sample=row.is_sample,
        version=row.version,
        distance_m=distance,
    )


def _first(found: Collection[Row[*tuple[Any, ...]]]) -> AssetView | None:
    return next((asset_view(row) for row in found), None)


def _or_not(found: TypeView | None) -> TypeView:
    if found is None:
        raise NotFoundError(mark("There is no such type of facility."))
    return found

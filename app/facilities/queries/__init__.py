"""Every question the rest of the house asks about facilities. Reads only."""

from app.facilities.queries.asking import (
    ASSET_COLUMNS,
    asset_by_code,
    asset_by_plate,
    asset_view,
    assets_near,
    assets_of,
    find_asset,
    get_type,
    get_type_by_code,
    list_types,
    type_by_code,
    type_of_category,
    types_for_report,
)

__all__ = [
    "ASSET_COLUMNS",
    "asset_by_code",
    "asset_by_plate",
    "asset_view",
    "assets_near",
    "assets_of",
    "find_asset",
    "get_type",
    "get_type_by_code",
    "list_types",
    "type_by_code",
    "type_of_category",
    "types_for_report",
]

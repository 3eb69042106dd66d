"""Writing the register by hand: proposing a code, adding an asset, changing it.

A code never changes; an asset is never deleted, only set to removed: repairs point at it.
"""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Permission
from app.catalogue.service import Edit
from app.departments import queries as departments
from app.facilities import queries
from app.facilities.models import Asset
from app.facilities.queries.shelf import types
from app.facilities.rules import LAST_SERIAL, AssetCode, AssetView, plate_of, read_code, stem
from app.facilities.rules.register import AssetDraft, draft_of, judge
from app.kernel import audit, geo
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.text import clean, clean_line

TAKEN: Final = mark("Another facility has this code.")
PLATE_TAKEN: Final = mark("Another facility has this number on its plate.")
NOT_YOURS: Final = mark("Choose your own unit or one under it; others enter their own.")
NO_REGION: Final = mark("There is no such district or street.")
_SIX: Final = Decimal("0.000001")


def require(session: Session, edit: Edit, owner_unit_id: int | None) -> None:
    """Refuse who may not write what belongs to this unit.

    Raises:
        ForbiddenError: no appointment of theirs reaches it.
    """
    if not may_edit(session, edit, owner_unit_id):
        raise ForbiddenError(mark("The facilities of this unit are not yours to change."))


def may_edit(session: Session, edit: Edit, owner_unit_id: int | None) -> bool:
    """Whether the editor may write what belongs to this unit, or to nobody."""
    if edit.actor is None:
        return True
    unit = departments.view_of(session, owner_unit_id) if owner_unit_id else None
    return edit.actor.covers(
        Permission.ASSET_EDIT,
        unit_id=unit.id if unit else None,
        unit_path=unit.path if unit else "",
        region_code=unit.region_code if unit else "",
        handler_id=None,
    )


def next_code(session: Session, region_code: str, type_code: str) -> AssetCode:
    """The next free code of a type in a district.

    Raises:
        InvalidError: all serial numbers are used.
    """
    start = stem(region_code, type_code)
    last = session.scalar(
        select(Asset.code)
        .where(Asset.code >= f"{start}000000", Asset.code <= f"{start}{LAST_SERIAL}")
        .order_by(Asset.code.desc())
        .limit(1)
    )
    serial = int(last[len(start) :]) + 1 if last else 1
    if serial > LAST_SERIAL:
        raise InvalidError(fields={"code": mark("All serial numbers of this type are used.")})
    return AssetCode(start[:6], type_code, serial)


def add_asset(
    session: Session,
    draft: AssetDraft,
    *,
    bounds: geo.Bounds | None,
    today: date,
    edit: Edit,
    is_sample: bool = False,
) -> Asset:
    """Put a facility into the register; without a code it gets the next one of its type.

    Raises:
        InvalidError: a sentence by field, also where the owner is no unit of the editor's.
    """
    draft = _coded(session, cleaned(draft))
    _check(session, draft, edit, own_id=None, bounds=bounds, today=today)
    asset = Asset(code=draft.code, is_sample=is_sample, changed_at=edit.now)
    fill(asset, draft, edit)
    session.add(asset)
    session.flush()
    _note(session, edit, "asset.add", asset, sorted(_named(draft)))
    return asset


def change_asset(
    session: Session,
    asset_id: int,
    draft: AssetDraft,
    *,
    version: int,
    bounds: geo.Bounds | None,
    today: date,
    edit: Edit,
) -> Asset:
    """Change what the register says of a facility.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, InvalidError: gone; may not; changed
            meanwhile; a sentence by field.
    """
    asset = session.get(Asset, asset_id, populate_existing=True)
    if asset is None:
        raise NotFoundError(mark("There is no such facility."))
    require(session, edit, asset.owner_unit_id)
    if asset.version != version:
        raise ConflictError(
            mark("Somebody else changed this entry while you were editing. Nothing was saved."),
            stored={mark("Place"): asset.place, mark("Plate"): asset.plate or ""},
            fresh={"version": str(asset.version)},
        )
    draft = replace(cleaned(draft), code=asset.code)
    _check(session, draft, edit, own_id=asset.id, bounds=bounds, today=today)
    before = draft_of(queries.assets_of(session, [asset.id])[asset.id])
    changed = [
        field.name
        for field in fields(draft)
        if getattr(draft, field.name) != getattr(before, field.name)
    ]
    if changed:
        fill(asset, draft, edit)
        session.flush()
        _note(session, edit, "asset.change", asset, changed)
    return asset


def fill(asset: Asset, draft: AssetDraft, edit: Edit) -> None:
    """Write a checked draft into the row."""
    asset.plate = draft.plate or None
    asset.type_id = draft.type_id or 0
    asset.name, asset.place, asset.note = draft.name, draft.place, draft.note
    asset.region_code = draft.region_code or draft.code[:6]
    asset.owner_unit_id = draft.owner_unit_id
    asset.state, asset.built_on = draft.state, draft.built_on
    asset.lon = asset.lat = asset.cell = None
    if draft.lon is not None and draft.lat is not None:
        asset.lon = Decimal(draft.lon).quantize(_SIX)
        asset.lat = Decimal(draft.lat).quantize(_SIX)
        asset.cell = geo.cell(float(asset.lon), float(asset.lat))
    asset.changed_at = edit.now


def cleaned(draft: AssetDraft) -> AssetDraft:
    """The draft with texts as they are kept; positions to a millionth of a degree."""
    code = read_code(draft.code)
    return replace(
        draft,
        code=str(code) if code else draft.code,
        plate=plate_of(draft.plate),
        name=clean_line(draft.name),
        place=clean_line(draft.place),
        note=clean(draft.note),
        lon=round(draft.lon, 6) if draft.lon is not None else None,
        lat=round(draft.lat, 6) if draft.lat is not None else None,
    )


def _coded(session: Session, draft: AssetDraft) -> AssetDraft:
    one = types(session).by_id.get(draft.type_id or 0)
    if draft.code or one is None or not one.is_asset_type or not draft.region_code:
        return draft
    return replace(draft, code=str(next_code(session, draft.region_code, one.code)))


def _check(
    session: Session,
    draft: AssetDraft,
    edit: Edit,
    *,
    own_id: int | None,
    bounds: geo.Bounds | None,
    today: date,
) -> None:
    one = types(session).by_id.get(draft.type_id or 0)
    errors = dict(judge(draft, one, bounds=bounds, today=today).errors)
    if not draft.code:  # none was typed, and none could be made
        del errors["code"]
        errors |= _lacking(draft)
    if draft.region_code and not departments.is_region(session, draft.region_code):
        errors["region_code"] = NO_REGION
    if _is_other(queries.asset_by_code(session, draft.code), own_id):
        errors["code"] = TAKEN
    if _is_other(queries.asset_by_plate(session, draft.plate), own_id):
        errors["plate"] = PLATE_TAKEN
    if not may_edit(session, edit, draft.owner_unit_id):
        errors["owner_unit_id"] = NOT_YOURS
    if errors:
        raise InvalidError(fields=errors)


def _lacking(draft: AssetDraft) -> dict[str, str]:
    """What a code is made of and nobody chose."""
    chosen = {
        "type": (draft.type_id, mark("Choose what kind of facility it is.")),
        "region_code": (draft.region_code, mark("Please choose a district or street.")),
    }
    return {field: sentence for field, (value, sentence) in chosen.items() if not value}


def _is_other(found: AssetView | None, own_id: int | None) -> bool:
    return found is not None and found.id != own_id


def _named(draft: AssetDraft) -> list[str]:
    return [field.name for field in fields(draft) if getattr(draft, field.name) not in ("", None)]


def _note(session: Session, edit: Edit, action: str, asset: Asset, changed: list[str]) -> None:
    details: dict[str, Any] = {"code": asset.code, "fields": changed}
    audit.note(
        session,
        edit.author,
        action,
        ("asset", asset.id),
        at=edit.now,
        reason=edit.note,
        details=details,
    )

"""What may stand in the register: a draft of an asset and the sentences of what is wrong with it.

Pure; who may write it and whether its code is taken is asked elsewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.facilities.rules.codes import read_code
from app.facilities.rules.content import AssetView, TypeView
from app.facilities.rules.vocabulary import AssetState
from app.kernel import geo
from app.kernel.messages import mark

LONGEST: Final[Mapping[str, int]] = {"plate": 40, "name": 120, "place": 200, "note": 1000}
_DISTRICT: Final = 6
NO_TYPE: Final = mark("There is no such type of facility.")


@dataclass(frozen=True, slots=True)
class AssetDraft:
    """What somebody wants to stand in the register."""

    code: str = ""
    plate: str = ""
    type_id: int | None = None
    name: str = ""
    place: str = ""
    region_code: str = ""
    lon: float | None = None
    lat: float | None = None
    owner_unit_id: int | None = None
    state: AssetState = AssetState.IN_USE
    built_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What is wrong with a draft, by field; `instead` is the position probably meant."""

    errors: Mapping[str, str]
    instead: geo.Point | None = None


def draft_of(asset: AssetView) -> AssetDraft:
    """An asset of the register as a draft that changes nothing."""
    lon, lat = asset.point or (None, None)
    return AssetDraft(
        code=asset.code,
        plate=asset.plate,
        type_id=asset.type_id,
        name=asset.name,
        place=asset.place,
        region_code=asset.region_code,
        lon=lon,
        lat=lat,
        owner_unit_id=asset.owner_unit_id,
        state=asset.state,
        built_on=asset.built_on,
        note=asset.note,
    )


def judge(
    draft: AssetDraft, one: TypeView | None, *, bounds: geo.Bounds | None, today: date
) -> Judged:
    """Check everything that can be told without the register; `bounds` are those of the city."""
    verdict = _position(draft, bounds)
    errors = dict(_wrong(draft, one, today))
    if verdict.sentence:
        errors["lon"] = verdict.sentence
    return Judged(errors, verdict.instead)


def _position(draft: AssetDraft, bounds: geo.Bounds | None) -> geo.Verdict:
    if draft.lon is None and draft.lat is None:
        return geo.Verdict(None)
    if draft.lon is None or draft.lat is None:
        return geo.Verdict(None, mark("A position needs both longitude and latitude."))
    return geo.judge(draft.lon, draft.lat, bounds)


def _wrong(draft: AssetDraft, one: TypeView | None, today: date) -> Iterator[tuple[str, str]]:
    if one is None:
        yield "type", NO_TYPE
    elif not one.is_asset_type:
        yield "type", mark("This type is something that happens: there is nothing to register.")
    if wrong := _wrong_code(draft, one):
        yield "code", wrong
    if not (draft.name or draft.place):
        yield "place", mark("Please say where it is, or what it is called.")
    for name, longest in LONGEST.items():
        if len(getattr(draft, name)) > longest:
            yield name, mark("This is too long.")
    if draft.built_on is not None and draft.built_on > today and draft.state != AssetState.PLANNED:
        yield "built_on", mark("This day has not come yet; what is not built yet is planned.")


def _wrong_code(draft: AssetDraft, one: TypeView | None) -> str:
    code = read_code(draft.code)
    if code is None:
        return mark(
            "A code has 16 digits: region 6, class 2, subclass 2, serial number 6 from 000001 on."
        )
    if one is not None and one.is_asset_type and code.type_code != one.code:
        return mark("Digits 7 to 10 of the code are those of another type.")
    if draft.region_code and code.region != draft.region_code[:_DISTRICT]:
        return mark("The first six digits of the code are those of another district.")
    return ""

"""Taking assets over from a file: first what would become of each row, then all of it or nothing.

A row is known by its code, or by its plate where it has no code; what is there already with the
same words is left alone, so a second import changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from app.catalogue.service import Edit
from app.departments import queries as departments
from app.departments.queries.shelf import tree
from app.facilities import queries
from app.facilities.models import Asset
from app.facilities.queries.shelf import types
from app.facilities.rules import AssetView, TypeView, read_code
from app.facilities.rules.register import AssetDraft, draft_of, judge
from app.facilities.rules.rows import ReadRow, read_row
from app.facilities.service.registering import (
    NO_REGION,
    PLATE_TAKEN,
    cleaned,
    fill,
    may_edit,
    next_code,
)
from app.kernel import audit, geo
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

_DIGITS: Final = 6
_TWICE: Final = mark("This code stands twice in the file.")
_PLATE_TWICE: Final = mark("This number stands twice in the file.")


class Datum(StrEnum):
    """What the positions of a file are measured in."""

    WGS84 = "wgs84"  # CGCS2000 is the same to centimetres
    GCJ02 = "gcj02"
    BD09 = "bd09"


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


# Unlike in a form, nothing is turned round before somebody has asked for it.
_SWAPPED: Final = mark("Latitude and longitude look swapped.")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read; `turn` puts swapped positions the other way round."""

    bounds: geo.Bounds | None
    today: date
    datum: Datum = Datum.WGS84
    turn: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """A row, what becomes of it and a sentence (msgid) per field that is wrong."""

    number: int
    draft: AssetDraft
    fate: Fate
    errors: Mapping[str, str]
    existing: AssetView | None = None
    is_swapped: bool = False


_TO_WGS84: Final[Mapping[Datum, Callable[[float, float], geo.Point]]] = {
    Datum.WGS84: geo.Point,
    Datum.GCJ02: geo.gcj02_to_wgs84,
    Datum.BD09: geo.bd09_to_wgs84,
}


@dataclass(slots=True)
class _Register:
    """What the rows are held against, read once, and the codes given out so far."""

    session: Session
    reading: Reading
    edit: Edit
    by_code: Mapping[str, AssetView]
    by_plate: Mapping[str, AssetView]
    types: Mapping[str, TypeView]
    units: Mapping[str, int]
    seen: set[str] = field(default_factory=set)
    given: dict[str, int] = field(default_factory=dict)


def foresee(
    session: Session, rows: Sequence[Mapping[str, str]], reading: Reading, *, edit: Edit
) -> list[Outcome]:
    """What would become of each row, by its number in the file; nothing is written."""
    read = [read_row(row) for row in rows]
    register = _opened(session, read, reading, edit)
    return [_foreseen(register, number, row) for number, row in enumerate(read, start=2)]


def take_over(
    session: Session, rows: Sequence[Mapping[str, str]], reading: Reading, *, edit: Edit
) -> list[Outcome]:
    """Take over every row, or none if one is refused.

    Raises:
        InvalidError: a row is refused; look at `foresee`.
    """
    outcomes = foresee(session, rows, reading, edit=edit)
    if any(one.fate is Fate.REFUSED for one in outcomes):
        raise InvalidError(
            fields={"file": mark("Nothing was taken over: see below what is wrong with which row.")}
        )
    for one in outcomes:
        if one.fate is Fate.NEW:
            asset = Asset(code=one.draft.code, changed_at=edit.now)
            fill(asset, one.draft, edit)
            session.add(asset)
        elif one.existing is not None and one.fate is Fate.CHANGED:
            fill(session.get_one(Asset, one.existing.id), one.draft, edit)
    session.flush()
    counts = {str(fate): sum(one.fate is fate for one in outcomes) for fate in Fate}
    if counts[Fate.NEW] or counts[Fate.CHANGED]:
        audit.note(
            session, edit.author, "asset.import", ("asset", "file"), at=edit.now, details=counts
        )
    return outcomes


def _opened(session: Session, rows: Sequence[ReadRow], reading: Reading, edit: Edit) -> _Register:
    codes = [str(code) for row in rows if (code := read_code(row.code))]
    found = queries.assets_named(session, codes, [row.plate for row in rows if row.plate])
    known = types(session)
    units = {
        name: unit.id for unit in tree(session).units.values() for name in (unit.name, unit.code)
    }
    return _Register(
        session=session,
        reading=reading,
        edit=edit,
        by_code={asset.code: asset for asset in found},
        by_plate={asset.plate: asset for asset in found if asset.plate},
        types={**{one.name.zh: one for one in known.by_id.values()}, **known.by_code},
        units=units,
    )


def _foreseen(register: _Register, number: int, row: ReadRow) -> Outcome:
    existing = _existing(register, row)
    draft, errors = _draft(register, row, existing)
    errors |= row.errors
    draft, is_swapped = _placed(register, row, draft)
    one = next((t for t in register.types.values() if t.id == draft.type_id), None)
    if not draft.code and one is not None and draft.region_code and not errors:
        draft = replace(draft, code=_given(register, draft.region_code, one.code))
    judged = judge(draft, one, bounds=register.reading.bounds, today=register.reading.today)
    errors = {**judged.errors, **_unfit(register, draft, existing), **errors}
    if judged.instead is not None:
        errors["lon"] = _SWAPPED
    if errors:
        swapped = is_swapped or judged.instead is not None
        return Outcome(number, draft, Fate.REFUSED, errors, existing, swapped)
    if existing is None:
        return Outcome(number, draft, Fate.NEW, {}, None, is_swapped)
    is_same = draft == cleaned(draft_of(existing))
    return Outcome(number, draft, Fate.SAME if is_same else Fate.CHANGED, {}, existing, is_swapped)


def _existing(register: _Register, row: ReadRow) -> AssetView | None:
    code = read_code(row.code)
    if code is not None or row.code:
        return register.by_code.get(str(code))
    return register.by_plate.get(row.plate)


def _draft(
    register: _Register, row: ReadRow, existing: AssetView | None
) -> tuple[AssetDraft, dict[str, str]]:
    """The row laid over what is there: a column the file lacks says nothing."""
    errors: dict[str, str] = {}
    draft = draft_of(existing) if existing else AssetDraft(code=row.code)
    code = read_code(row.code)
    if not (row.code or row.plate):
        errors["code"] = mark("A row needs a code, or a plate: else it would come in twice.")
    said = {name: row.said[name] for name in ("name", "place", "note") if row.has(name)}
    draft = replace(draft, **said)  # type: ignore[arg-type]  # three texts
    if row.has("plate"):
        draft = replace(draft, plate=row.plate)
    if existing is None or row.said.get("type"):
        draft = replace(draft, type_id=_type_id(register, row, code.type_code if code else ""))
    if row.said.get("region") or (existing is None and code):
        region = row.said.get("region") or (code.region if code else "")
        draft = replace(draft, region_code=region)
    draft = replace(
        draft,
        state=row.state or draft.state,
        built_on=row.built_on if row.has("built_on") else draft.built_on,
    )
    return _owned(register, row, cleaned(draft), errors)


def _owned(
    register: _Register, row: ReadRow, draft: AssetDraft, errors: dict[str, str]
) -> tuple[AssetDraft, dict[str, str]]:
    if not row.has("owner"):
        return draft, errors
    owner = row.said["owner"]
    unit_id = register.units.get(owner)
    if owner and unit_id is None:
        errors["owner"] = mark("There is no unit of this name or code.")
    return replace(draft, owner_unit_id=unit_id), errors


def _type_id(register: _Register, row: ReadRow, coded: str) -> int | None:
    said = row.said.get("type") or coded
    found = register.types.get(said) or register.types.get(said.upper())
    return found.id if found else None


def _placed(register: _Register, row: ReadRow, draft: AssetDraft) -> tuple[AssetDraft, bool]:
    """The draft with the file's position in WGS 84, turned if that was asked for."""
    if not (row.has("lon") or row.has("lat")):
        return draft, False
    if row.lon is None or row.lat is None:
        return replace(draft, lon=row.lon, lat=row.lat), False
    reading = register.reading
    lon, lat = row.lon, row.lat
    verdict = geo.judge(lon, lat, reading.bounds)
    is_turned = reading.turn and verdict.instead is not None
    if is_turned and verdict.instead is not None:
        lon, lat = verdict.instead
    if geo.is_plausible(lon, lat):
        lon, lat = _TO_WGS84[reading.datum](lon, lat)
    return cleaned(replace(draft, lon=lon, lat=lat)), is_turned


def _given(register: _Register, region_code: str, type_code: str) -> str:
    stem = region_code[:_DIGITS] + type_code
    if stem not in register.given:
        register.given[stem] = next_code(register.session, region_code, type_code).serial
    else:
        register.given[stem] += 1
    return f"{stem}{register.given[stem]:06d}"


def _unfit(register: _Register, draft: AssetDraft, existing: AssetView | None) -> dict[str, str]:
    """What is wrong with the row beside others, in the file and in the register."""
    errors: dict[str, str] = {}
    if draft.region_code and not departments.is_region(register.session, draft.region_code):
        errors["region"] = NO_REGION
    if not draft.region_code:
        errors["region"] = mark("Please name a district or street, or give a code.")
    other = register.by_plate.get(draft.plate)
    if other is not None and (existing is None or other.id != existing.id):
        errors["plate"] = PLATE_TAKEN
    for name, sentence, said in (
        ("code", _TWICE, draft.code),
        ("plate", _PLATE_TWICE, f"plate {draft.plate}" if draft.plate else ""),
    ):
        if said and said in register.seen:
            errors[name] = sentence
        register.seen.add(said)
    owners = {draft.owner_unit_id, existing.owner_unit_id if existing else draft.owner_unit_id}
    if not all(may_edit(register.session, register.edit, owner) for owner in owners):
        errors["owner"] = mark("The facilities of this unit are not yours to change.")
    return errors

"""What the pages of facilities share: the city's bounds, words for choices, a line of the register.

Holds no page of its own.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import Request
from sqlalchemy.orm import Session

from app.accounts.deps import Work
from app.accounts.rules import Permission
from app.admin.frame import language_of
from app.departments import queries as departments
from app.departments.queries.shelf import tree
from app.facilities import queries
from app.facilities.labels import STATES
from app.facilities.rules import AssetView
from app.kernel import geo
from app.maps.shapes import boundaries
from app.settings import Settings
from app.web.deps import Edge
from app.web.ui import local, zone_of

REGISTER: Final = "/facilities"
TAKEN: Final = "taken"  # in the address of the register: how many a file brought
_MARGIN: Final = 0.02  # degrees, some two kilometres: what stands just outside still belongs


@dataclass(frozen=True, slots=True)
class AssetLine:
    """A line of the register; `state` is a msgid."""

    code: str
    plate: str
    name: str
    type_name: str
    place: str
    region: str
    owner: str
    state: str
    is_there: bool
    is_sample: bool


def bounds_of(settings: Settings) -> geo.Bounds:
    """The rectangle the city lies in; the country's where its boundaries are not known."""
    known = boundaries(settings.data_dir, is_demo=settings.demo)
    if known is None:
        return geo.CHINA
    west, south, east, north = (
        known.bounds.west, known.bounds.south, known.bounds.east, known.bounds.north,
    )  # fmt: skip
    return geo.Bounds.around([(west, south), (east, north)], margin=_MARGIN)


def today_of(edge: Edge) -> date:
    """The day on the hall's calendar."""
    return local(edge.now(), zone_of(edge.settings.zone)).date()


def require_read(work: Work) -> None:
    """Only who may see the register.

    Raises:
        ForbiddenError: they may not.
    """
    work.actor.require(Permission.ASSET_READ)


def lines_of(session: Session, assets: Collection[AssetView], language: str) -> list[AssetLine]:
    """Assets as lines of a list."""
    kinds = {one.id: one.name.within(language) for one in queries.list_types(session)}
    units = unit_names(session, {one.owner_unit_id for one in assets}, language)
    places = tree(session).place_names
    return [
        AssetLine(
            code=one.code,
            plate=one.plate,
            name=one.name,
            type_name=kinds[one.type_id],
            place=one.place,
            region=places.get(one.region_code, one.region_code),
            owner=units.get(one.owner_unit_id, ""),
            state=STATES[one.state],
            is_there=one.is_there,
            is_sample=one.is_sample,
        )
        for one in assets
    ]


def unit_names(
    session: Session, unit_ids: Collection[int | None], language: str
) -> Mapping[int | None, str]:
    """What units are called in this language, by id."""
    units = departments.views_of(session, [one for one in unit_ids if one is not None])
    return {one.id: (language == "en" and one.name_en) or one.name for one in units}


def type_choices(request: Request, session: Session) -> list[tuple[str, str]]:
    """The types there are things of, as codes and names, for a select."""
    language = language_of(request)
    return [
        (one.code, f"{one.code} {one.name.within(language)}")
        for one in queries.list_types(session)
        if one.is_asset_type and one.is_active
    ]


def state_choices() -> list[tuple[str, str]]:
    """The states as stored words and msgids."""
    return [(str(state), label) for state, label in STATES.items()]

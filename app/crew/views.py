"""What the crew's pages show of a repair: where, how urgent, what may be pressed; of nobody a name.

Reads, and puts rows into plain values for templates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.cases.kinds import Action, Status
from app.cases.labels import label
from app.catalogue.rules import Named
from app.crew import queries
from app.departments import queries as departments
from app.departments.queries.shelf import UnitView
from app.facilities import queries as facilities
from app.facilities.rules import TypeView
from app.kernel.text import mask_free_text
from app.maps.links import MapLinks, map_links
from app.repairs.labels import emergency_labels
from app.repairs.rules import words_of
from app.sla.lights import Light, light

_UNTYPED = Named("设施维修", "Facility repair")


@dataclass(frozen=True, slots=True)
class Job:
    """One repair as a card of the list; positions are WGS 84, words have no numbers of people."""

    id: int
    number: str
    type: str
    title: str
    place: str
    status: Status
    state: str
    version: int
    mark: str
    light: Light
    due_at: datetime | None
    why_first: tuple[str, ...]
    is_danger: bool
    must_secure: bool
    safety_due_at: datetime | None
    lon: str
    lat: str
    links: MapLinks | None
    others: tuple[str, ...]

    @property
    def is_emergency(self) -> bool:
        """Whether it cannot wait and comes first; `why_first` says why in words."""
        return bool(self.why_first)

    @property
    def href(self) -> str:
        """Where its card is."""
        return f"/crew/{self.number}"


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of a repair: what it shows, and when it was taken as far as is known."""

    href: str
    stage: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """A line staff wrote about it."""

    at: datetime
    what: str
    words: str


def jobs_of(
    session: Session,
    found: Sequence[Row[*tuple[Any, ...]]],
    crews: Sequence[UnitView],
    *,
    now: datetime,
    language: str,
) -> list[Job]:
    """The rows of a list as cards, in the same order."""
    others = queries.others_at(session, found, [crew.id for crew in crews])
    ids = {crew_id for crew_ids in others.values() for crew_id in crew_ids}
    names = {unit.id: _name(unit, language) for unit in departments.views_of(session, ids)}
    types = {kind.id: kind for kind in facilities.list_types(session)}
    return [
        _job(row, types.get(row.type_id), [names[one] for one in others[row.id]], now, language)
        for row in found
    ]


def _job(
    row: Row[*tuple[Any, ...]],
    kind: TypeView | None,
    others: Sequence[str],
    now: datetime,
    language: str,
) -> Job:
    name = (kind.name if kind else _UNTYPED).within(language)
    at = (float(row.lon), float(row.lat)) if row.lon is not None and row.lat is not None else None
    must_secure = row.is_danger and row.safety_done_at is None
    return Job(
        id=row.id,
        number=row.number,
        type=name,
        title=mask_free_text(row.title),
        place=row.place,
        status=row.status,
        state=label(row.status),
        version=row.version,
        mark=f"{row.version}-{len(others)}",
        light=light(
            due_at=row.due_at,
            warn_at=row.warn_at,
            paused=row.is_paused,
            provisional=row.is_provisional,
            now=now,
        ),
        due_at=row.due_at,
        why_first=emergency_labels(row),
        is_danger=row.is_danger,
        must_secure=must_secure,
        safety_due_at=row.safety_due_at,
        lon=str(row.lon) if at else "",
        lat=str(row.lat) if at else "",
        links=map_links(*at, name=quote(name)) if at else None,
        others=tuple(others),
    )


def broken_of(session: Session, row: Row[*tuple[Any, ...]], language: str) -> tuple[str, ...]:
    """How it is broken and what endangers people there, as it was reported."""
    found = (kind for kind in facilities.list_types(session) if kind.id == row.type_id)
    kind = next(found, None)
    return words_of(kind, row.dangers, language) if kind else ()


def photos_of(session: Session, row: Row[*tuple[Any, ...]]) -> list[Photo]:
    """The photos of a repair, oldest first; those of the report stand among them."""
    return [
        Photo(f"/crew/{row.number}/files/{one.id}", str(one.stage or ""), one.taken_at or one.at)
        for one in queries.photos_of(session, row.id)
    ]


def said_of(session: Session, row: Row[*tuple[Any, ...]]) -> list[Said]:
    """What staff wrote about it lately, newest first; numbers of people are hidden."""
    return [
        Said(one.at, label(Action(one.action)), mask_free_text(one.internal_text))
        for one in queries.words_of(session, row.id)
    ]


def phones_of(crews: Sequence[UnitView], units: Mapping[int, UnitView]) -> list[tuple[str, str]]:
    """Whom a crew can call for help: the unit it belongs to, by name and number."""
    homes = {crew.parent_id: units.get(crew.parent_id or 0) for crew in crews}
    return [(unit.name, unit.phone) for unit in homes.values() if unit and unit.phone]


def _name(unit: UnitView, language: str) -> str:
    return Named(unit.name, unit.name_en).within(language)

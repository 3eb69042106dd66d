"""The crews of the demo city: what each repairs, where, when, and who is there today.

Through the real services; the places are those of a city that does not exist.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Grant, Role, Scope
from app.crews import queries
from app.crews.queries import CrewView
from app.crews.service import presence, profiles
from app.crews.service.profiles import ProfileDraft
from app.departments import queries as departments
from app.kernel.authors import MACHINE

_DAY: Final = "08:00-12:00, 13:30-18:00"
_ALWAYS: Final = "00:00-24:00"
_OFFICE: Final = (*[_DAY] * 5, "", "")
_ROUND: Final = (_ALWAYS,) * 7
_DAILY: Final = ("07:00-19:00",) * 7


@dataclass(frozen=True, slots=True)
class _Crew:
    code: str
    skills: tuple[str, ...]
    areas: tuple[str, ...]
    week: tuple[str, ...]
    capacity: int
    at: tuple[float, float] | None


_CREWS: Final = (
    _Crew("LIGHT-1", ("0120",), ("990101", "990102"), _DAILY, 10, (83.02, 39.05)),
    _Crew("LIGHT-2", ("0120", "0210"), ("990103", "990104"), _DAILY, 10, (83.05, 38.96)),
    _Crew("ROAD-1", ("0206", "0209", "0211", "0215", "E0401"), (), _DAILY, 8, (82.96, 39.02)),
    _Crew("ROAD-2", ("02",), ("990103", "990104"), _OFFICE, 8, None),
    _Crew("WATER-1", ("0101", "0117", "0130"), (), _ROUND, 8, (83.0, 39.0)),
    _Crew("DRAIN-1", ("0102", "0103", "E0104"), (), _ROUND, 8, (82.97, 38.95)),
    _Crew("GAS-1", ("0110",), (), _ROUND, 6, (83.01, 38.99)),
    _Crew("HEAT-1", ("0130",), (), _OFFICE, 6, None),
    _Crew("CLEAN-1", ("0301", "0303", "E01"), (), _DAILY, 14, (82.94, 39.03)),
    _Crew("YLJ-1", ("04", "E0105"), (), _OFFICE, 8, (83.06, 39.06)),
)
_GRABBING: Final = "CLEAN-1"  # whose unit lets its crews take repairs by themselves


def found(session: Session, *, now: datetime) -> None:
    """What each crew can do, and who is there today."""
    _settle(session, now=now)
    _be_there(session, now=now)


def _settle(session: Session, *, now: datetime) -> None:
    machine = Actor.system()
    for described, crew in _known(session, now):
        if crew.version:
            continue  # somebody has said so already
        draft = ProfileDraft(described.skills, described.areas, described.week, described.capacity)
        profiles.set_profile(session, crew, draft, version=0, actor=machine, by=MACHINE, now=now)
        if described.code == _GRABBING:
            profiles.set_grabbing(
                session, crew, True, version=0, actor=machine, by=MACHINE, now=now
            )


def _be_there(session: Session, *, now: datetime) -> None:
    for described, crew in _known(session, now):
        if described.at is not None:
            presence.go_online(session, crew, actor=_leader(crew), now=now, at=described.at)


def _known(session: Session, now: datetime) -> Iterator[tuple[_Crew, CrewView]]:
    today: date = queries.today_of(session, now)
    for described in _CREWS:
        unit = departments.find_by_code(session, described.code)
        if unit is not None:
            yield described, queries.get_crew(session, unit.id, today=today)


def _leader(crew: CrewView) -> Actor:
    """Whoever holds the telephone of the crew."""
    grant = Grant(Role.CREW, crew.id, crew.path, crew.region_code, Scope.UNIT)
    return Actor(0, "crew", "crew", crew.id, crew.path, crew.region_code, (grant,))

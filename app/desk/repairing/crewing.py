"""Makes the crews' own pages ready: a profile to look over, the stops of a day, the pool.

Reads only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.calendars.rules.opening import write_spans
from app.cases.labels import label
from app.crews import queries as crews
from app.crews.queries import CrewView, RouteView
from app.crews.rules.routing import Method, Stop, kept_order
from app.desk.repairing.boarding import held_lamp
from app.desk.repairing.queries import Held
from app.desk.repairing.weighing import Scene, stops_of
from app.desk.times import Light
from app.facilities import queries as facilities
from app.kernel.messages import mark

METHODS: Final[Mapping[Method, str]] = {
    Method.OPTIMISED: mark("Ordered by the optimiser (OR-Tools)."),
    Method.SIMPLE: mark("Ordered by the simple search: nearest first, then improved."),
    Method.BY_HAND: mark("Changed by hand."),
}
NOT_YET: Final = mark("No order has been made today: emergencies first, then by time limit.")
WEEKDAYS: Final = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)
_CLASS_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class StopRow:
    """One stop of a crew's day."""

    place: int
    case_id: int
    number: str
    title: str
    where: str
    state: str
    why_first: tuple[str, ...]
    light: Light
    may_rise: bool
    may_sink: bool


@dataclass(frozen=True, slots=True)
class SkillGroup:
    """A class of facilities with its types: the whole class can be a skill, or single types."""

    code: str
    name: str
    types: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DayRow:
    """A date with other hours than the week's."""

    day: date
    hours: str
    note: str


def ordered_stops(scene: Scene, crew: CrewView, route: RouteView) -> list[Stop]:
    """What the crew has in hand, in the order it drives."""
    return kept_order(route.stops, stops_of(scene.held[crew.id]))


def stop_rows(scene: Scene, crew: CrewView, route: RouteView) -> list[StopRow]:
    """The stops of a crew's day as the page prints them."""
    stops = ordered_stops(scene, crew, route)
    held = {one.case_id: one for one in scene.held[crew.id]}
    return [
        _stop_row(place, stops, held[stop.case_id], scene.now) for place, stop in enumerate(stops)
    ]


def _stop_row(place: int, stops: Sequence[Stop], one: Held, now: datetime) -> StopRow:
    rank = stops[place].rank
    return StopRow(
        place=place + 1,
        case_id=one.case_id,
        number=one.number,
        title=one.title,
        where=one.place,
        state=label(one.status),
        why_first=one.why_first,
        light=held_lamp(one, now),
        may_rise=place > 0 and stops[place - 1].rank == rank,
        may_sink=place + 1 < len(stops) and stops[place + 1].rank == rank,
    )


def how_ordered(route: RouteView) -> str:
    """In one sentence how the order came about."""
    return METHODS[route.method] if route.method else NOT_YET


def skill_groups(session: Session, *, language: str) -> list[SkillGroup]:
    """All facility types by class, as boxes to tick."""
    groups: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for kind in facilities.list_types(session):
        code = kind.code[:-_CLASS_DIGITS]
        group = groups.setdefault(code, (kind.group.within(language) or code, []))
        group[1].append((kind.code, kind.name.within(language)))
    return [SkillGroup(code, name, tuple(types)) for code, (name, types) in groups.items()]


def skill_names(session: Session, crew: CrewView, *, language: str) -> str:
    """What a crew can do, in words."""
    names: list[str] = []
    for group in skill_groups(session, language=language):
        if group.code in crew.skills:
            names.append(group.name)
        else:
            names += [name for code, name in group.types if code in crew.skills]
    return "、".join(names) if language != "en" else ", ".join(names)


def week_lines(crew: CrewView) -> dict[str, str]:
    """The hours of the week by the name of their field."""
    return {f"day{n}": write_spans(spans) for n, spans in enumerate(crew.shift.week)}


def own_crews(actor: Actor, scene: Scene) -> list[CrewView]:
    """The crews the actor works in."""
    return [one for one in scene.crews.values() if crews.is_own(actor, one)]

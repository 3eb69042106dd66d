"""Brings together what is known of crews and of a repair, so that the rules can weigh them.

Three queries for all crews, however many repairs are weighed afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.cases.kinds import Status
from app.catalogue.rules.vocabulary import Named
from app.crews import queries as crews
from app.crews.queries import CrewView
from app.crews.rules.proposing import Crew, Job, Proposal, propose
from app.crews.rules.routing import USUAL_MINUTES, Stop
from app.desk.repairing import queries
from app.desk.repairing.queries import ASSIGNABLE, Held, Line
from app.facilities import queries as facilities
from app.facilities.rules import TypeView
from app.repairs.queries import emergencies_of

_BEGUN = frozenset({Status.ON_WAY, Status.ON_SITE})


@dataclass(frozen=True, slots=True)
class Scene:
    """All crews as they stand now, with what they have in hand and have done today."""

    crews: Mapping[int, CrewView]
    held: Mapping[int, Sequence[Held]]
    done: Mapping[int, int]
    local: datetime
    now: datetime
    known: dict[int, Crew] = field(default_factory=dict)  # weighed once for all repairs of a page

    def weighed(self, crew: CrewView) -> Crew:
        """The crew as the rules weigh it."""
        if crew.id not in self.known:
            self.known[crew.id] = _facts(self, crew)
        return self.known[crew.id]

    def taken(self, crew_id: int) -> int:
        """How many repairs of its day a crew has used up: in hand and done."""
        return len(self.held[crew_id]) + self.done.get(crew_id, 0)

    def is_on_shift(self, crew: CrewView) -> bool:
        """Whether the crew works at this hour."""
        return crew.shift.holds(self.local)


def look(session: Session, *, now: datetime, path: str = "/") -> Scene:
    """The crews under a unit, as they are now."""
    local = crews.local_of(session, now)
    today = local.date()
    found = {one.id: one for one in crews.list_crews(session, path=path, today=today)}
    since = calendars.load(session).statutory.instant(today, datetime.min.time())
    ids = list(found)
    return Scene(
        found, queries.held_by(session, ids), queries.done_since(session, ids, since), local, now
    )


def weigh(session: Session, scene: Scene, line: Line) -> Proposal:
    """Who could go to this repair, and who not."""
    kind = type_of(session, line)
    job = Job(
        type_code=code_of(session, line),
        type_name=kind.name if kind else Named(line.category_name),
        region_code=line.region_code,
        at=queries.place_of(line),
        due_at=None if line.is_paused else line.next_due_at,
        is_emergency=bool(emergencies_of(line)),
    )
    able = [scene.weighed(one) for one in offered(scene, line)]
    return propose(job, able, now=scene.now)


def type_of(session: Session, line: Line) -> TypeView | None:
    """The facility type of a repair; None where nobody has said."""
    types = {one.id: one for one in facilities.list_types(session)}
    return types.get(line.type_id) or facilities.type_of_category(session, line.category_id)


def code_of(session: Session, line: Line) -> str:
    """The code of its type; "" where nobody has said, which no crew repairs."""
    kind = type_of(session, line)
    return kind.code if kind else ""


def offered(scene: Scene, line: Line) -> list[CrewView]:
    """The crews that may get it: all before a unit has it, then those of that unit."""
    if line.status is Status.VERIFIED:
        return list(scene.crews.values())
    if line.status not in ASSIGNABLE:
        return []
    return [
        one
        for one in scene.crews.values()
        if one.path.startswith(line.unit_path) and one.id != line.crew_id
    ]


def _facts(scene: Scene, crew: CrewView) -> Crew:
    held = scene.held[crew.id]
    return Crew(
        id=crew.id,
        skills=crew.skills,
        areas=crew.areas,
        is_on_shift=scene.is_on_shift(crew),
        is_online=crew.is_online(scene.now),
        taken=scene.taken(crew.id),
        capacity=crew.capacity,
        ahead=USUAL_MINUTES * len(held),
        at=crew.fresh_place(scene.now),
        stops=tuple(one.at for one in held if one.at is not None),
        is_ending=crew.is_ending,
    )


def stops_of(held: Sequence[Held]) -> list[Stop]:
    """What a crew has in hand, as stops of its way."""
    return [
        Stop(
            one.case_id,
            one.at,
            None if one.is_paused else one.due_at,
            is_emergency=bool(one.why_first),
            is_begun=one.status in _BEGUN,
        )
        for one in held
    ]

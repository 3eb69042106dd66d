"""Makes the repair board ready: rows with who should go, crews with their load, points of the map.

Reads only. A page costs the same number of queries for any number of repairs and crews.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.kinds import Status
from app.cases.labels import label
from app.crews import queries as crews
from app.crews.queries import CrewView
from app.crews.rules.proposing import Proposal
from app.departments import queries as departments
from app.desk.repairing import queries
from app.desk.repairing.queries import ASSIGNABLE, Held, Line
from app.desk.repairing.weighing import Scene, type_of, weigh
from app.desk.times import Light, light
from app.kernel.messages import mark
from app.repairs.labels import emergency_labels
from app.repairs.queries import emergencies_of

Reason = tuple[str, Mapping[str, object]]
_DISPATCHER_ONLY: Final = Status.VERIFIED


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One repair of the board. `best` is who is proposed first, `why` its reasons.

    `why_first` says in words why it rings; empty where it can wait.
    """

    id: int
    number: str
    version: int
    title: str
    kind: str
    place: str
    state: str
    unit: str
    crew: str
    why_first: tuple[str, ...]
    is_confidential: bool
    light: Light
    due_at: datetime | None
    may_give: bool
    best: str
    why: tuple[Reason, ...]
    for_head: Reason | None


@dataclass(frozen=True, slots=True)
class CrewRow:
    """One crew beside the list: whether it is there, what it has, how old its position is."""

    id: int
    name: str
    unit: str
    duty: str
    is_there: bool
    taken: int
    capacity: int
    in_hand: int
    late: int
    on_way: int
    done: int
    minutes_ago: int | None
    is_full: bool


def board_row(
    session: Session, scene: Scene, line: Line, *, actor: Actor, language: str
) -> BoardRow:
    """A repair as the board prints it."""
    may = may_give(actor, line)
    proposal = weigh(session, scene, line) if may and line.crew_id is None else None
    best = _best(scene, proposal, actor, language)
    kind = type_of(session, line)
    return BoardRow(
        id=line.id,
        number=line.number,
        version=line.version,
        title=line.title,
        kind=kind.name.within(language) if kind else line.category_name,
        place=line.place or departments.region_name(session, line.region_code),
        state=label(line.status),
        unit=_named(line.unit_name, line.unit_name_en, language),
        crew=_named(line.crew_name or "", line.crew_name_en or "", language),
        why_first=emergency_labels(line),
        is_confidential=line.is_confidential,
        light=lamp_of(line, scene.now),
        due_at=line.next_due_at,
        may_give=may,
        best=best[0].name.within(language) if best else "",
        why=best[1] if best else (),
        for_head=_head(proposal, best, language),
    )


def _best(
    scene: Scene, proposal: Proposal | None, actor: Actor, language: str
) -> tuple[CrewView, tuple[Reason, ...]] | None:
    if proposal is None:
        return None
    for one in proposal.candidates:
        crew = scene.crews[one.crew_id]
        if crews.gives_work_to(actor, crew):
            return crew, tuple((reason.msgid, reason.params_in(language)) for reason in one.reasons)
    return None


def _head(proposal: Proposal | None, best: object, language: str) -> Reason | None:
    if proposal is None or best is not None or proposal.for_head is None:
        return None
    return proposal.for_head.msgid, proposal.for_head.params_in(language)


def may_give(actor: Actor, line: Line) -> bool:
    """Whether the actor may give this repair to a crew from where it stands."""
    if line.status is _DISPATCHER_ONLY:
        return actor.may(Permission.CASE_DISPATCH) and actor.may(Permission.REPAIR_ASSIGN)
    return line.status in ASSIGNABLE and actor.covers(
        Permission.REPAIR_ASSIGN,
        unit_id=line.unit_id,
        unit_path=line.unit_path,
        region_code=line.region_code,
        handler_id=line.handler_id,
    )


def lamp_of(line: Line, now: datetime) -> Light:
    """The lamp of the limit that presses most."""
    return light(
        due_at=line.next_due_at,
        warn_at=line.next_warn_at,
        paused=line.is_paused,
        provisional=line.is_provisional,
        now=now,
    )


def held_lamp(one: Held, now: datetime) -> Light:
    """The same for what a crew has in hand."""
    return light(
        due_at=one.due_at,
        warn_at=one.warn_at,
        paused=one.is_paused,
        provisional=one.is_provisional,
        now=now,
    )


def crew_row(session: Session, scene: Scene, crew: CrewView, *, language: str) -> CrewRow:
    """A crew as the board prints it."""
    held = scene.held[crew.id]
    taken = scene.taken(crew.id)
    ago = scene.now - crew.placed_at if crew.placed_at else None
    unit = departments.view_of(session, crew.unit_id)
    return CrewRow(
        id=crew.id,
        name=crew.name.within(language),
        unit=_named(unit.name, unit.name_en, language),
        duty=duty_of(scene, crew),
        is_there=crew.is_online(scene.now),
        taken=taken,
        capacity=crew.capacity,
        in_hand=len(held),
        late=sum(_is_late(one, scene.now) for one in held),
        on_way=sum(one.status in (Status.ON_WAY, Status.ON_SITE) for one in held),
        done=scene.done.get(crew.id, 0),
        minutes_ago=int(ago.total_seconds() // 60) if ago is not None else None,
        is_full=taken >= crew.capacity,
    )


def duty_of(scene: Scene, crew: CrewView) -> str:
    """In one word whether a crew is there."""
    if crew.is_online(scene.now):
        return mark("on line")
    return mark("on shift, not on line") if scene.is_on_shift(crew) else mark("off shift")


def _is_late(one: Held, now: datetime) -> bool:
    return one.due_at is not None and one.due_at < now and not one.is_paused


def points_of(
    scene: Scene, lines: Sequence[Line], seen: Sequence[CrewView], *, language: str
) -> list[dict[str, Any]]:
    """What lies on the map: the repairs of the page, and the crews whose place is known."""
    found: list[dict[str, Any]] = []
    for line in lines:
        if (at := queries.place_of(line)) is not None:
            lamp = "bad" if emergencies_of(line) else lamp_of(line, scene.now).state
            found.append(
                _point(at, f"{line.number} {line.title}", f"/repairs/give/{line.id}", lamp)
            )
    for crew in seen:
        if (at := crew.fresh_place(scene.now)) is not None:
            href = f"/repairs/crews/{crew.id}/route"
            found.append(_point(at, crew.name.within(language), href, "crew"))
    return found


def _point(at: tuple[float, float], title: str, href: str, lamp: str) -> dict[str, Any]:
    return {"lon": at[0], "lat": at[1], "title": title, "href": href, "lamp": lamp}


def _named(name: str, name_en: str, language: str) -> str:
    return name_en if language == "en" and name_en else name

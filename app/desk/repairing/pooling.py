"""What crews may take by themselves (抢单): where their unit has said so, and up to their day.

Of several who take the same repair one wins; that is settled with the repair itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.labels import label
from app.crews import queries as crews
from app.crews.queries import CrewView
from app.crews.rules.profile import can_do
from app.crews.service import turns
from app.desk.repairing.boarding import lamp_of
from app.desk.repairing.queries import Line
from app.desk.repairing.weighing import Scene, code_of, is_urgent, look, type_of
from app.desk.times import Light
from app.kernel.errors import ConflictError, ForbiddenError
from app.kernel.messages import mark
from app.repairs import queries as repairs
from app.repairs import service


@dataclass(frozen=True, slots=True)
class PoolRow:
    """One repair a crew may take; `crews` are those of the reader that can do it."""

    case_id: int
    number: str
    title: str
    kind: str
    place: str
    state: str
    is_danger: bool
    light: Light
    crews: tuple[tuple[int, str], ...]


def pool_rows(
    session: Session,
    scene: Scene,
    mine: Sequence[CrewView],
    open_units: Collection[int],
    *,
    language: str,
) -> list[PoolRow]:
    """What these crews may take, emergencies first."""
    able = [one for one in mine if one.unit_id in open_units]
    found: dict[int, Line] = {}
    for crew in able:
        found.update({row.id: row for row in repairs.grabbable(session, crew.path)})
    rows = [_row(session, scene, line, able, language) for line in found.values()]
    return sorted((row for row in rows if row.crews), key=lambda row: not row.is_danger)


def _row(
    session: Session, scene: Scene, line: Line, mine: Sequence[CrewView], language: str
) -> PoolRow:
    kind, code = type_of(session, line), code_of(session, line)
    able = [one for one in mine if can_do(one.skills, code)]
    return PoolRow(
        case_id=line.id,
        number=line.number,
        title=line.title,
        kind=kind.name.within(language) if kind else line.category_name,
        place=line.place,
        state=label(line.status),
        is_danger=is_urgent(line),
        light=lamp_of(line, scene.now),
        crews=tuple((one.id, one.name.within(language)) for one in able),
    )


def take(session: Session, case_id: int, crew_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a repair for one's crew.

    Raises:
        ForbiddenError: the unit does not let its crews take repairs, or it is not one's crew.
        ConflictError: another crew was faster, or the crew has a full day.
        NotFoundError: no such repair with a unit of the crew.
    """
    crew = crews.get_crew(session, crew_id, today=crews.today_of(session, now))
    crews.check(crews.is_own(actor, crew))
    if crew.unit_id not in crews.open_pools(session):
        raise ForbiddenError(
            mark("This unit gives out its repairs itself: crews do not take them.")
        )
    turns.hold(session, crew.id)
    scene = look(session, now=now, path=crew.path)
    if scene.taken(crew.id) >= crew.capacity:
        raise ConflictError(
            mark("Your crew has a full day: %(taken)s of %(capacity)s. Nothing was changed."),
            taken=scene.taken(crew.id),
            capacity=crew.capacity,
        )
    service.grab(session, case_id, crew_id, actor=actor, now=now)

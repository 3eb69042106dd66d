"""What crews may take by themselves (抢单), as a list: where their unit has said so.

Reads only; taking is settled with the repairs (`repairs.service.take_from_pool`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.cases.labels import label
from app.crews.queries import CrewView
from app.crews.rules.profile import can_do
from app.desk.repairing.boarding import lamp_of
from app.desk.repairing.queries import Line
from app.desk.repairing.weighing import Scene, code_of, type_of
from app.desk.times import Light
from app.repairs import queries as repairs
from app.repairs.labels import emergency_labels


@dataclass(frozen=True, slots=True)
class PoolRow:
    """One repair a crew may take; `crews` are those of the reader that can do it."""

    case_id: int
    number: str
    title: str
    kind: str
    place: str
    state: str
    why_first: tuple[str, ...]
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
    return sorted((row for row in rows if row.crews), key=lambda row: not row.why_first)


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
        why_first=emergency_labels(line),
        light=lamp_of(line, scene.now),
        crews=tuple((one.id, one.name.within(language)) for one in able),
    )

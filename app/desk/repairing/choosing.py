"""Makes the page ready on which one repair is given to a crew: who, why, why not, whose turn.

Reads only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.catalogue.rules.vocabulary import Explanation
from app.crews import queries as crews
from app.crews.rules.profile import can_do
from app.departments import queries as departments
from app.desk.repairing.boarding import BoardRow, Reason, board_row
from app.desk.repairing.giving import whose_turn
from app.desk.repairing.queries import Line
from app.desk.repairing.weighing import Scene, code_of, weigh

_KEYS = 9


@dataclass(frozen=True, slots=True)
class Choice:
    """A crew to choose, with its reasons; `key` is the digit that chooses it."""

    id: int
    name: str
    unit: str
    reasons: tuple[Reason, ...]
    key: str


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """Who could go to one repair. `turn` is whose turn it is, `head` whom to ask else."""

    row: BoardRow
    proposed: tuple[Choice, ...]
    others: tuple[Choice, ...]
    unable: tuple[Choice, ...]
    turn: str
    for_head: Reason | None
    head_unit: str
    head_phone: str
    has_crew: bool


def choices(
    session: Session, scene: Scene, line: Line, *, actor: Actor, language: str
) -> ChoiceView:
    """Everything that helps to choose."""
    proposal = weigh(session, scene, line)
    mine = {one for one in scene.crews if crews.gives_work_to(actor, scene.crews[one])}
    proposed = [one for one in proposal.candidates if one.crew_id in mine]
    passed = [one for one in proposal.passed_over if one.crew_id in mine]
    code = code_of(session, line)
    able = {one for one in mine if not code or can_do(scene.crews[one].skills, code)}
    shown = [
        _choice(session, scene, one.crew_id, one.reasons, language, place)
        for place, one in enumerate(proposed, start=1)
    ]
    rest = [
        (one.crew_id in able, _choice(session, scene, one.crew_id, one.reasons, language))
        for one in passed
    ]
    turn = whose_turn(session, scene, proposal, actor)
    unit = departments.view_of(session, line.unit_id)
    head = proposal.for_head if line.crew_id is None else None
    return ChoiceView(
        row=board_row(session, scene, line, actor=actor, language=language),
        proposed=tuple(shown),
        others=tuple(one for is_able, one in rest if is_able),
        unable=tuple(one for is_able, one in rest if not is_able),
        turn=turn.name.within(language) if turn else "",
        for_head=(head.msgid, head.params_in(language)) if head else None,
        head_unit=unit.name_en if language == "en" and unit.name_en else unit.name,
        head_phone=unit.phone,
        has_crew=line.crew_id is not None,
    )


def _choice(
    session: Session,
    scene: Scene,
    crew_id: int,
    reasons: tuple[Explanation, ...],
    language: str,
    place: int = 0,
) -> Choice:
    crew = scene.crews[crew_id]
    unit = departments.view_of(session, crew.unit_id)
    return Choice(
        id=crew.id,
        name=crew.name.within(language),
        unit=unit.name_en if language == "en" and unit.name_en else unit.name,
        reasons=tuple(_reason(one, language) for one in reasons),
        key=str(place) if 1 <= place <= _KEYS else "",
    )


def _reason(one: Explanation, language: str) -> tuple[str, Mapping[str, object]]:
    return one.msgid, one.params_in(language)

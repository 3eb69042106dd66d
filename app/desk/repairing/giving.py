"""Gives repairs to crews: the one chosen, the next in turn, or to the head where nobody can go.

Everything is weighed again inside the transaction, under a lock on the matter and the crew: what
has changed since the page was shown is said, and no crew gets more than its day holds unnoticed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.labels import label
from app.crews import queries as crews
from app.crews.queries import CrewView
from app.crews.rules.profile import can_do
from app.crews.rules.proposing import Proposal
from app.crews.service import turns
from app.desk.repairing import queries
from app.desk.repairing.queries import Line
from app.desk.repairing.weighing import Scene, code_of, look, weigh
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.notifications.service import staff as inbox
from app.repairs import service as repairs

ARRANGE: Final = mark("%(number)s: no crew can go now. Please arrange who goes.")
NOT_PROPOSED: Final = mark(
    "This crew is not proposed: see why beside its name. If it is to go all the same, write why."
)


@dataclass(frozen=True, slots=True)
class Giving:
    """One repair as it was shown, the crew it is to go to, and why, where that must be said."""

    case_id: int
    seen_version: int
    crew_id: int
    note: str = ""


def give(session: Session, one: Giving, *, actor: Actor, now: datetime) -> CrewView:
    """Give a repair to this crew.

    Raises:
        NotFoundError: no such repair in the actor's sight.
        ForbiddenError: the actor gives this crew no work.
        ConflictError: somebody else was faster; carries to whom it went.
        InvalidError: the crew cannot do it; or it can, but a reason must be written first.
    """
    line = _held(session, one.case_id, actor)
    scene = look(session, now=now)
    crew = scene.crews.get(one.crew_id)
    if crew is None:
        raise InvalidError(fields={"crew_id": mark("Choose the crew.")})
    crews.check(crews.gives_work_to(actor, crew))
    _check_unchanged(line, one, crew)
    turns.hold(session, crew.id)
    # Who came second to the lock sees what the first one gave.
    proposal = weigh(session, look(session, now=now), line)
    _check_choice(line, crew, code_of(session, line), proposal, one.note)
    repairs.assign_crew(
        session,
        one.case_id,
        crew.id,
        seen_version=one.seen_version,
        note=one.note,
        actor=actor,
        now=now,
    )
    return crew


def give_in_turn(
    session: Session, case_id: int, seen_version: int, *, actor: Actor, now: datetime
) -> CrewView:
    """Give a repair to the crew whose turn it is among those that can go (轮派).

    Raises:
        NotFoundError: no such repair in the actor's sight.
        ConflictError: somebody else was faster.
        InvalidError: no crew can go now.
    """
    line = _held(session, case_id, actor)
    scene = look(session, now=now)
    turn = whose_turn(session, scene, weigh(session, scene, line), actor)
    if turn is None:
        raise InvalidError(
            fields={"crew_id": mark("No crew can go now. Ask the head of the unit.")}
        )
    given = give(session, Giving(case_id, seen_version, turn.id), actor=actor, now=now)
    turns.pass_turn(session, given.unit_id, given.id)
    return given


def whose_turn(session: Session, scene: Scene, proposal: Proposal, actor: Actor) -> CrewView | None:
    """The next crew in turn of the unit whose crew fits best; None where none can go."""
    able = [scene.crews[one.crew_id] for one in proposal.candidates]
    mine = [crew for crew in able if crews.gives_work_to(actor, crew)]
    if not mine:
        return None
    unit_id = mine[0].unit_id
    crew_id = turns.next_crew(session, unit_id, [one.id for one in mine if one.unit_id == unit_id])
    return scene.crews[crew_id] if crew_id is not None else None


def _held(session: Session, case_id: int, actor: Actor) -> Line:
    """The repair as it is now, kept from everybody else until the end of the transaction."""
    actor.require(Permission.REPAIR_ASSIGN)
    queries.hold(session, case_id)
    line = queries.find_line(session, actor, case_id)
    if line is None:
        raise NotFoundError(mark("There is no such matter, or it is not yours to see."))
    return line


def _check_unchanged(line: Line, one: Giving, crew: CrewView) -> None:
    if line.version == one.seen_version:
        return
    raise ConflictError(
        mark("Somebody changed this matter while you were looking at it."),
        stored={
            mark("Where the matter stands now"): label(line.status),
            mark("It lies with the crew"): line.crew_name or "",
            mark("You chose the crew"): crew.name.zh,
        },
        fresh={"version": str(line.version)},
    )


def _check_choice(line: Line, crew: CrewView, code: str, proposal: Proposal, note: str) -> None:
    """Refuse a crew that cannot do it; ask why, where it was not proposed or takes it over."""
    if crew.is_ending or (code and not can_do(crew.skills, code)):
        raise InvalidError(
            fields={"crew_id": mark("This crew does not repair that. Choose another.")}
        )
    if note:
        return
    if crew.id not in {one.crew_id for one in proposal.candidates}:
        raise InvalidError(fields={"note": NOT_PROPOSED})
    if line.crew_id is not None:
        raise InvalidError(fields={"note": mark("Write why another crew is to take it over.")})


def ask_head(session: Session, case_id: int, *, actor: Actor, now: datetime) -> int:
    """Ask whoever leads the unit to arrange who goes; how many people were told.

    Raises:
        NotFoundError: no such repair in the actor's sight.
        ForbiddenError: the actor gives out no repairs.
    """
    actor.require(Permission.REPAIR_ASSIGN)
    line = queries.find_line(session, actor, case_id)
    if line is None:
        raise NotFoundError(mark("There is no such matter, or it is not yours to see."))
    return inbox.tell_unit(
        session,
        line.unit_id,
        Permission.UNIT_LEAD,
        ARRANGE,
        params={"number": line.number},
        link=f"/repairs/give/{line.id}",
        now=now,
    )

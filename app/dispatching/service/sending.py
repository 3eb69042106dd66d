"""Sends matters to units: one, or a whole selection of which a bad row stops nothing.

Which step that is follows from where the matter stands; every one goes through `take_step`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.rules import Actor, Permission
from app.cases import service as cases
from app.cases.kinds import Action, Status
from app.cases.queries import get_case
from app.cases.rules import Facts, StepInput, StepNotAllowedError
from app.dispatching.rules import HELD
from app.kernel.errors import DomainError, InvalidError
from app.kernel.messages import mark

CHANGED: Final = mark("Somebody changed this matter while you were looking at it.")
_STEPS: Final[Mapping[Status, tuple[Action, ...]]] = {
    Status.ACCEPTED: (Action.DISPATCH,),
    Status.DISPATCHED: (Action.DISPATCH,),
    Status.RETURNING: (Action.ACCEPT_RETURN, Action.DISPATCH),
    **dict.fromkeys(HELD - {Status.DISPATCHED}, (Action.REDISTRIBUTE,)),
}


@dataclass(frozen=True, slots=True)
class Sending:
    """One matter, as it was shown, and the unit it is to go to."""

    case_id: int
    seen_version: int
    unit_id: int | None


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one row: nothing was wrong, or the sentence that says what."""

    case_id: int
    trouble: str = ""
    params: Mapping[str, object] | None = None


def send(session: Session, one: Sending, *, note: str, actor: Actor, now: datetime) -> None:
    """Send a matter to a unit.

    Raises:
        ForbiddenError: the actor does not dispatch.
        NotFoundError: no such matter in the actor's sight.
        ConflictError: it has moved on since it was shown, or cannot be sent from there.
        InvalidError: the unit is missing, closed, or the one the matter is about.
    """
    actor.require(Permission.CASE_DISPATCH)
    case = get_case(session, one.case_id, actor)
    version = one.seen_version
    for action in _steps_from(case.status):
        facts = Facts(unit_id=one.unit_id)
        given = StepInput(action, version, note=note, facts=facts)
        version = cases.take_step_as_staff(
            session, case.id, given, actor=actor, now=now
        ).case.version


def _steps_from(status: Status) -> tuple[Action, ...]:
    found = _STEPS.get(status)
    if found is None:
        raise StepNotAllowedError(mark("This step is not possible from where the matter stands."))
    return found


def send_many(
    session: Session, many: Sequence[Sending], *, note: str, actor: Actor, now: datetime
) -> list[Sent]:
    """Send each on its own: what is refused is named, and stops nothing else.

    Raises:
        ForbiddenError: the actor does not dispatch.
    """
    actor.require(Permission.CASE_DISPATCH)
    return [_tried(session, one, note=note, actor=actor, now=now) for one in many]


def _tried(session: Session, one: Sending, *, note: str, actor: Actor, now: datetime) -> Sent:
    try:
        with session.begin_nested():
            send(session, one, note=note, actor=actor, now=now)
    except StaleDataError:
        return Sent(one.case_id, CHANGED)
    except DomainError as error:
        return Sent(one.case_id, sentence_of(error), error.params)
    return Sent(one.case_id)


def sentence_of(error: DomainError) -> str:
    """The one sentence a row shows: that beside the field where there is one."""
    if isinstance(error, InvalidError) and error.fields:
        return next(iter(error.fields.values()))
    return error.msgid

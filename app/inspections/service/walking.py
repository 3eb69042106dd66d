"""Walking a round: facility by facility in order, out of reach, or a finding that becomes a repair.

A finding opens a repair with type, facility and place filled; its photo shows the state before.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.kinds import Channel
from app.cases.models import Case
from app.cases.rules import staff
from app.facilities import queries as facilities
from app.inspections.models import InspectionCheck, InspectionRound
from app.inspections.queries import get_round
from app.inspections.rules import Result
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.text import clean
from app.repairs.service import NewRepair, open_repair

_LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Said:
    """What an inspector says of a facility; `forms` are keys of its type's forms and dangers."""

    result: Result
    note: str = ""
    forms: tuple[str, ...] = ()
    attachment_ids: tuple[int, ...] = ()


def may_walk(actor: Actor, inspector_id: int | None) -> bool:
    """Whether somebody may walk a round they see: the named inspector, or anybody of the unit."""
    return actor.may(Permission.INSPECTION_DO) and inspector_id in (None, actor.id)


def say(
    session: Session,
    round_id: int,
    asset_id: int,
    said: Said,
    *,
    version: int,
    actor: Actor,
    now: datetime,
) -> Case | None:
    """Write down what was found at a facility; gives the repair a finding has opened.

    A facility without a finding may be judged again until the round is finished; a finding
    stands, because its repair runs.

    Raises:
        NotFoundError, ForbiddenError: no such round or facility in it; not theirs to walk.
        ConflictError: somebody else judged it meanwhile.
        InvalidError: a finding without words, a form the type does not have, a round that is
            finished.
    """
    actor.require(Permission.INSPECTION_DO)
    seen = get_round(session, actor, round_id)
    if not may_walk(actor, seen.inspector_id):
        raise InvalidError(mark("This round is walked by somebody else."))
    if seen.finished_at is not None:
        raise InvalidError(mark("This round is finished."))
    check = _check(session, round_id, asset_id, version)
    case = _opened(session, check, said, actor, now) if said.result is Result.FINDING else None
    check.result, check.note = said.result, clean(said.note)[:_LONGEST]
    check.at, check.by_id = now, actor.id
    check.case_id = case.id if case else None
    session.flush()
    _count(session, round_id, now=now)
    return case


def _check(session: Session, round_id: int, asset_id: int, version: int) -> InspectionCheck:
    wanted = select(InspectionCheck).where(
        InspectionCheck.round_id == round_id, InspectionCheck.asset_id == asset_id
    )
    check = session.scalar(wanted.with_for_update())
    if check is None:
        raise NotFoundError(mark("There is no such facility."))
    if check.version != version or check.result is Result.FINDING:
        raise ConflictError(
            mark("Somebody else has judged this facility meanwhile. Nothing was saved."),
            stored={mark("Note"): check.note},
            fresh={"version": str(check.version)},
        )
    return check


def _opened(
    session: Session, check: InspectionCheck, said: Said, actor: Actor, now: datetime
) -> Case:
    asset = facilities.assets_of(session, [check.asset_id])[check.asset_id]
    kind = facilities.get_type(session, asset.type_id)
    known = {form.key for form in kind.forms} | {danger.key for danger in kind.dangers}
    errors: dict[str, str] = {}
    if not clean(said.note):
        errors["note"] = mark("Please write what is wrong with it.")
    if not set(said.forms) <= known:
        errors["forms"] = mark("Please choose one of the answers offered.")
    if errors:
        raise InvalidError(fields=errors)
    new = NewRepair(
        type_id=kind.id,
        body=clean(said.note),
        channel=Channel.STAFF,
        asset_id=asset.id,
        dangers=said.forms,
        attachment_ids=said.attachment_ids,
        is_anonymous=True,
    )
    return open_repair(session, new, doer=staff(actor), now=now)


def _count(session: Session, round_id: int, *, now: datetime) -> None:
    """Reckon how far the round has come; the last facility finishes it."""
    judged = select(
        func.count(InspectionCheck.result),
        func.count(InspectionCheck.case_id),
        func.count(),
    ).where(InspectionCheck.round_id == round_id)
    done, findings, total = session.execute(judged).one()
    walked = session.get_one(InspectionRound, round_id)
    walked.done, walked.findings, walked.total = done, findings, total
    if done == total:
        walked.finished_at = now
    session.flush()

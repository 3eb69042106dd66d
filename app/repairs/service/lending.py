"""Lends a repair to a contractor without an account: a link for one browser, until a day.

The link is derived, not stored; whoever has it sees what the work needs and nothing of the
citizen. Only its digest lies in the database.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.kinds import AT_WORK, FINAL, Action, Status
from app.cases.models import Case
from app.cases.queries import get_case
from app.cases.rules import Step, staff
from app.cases.service.recording import Entry, record
from app.cases.service.repairing import repair_row
from app.catalogue.rules import CaseKind
from app.departments import queries as departments
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.text import clean_line
from app.kernel.vault import vault_of
from app.repairs.models import ContractorLink

PURPOSE: Final = "job"
MOST_DAYS: Final = 90
MOST_TRIES: Final = 5
_CODE: Final = "job-code"
_ELSEWHERE: Final = frozenset(
    {
        Action.DISPATCH,
        Action.COORDINATE,
        Action.REDISTRIBUTE,
        Action.RULE,
        Action.ASSIGN_CREW,
        Action.GRAB,
    }
)
_TO_BEGIN: Final = frozenset({Status.VERIFIED, Status.DISPATCHED, Status.SIGNED})
LENDABLE: Final = AT_WORK | {Status.DISPATCHED}


@dataclass(frozen=True, slots=True)
class Lent:
    """A link as it is given away, once; `code` is empty where none was wanted."""

    link: ContractorLink
    token: str
    code: str


class Door(StrEnum):
    """What stands behind a link that was opened."""

    OPEN = "open"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ENDED = "ended"
    OTHER_BROWSER = "other_browser"
    NEEDS_CODE = "needs_code"
    WRONG_CODE = "wrong_code"
    TOO_MANY = "too_many"


def lend_link(
    session: Session,
    case_id: int,
    *,
    name: str,
    days: int = 7,
    with_code: bool = True,
    with_stock: bool = False,
    actor: Actor,
    now: datetime,
) -> Lent:
    """Make a link for whoever repairs it; one lent before is taken back.

    `with_stock` lets them take materials from the stock of the unit it lies with.

    Raises:
        NotFoundError: no such repair in the actor's sight.
        ForbiddenError: role or scope does not allow it.
        ConflictError: it is not in hand now.
        InvalidError: no name, or more days than a link may hold.
    """
    case = get_case(session, case_id, actor)
    _require(session, case, actor)
    if case.status not in LENDABLE:
        raise ConflictError(mark("Only a repair that is dispatched or in hand can be lent."))
    name = clean_line(name)[:80]
    wrong = {}
    if not name:
        wrong["name"] = mark("Name the firm.")
    if not 1 <= days <= MOST_DAYS:
        wrong["days"] = mark("Enter a number of days between 1 and 90.")
    if wrong:
        raise InvalidError(fields=wrong)
    _take_back(session, case.id, now)
    signer, salt = vault_of(session).signer, secrets.token_hex(8)
    token = signer.token(PURPOSE, case.id, salt)
    link = ContractorLink(
        case_id=case.id,
        name=name,
        salt=salt,
        digest=signer.digest(token),
        has_code=with_code,
        has_stock=with_stock,
        tries=0,
        lent_at=now,
        lent_by=actor.id,
        expires_at=now + timedelta(days=days),
    )
    session.add(link)
    repair_row(session, case.id).contractor = name
    session.flush()
    _write(session, case, "lent", link.id, actor, now)
    return Lent(link, token, code_of(session, link))


def revoke_link(session: Session, case_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a lent link back; whoever opens it reads a clear sentence.

    Raises:
        NotFoundError: no such repair in the actor's sight.
        ForbiddenError: role or scope does not allow it.
    """
    case = get_case(session, case_id, actor)
    _require(session, case, actor)
    for link_id in _take_back(session, case.id, now):
        _write(session, case, "taken_back", link_id, actor, now)
    repair_row(session, case.id).contractor = ""
    session.flush()


def look_at(
    session: Session, token: str, browser: str, *, now: datetime
) -> tuple[Door, ContractorLink | None]:
    """What stands behind a link for this browser; looking binds nothing.

    Scanners of messages open links before people do.
    """
    link = _link(session, token)
    door = _door(session, link, now)
    if link is None or door is not None:
        return door or Door.UNKNOWN, None
    if link.bound not in (None, _seen(session, browser)):
        return _why_not_here(link), None
    return Door.OPEN, link


def open_link(
    session: Session, token: str, browser: str, *, code: str = "", now: datetime
) -> tuple[Door, ContractorLink | None]:
    """Use a link: the first browser that does keeps it.

    A forwarded link used elsewhere asks for the code, if there is one. Refusals that must be
    remembered (a wrong code) are answered, not raised.
    """
    link = _link(session, token, held=True)
    door = _door(session, link, now)
    if link is None or door is not None:
        return door or Door.UNKNOWN, None
    seen = _seen(session, browser)
    if link.bound is None or link.bound == seen:
        link.bound = seen
        return Door.OPEN, link
    return _elsewhere(session, link, seen, code)


def _link(session: Session, token: str, *, held: bool = False) -> ContractorLink | None:
    digest = vault_of(session).signer.digest(token)
    wanted = select(ContractorLink).where(ContractorLink.digest == digest)
    return session.scalars(wanted.with_for_update() if held else wanted).one_or_none()


def _door(session: Session, link: ContractorLink | None, now: datetime) -> Door | None:
    """Why it opens for nobody; None where it may open."""
    if link is None:
        return Door.UNKNOWN
    if session.get_one(Case, link.case_id).status in FINAL:
        return Door.ENDED
    if link.revoked_at is not None:
        return Door.REVOKED
    return Door.EXPIRED if now >= link.expires_at else None


def _seen(session: Session, browser: str) -> bytes:
    return vault_of(session).signer.digest(f"browser:{browser}")


def _why_not_here(link: ContractorLink) -> Door:
    if not link.has_code:
        return Door.OTHER_BROWSER
    return Door.TOO_MANY if link.tries >= MOST_TRIES else Door.NEEDS_CODE


def _elsewhere(
    session: Session, link: ContractorLink, seen: bytes, code: str
) -> tuple[Door, ContractorLink | None]:
    why = _why_not_here(link)
    if why is not Door.NEEDS_CODE or not code:
        return why, None
    if not hmac.compare_digest(code.encode(), code_of(session, link).encode()):
        link.tries += 1
        return Door.WRONG_CODE, None
    link.bound, link.tries = seen, 0
    return Door.OPEN, link


def token_of(session: Session, link: ContractorLink) -> str:
    """The link's token again, to be sent once more while it holds."""
    return vault_of(session).signer.token(PURPOSE, link.case_id, link.salt)


def code_of(session: Session, link: ContractorLink) -> str:
    """The four digits that open the link on another device; empty where it has none."""
    if not link.has_code:
        return ""
    drawn = vault_of(session).signer.digest(f"{_CODE}:{link.salt}")
    return f"{int.from_bytes(drawn[:8]) % 10_000:04d}"


def _take_back(session: Session, case_id: int, now: datetime) -> list[int]:
    wanted = select(ContractorLink).where(
        ContractorLink.case_id == case_id, ContractorLink.revoked_at.is_(None)
    )
    held = session.scalars(wanted).all()
    for link in held:
        link.revoked_at = now
    session.flush()  # two are never in force for one repair
    return [link.id for link in held]


def goes_elsewhere(step: Step) -> bool:
    """Whether the step gives the work to another unit or to a crew: two never stand at one site."""
    return step.action in _ELSEWHERE or step.target is Status.VERIFIED


def end_links(session: Session, case: Case, *, now: datetime) -> None:
    """Take back what was lent, because the repair has ended or lies with somebody else."""
    taken = _take_back(session, case.id, now)
    if taken and case.status in _TO_BEGIN:  # else it stays named as who did it
        repair_row(session, case.id).contractor = ""


def _require(session: Session, case: Case, actor: Actor) -> None:
    if case.kind is not CaseKind.REPAIR or case.status in FINAL:
        raise NotFoundError(mark("There is no such matter, or it is not yours to see."))
    may = actor.covers(
        Permission.REPAIR_ASSIGN,
        unit_id=case.unit_id,
        unit_path=departments.view_of(session, case.unit_id).path,
        region_code=case.region_code,
        handler_id=case.handler_id,
    )
    if not may:
        raise ForbiddenError(mark("Your role does not allow this step on this matter."))


def _write(
    session: Session, case: Case, what: str, link_id: int, actor: Actor, now: datetime
) -> None:
    payload = {"what": what, "link_id": link_id}
    record(session, case, Entry(Action.LEND, staff(actor), now, payload=payload, is_public=False))

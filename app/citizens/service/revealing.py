"""Lets somebody look behind the mask for a minute, and writes down who, at whom, what and why.

The row that is written is also the leave to look; nobody else can use it, and it runs out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.calendars import queries as calendars
from app.citizens import queries
from app.citizens.models import AccessLimit, AccessReason, Citizen, CitizenAccess
from app.citizens.queries import accesses
from app.citizens.rules import CitizenState, PartyKind
from app.citizens.rules.access import OTHER, SHOWN_FOR, AccessField, Oddity, is_own_surname
from app.citizens.sealing import NAME, unseal
from app.citizens.service.parties import Party, picture_of
from app.kernel import audit
from app.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.text import clean_line, mask_free_text
from app.kernel.vault import vault_of

_LONGEST: int = 200
_SHORTEST: int = 2
_ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody wants to see and why; with which matter in hand, if any."""

    field: AccessField
    reason_code: str = OTHER
    reason: str = ""
    case_id: int | None = None
    has_open_case: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A party in clear text, what of it was asked for, and until when it may be shown."""

    party: Party
    field: AccessField
    until: datetime
    case_id: int | None


def reveal(
    session: Session, citizen_id: int, ask: Ask, *, actor: Actor, ip: str, now: datetime
) -> int:
    """Write the look down; its id is what `seen_under` takes for the next minute.

    Raises:
        ForbiddenError: the actor may not look, or processing is restricted.
        NotFoundError: there is no such citizen.
        InvalidError: no reason was given.
    """
    actor.require(Permission.CONTACT_REVEAL)
    citizen = session.get(Citizen, citizen_id)
    if citizen is None or citizen.state is CitizenState.ANONYMISED:
        raise NotFoundError(mark("There is no such citizen."))
    if citizen.state is CitizenState.RESTRICTED and not actor.may(Permission.PRIVACY_MANAGE):
        raise ForbiddenError(
            mark("Processing is restricted: this may only be stored. Ask who answers for privacy.")
        )
    reason = _reason(session, ask)
    held = calendars.load(session, actor.unit_id)
    new = CitizenAccess(
        at=now,
        on_day=held.statutory.local_date(now),
        staff_id=actor.id,
        citizen_id=citizen_id,
        case_id=ask.case_id,
        field=ask.field,
        reason_code=ask.reason_code,
        reason=reason,
        ip=ip[:45],
        is_out_of_hours=held.hours.between(now, now + _ONE_SECOND) == 0,
        is_own_surname=_is_own_surname(session, citizen, actor),
        is_without_case=ask.case_id is None and not ask.has_open_case,
    )
    session.add(new)
    audit.note(
        session,
        actor.author(ip=ip),
        "contact:reveal",
        ("citizen", citizen_id),
        at=now,
        reason=reason or ask.reason_code,
        details={"field": str(ask.field), "case_id": ask.case_id},
    )
    session.flush()
    return new.id


def seen_under(session: Session, access_id: int, *, actor: Actor, now: datetime) -> Seen | None:
    """What was asked for, while its minute lasts and for who asked; None afterwards.

    Raises:
        NotFoundError: nobody, or somebody else, asked under this id.
    """
    row = session.get(CitizenAccess, access_id)
    if row is None or row.staff_id != actor.id:
        raise NotFoundError(mark("There is nothing at this address."))
    until = row.at + SHOWN_FOR
    if not row.at <= now < until or not actor.may(Permission.CONTACT_REVEAL):
        return None
    party = picture_of(session, row.citizen_id, viewer=actor, now=now, is_clear=True)
    return Seen(party, row.field, until, row.case_id)


def set_limits(session: Session, given: Mapping[Oddity, int], *, actor: Actor) -> None:
    """From how many on looking counts as unusual; zero reports every single one.

    Raises:
        ForbiddenError: not the security administrator.
    """
    actor.require(Permission.SECURITY_MANAGE)
    for oddity, most in given.items():
        session.merge(AccessLimit(oddity=oddity, most=most))


def offer_reasons(session: Session, lines: Sequence[tuple[str, str]], *, actor: Actor) -> None:
    """Offer exactly these reasons, by Chinese and English name; used ones stay readable.

    "Other" is always offered, last.

    Raises:
        ForbiddenError: not the security administrator.
    """
    actor.require(Permission.SECURITY_MANAGE)
    known = {name: code for code, name, _ in accesses.all_reasons(session)}
    wanted = [(known.get(name, ""), name, english) for name, english in lines]
    for code, _, _ in accesses.all_reasons(session):
        if code != OTHER:
            session.get_one(AccessReason, code).is_offered = False
    taken = set(known.values())
    for position, (code, name, english) in enumerate(wanted):
        if code == OTHER:
            continue
        new = code or _free_code(taken)
        taken.add(new)
        session.merge(
            AccessReason(code=new, name=name, name_en=english, position=position, is_offered=True)
        )
    session.get_one(AccessReason, OTHER).position = len(wanted)


def _free_code(taken: set[str]) -> str:
    return next(code for n in range(1, 10_000) if (code := f"own_{n}") not in taken)


def _reason(session: Session, ask: Ask) -> str:
    """The reason in words, where the one chosen asks for them.

    Raises:
        InvalidError: none was chosen, or the words are missing.
    """
    words = clean_line(ask.reason)
    if ask.reason_code not in {code for code, _, _ in accesses.reasons_offered(session)}:
        raise InvalidError(fields={"reason_code": mark("Choose a reason.")})
    if ask.reason_code == OTHER and len(words) < _SHORTEST:
        raise InvalidError(fields={"reason": mark("Say in a few words why.")})
    if len(words) > _LONGEST:
        raise InvalidError(fields={"reason": mark("This is too long. Shorten it.")})
    return mask_free_text(words)[:_LONGEST]


def _is_own_surname(session: Session, citizen: Citizen, actor: Actor) -> bool:
    if citizen.kind is not PartyKind.PERSON:
        return False
    stored = queries.sealed_name(session, citizen.id)
    return is_own_surname(unseal(vault_of(session), NAME, stored.name, stored.place), actor.name)

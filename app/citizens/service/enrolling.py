"""Registers a party at a window with all that is told of it, and changes what it is called.

Everything is checked before anything is written; what is wrong is said field by field.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.accounts.rules import Actor, Permission
from app.calendars import queries as calendars
from app.citizens.models import Citizen
from app.citizens.queries.getting import get_visible
from app.citizens.rules import CitizenState, ContactKind, PartyKind, number_of
from app.citizens.rules.names import read_name
from app.citizens.sealing import NAME, READING, new_place, seal, unseal
from app.citizens.service import contacts, identities, marks, tokens
from app.citizens.service.contacts import GivenContact
from app.citizens.service.identities import GivenIdentity
from app.citizens.service.marks import GivenMark
from app.citizens.service.parties import masked_name
from app.kernel import audit
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.messages import mark
from app.kernel.text import clean_line
from app.kernel.vault import vault_of

_OLDEST: Final = 130  # years
_LONGEST_READING: Final = 80
_SUBJECT: Final = "citizen"


@dataclass(frozen=True, slots=True)
class NewParty:
    """A party as a clerk registers it."""

    name: str
    kind: PartyKind = PartyKind.PERSON
    reading: str = ""
    birth_year: int | None = None
    language: str = "zh-CN"
    preferred_channel: ContactKind | None = None
    preferred_times: str = ""
    do_not_contact: bool = False
    identities: tuple[GivenIdentity, ...] = ()
    contacts: tuple[GivenContact, ...] = ()
    marks: tuple[GivenMark, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What a clerk changes; an empty name or reading leaves what is stored."""

    name: str = ""
    reading: str = ""
    birth_year: int | None = None
    language: str = "zh-CN"
    preferred_channel: ContactKind | None = None
    preferred_times: str = ""
    do_not_contact: bool = False


def enrol(session: Session, new: NewParty, *, actor: Actor, ip: str, now: datetime) -> int:
    """Register the party. Its id.

    Raises:
        ForbiddenError: the actor may not edit citizens.
        KnownIdentityError: somebody is known under one of the documents; it says who.
        InvalidError: something typed cannot be so; every field has its sentence.
    """
    actor.require(Permission.CITIZEN_EDIT)
    today = calendars.load(session).statutory.local_date(now)
    name = _refusing_all(new, today)
    vault = vault_of(session)
    place = new_place()
    citizen = Citizen(
        kind=new.kind,
        name=seal(vault, NAME, name, place),
        reading=_sealed_reading(session, new.reading, place),
        place=place,
        birth_year=new.birth_year,
        language=new.language,
        preferred_channel=new.preferred_channel,
        preferred_times=clean_line(new.preferred_times),
        do_not_contact=new.do_not_contact,
        created_at=now,
        updated_at=now,
    )
    session.add(citizen)
    session.flush()
    for document in new.identities:
        identities.add(session, citizen, document, now=now, today=today)
    for contact in new.contacts:
        contacts.add(session, citizen, contact, now=now)
    for each in new.marks:
        marks.add(session, citizen, each, by_id=actor.id, now=now)
    session.flush()
    tokens.rewrite(session, citizen.id)
    _note(session, citizen, actor, ip, "citizen:register", now, kind=str(new.kind))
    return citizen.id


def open_for_edit(
    session: Session, actor: Actor, citizen_id: int | None, *, seen_version: int, now: datetime
) -> Citizen:
    """The citizen, about to be changed under the version the clerk saw.

    Raises:
        NotFoundError: there is no such citizen for this actor.
        ForbiddenError: the actor may not edit citizens, or nobody may edit this one.
        ConflictError: somebody changed, or merged, the citizen meanwhile.
    """
    actor.require(Permission.CITIZEN_EDIT)
    citizen = get_visible(session, actor, citizen_id)
    if citizen.state is CitizenState.MERGED:
        raise ConflictError(
            mark("This citizen was merged into %(number)s. Open that one."),
            number=number_of(citizen.merged_into_id or 0),
        )
    if citizen.state is not CitizenState.ACTIVE:
        raise ForbiddenError(
            mark("Processing is restricted: this may only be stored. Ask who answers for privacy.")
        )
    if citizen.version != seen_version:
        raise ConflictError(
            mark("Somebody else changed this while you were working on it."),
            stored=_stored(session, citizen),
            fresh={"version": str(citizen.version)},
        )
    citizen.updated_at = now
    flag_modified(citizen, "updated_at")  # two changes in one instant are two versions
    return citizen


def change(
    session: Session, citizen: Citizen, given: Changes, *, actor: Actor, ip: str, now: datetime
) -> None:
    """Change what the party is called and how it wants to be reached.

    Raises:
        InvalidError: something typed cannot be so.
    """
    today = calendars.load(session).statutory.local_date(now)
    name = ""
    errors: dict[str, str] = {}
    if given.name:
        name = _kept(errors, "name", lambda: read_name(given.name, citizen.kind))
    _kept(errors, "birth_year", lambda: check_year(given.birth_year, citizen.kind, today))
    _kept(errors, "reading", lambda: _checked_reading(given.reading))
    if errors:
        raise InvalidError(fields=errors)
    changed = _changed_fields(citizen, given)
    citizen.birth_year = given.birth_year
    _refuse_other_year(session, citizen)
    citizen.language = given.language
    citizen.preferred_channel = given.preferred_channel
    citizen.preferred_times = clean_line(given.preferred_times)
    citizen.do_not_contact = given.do_not_contact
    if name:
        citizen.name = seal(vault_of(session), NAME, name, citizen.place)
    if given.reading:
        citizen.reading = _sealed_reading(session, given.reading, citizen.place)
    settle(session, citizen, "citizen:change", actor=actor, ip=ip, now=now, fields=changed)


def settle(
    session: Session,
    citizen: Citizen,
    action: str,
    *,
    actor: Actor,
    ip: str,
    now: datetime,
    **details: object,
) -> None:
    """End an edit: let the party be found by what is true now, and write down who did it.

    `details` are words of ours, never what was typed.
    """
    session.flush()
    tokens.rewrite(session, citizen.id)
    _note(session, citizen, actor, ip, action, now, **details)


def _note(
    session: Session,
    citizen: Citizen,
    actor: Actor,
    ip: str,
    action: str,
    now: datetime,
    **details: object,
) -> None:
    audit.note(
        session, actor.author(ip=ip), action, (_SUBJECT, citizen.id), at=now, details=details
    )


def _refusing_all(new: NewParty, today: date) -> str:
    """The name in its one spelling, once every field has been looked at."""
    errors: dict[str, str] = {}
    name = _kept(errors, "name", lambda: read_name(new.name, new.kind))
    _kept(errors, "birth_year", lambda: check_year(new.birth_year, new.kind, today))
    _kept(errors, "reading", lambda: _checked_reading(new.reading))
    _gathered(errors, (partial(identities.read_given, d, today=today) for d in new.identities))
    _gathered(errors, (partial(contacts.read_given, c) for c in new.contacts))
    if errors:
        raise InvalidError(fields=errors)
    return name


def _kept(errors: dict[str, str], field: str, read: Callable[[], str]) -> str:
    try:
        return read()
    except InvalidError as error:
        errors[field] = error.msgid
        return ""


def _gathered(errors: dict[str, str], reads: Iterable[Callable[[], object]]) -> None:
    for read in reads:
        try:
            read()
        except InvalidError as error:
            for field, sentence in error.fields.items():
                errors.setdefault(field, sentence)


def check_year(year: int | None, kind: PartyKind, today: date) -> str:
    """The year of birth in words, empty if nobody told it.

    Raises:
        InvalidError: nobody alive can be born then, or an organisation was born.
    """
    if year is None:
        return ""
    if kind is PartyKind.ORGANISATION:
        raise InvalidError(mark("An organisation has no year of birth."))
    if not today.year - _OLDEST <= year <= today.year:
        raise InvalidError(mark("Enter a year of birth such as 1956."))
    return str(year)


def _checked_reading(typed: str) -> str:
    reading = clean_line(typed)
    is_latin = all(sign.isalpha() or sign in " '-" for sign in reading) and not any(
        sign >= "\u3400" for sign in reading
    )
    if len(reading) > _LONGEST_READING or not is_latin:
        raise InvalidError(mark("Write how the name is read in Latin letters: shan tianfang."))
    return reading


def _sealed_reading(session: Session, typed: str, place: str) -> bytes | None:
    reading = _checked_reading(typed)
    return seal(vault_of(session), READING, reading, place) if reading else None


def _refuse_other_year(session: Session, citizen: Citizen) -> None:
    try:
        identities.refuse_contradiction(citizen, identities.identities_of(session, citizen.id))
    except InvalidError as error:
        raise InvalidError(fields={"birth_year": error.fields[identities.FIELD]}) from error


def _changed_fields(citizen: Citizen, given: Changes) -> list[str]:
    plain = ("birth_year", "language", "preferred_channel", "preferred_times", "do_not_contact")
    changed = [name for name in plain if getattr(citizen, name) != getattr(given, name)]
    return changed + [name for name in ("name", "reading") if getattr(given, name)]


def _stored(session: Session, citizen: Citizen) -> dict[str, str]:
    name = unseal(vault_of(session), NAME, citizen.name, citizen.place)
    return {
        mark("Name"): masked_name(name, citizen.kind),
        mark("Year of birth"): str(citizen.birth_year or ""),
        mark("When to reach"): citizen.preferred_times,
    }

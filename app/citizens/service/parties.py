"""The whole picture of one party: who, how to reach, who acts for whom, marks, tags, notes.

Masked unless clear text is asked for; whoever asks for it has written down why (`revealing`).
"""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.calendars import queries as calendars
from app.citizens.models import Citizen
from app.citizens.queries import getting
from app.citizens.rules import (
    CitizenState,
    ContactKind,
    Ground,
    IdentifierKind,
    MarkKind,
    PartyKind,
    Visibility,
    number_of,
)
from app.citizens.rules.care import marks_by_age
from app.citizens.rules.phones import base_of
from app.citizens.sealing import CONTACT, IDENTIFIER, NAME, NOTE, PARTS, PHONES, READING, unseal
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.text import mask_address, mask_email, mask_id, mask_name, mask_phone
from app.kernel.vault import Vault, vault_of

_WINDOW_HEAD, _WINDOW_TAIL = 6, 4  # rulebook §7: "first 6 + last 4 only for window role"


@dataclass(frozen=True, slots=True)
class KnownIdentity:
    """One document of the party."""

    id: int
    kind: IdentifierKind
    value: str
    issued_by: str
    valid_until: date | None
    verified_at: datetime | None
    is_expired: bool


@dataclass(frozen=True, slots=True)
class KnownContact:
    """One way to reach the party; `parts` of an address only in clear text."""

    id: int
    kind: ContactKind
    value: str
    parts: tuple[tuple[str, str], ...]
    region_code: str
    is_preferred: bool
    created_at: datetime
    verified_at: datetime | None
    confirmed_at: datetime | None
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody who acts for the party, or for whom the party acts; their name always masked."""

    id: int
    citizen_id: int
    number: str
    name: str
    ground: Ground
    document: str
    valid_from: date
    valid_until: date | None
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class KnownMark:
    """A reason for special care; without an id where the year of birth alone gives it."""

    id: int | None
    kind: MarkKind
    basis: str
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class KnownTag:
    """A word staff hung on the party."""

    id: int
    word: str
    visibility: Visibility


@dataclass(frozen=True, slots=True)
class KnownNote:
    """What a colleague should know."""

    id: int
    text: str
    visibility: Visibility
    at: datetime
    by_id: int | None


@dataclass(frozen=True, slots=True)
class Party:
    """One party as a viewer may see it."""

    id: int
    number: str
    version: int
    kind: PartyKind
    state: CitizenState
    name: str
    reading: str
    birth_year: int | None
    language: str
    preferred_channel: ContactKind | None
    preferred_times: str
    do_not_contact: bool
    merged_into: str
    identities: tuple[KnownIdentity, ...]
    contacts: tuple[KnownContact, ...]
    acts_for: tuple[Acting, ...]
    acted_by: tuple[Acting, ...]
    marks: tuple[KnownMark, ...]
    tags: tuple[KnownTag, ...]
    notes: tuple[KnownNote, ...]
    created_at: datetime
    updated_at: datetime
    is_clear: bool


def picture_of(
    session: Session, citizen_id: int, *, viewer: Actor, now: datetime, is_clear: bool = False
) -> Party:
    """The party, masked, or in clear text for whoever may read it.

    Of somebody whose processing is restricted only the number and the state are told,
    except to who answers for privacy (个人信息保护法 art. 47).

    Raises:
        NotFoundError: there is no such citizen.
    """
    citizen = session.get(Citizen, citizen_id)
    if citizen is None:
        raise NotFoundError(mark("There is no such citizen."))
    today = calendars.load(session).statutory.local_date(now)
    is_withheld = citizen.state is CitizenState.RESTRICTED and not viewer.may(
        Permission.PRIVACY_MANAGE
    )
    reader = _Reader(vault_of(session), viewer, today, is_clear=is_clear and not is_withheld)
    if is_withheld:
        return replace(
            _party(citizen, reader, _NOTHING),
            name="",
            birth_year=None,
            preferred_channel=None,
            preferred_times="",
        )
    acts_for, acted_by = getting.acting_of(session, citizen_id)
    rows = _Rows(
        getting.identifiers_of(session, citizen_id),
        getting.contacts_of(session, citizen_id),
        acts_for,
        acted_by,
        getting.marks_of(session, citizen_id),
        getting.tags_of(session, citizen_id),
        getting.notes_of(session, citizen_id),
    )
    return _party(citizen, reader, rows)


@dataclass(frozen=True, slots=True)
class _Rows:
    identifiers: getting.Rows
    contacts: getting.Rows
    acts_for: getting.Rows
    acted_by: getting.Rows
    marks: getting.Rows
    tags: getting.Rows
    notes: getting.Rows


_NOTHING: Final = _Rows((), (), (), (), (), (), ())


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads, on what day, and whether in clear text."""

    vault: Vault
    viewer: Actor
    today: date
    is_clear: bool

    def name(self, sealed: bytes | None, place: str, kind: PartyKind) -> str:
        text = unseal(self.vault, NAME, sealed, place)
        return text if self.is_clear else masked_name(text, kind)

    def may_read(self, visibility: Visibility, unit_id: int) -> bool:
        return visibility.is_open_to(self.viewer.unit_id, unit_id=unit_id)

    def is_over(self, until: date | None) -> bool:
        return until is not None and until < self.today


def masked_name(name: str, kind: PartyKind) -> str:
    """A person's name as lists show it; an organisation's is no secret."""
    return mask_name(name) if kind is PartyKind.PERSON else name


def masked_contact(kind: ContactKind, value: str) -> str:
    """A way to reach somebody as lists and pages show it (rulebook §7)."""
    if kind in PHONES:
        return mask_phone(base_of(value))
    return mask_email(value) if kind is ContactKind.EMAIL else mask_address(value)


def masked_number(kind: IdentifierKind, value: str, viewer: Actor) -> str:
    """A document's number as pages show it: a little more to who edits citizens at a window."""
    if kind is IdentifierKind.USCC:
        return value  # public in the register of organisations
    if viewer.may(Permission.CITIZEN_EDIT):
        return mask_id(value, head=_WINDOW_HEAD, tail=_WINDOW_TAIL)
    return mask_id(value)


def _party(citizen: Citizen, reader: _Reader, rows: _Rows) -> Party:
    state = citizen.state
    reading = unseal(reader.vault, READING, citizen.reading, citizen.place)
    return Party(
        id=citizen.id,
        number=number_of(citizen.id),
        version=citizen.version,
        kind=citizen.kind,
        state=state,
        name=reader.name(citizen.name, citizen.place, citizen.kind),
        reading=reading if reader.is_clear else "",
        birth_year=citizen.birth_year,
        language=citizen.language,
        preferred_channel=citizen.preferred_channel,
        preferred_times=citizen.preferred_times,
        do_not_contact=citizen.do_not_contact,
        merged_into=number_of(citizen.merged_into_id) if citizen.merged_into_id else "",
        identities=tuple(_identity(row, reader) for row in rows.identifiers),
        contacts=tuple(_contact(row, reader) for row in rows.contacts),
        acts_for=tuple(_acting(row, reader) for row in rows.acts_for),
        acted_by=tuple(_acting(row, reader) for row in rows.acted_by),
        marks=_marks(citizen, rows.marks, reader),
        tags=tuple(
            KnownTag(row.id, row.word, row.visibility)
            for row in rows.tags
            if reader.may_read(row.visibility, row.unit_id)
        ),
        notes=tuple(
            _note(row, reader) for row in rows.notes if reader.may_read(row.visibility, row.unit_id)
        ),
        created_at=citizen.created_at,
        updated_at=citizen.updated_at,
        is_clear=reader.is_clear,
    )


def _identity(row: Row[*tuple[Any, ...]], reader: _Reader) -> KnownIdentity:
    value = unseal(reader.vault, IDENTIFIER, row.value, row.place)
    return KnownIdentity(
        id=row.id,
        kind=row.kind,
        value=value if reader.is_clear else masked_number(row.kind, value, reader.viewer),
        issued_by=row.issued_by,
        valid_until=row.valid_until,
        verified_at=row.verified_at,
        is_expired=reader.is_over(row.valid_until),
    )


def _contact(row: Row[*tuple[Any, ...]], reader: _Reader) -> KnownContact:
    value = unseal(reader.vault, CONTACT, row.value, row.place)
    parts = unseal(reader.vault, PARTS, row.parts, row.place) if reader.is_clear else ""
    return KnownContact(
        id=row.id,
        kind=row.kind,
        value=value if reader.is_clear else masked_contact(row.kind, value),
        parts=tuple(json.loads(parts).items()) if parts else (),
        region_code=row.region_code,
        is_preferred=row.is_preferred,
        created_at=row.created_at,
        verified_at=row.verified_at,
        confirmed_at=row.confirmed_at,
        failed_at=row.failed_at,
    )


def _acting(row: Row[*tuple[Any, ...]], reader: _Reader) -> Acting:
    name = unseal(reader.vault, NAME, row.name, row.place)
    return Acting(
        id=row.id,
        citizen_id=row.other_id,
        number=number_of(row.other_id),
        name=masked_name(name, row.kind),
        ground=row.ground,
        document=row.document,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        is_in_force=row.valid_from <= reader.today and not reader.is_over(row.valid_until),
    )


def _marks(citizen: Citizen, rows: getting.Rows, reader: _Reader) -> tuple[KnownMark, ...]:
    told = [
        KnownMark(row.id, row.kind, row.basis, row.valid_until)
        for row in rows
        if not reader.is_over(row.valid_until)
    ]
    known = {each.kind for each in told}
    by_age = marks_by_age(citizen.birth_year, year=reader.today.year)
    return tuple([KnownMark(None, kind, "", None) for kind in by_age if kind not in known] + told)


def _note(row: Row[*tuple[Any, ...]], reader: _Reader) -> KnownNote:
    text = unseal(reader.vault, NOTE, row.text, row.place)
    return KnownNote(row.id, text, row.visibility, row.created_at, row.created_by_id)

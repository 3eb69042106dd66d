"""Opens a case: number, token, unit, clocks, first line of its history, search.

The one way in for portal, desk and programs; imports of history have their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.cases.events import CaseOpened
from app.cases.kinds import AccessRole, Action, Channel, DoerKind, Status
from app.cases.models import Case, CaseAccess
from app.cases.queries import public_token
from app.cases.rules import CaseClock, Doer
from app.cases.service import clocks
from app.cases.service.belongings import attach, searchable
from app.cases.service.confiding import About, name_subject, seal_identity
from app.cases.service.recording import Entry, first_line
from app.catalogue import queries as catalogue
from app.catalogue.rules import ABOUT_SOMEBODY, CaseKind, CategoryEntry, Urgency
from app.citizens import service as citizens
from app.citizens.service import Person
from app.departments import queries as departments
from app.kernel import search
from app.kernel.errors import InvalidError
from app.kernel.events import publish
from app.kernel.geo import cell_of
from app.kernel.ids import case_number_and_key
from app.kernel.messages import mark
from app.kernel.text import mask_free_text
from app.kernel.vault import vault_of
from app.kernel.writing import write, write_all

PREFIX: Final = "RX"
REGION_DIGITS: Final = 6
_TITLE_LENGTH: Final = 40
MIN_BODY: Final = 4
_BEGINS: Final = {CaseKind.REPAIR: Status.REPORTED}


@dataclass(frozen=True, slots=True)
class Reserved:
    """The key and the number of a matter about to be opened."""

    key: int
    number: str


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is asked, where, by whom; everything else is worked out.

    `kind` None takes the first kind the category serves; `title` empty takes
    the beginning of the text, masked. `reserved` is given by who had to know the
    number beforehand. `is_identity_secret` keeps whoever complains or tips off away
    from the case itself (匿名保密); any other matter it makes confidential. `first` and
    `clocks` are what a matter of the kind begins with. `is_advice` is a question answered at
    once, which nobody need give a name for.
    """

    body: str
    channel: Channel
    kind: CaseKind | None = None
    category_id: int | None = None
    title: str = ""
    place: str = ""
    region_code: str = ""
    lon: Decimal | None = None
    lat: Decimal | None = None
    urgency: Urgency | None = None
    is_anonymous: bool = False
    is_confidential: bool = False
    person: Person | None = None
    citizen_id: int | None = None
    attachment_ids: Sequence[int] = ()
    reserved: Reserved | None = None
    about: About | None = None
    is_identity_secret: bool = False
    first: Status | None = None  # None: as the kind begins
    clocks: Sequence[CaseClock] = (CaseClock.ACCEPT, CaseClock.RESOLVE)
    is_advice: bool = False


def reserve(session: Session, region_code: str, *, now: datetime) -> Reserved:
    """Key and number for a matter of this place; lost if no matter is opened with them.

    Raises:
        UnavailableError: the day's numbers are used up.
    """
    region = region_code or departments.home_region(session)
    day = calendars.load(session).statutory.local_date(now)
    number, key = case_number_and_key(session, Case, PREFIX, region[:REGION_DIGITS], day)
    return Reserved(key, number)


def open_case(session: Session, new: NewCase, *, doer: Doer, now: datetime) -> Case:
    """Open a case, in somebody's hands from its first second.

    Raises:
        InvalidError: the text is missing or the category wants a name and none is given.
    """
    category = _category(session, new)
    _check(new, category)
    unit_id = _intake_unit(session, new, doer)
    # Each row is written once, and straight away: all that makes it is known beforehand.
    citizen_id = _citizen_id(session, new, now)
    case = _new_row(session, new, category, unit_id, now)
    wants_secrecy = new.is_identity_secret and citizen_id is not None
    case.is_identity_secret = wants_secrecy and case.kind in ABOUT_SOMEBODY
    # Whoever asks for secrecy in any other matter has it handled as confidential (rulebook §2.1).
    case.is_confidential = case.is_confidential or (wants_secrecy and not case.is_identity_secret)
    case.citizen_id = None if case.is_identity_secret else citizen_id
    case.token_digest = _token_digest(session, case)
    clocks.begin(session, case, new.clocks, now=now)
    event = first_line(case, _first_entry(case, doer, now))
    write(session, case)
    write(session, event)
    access = CaseAccess(case_id=case.id, unit_id=unit_id, role=AccessRole.INTAKE, from_at=now)
    write_all(session, [access])
    if case.is_identity_secret and citizen_id is not None:
        seal_identity(session, case, citizen_id, now=now)
    if new.about is not None:
        name_subject(session, case, new.about, doer=doer, now=now)
    attach(session, case, new.attachment_ids, event_id=event.id)
    search.put(session, case.id, searchable(case))
    publish(session, CaseOpened(case, event, now))
    session.flush()
    return case


def _first_entry(case: Case, doer: Doer, now: datetime) -> Entry:
    payload = {"channel": str(case.channel), "kind": str(case.kind)}
    return Entry(Action.OPEN, doer, now, to_status=case.status, payload=payload)


def _category(session: Session, new: NewCase) -> CategoryEntry | None:
    return catalogue.get_category(session, new.category_id) if new.category_id else None


def _check(new: NewCase, category: CategoryEntry | None) -> None:
    wrong: dict[str, str] = {}
    if len(new.body.strip()) < MIN_BODY:
        wrong["body"] = mark("Describe the matter in at least a few words.")
    is_nameless = new.is_anonymous and not new.is_advice
    if category and is_nameless and not category.may_be_anonymous:
        wrong["anonymous"] = mark("This kind of matter needs a name and a way to reach you.")
    if wrong:
        raise InvalidError(fields=wrong)


def _intake_unit(session: Session, new: NewCase, doer: Doer) -> int:
    if doer.kind is DoerKind.STAFF and doer.unit_id:
        return doer.unit_id
    return departments.intake_unit(session, new.region_code).id


def _new_row(
    session: Session, new: NewCase, category: CategoryEntry | None, unit_id: int, now: datetime
) -> Case:
    home = departments.home_region(session)
    region = new.region_code or home
    reserved = new.reserved or reserve(session, region, now=now)
    kind = new.kind or (category.kinds[0] if category and category.kinds else CaseKind.HELP)
    default_urgency = category.default_urgency if category else Urgency.NORMAL
    return Case(
        id=reserved.key,
        number=reserved.number,
        kind=kind,
        category_id=category.id if category else None,
        category_name=category.name.zh if category else "",
        title=title_of(new.title, new.body),
        body=new.body,
        place=new.place,
        region_code=region,
        lon=new.lon,
        lat=new.lat,
        cell=cell_of(new.lon, new.lat),
        channel=new.channel,
        is_anonymous=new.is_anonymous,
        is_confidential=new.is_confidential or bool(category and category.confidential),
        urgency=new.urgency or default_urgency,
        unit_id=unit_id,
        status=new.first or _BEGINS.get(kind, Status.SUBMITTED),
        token_generation=1,
        version=1,
        opened_at=now,
        sort_at=now,
    )


def title_of(title: str, body: str) -> str:
    """The given title, or the masked beginning of the text: titles stand in lists."""
    if title.strip():
        return mask_free_text(title.strip())[:200]
    first = mask_free_text(" ".join(body.split()))
    return first if len(first) <= _TITLE_LENGTH else first[: _TITLE_LENGTH - 1] + "…"


def _citizen_id(session: Session, new: NewCase, now: datetime) -> int | None:
    if new.citizen_id is not None:
        return new.citizen_id
    if new.person is None or not (new.person.name or new.person.phone or new.person.email):
        return None
    return citizens.register(session, new.person, now=now)


def _token_digest(session: Session, case: Case) -> bytes:
    vault = vault_of(session)
    return vault.signer.digest(public_token(vault, case))

"""The parts of a citizen, one small form each: documents, contacts, acting, marks, tags, notes."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from app.accounts.deps import VisitDep, Work
from app.calendars import queries as calendars
from app.citizens.models import Citizen
from app.citizens.queries.getting import get_visible
from app.citizens.rules import number_of, read_number
from app.citizens.service import (
    contacts,
    enrolling,
    identities,
    marks,
    notes,
    representing,
    tags,
)
from app.citizens.service.contacts import GivenContact
from app.citizens.service.identities import GivenIdentity, KnownIdentityError
from app.citizens.service.marks import GivenMark
from app.citizens.service.representing import GivenRepresentation
from app.desk import partyforms as forms
from app.desk.editing import edit_page
from app.desk.pages.citizen_forms import find_principal
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.web.forms import FormDep, Parsed, RawForm, parse
from app.web.templating import render, see_other

router = APIRouter(prefix="/citizens")

# What the field of a part is called on the page, by what the services call it.
_FIELDS: Final = {"phone": "contact", "email": "contact", "address": "contact"}


class _Version(BaseModel):
    version: int


@router.post("/{number}/parts/{part}")
def add(request: Request, visit: VisitDep, number: str, part: str, form: FormDep) -> Response:
    """Add to a part of the party, or say what cannot be so."""
    model, put = _known(_ADDING, part)
    parsed: Parsed[Any] = parse(model, form)
    errors, known = dict(parsed.errors), ""
    if parsed.value is not None:
        try:
            with visit.writing() as work:
                _under_version(work, number, form, f"citizen:add_{part}", put, parsed.value)
            return see_other(f"/citizens/{number}/edit#{part}")
        except InvalidError as refusal:
            errors = _named(refusal)
            known = _who(refusal)
    with visit.reading() as work:
        citizen = get_visible(work.session, work.actor, read_number(number))
        page = edit_page(request, work, citizen.id, part, parsed.values, errors, known=known)
    return render(request, "citizens/edit", page, status=422)


@router.post("/{number}/parts/{part}/{part_id}/{deed}")
def do(visit: VisitDep, number: str, part: str, part_id: int, deed: str, form: FormDep) -> Response:
    """Do something with one thing of a part: verify it, prefer it, end it."""
    act = _known(_DEEDS, f"{part}/{deed}")
    with visit.writing() as work:
        _under_version(work, number, form, f"citizen:{deed}_{part}", act, part_id)
    return see_other(f"/citizens/{number}/edit#{part}")


def _under_version(
    work: Work,
    number: str,
    form: RawForm,
    action: str,
    act: Callable[[Work, Citizen, Any], object],
    what: object,
) -> None:
    seen = parse(_Version, form).value
    citizen = enrolling.open_for_edit(
        work.session,
        work.actor,
        read_number(number),
        seen_version=seen.version if seen else -1,
        now=work.now,
    )
    act(work, citizen, what)
    enrolling.settle(work.session, citizen, action, actor=work.actor, ip=work.ip, now=work.now)


def _known(table: dict[str, Any], key: str) -> Any:  # noqa: ANN401  # what the table holds
    if key not in table:
        raise NotFoundError(mark("There is nothing at this address."))
    return table[key]


def _named(refusal: InvalidError) -> dict[str, str]:
    fields = refusal.said
    return {_FIELDS.get(name, name): sentence for name, sentence in fields.items()}


def _who(refusal: InvalidError) -> str:
    return number_of(refusal.citizen_id) if isinstance(refusal, KnownIdentityError) else ""


def _add_identity(work: Work, citizen: Citizen, typed: forms.IdentityForm) -> None:
    given = GivenIdentity(
        typed.document,
        typed.document_kind,
        valid_until=typed.document_until,
        is_seen=typed.document_seen,
    )
    today = calendars.load(work.session).statutory.local_date(work.now)
    identities.add(work.session, citizen, given, now=work.now, today=today)


def _add_contact(work: Work, citizen: Citizen, typed: forms.ContactForm) -> None:
    given = GivenContact(typed.contact_kind, typed.contact, typed.region_code, typed.is_preferred)
    contacts.add(work.session, citizen, given, now=work.now)


def _add_acting(work: Work, citizen: Citizen, typed: forms.ActingForm) -> None:
    today = calendars.load(work.session).statutory.local_date(work.now)
    given = GivenRepresentation(typed.ground, today, typed.valid_until, typed.proof)
    principal = find_principal(work, typed.principal)
    representing.represent(
        work.session, citizen, principal, given, by_id=work.actor.id, now=work.now
    )


def _add_mark(work: Work, citizen: Citizen, typed: forms.MarkForm) -> None:
    given = GivenMark(typed.mark, typed.basis, typed.mark_until)
    marks.add(work.session, citizen, given, by_id=work.actor.id, now=work.now)


def _add_tag(work: Work, citizen: Citizen, typed: forms.TagForm) -> None:
    tags.add(
        work.session,
        citizen,
        typed.word,
        visibility=typed.visibility,
        unit_id=work.actor.unit_id,
        by_id=work.actor.id,
        now=work.now,
    )


def _add_note(work: Work, citizen: Citizen, typed: forms.NoteForm) -> None:
    notes.add(
        work.session,
        citizen,
        typed.text,
        visibility=typed.visibility,
        unit_id=work.actor.unit_id,
        by_id=work.actor.id,
        now=work.now,
    )


_ADDING: Final[dict[str, Any]] = {
    "documents": (forms.IdentityForm, _add_identity),
    "contacts": (forms.ContactForm, _add_contact),
    "acting": (forms.ActingForm, _add_acting),
    "marks": (forms.MarkForm, _add_mark),
    "tags": (forms.TagForm, _add_tag),
    "notes": (forms.NoteForm, _add_note),
}


def _timed(deed: Callable[..., object]) -> Callable[[Work, Citizen, int], object]:
    """A deed of a service that takes the session, the citizen, an id and the time."""
    return lambda work, citizen, part_id: deed(work.session, citizen, part_id, now=work.now)


def _of_unit(deed: Callable[..., object]) -> Callable[[Work, Citizen, int], object]:
    """The same with the unit somebody sits in: what only another unit reads, only it ends."""
    return lambda work, citizen, part_id: deed(
        work.session, citizen, part_id, unit_id=work.actor.unit_id, now=work.now
    )


def _prefer(work: Work, citizen: Citizen, contact_id: int) -> None:
    contacts.prefer(work.session, citizen, contact_id)


_DEEDS: Final[dict[str, Any]] = {
    "documents/verify": _timed(identities.verify),
    "documents/remove": _timed(identities.take_away),
    "contacts/prefer": _prefer,
    "contacts/verify": _timed(contacts.verify),
    "contacts/confirm": _timed(contacts.confirm),
    "contacts/fail": _timed(contacts.note_failure),
    "contacts/end": _timed(contacts.end),
    "acting/end": _timed(representing.end),
    "marks/end": _timed(marks.end),
    "tags/end": _of_unit(tags.end),
    "notes/end": _of_unit(notes.end),
}

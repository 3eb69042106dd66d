"""One's own contact details: a new one is proved by a code, an old one ended, wishes kept.

Numbers are shown masked: others may look over one's shoulder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.citizens.rules import ContactKind
from app.citizens.sealing import CONTACT, unseal
from app.citizens.service.parties import masked_contact
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.mypage import queries
from app.mypage.rules import Goal
from app.mypage.service import codes
from app.mypage.service import own as deeds
from app.mypage.service.codes import Verdict
from app.portal import me
from app.portal.me import Own
from app.portal.my_forms import CodeForm, ContactForm, WishesForm
from app.portal.pages.my_sign_in import ASK, OVER, TRY, WRONG, CodePage, code_page, until
from app.web.deps import EdgeDep
from app.web.forms import FormDep, parse
from app.web.proof import admit
from app.web.templating import render, see_other
from app.web.ui import locale_of
from app.web.unlisted import unlisted

router = APIRouter()
_NO_WAY: Final = mark("No message can be sent there from here. Tell us at the window or by phone.")
_CHECK: Final = "/my/contacts/code"
LANGUAGES: Final = (
    ("zh-CN", mark("Mandarin")),
    ("zh-HK", mark("Cantonese")),
    ("en", mark("English")),
    ("sign", mark("Sign language")),
    ("other", mark("Another language")),
)
KINDS: Final[Mapping[ContactKind, str]] = {
    ContactKind.MOBILE: mark("Mobile phone"),
    ContactKind.LANDLINE: mark("Landline"),
    ContactKind.EMAIL: mark("E-mail"),
    ContactKind.ADDRESS: mark("Letter"),
}
DONE: Final[Mapping[str, str]] = {
    "added": mark("The new contact is verified and kept."),
    "ended": mark("We do not use this contact any more."),
    "wishes": mark("Your wishes are kept."),
}


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One contact in use, masked."""

    id: int
    kind: str
    shown: str
    is_verified: bool
    is_preferred: bool


@dataclass(frozen=True, slots=True)
class ContactsPage:
    """Contacts in use, a field for a new one, and wishes."""

    contacts: list[ContactLine]
    kinds: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    done: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EndPage:
    """Asks once more before a contact is ended."""

    contact: ContactLine


@router.get("/my/contacts", include_in_schema=False)
def show(request: Request, edge: EdgeDep, done: str = "") -> Response:
    """How one can be reached."""
    with me.reading(request, edge) as own:
        page = _page(own, done=DONE.get(done, ""))
    return unlisted(render(request, "portal/my_contacts", page))


@router.post("/my/contacts", include_in_schema=False)
def add(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Have a code sent to a new number or address."""
    parsed = parse(ContactForm, form)
    with me.writing(request, edge) as own:
        errors = dict(parsed.errors)
        if parsed.value is not None and not codes.can_send(parsed.value.read[0]):
            errors = {"contact": _NO_WAY}
        if parsed.value is None or errors:
            page = _page(own, values=parsed.values, errors=errors)
            return unlisted(render(request, "portal/my_contacts", page, status=422))
        kind, value = parsed.value.read
        refusal = admit(request, own.session, form, ASK, now=own.now, token=value)
        if refusal is not None:
            return refusal
        ref = codes.ask(
            own.session,
            kind,
            value,
            goal=Goal.ADD,
            citizen_id=queries.primary_of(own.session, own.people).id,
            locale=str(locale_of(request)),
            until=until(edge),
            now=own.now,
        )
    response = unlisted(see_other(_CHECK))
    me.set_code(request, response, ref)
    return response


@router.get("/my/contacts/code", include_in_schema=False)
def ask_code(request: Request, edge: EdgeDep) -> Response:
    """Ask for the code that was sent there."""
    with me.reading(request, edge) as own:
        page = code_page(own.session, edge, request)
    return _asked(request, page, {}, {}, status=200)


@router.post("/my/contacts/code", include_in_schema=False)
def check(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Keep the contact, if the code is right."""
    parsed = parse(CodeForm, form)
    errors = dict(parsed.errors)
    with me.writing(request, edge) as own:
        if parsed.value is not None:
            refusal = admit(request, own.session, form, TRY, now=own.now)
            if refusal is not None:
                return refusal
            verdict, code = codes.attempt(
                own.session, me.ref_of(request), parsed.value.code, goal=Goal.ADD, now=own.now
            )
            if verdict is Verdict.RIGHT and code is not None and code.citizen_id in own.people:
                deeds.add_verified(own.session, own.people, code, now=own.now)
                return unlisted(see_other("/my/contacts?done=added"))
            errors = {"code": WRONG if verdict is Verdict.WRONG else OVER}
        page = code_page(own.session, edge, request)
    return _asked(request, page, parsed.values, errors, status=422)


def _asked(
    request: Request,
    page: CodePage | None,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    status: int,
) -> Response:
    if page is None:
        return unlisted(see_other("/my/contacts"))
    page = replace(page, action=_CHECK, again="/my/contacts", values=values, errors=errors)
    return unlisted(render(request, "portal/my_code", page, status=status))


@router.get("/my/contacts/{contact_id}/end", include_in_schema=False)
def ask_end(request: Request, edge: EdgeDep, contact_id: int) -> Response:
    """Ask whether it is really out of use."""
    with me.reading(request, edge) as own:
        deeds.get_contact(own.session, own.people, contact_id)
        line = next(each for each in _lines(own) if each.id == contact_id)
    return unlisted(render(request, "portal/my_end", EndPage(line)))


@router.post("/my/contacts/{contact_id}/end", include_in_schema=False)
def end(request: Request, edge: EdgeDep, contact_id: int, _form: FormDep) -> Response:
    """Use it no more."""
    with me.writing(request, edge) as own:
        deeds.end_contact(own.session, own.people, contact_id, now=own.now)
    return unlisted(see_other("/my/contacts?done=ended"))


@router.post("/my/wishes", include_in_schema=False)
def wish(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Keep by what way, when and in which language."""
    parsed = parse(WishesForm, form)
    with me.writing(request, edge) as own:
        value = parsed.value
        if value is None or value.language not in dict(LANGUAGES):
            page = _page(own, values=parsed.values, errors=parsed.errors)
            return unlisted(render(request, "portal/my_contacts", page, status=422))
        channel = ContactKind(value.channel) if value.channel else None
        deeds.wish(
            own.session,
            own.people,
            channel=channel,
            times=value.times,
            language=value.language,
            now=own.now,
        )
    return unlisted(see_other("/my/contacts?done=wishes"))


def _page(
    own: Own,
    *,
    done: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> ContactsPage:
    citizen = queries.primary_of(own.session, own.people)
    kept = {
        "channel": str(citizen.preferred_channel or ""),
        "times": citizen.preferred_times,
        "language": citizen.language,
    }
    return ContactsPage(
        contacts=_lines(own),
        kinds=tuple((str(kind), words) for kind, words in KINDS.items()),
        languages=LANGUAGES,
        done=done,
        values={**kept, **(values or {})},
        errors=errors or {},
    )


def _lines(own: Own) -> list[ContactLine]:
    vault = vault_of(own.session)
    return [
        ContactLine(
            row.id,
            KINDS[row.kind],
            masked_contact(row.kind, unseal(vault, CONTACT, row.value, row.place)),
            row.verified_at is not None,
            row.is_preferred,
        )
        for row in queries.own_contacts(own.session, own.people)
    ]

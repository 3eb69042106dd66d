"""Signing in to one's own page with a code that was sent: the number, the code, the name.

The same pages and words whether a number is known here or not; nothing personal in an address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.accounts.deps import address_of
from app.citizens.rules import ContactKind
from app.kernel.messages import mark
from app.kernel.text import mask_email, mask_phone
from app.mypage.models import ContactCode
from app.mypage.rules import CODE_GOOD_FOR, MOST_NAMES
from app.mypage.service import codes, sessions
from app.mypage.service.codes import Holder, Verdict
from app.portal import me
from app.portal.my_forms import CodeForm, ContactForm, NameForm
from app.web.deps import Edge, EdgeDep
from app.web.forms import FormDep, parse
from app.web.proof import admit
from app.web.ratelimit import Knock, Limit, hit
from app.web.ratelimit import Verdict as Door
from app.web.security import signer_of
from app.web.templating import render, see_other
from app.web.ui import local, locale_of, zone_of
from app.web.unlisted import unlisted

router = APIRouter()

# Counted for the number, the browser and the address alike: nobody is flooded with messages.
ASK: Final = Limit("my-code", timedelta(hours=1), free=3, most=8)
# Beside the five tries of each code; a guesser needs centuries.
TRY: Final = Limit("my-try", timedelta(minutes=15), free=15, most=40)
WRONG: Final = mark("This code is not right. Look at the newest message.")
OVER: Final = mark("This code does not hold any more. Ask for a new one.")
# Over all codes of a number: four signs of a document are soon guessed.
NAMES: Final = Limit("my-name", timedelta(days=1), free=MOST_NAMES, most=MOST_NAMES)
TOO_MANY_NAMES: Final = mark(
    "Too many tries with this number today. Come back tomorrow, or call us."
)
NO_MATCH: Final = mark(
    "This does not fit. Write the name as you gave it to us, or call us if it was spelt otherwise."
)
_NO_WAY: Final = mark("No message can be sent there from here. Use the other way, or call us.")


@dataclass(frozen=True, slots=True)
class SignInPage:
    """Asks where the code is to be sent; in the demo city it says whom to try."""

    has_phone: bool
    has_mail: bool
    has_ended: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CodePage:
    """Asks for the code; `to` is masked. `message` is shown in the demo city alone."""

    to: str
    is_over: bool
    message: str
    action: str = "/my/code/check"
    again: str = "/my"
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NamePage:
    """Asks who of the number's people it is; tells nobody's name."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def sign_in_page(
    *,
    has_ended: bool = False,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> SignInPage:
    """The first page, with the ways this installation can send by."""
    return SignInPage(
        codes.can_send(ContactKind.MOBILE),
        codes.can_send(ContactKind.EMAIL),
        has_ended,
        values or {},
        errors or {},
    )


@router.post("/my/code", include_in_schema=False)
def ask(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Have a code sent."""
    parsed = parse(ContactForm, form)
    errors = parsed.errors
    if parsed.value is not None and not codes.can_send(parsed.value.read[0]):
        errors = {"contact": _NO_WAY}
    if parsed.value is None or errors:
        page = sign_in_page(values=parsed.values, errors=errors)
        return unlisted(render(request, "portal/my_sign_in", page, status=422))
    kind, value = parsed.value.read
    with edge.writing() as session:
        refusal = admit(request, session, form, ASK, now=edge.now(), token=value)
        if refusal is not None:
            return refusal
        ref = codes.ask(
            session,
            kind,
            value,
            locale=str(locale_of(request)),
            until=until(edge),
            now=edge.now(),
        )
    response = unlisted(see_other("/my/code"))
    me.set_code(request, response, ref)
    return response


def until(edge: Edge) -> str:
    """When a code asked for now ends, on the hall's clock."""
    return f"{local(edge.now() + CODE_GOOD_FOR, zone_of(edge.settings.zone)):%H:%M}"


@router.get("/my/code", include_in_schema=False)
def show_code(request: Request, edge: EdgeDep) -> Response:
    """Ask for the code."""
    with edge.reading() as session:
        page = code_page(session, edge, request)
    return unlisted(render(request, "portal/my_code", page) if page else see_other("/my"))


def code_page(session: Session, edge: Edge, request: Request) -> CodePage | None:
    """The page for the code this browser asked for; None if it asked for none."""
    code = codes.find(session, me.ref_of(request))
    if code is None:
        return None
    is_shown = edge.settings.demo and code.is_known and not codes.is_over(code, edge.now())
    return CodePage(
        to=_masked(session, code),
        is_over=codes.is_over(code, edge.now()),
        message=codes.words_of(session, code) if is_shown else "",
    )


def _masked(session: Session, code: ContactCode) -> str:
    mask = mask_phone if code.kind is ContactKind.MOBILE else mask_email
    return mask(codes.address_of(session, code))


@router.post("/my/code/check", include_in_schema=False)
def check(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Let somebody in, or ask who of several it is."""
    parsed = parse(CodeForm, form)
    errors = dict(parsed.errors)
    with edge.writing() as session:
        if parsed.value is not None:
            refusal = admit(request, session, form, TRY, now=edge.now())
            if refusal is not None:
                return refusal
            verdict, code = codes.attempt(
                session, me.ref_of(request), parsed.value.code, now=edge.now()
            )
            if verdict is Verdict.RIGHT and code is not None:
                return _right(request, session, edge, code)
            errors = {"code": WRONG if verdict is Verdict.WRONG else OVER}
        page = code_page(session, edge, request)
    if page is None:
        return unlisted(see_other("/my"))
    page = replace(page, values=parsed.values, errors=errors)
    return unlisted(render(request, "portal/my_code", page, status=422))


def _right(request: Request, session: Session, edge: Edge, code: ContactCode) -> Response:
    holders = codes.holders_of(session, code.kind, codes.address_of(session, code))
    if not codes.is_plain(holders, now=edge.now()):
        return unlisted(see_other("/my/name"))
    return _let_in(request, session, edge, code, holders)


def _let_in(
    request: Request,
    session: Session,
    edge: Edge,
    code: ContactCode,
    holders: Sequence[Holder],
) -> Response:
    # A browser that was signed in already gets a new session, never the old one again.
    sessions.end(session, me.token_of(request), now=edge.now())
    token = sessions.open_session(session, code, holders, ip=address_of(request), now=edge.now())
    response = unlisted(see_other("/my"))
    me.set_session(request, response, token)
    return response


@router.get("/my/name", include_in_schema=False)
def ask_name(request: Request, edge: EdgeDep) -> Response:
    """Ask for the name."""
    with edge.reading() as session:
        code = codes.find_checked(session, me.ref_of(request), now=edge.now())
    return unlisted(render(request, "portal/my_name", NamePage()) if code else see_other("/my"))


@router.post("/my/name", include_in_schema=False)
def check_name(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Let in who is meant by the name."""
    parsed = parse(NameForm, form)
    errors = dict(parsed.errors)
    with edge.writing() as session:
        code = codes.find_checked(session, me.ref_of(request), now=edge.now())
        if code is None:
            return unlisted(see_other("/my?ended=yes"))
        value = codes.address_of(session, code)
        knock = [Knock("token", value)]
        tried = hit(session, NAMES, knock, signer=signer_of(request), now=edge.now())
        if tried.verdict is Door.CLOSED:
            errors = {"name": TOO_MANY_NAMES}
        elif parsed.value is not None:
            holders = codes.named(session, code, parsed.value.name)
            if holders:
                return _let_in(request, session, edge, code, holders)
            errors = {"name": NO_MATCH}
    page = NamePage(parsed.values, errors)
    return unlisted(render(request, "portal/my_name", page, status=422))


@router.post("/my/sign-out", include_in_schema=False)
def sign_out(request: Request, edge: EdgeDep, _form: FormDep) -> Response:
    """Leave this browser; harmless when nobody is signed in."""
    with edge.writing() as session:
        sessions.end(session, me.token_of(request), now=edge.now())
    response = unlisted(see_other("/my"))
    me.drop_session(response)
    return response

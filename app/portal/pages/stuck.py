"""“It could not be done” (办不成事) on the portal and at the kiosk: one page, no sign-in.

Who is complained of neither gets the matter nor sees it; nobody has to say who they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.cases.kinds import Channel
from app.cases.queries import get_by_token, public_token, query_code
from app.cases.rules import CITIZEN
from app.citizens.service import Person
from app.complaints.service.stuck import NewStuck, open_stuck
from app.kernel import idempotency
from app.kernel.errors import InvalidError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.portal.rules import MAX_BODY, MAX_NAME
from app.queueing.pages import places
from app.queueing.queries import halls
from app.queueing.service.contacts import Left, number_of
from app.queueing.service.places import read_place
from app.web.deps import Edge, EdgeDep
from app.web.forms import FormDep, RawForm, parse
from app.web.proof import admit
from app.web.ratelimit import Limit
from app.web.templating import render, see_other
from app.web.ui import locale_of
from app.web.unlisted import unlisted

router = APIRouter()

_SCOPE: Final = "stuck"
_DOOR: Final = Limit("stuck", timedelta(hours=1), free=5, most=60)
_HALF: Final = 4


class StuckForm(BaseModel):
    """What could not be done, where; a name and a number if one likes."""

    words: Annotated[str, Field(title=mark("What could not be done"), max_length=MAX_BODY)] = ""
    where: Annotated[str, Field(title=mark("Where it was not done"), max_length=40)] = ""
    name: Annotated[str, Field(title=mark("Name"), max_length=MAX_NAME)] = ""
    phone: Annotated[str, Field(title=mark("Phone number"), max_length=40)] = ""
    idempotency: str = ""


@dataclass(frozen=True, slots=True)
class StuckPage:
    """The form; `kiosk` is the hall at whose kiosk it stands."""

    places: Sequence[tuple[str, str]]
    token: str
    kiosk: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/stuck", include_in_schema=False)
def show(request: Request, edge: EdgeDep) -> Response:
    """Ask what could not be done."""
    return _page(request, edge, "")


@router.post("/stuck", include_in_schema=False)
def send(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Open the matter."""
    return _send(request, edge, form, "")


@router.get("/kiosk/{hall}/stuck", include_in_schema=False)
def show_at_kiosk(request: Request, edge: EdgeDep, hall: str) -> Response:
    """The same at the machine of a hall, which forgets what was typed when it stands still."""
    return _page(request, edge, hall)


@router.post("/kiosk/{hall}/stuck", include_in_schema=False)
def send_at_kiosk(request: Request, edge: EdgeDep, hall: str, form: FormDep) -> Response:
    """Open the matter, and show number and code for half a minute."""
    return _send(request, edge, form, hall)


@router.get("/kiosk/{hall}/stuck/{token}", include_in_schema=False)
def given(request: Request, edge: EdgeDep, hall: str, token: str) -> Response:
    """Number and code to be written down or photographed."""
    with edge.reading() as session:
        found = halls.get_hall(session, hall)
        case = get_by_token(session, token)
        code = query_code(vault_of(session), case)
        context = {
            "code": found.code,
            "number": case.number,
            "secret": f"{code[:_HALF]} {code[_HALF:]}",
        }
    return unlisted(render(request, "portal/stuck_given", context))


def _send(request: Request, edge: Edge, form: RawForm, hall: str) -> Response:
    parsed = parse(StuckForm, form)
    errors: Mapping[str, str] = parsed.errors
    if parsed.value is not None:
        try:
            with edge.writing() as session:
                refusal = admit(request, session, form, _DOOR, now=edge.now())
                if refusal is not None:
                    return refusal
                token = _opened(edge, session, parsed.value)
            code = hall.upper()
            return see_other(f"/kiosk/{code}/stuck/{token}" if hall else f"/c/{token}/slip?new=1")
        except InvalidError as refused:
            errors = places.beside(refused)
    return _page(request, edge, hall, values=form.values, errors=errors)


def _opened(edge: Edge, session: Session, typed: StuckForm) -> str:
    earlier = idempotency.once(session, typed.idempotency, _SCOPE, edge.now())
    if earlier is not None:
        return str(earlier["token"])
    unit_id, account = read_place(session, typed.where, now=edge.now())
    phone = number_of(Left(typed.phone)) if typed.phone else ""
    person = Person(name=typed.name, phone=phone) if typed.name or phone else None
    new = NewStuck(typed.words, Channel.PORTAL, unit_id=unit_id, staff=account, person=person)
    case = open_stuck(session, new, doer=CITIZEN, now=edge.now())
    token = public_token(vault_of(session), case)
    idempotency.remember(session, typed.idempotency, _SCOPE, {"token": token})
    return token


def _page(
    request: Request,
    edge: Edge,
    hall: str,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    with edge.reading() as session:
        kiosk = halls.get_hall(session, hall).code if hall else ""
        page = StuckPage(
            places=places.choices(session, locale_of(request)),
            token=random_token(),
            kiosk=kiosk,
            values=values or {},
            errors=errors or {},
        )
    name = "portal/stuck_kiosk" if kiosk else "portal/stuck"
    return render(request, name, page, status=422 if errors else 200)

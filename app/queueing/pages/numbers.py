"""Taking a number: at the kiosk of a hall, on one's own telephone; and the page of the number.

Nothing personal is asked for; a card laid on the kiosk's reader is looked up and forgotten.
"""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.kernel import idempotency
from app.kernel.errors import InvalidError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.queueing import service
from app.queueing.pages import shown
from app.queueing.queries import halls
from app.queueing.queries.halls import HallView
from app.queueing.rules import Need, Source
from app.queueing.service import NewTicket, contacts, foretelling, knowing, rating, telling
from app.queueing.service.contacts import Left
from app.queueing.service.floor import calendar_of, local_day
from app.queueing.service.taking import Visit
from app.web.deps import Edge, EdgeDep
from app.web.forms import FormDep, Parsed, RawForm, parse
from app.web.proof import admit
from app.web.ratelimit import Limit
from app.web.templating import render, see_other
from app.web.ui import locale_of
from app.web.unlisted import unlisted

router = APIRouter()

_HOUR: Final = timedelta(hours=1)
# A kiosk serves a whole hall; a telephone one family.
_KIOSK: Final = Limit("queue.kiosk", _HOUR, free=600, most=600)
_PHONE: Final = Limit("queue.phone", _HOUR, free=5, most=30)
_BACK: Final = Limit("queue.back", _HOUR, free=20, most=60)
_RATE: Final = Limit("queue.rate", _HOUR, free=5, most=20)
_LONGEST_CARD: Final = 400
_KEPT: Final = ("need", "phone")  # never what a card said


class TakeForm(BaseModel):
    """What somebody comes for; `card` is what a reader typed, looked up and forgotten."""

    SENTENCES: ClassVar = {"service": mark("Choose what you come for.")}

    service: Annotated[int, Field(title=mark("What you come for"))]
    need: Need = Need.NONE
    card: Annotated[str, Field(max_length=_LONGEST_CARD, title=mark("Card"))] = ""
    phone: Annotated[str, Field(max_length=40, title=mark("Phone number"))] = ""


@router.get("/kiosk/{hall}", include_in_schema=False)
def kiosk(request: Request, edge: EdgeDep, hall: str) -> Response:
    """The machine at the entrance."""
    with edge.reading() as session:
        found = halls.get_hall(session, hall)
        return _take_page(request, edge, session, found, "queue/kiosk", None)


@router.post("/kiosk/{hall}", include_in_schema=False)
def take_at_kiosk(request: Request, edge: EdgeDep, hall: str, form: FormDep) -> Response:
    """A number for whoever stands at the machine."""
    return _take(request, edge, hall, form, Source.KIOSK)


@router.get("/kiosk/{hall}/{token}", include_in_schema=False)
def given(request: Request, edge: EdgeDep, hall: str, token: str) -> Response:
    """The number just given, to be read, photographed or printed."""
    with edge.reading() as session:
        halls.get_hall(session, hall)
        ticket = service.get_by_token(session, token)
        page = shown.ticket_page(
            session, ticket, request=request, now=edge.now(), token=token, is_kiosk=True
        )
        return unlisted(render(request, "queue/given", page))


@router.get("/take", include_in_schema=False)
def show_halls(request: Request, edge: EdgeDep) -> Response:
    """The halls one can take a number for."""
    english = shown.is_english(request)
    with edge.reading() as session:
        found = []
        for hall in halls.list_halls(session):
            offers = foretelling.services_now(session, hall.id, now=edge.now())
            waiting = sum(one.waiting for one in offers)
            found.append((hall.code, shown.hall_name(hall, english=english), waiting))
    return render(request, "queue/take_halls", {"halls": found})


@router.get("/take/{hall}", include_in_schema=False)
def show_take(request: Request, edge: EdgeDep, hall: str) -> Response:
    """What one can take a number for, with the wait."""
    with edge.reading() as session:
        found = halls.get_hall(session, hall)
        return _take_page(request, edge, session, found, "queue/take", None)


@router.post("/take/{hall}", include_in_schema=False)
def take_by_phone(request: Request, edge: EdgeDep, hall: str, form: FormDep) -> Response:
    """A number taken on the way to the hall."""
    return _take(request, edge, hall, form, Source.PHONE)


@router.get("/ticket/{token}", include_in_schema=False)
def show_ticket(request: Request, edge: EdgeDep, token: str) -> Response:
    """Where a number stands."""
    with edge.reading() as session:
        ticket = service.get_by_token(session, token)
        page = shown.ticket_page(session, ticket, request=request, now=edge.now(), token=token)
        return unlisted(render(request, "queue/ticket", page))


@router.post("/ticket/{token}/back", include_in_schema=False)
def come_back(request: Request, edge: EdgeDep, token: str, form: FormDep) -> Response:
    """Whoever was not there when called says that they are here now."""
    with edge.writing() as session:
        refusal = admit(request, session, form, _BACK, now=edge.now(), token=token)
        if refusal is not None:
            return refusal
        ticket = service.get_by_token(session, token)
        service.come_back(session, ticket.id, now=edge.now())
    return see_other(f"/ticket/{token}")


@router.post("/ticket/{token}/rate", include_in_schema=False)
def rate(request: Request, edge: EdgeDep, token: str, form: FormDep) -> Response:
    """What somebody thought of the service, one touch, once."""
    level = form.text("level")
    with edge.writing() as session:
        refusal = admit(request, session, form, _RATE, now=edge.now(), token=token)
        if refusal is not None:
            return refusal
        ticket = service.get_by_token(session, token)
        rating.rate(
            session, ticket, int(level) if level in "12345" and level else 0, now=edge.now()
        )
    return see_other(f"/ticket/{token}")


def _take(request: Request, edge: Edge, hall: str, form: RawForm, source: Source) -> Response:
    parsed = parse(TakeForm, form)
    is_kiosk = source is Source.KIOSK
    page = "queue/kiosk" if is_kiosk else "queue/take"
    if parsed.value is None:
        return _again(request, edge, hall, page, parsed)
    try:
        with edge.writing() as session:
            limit = _KIOSK if is_kiosk else _PHONE
            refusal = admit(request, session, form, limit, now=edge.now())
            if refusal is not None:
                return refusal
            found = halls.get_hall(session, hall)
            locale = str(locale_of(request))
            given = (form.text("idempotency"), parsed.value, source, locale)
            token = _once(edge, session, found, *given)
    except InvalidError as error:
        errors = error.fields or {"": error.msgid}
        return _again(request, edge, hall, page, Parsed(None, errors, form.values))
    return see_other(f"/kiosk/{found.code}/{token}" if is_kiosk else f"/ticket/{token}")


def _once(
    edge: Edge,
    session: Session,
    hall: HallView,
    token: str,
    typed: TakeForm,
    source: Source,
    locale: str,
) -> str:
    now, scope = edge.now(), f"queue.{hall.id}"
    earlier = idempotency.once(session, token, scope, now)
    if earlier is not None:
        return service.token_of(vault_of(session).signer, earlier["ticket"])
    need = typed.need
    card = typed.card if source is Source.KIOSK else ""  # elsewhere there is no reader
    if card and need is Need.NONE:
        need = knowing.need_by_card(card, year=local_day(session, hall.id, now).year)
    citizen_id = knowing.whose_card(session, card) if card else None
    visit = _visit(session, hall, typed, source, now=now, locale=locale)
    new = NewTicket(typed.service, source, need, citizen_id, visit)
    ticket = service.take(session, hall.id, new, now=now)
    idempotency.remember(session, token, scope, {"ticket": ticket.id})
    return service.token_of(vault_of(session).signer, ticket.id)


def _visit(
    session: Session, hall: HallView, typed: TakeForm, source: Source, *, now: datetime, locale: str
) -> Visit:
    """The telephone somebody on the way wants a message on; a kiosk asks for none."""
    if source is not Source.PHONE or not typed.phone or not telling.can_tell():
        return Visit()
    calendar = calendar_of(session, hall.id)
    until = calendar.end_of(calendar.local_date(now))
    return Visit(contact_id=contacts.keep(session, Left(typed.phone, "", locale), until=until).id)


def _take_page(
    request: Request,
    edge: Edge,
    session: Session,
    hall: HallView,
    page: str,
    again: Parsed[TakeForm] | None,
) -> Response:
    kept = {name: again.values.get(name, "") for name in _KEPT} if again else {}
    context = shown.take_page(
        session,
        hall,
        token=random_token(),
        now=edge.now(),
        english=shown.is_english(request),
        values=kept,
        errors=again.errors if again else {},
    )
    return render(request, page, context, status=422 if again else 200)


def _again(request: Request, edge: Edge, hall: str, page: str, again: Parsed[TakeForm]) -> Response:
    with edge.reading() as session:
        found = halls.get_hall(session, hall)
        return _take_page(request, edge, session, found, page, again)

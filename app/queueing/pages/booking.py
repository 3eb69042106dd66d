"""Booking a time without signing in, the booking's own page, and checking in at the kiosk.

A telephone and, if one likes, a name are asked for; the code is what holds the booking.
"""

from datetime import date, timedelta
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
from app.queueing.pages import shown, slots
from app.queueing.queries import bookings, halls
from app.queueing.queries.halls import HallView
from app.queueing.rules import Source
from app.queueing.service import booking, knowing
from app.queueing.service.booking import NewBooking
from app.queueing.service.contacts import Left
from app.queueing.service.floor import calendar_of
from app.web.deps import Edge, EdgeDep
from app.web.forms import FormDep, Parsed, parse
from app.web.proof import admit
from app.web.ratelimit import Limit
from app.web.refusals import said
from app.web.templating import render, see_other
from app.web.ui import locale_of
from app.web.unlisted import unlisted

router = APIRouter()

_HOUR: Final = timedelta(hours=1)
_BOOK: Final = Limit("queue.book", _HOUR, free=5, most=30)
_CANCEL: Final = Limit("queue.cancel", _HOUR, free=20, most=60)
# Codes have 40 bits; who tries at random is stopped long before one fits.
_FIND: Final = Limit("queue.find", _HOUR, free=10, most=30)
_CHECK_IN: Final = Limit("queue.check-in", _HOUR, free=300, most=300)
_LONGEST: Final = 200


class BookForm(BaseModel):
    """Which window, and where to write to."""

    SENTENCES: ClassVar = {
        "slot": mark("Choose a time."),
        "phone": mark("Enter a phone number at which we can reach you."),
    }

    service: int = 0
    slot: Annotated[str, Field(title=mark("Time"), min_length=1, max_length=20)]
    phone: Annotated[str, Field(title=mark("Phone number"), min_length=1, max_length=40)]
    name: Annotated[str, Field(title=mark("Name"), max_length=40)] = ""


class CodeForm(BaseModel):
    """The code of a booking, or the address of its page as a scanner types it."""

    SENTENCES: ClassVar = {"code": mark("Enter the code of the booking.")}

    hall: Annotated[str, Field(max_length=20)] = ""
    code: Annotated[str, Field(title=mark("Code"), min_length=1, max_length=_LONGEST)]
    card: Annotated[str, Field(max_length=400)] = ""


@router.get("/book", include_in_schema=False)
def show_halls(request: Request, edge: EdgeDep) -> Response:
    """The halls that take bookings, and a way to one's own booking by its code."""
    with edge.reading() as session:
        context = _halls(session, english=shown.is_english(request))
    return render(request, "queue/book_halls", context | {"values": {}, "errors": {}})


@router.post("/book", include_in_schema=False)
def find(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """To the page of the booking with this code."""
    parsed = parse(CodeForm, form)
    errors = parsed.errors
    if parsed.value is not None:
        try:
            with edge.writing() as session:
                refusal = admit(request, session, form, _FIND, now=edge.now())
                if refusal is not None:
                    return refusal
                hall = halls.get_hall(session, parsed.value.hall)
                found = booking.get_by_code(session, hall.id, parsed.value.code, now=edge.now())
                token = booking.token_of(vault_of(session).signer, found.id)
            return see_other(f"/booking/{token}")
        except InvalidError as error:
            errors = error.fields
    with edge.reading() as session:
        context = _halls(session, english=shown.is_english(request))
    context |= {"values": {"hall": form.text("hall")}, "errors": errors}
    return render(request, "queue/book_halls", context, status=422)


@router.get("/book/{hall}", include_in_schema=False)
def show_book(
    request: Request, edge: EdgeDep, hall: str, service: int = 0, day: date | None = None
) -> Response:
    """What can be booked in this hall."""
    with edge.reading() as session:
        found = halls.get_hall(session, hall)
        page = slots.book_page(
            session,
            found,
            service=service,
            day=day,
            now=edge.now(),
            english=shown.is_english(request),
            token=random_token(),
        )
    return render(request, "queue/book", page)


@router.post("/book/{hall}", include_in_schema=False)
def book(request: Request, edge: EdgeDep, hall: str, form: FormDep) -> Response:
    """Book a window."""
    parsed = parse(BookForm, form)
    if parsed.value is None:
        return _again(request, edge, hall, parsed)
    try:
        with edge.writing() as session:
            refusal = admit(request, session, form, _BOOK, now=edge.now())
            if refusal is not None:
                return refusal
            found = halls.get_hall(session, hall)
            locale = str(locale_of(request))
            token = _once(edge, session, found, form.text("idempotency"), parsed.value, locale)
    except InvalidError as error:
        errors = error.fields or {"": error.msgid}
        return _again(request, edge, hall, Parsed(None, errors, form.values))
    return see_other(f"/booking/{token}")


@router.get("/booking/{token}", include_in_schema=False)
def show_booking(request: Request, edge: EdgeDep, token: str) -> Response:
    """When, for what, by which code; and how to cancel."""
    with edge.reading() as session:
        one = booking.get_by_token(session, token)
        page = slots.booking_page(session, one, request=request, token=token, now=edge.now())
    return unlisted(render(request, "queue/booking", page))


@router.post("/booking/{token}/cancel", include_in_schema=False)
def cancel(request: Request, edge: EdgeDep, token: str, form: FormDep) -> Response:
    """Give the place back."""
    with edge.writing() as session:
        refusal = admit(request, session, form, _CANCEL, now=edge.now(), token=token)
        if refusal is not None:
            return refusal
        one = booking.get_by_token(session, token)
        booking.cancel(session, one.id, now=edge.now())
    return see_other(f"/booking/{token}")


@router.get("/kiosk/{hall}/check-in", include_in_schema=False)
def show_check_in(request: Request, edge: EdgeDep, hall: str) -> Response:
    """Where a booking becomes a number."""
    with edge.reading() as session:
        found = halls.get_hall(session, hall)
    return _check_in_page(request, found, {})


@router.post("/kiosk/{hall}/check-in", include_in_schema=False)
def check_in(request: Request, edge: EdgeDep, hall: str, form: FormDep) -> Response:
    """Turn a booking into a number; late, it is an ordinary one."""
    parsed = parse(CodeForm, form)
    errors = parsed.errors
    if parsed.value is not None:
        try:
            with edge.writing() as session:
                refusal = admit(request, session, form, _CHECK_IN, now=edge.now())
                if refusal is not None:
                    return refusal
                found = halls.get_hall(session, hall)
                token = _checked_in(edge, session, found, parsed.value)
            return see_other(f"/kiosk/{found.code}/{token}")
        except InvalidError as error:
            told = said(error)
            errors = {"code": told.pop("", ""), **told} if "" in told else told
    with edge.reading() as session:
        found = halls.get_hall(session, hall)
    return _check_in_page(request, found, errors)


def _check_in_page(request: Request, hall: HallView, errors: dict[str, str]) -> Response:
    context = {
        "code": hall.code,
        "hall": shown.hall_name(hall, english=shown.is_english(request)),
        "errors": errors,
    }
    return render(request, "queue/check_in", context, status=422 if errors else 200)


def _checked_in(edge: Edge, session: Session, hall: HallView, typed: CodeForm) -> str:
    one = booking.get_by_code(session, hall.id, typed.code, now=edge.now())
    citizen_id = knowing.whose_card(session, typed.card) if typed.card else None
    ticket = booking.check_in(session, one.id, Source.KIOSK, citizen_id=citizen_id, now=edge.now())
    return service.token_of(vault_of(session).signer, ticket.id)


def _once(
    edge: Edge, session: Session, hall: HallView, token: str, typed: BookForm, locale: str
) -> str:
    now, scope = edge.now(), f"queue.book.{hall.id}"
    signer = vault_of(session).signer
    earlier = idempotency.once(session, token, scope, now)
    if earlier is not None:
        return booking.token_of(signer, earlier["booking"])
    starts_at = slots.read_value(typed.slot, calendar_of(session, hall.id).zone)
    if starts_at is None:
        raise InvalidError(fields={"slot": mark("Choose a time.")})
    new = NewBooking(typed.service, starts_at, Source.PHONE)
    left = Left(typed.phone, typed.name, locale)
    made = booking.book(session, hall.id, new, left, now=now)
    idempotency.remember(session, token, scope, {"booking": made.id})
    return booking.token_of(signer, made.id)


def _again(request: Request, edge: Edge, hall: str, again: Parsed[BookForm]) -> Response:
    """The windows once more, with what was typed."""
    chosen = again.values.get("service", "")
    slot = again.values.get("slot", "")
    with edge.reading() as session:
        found = halls.get_hall(session, hall)
        starts_at = slots.read_value(slot, calendar_of(session, found.id).zone)
        page = slots.book_page(
            session,
            found,
            service=int(chosen) if chosen.isascii() and chosen.isdigit() else 0,
            day=starts_at.date() if starts_at else None,
            now=edge.now(),
            english=shown.is_english(request),
            token=random_token(),
            values=again.values,
            errors=again.errors,
        )
    return render(request, "queue/book", page, status=422)


def _halls(session: Session, *, english: bool) -> dict[str, object]:
    found = [
        (hall.code, shown.hall_name(hall, english=english))
        for hall in halls.list_halls(session)
        if bookings.terms_of(session, hall.id).is_open
    ]
    return {"halls": found}

"""Booked times at the desk: a day's list, booking for somebody, checking in, cancelling.

The telephone is shown by its last digits only; whoever needs it rings from the file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy import Row

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.citizens.sealing import unseal
from app.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.text import mask_name, mask_phone
from app.kernel.vault import vault_of
from app.queueing import service as queue
from app.queueing.pages import slots
from app.queueing.pages.slots import BookPage
from app.queueing.queries import bookings, halls
from app.queueing.queries.halls import HallView
from app.queueing.rules import Source, spelt
from app.queueing.rules.booking import BookingState
from app.queueing.service import booking, contacts
from app.queueing.service.booking import NewBooking
from app.queueing.service.contacts import Left
from app.queueing.service.floor import calendar_of, local_day
from app.web.forms import FormDep, RawForm, parse
from app.web.i18n import Locale
from app.web.refusals import said
from app.web.templating import render, see_other
from app.web.ui import locale_of

HOME: Final = "/desk/bookings"
router = APIRouter(prefix=HOME)

_MAY: Final = (Permission.QUEUE_SERVE, Permission.QUEUE_WATCH)


class BookForm(BaseModel):
    """A window for somebody who stands here or rings."""

    SENTENCES: ClassVar = {"slot": mark("Choose a time.")}

    hall: Annotated[str, Field(max_length=20)] = ""
    service: int = 0
    slot: Annotated[str, Field(title=mark("Time"), min_length=1, max_length=20)]
    phone: Annotated[str, Field(title=mark("Phone number"), max_length=40)] = ""
    name: Annotated[str, Field(title=mark("Name"), max_length=40)] = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One booking of the day."""

    id: int
    time: str
    service: str
    name: str
    phone: str
    state: str
    is_open: bool
    number: str


@dataclass(frozen=True, slots=True)
class BookingsPage:
    """The day's list, and the form to book."""

    halls: Sequence[tuple[str, str]]
    code: str
    day: date
    is_today: bool
    rows: Sequence[Line]
    book: BookPage
    may_book: bool
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("")
def show(
    request: Request, visit: VisitDep, hall: str = "", day: date | None = None, service: int = 0
) -> Response:
    """The bookings of a day in one's hall."""
    with visit.reading() as work:
        return _page(request, work, hall, day, service)


@router.post("/book")
def book(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Book a window for somebody; its code is told from the booking's page."""
    parsed = parse(BookForm, form)
    errors = parsed.errors
    if parsed.value is not None:
        typed = parsed.value
        try:
            with visit.writing() as work:
                found = _hall(work, typed.hall, Permission.QUEUE_SERVE)
                token = _booked(request, work, found, typed)
            return see_other(f"/booking/{token}")
        except InvalidError as refusal:
            errors = refusal.fields or {"": refusal.msgid}
    return _again(request, visit, form, errors)


@router.post("/{booking_id}/check-in")
def check_in(request: Request, visit: VisitDep, booking_id: int, form: FormDep) -> Response:
    """Somebody with a booking is here."""
    try:
        with visit.writing() as work:
            _require_own(work, booking_id)
            made = booking.check_in(work.session, booking_id, Source.DESK, now=work.now)
            token = queue.token_of(vault_of(work.session).signer, made.id)
        return see_other(f"/ticket/{token}")
    except InvalidError as refusal:
        errors = {"": next(iter(said(refusal).values()))}
    return _again(request, visit, form, errors)


@router.post("/{booking_id}/cancel")
def cancel(visit: VisitDep, booking_id: int, form: FormDep) -> Response:
    """Give a place back for somebody who rang."""
    with visit.writing() as work:
        _require_own(work, booking_id)
        booking.cancel(work.session, booking_id, now=work.now)
    return see_other(f"{HOME}?hall={form.text('hall')[:20]}")


def _booked(request: Request, work: Work, hall: HallView, typed: BookForm) -> str:
    starts_at = slots.read_value(typed.slot, calendar_of(work.session, hall.id).zone)
    if starts_at is None:
        raise InvalidError(fields={"slot": mark("Choose a time.")})
    new = NewBooking(typed.service, starts_at, Source.DESK, work.actor.id)
    left = Left(typed.phone, typed.name, str(locale_of(request)))
    made = booking.book(work.session, hall.id, new, left, now=work.now)
    return booking.token_of(vault_of(work.session).signer, made.id)


def _require_own(work: Work, booking_id: int) -> None:
    found = bookings.find_booking(work.session, booking_id)
    mine = {one.id for one in _mine(work, (Permission.QUEUE_SERVE,))}
    if found is None or found.hall_id not in mine:
        raise NotFoundError(mark("There is no such booking. Check the code."))


def _mine(work: Work, needs: Sequence[Permission]) -> list[HallView]:
    return [
        hall
        for hall in halls.list_halls(work.session)
        if any(
            work.actor.covers(
                need,
                unit_id=hall.id,
                unit_path=hall.path,
                region_code=hall.region_code,
                handler_id=None,
            )
            for need in needs
        )
    ]


def _hall(work: Work, code: str, *needs: Permission) -> HallView:
    """The hall asked for, the one of one's counter, or the first one may work in.

    Raises:
        ForbiddenError: not this person's work.
        NotFoundError: there is none.
    """
    if not any(work.actor.may(need) for need in needs):
        raise ForbiddenError(mark("Your role does not include this."))
    mine = _mine(work, needs)
    where = None
    if work.actor.may(Permission.QUEUE_SERVE):
        where = queue.where_of(work.session, work.actor, now=work.now)
    own = [hall for hall in mine if where and hall.id == where[0].hall_id]
    found = [hall for hall in (*own, *mine) if code in ("", hall.code)]
    if not found:
        raise NotFoundError(mark("There is no such hall."))
    return found[0]


def _again(request: Request, visit: VisitDep, form: RawForm, errors: Mapping[str, str]) -> Response:
    typed = form.text("service")
    key = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0  # noqa: PLR2004  # digits of a bigint
    with visit.reading() as work:
        return _page(
            request,
            work,
            form.text("hall"),
            None,
            key,
            status=422,
            values=form.values,
            errors=errors,
        )


def _page(
    request: Request,
    work: Work,
    code: str,
    day: date | None,
    service: int,
    *,
    status: int = 200,
    **given: Any,  # noqa: ANN401  # fields of the page
) -> Response:
    english = locale_of(request) is Locale.EN
    hall = _hall(work, code, *_MAY)
    today = local_day(work.session, hall.id, work.now)
    on = day or today
    names = {
        one.id: (english and one.name_en) or one.name
        for one in halls.services_of(work.session, hall.id)
    }
    page = BookingsPage(
        halls=[(one.code, (english and one.name_en) or one.name) for one in _mine(work, _MAY)],
        code=hall.code,
        day=on,
        is_today=on == today,
        rows=[
            _line(work, hall, row, names, work.now)
            for row in bookings.of_day(work.session, hall.id, on)
        ],
        book=slots.book_page(
            work.session, hall, service=service, day=day, now=work.now, english=english
        ),
        may_book=work.actor.may(Permission.QUEUE_SERVE),
        **given,
    )
    return render(request, "desk/bookings", page, status=status)


def _line(
    work: Work,
    hall: HallView,
    row: Row[*tuple[Any, ...]],
    names: Mapping[int, str],
    now: datetime,
) -> Line:
    vault, zone = vault_of(work.session), calendar_of(work.session, hall.id).zone
    phone = unseal(vault, contacts.VALUE, row.value, row.place or "")
    name = unseal(vault, contacts.NAME, row.name, row.place or "")
    is_missed = row.state is BookingState.BOOKED and row.ends_at < now
    states = {
        BookingState.BOOKED: mark("not come") if is_missed else mark("booked"),
        BookingState.CHECKED_IN: mark("came late") if row.was_late else mark("came"),
        BookingState.CANCELLED: mark("cancelled"),
    }
    return Line(
        id=row.id,
        time=slots.time_of(row.starts_at, row.ends_at, zone),
        service=names.get(row.service_id, ""),
        name=mask_name(name) if name else "",
        phone=mask_phone(phone) if phone else "",
        state=states[row.state],
        is_open=row.state is BookingState.BOOKED,
        number=spelt(row.prefix, row.number) if row.prefix else "",
    )

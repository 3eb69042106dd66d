"""Pages for the queues of halls: who gives numbers by what rules, services, counters.

One page a hall; what is to be changed stands in the form that also adds.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin.frame import language_of, show, tried_form
from app.departments import queries as departments
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.queueing.booking_models import BookingRules
from app.queueing.models import QueueHall, QueueService
from app.queueing.queries import bookings, halls
from app.queueing.rules.booking import Terms
from app.queueing.service import setup, terms
from app.queueing.service.setup import CounterDraft, HallRules, ServiceDraft
from app.web.forms import FormDep, RawForm, parse
from app.web.templating import see_other

HOME: Final = "/admin/queues"
router = APIRouter(prefix=HOME)

_OF_SERVICE: Final = ("id", "prefix", "name", "name_en", "minutes", "is_active", "version")
_DIGITS: Final = 6
_OF_COUNTER: Final = ("id", "number", "is_active")


class RulesForm(BaseModel):
    """The rules of a hall."""

    is_active: bool = False
    keeps_hours: bool = False
    goal: Annotated[int, Field(title=mark("Average wait aimed at, minutes"))]
    yellow: Annotated[int, Field(title=mark("Yellow after minutes"))]
    red: Annotated[int, Field(title=mark("Red after minutes"))]
    crowd: Annotated[int, Field(title=mark("Propose a counter when more wait than"))]
    senior_minutes: Annotated[int, Field(title=mark("65 or older counts as come earlier, minutes"))]
    disabled_minutes: Annotated[int, Field(title=mark("Disabled counts as come earlier, minutes"))]
    most_in_a_row: Annotated[int, Field(title=mark("At most so many of them in a row"))]
    places_back: Annotated[int, Field(title=mark("Who was away comes back so many places later"))]
    version: int = 0


class ServiceForm(BaseModel):
    """What is typed about a service; `id` is that of the one to be changed."""

    id: int | None = None
    prefix: Annotated[str, Field(max_length=1, title=mark("First letter"))] = ""
    name: Annotated[str, Field(max_length=40, title=mark("Service name"))] = ""
    name_en: Annotated[str, Field(max_length=60, title=mark("English name"))] = ""
    minutes: Annotated[int, Field(title=mark("Minutes one visitor takes, assumed"))]
    is_active: bool = False
    version: int = 0

    def draft(self) -> ServiceDraft:
        return ServiceDraft(
            self.prefix.upper(),
            self.name.strip(),
            self.name_en.strip(),
            self.minutes,
            self.is_active,
        )


class CounterForm(BaseModel):
    """What is typed about a counter; its services come as a list beside it."""

    id: int | None = None
    number: Annotated[int, Field(title=mark("Number of the counter"))]
    is_active: bool = False


class BookingForm(BaseModel):
    """How the hall takes bookings; the plans of its services come as fields beside it."""

    is_open: bool = False
    days_ahead: Annotated[int, Field(title=mark("Days ahead"))]
    early: Annotated[int, Field(title=mark("Check in from minutes before"))]
    late: Annotated[int, Field(title=mark("In time until minutes after"))]
    advance: Annotated[int, Field(title=mark("Counts as come minutes before the time"))]
    most_a_day: Annotated[int, Field(title=mark("Bookings of one telephone a day"))]
    most_open: Annotated[int, Field(title=mark("Open bookings of one telephone"))]
    no_shows: Annotated[int, Field(title=mark("Missed times after which only the desk books"))]
    no_show_days: Annotated[int, Field(title=mark("Missed times count for days"))]
    tell_ahead: Annotated[int, Field(title=mark("Message when so many are before somebody"))]
    version: int = 0


@router.get("")
def show_list(request: Request, visit: VisitDep) -> Response:
    """Every hall, and whether it gives numbers."""
    english = language_of(request) == "en"
    with visit.reading() as work:
        work.actor.require(Permission.UNIT_MANAGE)
        giving = {hall.id for hall in halls.list_halls(work.session)}
        rows = departments.list_tree(work.session, only_active=True)
    found = [
        {
            "code": row.code,
            "name": (english and row.name_en) or row.name,
            "gives": row.id in giving,
        }
        for row in rows
        if row.kind is UnitKind.HALL or row.id in giving
    ]
    return show(request, work.actor, "admin/queues", {"halls": found})


@router.get("/{code}")
def show_one(
    request: Request,
    visit: VisitDep,
    code: str,
    service: int | None = None,
    counter: int | None = None,
) -> Response:
    """One hall; a service or a counter in its form, if one is to be changed."""
    return _page(request, visit, code, chosen={"service": service, "counter": counter})


@router.post("/{code}/rules")
def set_rules(request: Request, visit: VisitDep, code: str, form: FormDep) -> Response:
    """Let the hall give numbers, or change its rules."""
    parsed = parse(RulesForm, form)

    def do(work: Work, typed: RulesForm) -> None:
        unit = _unit(work, code)
        rules = HallRules(**typed.model_dump(exclude={"version"}))
        setup.set_up(
            work.session, unit.id, rules, version=typed.version, by=work.author, now=work.now
        )

    errors = tried_form(visit, parsed, do)
    if errors:
        return _page(request, visit, code, form=form, errors=errors, action="rules")
    return see_other(f"{HOME}/{code}")


@router.post("/{code}/services")
def save_service(request: Request, visit: VisitDep, code: str, form: FormDep) -> Response:
    """Offer a service, or change one."""
    parsed = parse(ServiceForm, form)

    def do(work: Work, typed: ServiceForm) -> None:
        unit = _unit(work, code)
        given: dict[str, Any] = {"by": work.author, "now": work.now}
        if typed.id is None:
            setup.add_service(work.session, unit.id, typed.draft(), **given)
        else:
            setup.change_service(
                work.session, typed.id, typed.draft(), version=typed.version, **given
            )

    errors = tried_form(visit, parsed, do)
    if errors:
        return _page(request, visit, code, form=form, errors=errors, action="service")
    return see_other(f"{HOME}/{code}#services")


@router.post("/{code}/counters")
def save_counter(request: Request, visit: VisitDep, code: str, form: FormDep) -> Response:
    """Put up a counter, or change what it calls for."""
    parsed = parse(CounterForm, form)
    chosen = form.lists.get("services", [])

    def do(work: Work, typed: CounterForm) -> None:
        unit = _unit(work, code)
        draft = CounterDraft(typed.number, _ids(chosen), typed.is_active)
        given: dict[str, Any] = {"by": work.author, "now": work.now}
        if typed.id is None:
            setup.add_counter(work.session, unit.id, draft, **given)
        else:
            setup.change_counter(work.session, typed.id, draft, **given)

    errors = tried_form(visit, parsed, do)
    if errors:
        return _page(request, visit, code, form=form, errors=errors, action="counter")
    return see_other(f"{HOME}/{code}#counters")


@router.post("/{code}/booking")
def set_booking(request: Request, visit: VisitDep, code: str, form: FormDep) -> Response:
    """Let the hall take bookings, or change how, and how many each service takes."""
    parsed = parse(BookingForm, form)

    def do(work: Work, typed: BookingForm) -> None:
        unit = _unit(work, code)
        how = Terms(**typed.model_dump(exclude={"version"}))
        given: dict[str, Any] = {"by": work.author, "now": work.now}
        terms.set_terms(work.session, unit.id, how, version=typed.version, **given)
        terms.set_plans(work.session, unit.id, _plans(work, unit.id, form), **given)

    errors = tried_form(visit, parsed, do)
    if errors:
        return _page(request, visit, code, form=form, errors=errors, action="booking")
    return see_other(f"{HOME}/{code}#booking")


def _plans(work: Work, hall_id: int, form: RawForm) -> dict[int, tuple[int, int]]:
    """Minutes and capacity of each service, as typed; what is no number is refused by bounds."""
    found = {}
    for one in halls.services_of(work.session, hall_id):
        minutes, capacity = (form.text(f"{name}_{one.id}") for name in ("minutes", "capacity"))
        found[one.id] = (_number(minutes), _number(capacity))
    return found


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < _DIGITS else -1


def _ids(texts: list[str]) -> frozenset[int]:
    if not all(text.isascii() and text.isdigit() for text in texts):
        raise InvalidError(fields={"services": mark("Choose services of this hall.")})
    return frozenset(map(int, texts))


def _unit(work: Work, code: str) -> Unit:
    work.actor.require(Permission.UNIT_MANAGE)
    unit = departments.find_by_code(work.session, code.upper())
    if unit is None or not unit.is_active:
        raise NotFoundError(mark("There is no such hall."))
    return unit


def _page(
    request: Request,
    visit: VisitDep,
    code: str,
    *,
    chosen: Mapping[str, int | None] | None = None,
    form: RawForm | None = None,
    errors: Mapping[str, str] | None = None,
    action: str = "",
) -> Response:
    english = language_of(request) == "en"
    with visit.reading() as work:
        unit = _unit(work, code)
        hall = work.session.get(QueueHall, unit.id)
        booking = work.session.get(BookingRules, unit.id)
        services = halls.services_of(work.session, unit.id) if hall else []
        counters = halls.counters_of(work.session, unit.id) if hall else []
        values = _values(work, hall, chosen or {}, counters)
        if form is not None:
            values[action] = form.values
            if action == "counter":
                values["counter_services"] = dict.fromkeys(form.lists.get("services", []), "on")
    letters = {one.id: one.prefix for one in services}
    context = {
        "code": unit.code,
        "hall": (english and unit.name_en) or unit.name,
        "gives": hall is not None,
        "version": hall.version if hall else 0,
        "booking_version": booking.version if booking else 0,
        "services": services,
        "counters": [
            {
                "id": one.id,
                "number": one.number,
                "is_active": one.is_active,
                "staff": one.staff,
                "services": " ".join(sorted(letters[key] for key in one.service_ids)),
            }
            for one in counters
        ],
        "values": values,
        "errors": errors or {},
        "action": action,
    }
    return show(request, work.actor, "admin/queue", context, status=422 if errors else 200)


def _values(
    work: Work,
    hall: QueueHall | None,
    chosen: Mapping[str, int | None],
    counters: list[halls.CounterView],
) -> dict[str, Mapping[str, str]]:
    names = [name for name in RulesForm.model_fields if name != "version"]
    usual = HallRules()
    rules = {name: _spelt(getattr(hall or usual, name)) for name in names}
    found: dict[str, Mapping[str, str]] = {
        "rules": rules,
        "service": {"minutes": "8", "is_active": "on"},
        "counter": {"is_active": "on"},
        "counter_services": {},
        "booking": _booking_values(work, hall),
    }
    service = work.session.get(QueueService, chosen.get("service") or 0)
    if service is not None and hall is not None and service.hall_id == hall.hall_id:
        found["service"] = {name: _spelt(getattr(service, name)) for name in _OF_SERVICE}
    counter = next((one for one in counters if one.id == chosen.get("counter")), None)
    if counter is not None:
        found["counter"] = {name: _spelt(getattr(counter, name)) for name in _OF_COUNTER}
        found["counter_services"] = {str(key): "on" for key in counter.service_ids}
    return found


def _booking_values(work: Work, hall: QueueHall | None) -> Mapping[str, str]:
    kept = work.session.get(BookingRules, hall.hall_id) if hall else None
    how = bookings.terms_of(work.session, kept.hall_id) if kept else Terms(is_open=False)
    found = {name: _spelt(value) for name, value in asdict(how).items()}
    for one in bookings.plans_of(work.session, kept.hall_id).values() if kept else ():
        found[f"minutes_{one.service_id}"] = str(one.minutes)
        found[f"capacity_{one.service_id}"] = str(one.capacity)
    return found


def _spelt(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    return str(value)

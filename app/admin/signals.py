"""The page for signals: from how many people on, which words are grave, who is told of red.

Changing them reaches what comes in from now on; signals already raised stay.
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin.frame import show, tried_form
from app.calendars import queries as calendars
from app.kernel.messages import mark
from app.signals import queries, service
from app.signals.rules import Level, Threshold
from app.signals.service import SettingsDraft
from app.signals.service.settling import words_of
from app.web.forms import FormDep, parse
from app.web.templating import see_other

_PAGE: Final = "/admin/signals"
router = APIRouter(prefix=_PAGE)

_People = Annotated[int, Field(ge=2, le=1000)]
_Hours = Annotated[int, Field(ge=1, le=720)]
_Metres = Annotated[int, Field(ge=50, le=10_000)]
_PERSONS: Final = mark("Enter a number of people from 2 to 1,000.")
_HOURS: Final = mark("Enter hours from 1 to 720.")
_METRES: Final = mark("Enter metres from 50 to 10,000.")


class SignalsForm(BaseModel):
    """What is typed about signals."""

    SENTENCES: ClassVar = {
        "yellow_persons": _PERSONS,
        "red_persons": _PERSONS,
        "yellow_hours": _HOURS,
        "red_hours": _HOURS,
        "yellow_metres": _METRES,
        "red_metres": _METRES,
    }

    yellow_persons: _People
    yellow_hours: _Hours
    yellow_metres: _Metres
    red_persons: _People
    red_hours: _Hours
    red_metres: _Metres
    words: Annotated[str, Field(max_length=4000, title=mark("Grave words"))] = ""

    def draft(self, duty: tuple[int, ...]) -> SettingsDraft:
        """The form as the service takes it."""
        yellow = Threshold(Level.YELLOW, self.yellow_persons, self.yellow_hours, self.yellow_metres)
        red = Threshold(Level.RED, self.red_persons, self.red_hours, self.red_metres)
        return SettingsDraft((yellow, red), words_of(self.words), duty)


@router.get("")
def show_settings(request: Request, visit: VisitDep) -> Response:
    """What holds now."""
    with visit.reading() as work:
        return _page(request, work, None, {}, 200)


@router.post("")
def keep(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Keep what was typed."""
    parsed = parse(SignalsForm, form)
    duty = tuple(int(one) for one in form.lists.get("duty", []) if one.isdecimal())

    def do(work: Work, value: SignalsForm) -> None:
        service.keep_settings(
            work.session, value.draft(duty), actor=work.actor, ip=work.ip, now=work.now
        )

    errors = tried_form(visit, parsed, do)
    if errors:
        with visit.reading() as work:
            return _page(request, work, parsed.values, errors, 422)
    return see_other(_PAGE)


def _page(
    request: Request,
    work: Work,
    values: Mapping[str, str] | None,
    errors: Mapping[str, str],
    status: int,
) -> Response:
    work.actor.require(Permission.CATALOGUE_MANAGE)
    settings = queries.settings_of(work.session)
    on = calendars.load(work.session).statutory.local_date(work.now)
    named = set(queries.on_duty(work.session))
    context = {
        "values": values or _values(settings),
        "errors": errors,
        "are_samples": settings.are_samples,
        "people": [
            (staff_id, name, staff_id in named)
            for staff_id, name in queries.duty_officers(work.session, on=on)
        ],
    }
    return show(request, work.actor, "admin/signals", context, status=status)


def _values(settings: queries.Settings) -> dict[str, str]:
    values = {"words": "\n".join(settings.words)}
    for one in settings.thresholds:
        values[f"{one.level}_persons"] = str(one.persons)
        values[f"{one.level}_hours"] = str(one.hours)
        values[f"{one.level}_metres"] = str(one.metres)
    return values

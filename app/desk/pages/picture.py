"""The picture of a citizen on one screen, and in short beside a matter."""

from datetime import date, datetime
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.calendars import queries as calendars
from app.cases.queries import get_by_number
from app.citizens.rules import read_number
from app.complaints.queries import callers
from app.desk import picture
from app.desk.picture import Moment
from app.interactions.rules import MAY_TALK
from app.kernel.errors import NotFoundError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.settings import Settings
from app.web.i18n import Locale
from app.web.templating import render, see_other
from app.web.ui import local, locale_of, zone_of

# Stands behind every other router of /citizens: what else is asked there is no number.
router = APIRouter()

_NOBODY: Final = mark("This matter was reported without a name.")


@router.get("/citizens/{number}")
def show(request: Request, visit: VisitDep, number: str) -> Response:
    """The whole picture; the number of somebody merged leads to who they became part of."""
    with visit.reading() as work:
        shown = picture.picture_of(
            work.session, work.actor, read_number(number) or 0, at=moment_of(request, work.now)
        )
        if shown.who.merged_into:
            return see_other(f"/citizens/{shown.who.merged_into}")
        agreed = _agreed(work, read_number(number) or 0)
        context = {"picture": shown, "token": random_token(), "agreed": agreed, **_rights(work)}
        return render(request, "citizens/show", context)


@router.get("/cases/{number}/picture")
def beside(request: Request, visit: VisitDep, number: str) -> Response:
    """In short, for whoever sees the matter.

    Raises:
        NotFoundError: nobody's name is on it.
    """
    with visit.reading() as work:
        case = get_by_number(work.session, number, work.actor)
        if case.citizen_id is None:
            raise NotFoundError(_NOBODY)
        at = moment_of(request, work.now)
        short = picture.short_of(work.session, work.actor, case.citizen_id, at=at)
        agreed = _agreed(work, case.citizen_id)
        context = {"short": short, "case": case.number, "agreed": agreed}
        return render(request, "citizens/short", context)


def _agreed(work: Work, citizen_id: int) -> tuple[str, date] | None:
    """How this person's repeated calls are taken, and until when; only to be told, never asked."""
    today = calendars.load(work.session).statutory.local_date(work.now)
    found = callers.in_force(work.session, citizen_id, today=today)
    return (found.measure, found.until_on) if found else None


def _rights(work: Work) -> dict[str, bool]:
    return {
        "may_talk": any(map(work.actor.may, MAY_TALK)),
        "may_open": work.actor.may(Permission.CASE_INTAKE),
        "may_reveal": work.actor.may(Permission.CONTACT_REVEAL),
        "may_edit": work.actor.may(Permission.CITIZEN_EDIT),
        "may_give": work.actor.may(Permission.QUEUE_SERVE),
    }


def moment_of(request: Request, now: datetime) -> Moment:
    """When and in which language this request looks."""
    settings: Settings = request.app.state.settings
    today = local(now, zone_of(settings.zone)).date()
    return Moment(now, today, english=locale_of(request) is Locale.EN)

"""Before a report is written in full: the same may be reported already; "me too" counts as well.

Whoever says so watches the report that is there, instead of a second one for the same lamp.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.facilities import queries as facilities
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.mypage.service import sessions
from app.portal import me
from app.portal.pages import facility
from app.portal.pages.repair import NEAR, ROOT, address, onward, walk_of
from app.portal.pages.report import Walk
from app.portal.repairing import writing as repairing
from app.portal.repairing.draft import RepairStep
from app.portal.repairing.known import Known, get_watchable, known
from app.portal.repairing.writing import RepairWriting
from app.watching.models import Watcher
from app.watching.rules import Why
from app.watching.service import following
from app.web.deps import Edge, EdgeDep
from app.web.forms import FormDep, RawForm
from app.web.i18n import Locale
from app.web.proof import admit
from app.web.ratelimit import Limit
from app.web.security import visitor
from app.web.templating import render, see_other
from app.web.ui import locale_of
from app.web.unlisted import unlisted

router = APIRouter()

# Under /my, where alone the browser tells who is signed in.
TOO: Final = "/my/too"
THANKS: Final = f"{ROOT}/counted"
STOP: Final = "/my/watching/stop"
OTHER: Final = "other"
VOICES: Final = Limit("me-too", timedelta(hours=1), free=10, most=60)
_CHOOSE: Final = mark("Choose the report that is the same, or that yours is different.")


@dataclass(frozen=True, slots=True)
class NearPage:
    """What is open nearby, and the two ways on."""

    walk: Walk
    known: tuple[Known, ...]
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CountedPage:
    """Says nothing of who watches what: whoever typed an address need not be who reads there."""


@router.get(NEAR, include_in_schema=False)
def near(request: Request, edge: EdgeDep) -> Response:
    """Show what is open nearby."""
    with edge.reading() as session:
        writing = repairing.open_writing(session, visitor(request))
        page = _page(request, session, writing, {})
        goal = onward(session, writing)
    if not page.known:
        return see_other(goal if goal != NEAR else address(RepairStep.WHAT))
    return render(request, "portal/repair_near", page)


@router.post(NEAR, include_in_schema=False)
def different(request: Request, edge: EdgeDep, _form: FormDep) -> Response:
    """Theirs is different: go on."""
    return see_other(_go_on(request, edge))


def _go_on(request: Request, edge: Edge) -> str:
    with edge.writing() as session:
        writing = repairing.open_writing(session, visitor(request))
        writing = repairing.keep(session, writing, edge.now(), near_seen=writing.draft.seen_at)
        return onward(session, writing)


@router.post(TOO, include_in_schema=False)
def me_too(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Watch the report that is there; or go on with one's own."""
    if form.text("same") == OTHER:
        return see_other(_go_on(request, edge))
    with edge.writing() as session:
        if (refusal := admit(request, session, form, VOICES, now=edge.now())) is not None:
            return refusal
        reach, errors = _reach(form)
        if errors:
            return unlisted(_refused(request, session, form, errors))
        case = get_watchable(session, form.text("same"))
        row = _watch(request, session, case, reach, edge)
        # The link to an address goes to the address alone: anybody can type one.
        is_own = row.citizen_id is not None or row.address is None
        goal = f"/w/{following.token_of(session, row)}" if is_own else THANKS
        repairing.forget(session, visitor(request))
    return unlisted(see_other(goal))


@router.get(THANKS, include_in_schema=False)
def thanks(request: Request) -> Response:
    """It counts; a link is on its way to the address that was typed."""
    return unlisted(render(request, "portal/repair_counted", CountedPage()))


def _refused(request: Request, session: Session, form: RawForm, errors: dict[str, str]) -> Response:
    """The page it was said on once more: that of the facility, or of what is nearby."""
    asset = facilities.find_asset(session, form.text("plate")) if form.text("plate") else None
    if asset is not None:
        language = str(locale_of(request))
        plate = facility.page_of(session, asset, language, form.values, errors)
        return render(request, "portal/facility", plate, status=422)
    writing = repairing.open_writing(session, visitor(request))
    page = _page(request, session, writing, form.values, errors)
    return render(request, "portal/repair_near", page, status=422)


def _reach(form: RawForm) -> tuple[following.Reach | None, dict[str, str]]:
    errors = {} if form.text("same") else {"same": _CHOOSE}
    try:
        return following.read_reach(form.text("reach")), errors
    except InvalidError as refusal:
        return None, errors | {"reach": refusal.msgid}


def _watch(
    request: Request, session: Session, case: Case, reach: following.Reach | None, edge: Edge
) -> Watcher:
    signed_in = sessions.find(session, me.token_of(request), now=edge.now())
    return following.watch(
        session,
        case,
        Why.ME_TOO,
        citizen_id=signed_in.people[0] if signed_in else None,
        reach=reach,
        browser=visitor(request),
        locale="en" if locale_of(request) is Locale.EN else "zh_CN",
        now=edge.now(),
    )


@router.post(STOP, include_in_schema=False)
def stop(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Hear nothing more of a report one follows."""
    with me.writing(request, edge) as own:
        number = form.text("watcher")
        key = int(number) if number.isdecimal() else 0
        following.stop_own(own.session, own.people, key, now=own.now)
    return see_other("/my#watching")


def _page(
    request: Request,
    session: Session,
    writing: RepairWriting,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> NearPage:
    found = repairing.near(session, writing)
    language, has_distance = str(locale_of(request)), writing.asset is None
    shown = known(session, found, language=language, has_distance=has_distance)
    return NearPage(walk_of(writing, RepairStep.WHAT), shown, values, errors or {})

"""Pages for time limits: by profile, the profile in force, each limit with its basis.

Editing a limit reaches only clocks that start afterwards.
"""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import Visit, VisitDep, Work
from app.accounts.rules import Permission
from app.admin.catalogue import (
    HOME,
    category_choices,
    edit_of,
    entry_context,
    named,
    region_choices,
    show_tab,
    switched,
)
from app.admin.frame import language_of, sent, tried
from app.calendars.rules import LimitUnit
from app.cases.labels import LABELS
from app.cases.rules import CaseClock
from app.catalogue import queries, service
from app.catalogue.labels import BASIS_LEVELS, LIMIT_UNITS, PROFILES, basis_in
from app.catalogue.models import RevisedType, TimeLimit
from app.catalogue.queries.listing import LimitListing
from app.catalogue.rules import (
    COMMON_PROFILE,
    RECHECK_WINDOW,
    RETURN_WINDOW,
    URGE_QUIET,
    BasisLevel,
    CaseKind,
    Urgency,
    gaps,
)
from app.catalogue.service import LimitDraft
from app.kernel.messages import mark
from app.web.forms import FormDep
from app.web.templating import see_other
from app.web.ui import local, zone_of

router = APIRouter(prefix=f"{HOME}/limits")

_LIST = f"{HOME}/limits"
_CLOCKS = {
    **{str(clock): label for clock, label in LABELS[CaseClock].items()},
    RETURN_WINDOW: mark("Window for a return"),
    RECHECK_WINDOW: mark("Window for asking the unit above"),
    URGE_QUIET: mark("Quiet time after an urge"),
}


class LimitForm(BaseModel):
    """What is typed about a limit."""

    profile: str = COMMON_PROFILE
    code: Annotated[str, Field(title=mark("Code"))] = ""
    clock_kind: str = ""
    case_kind: CaseKind | None = None
    category_id: int | None = None
    urgency: Urgency | None = None
    region_code: str = ""
    unit: LimitUnit = LimitUnit.WORK_DAY
    value: Annotated[int, Field(title=mark("Length"))] = 0
    minutes: Annotated[int, Field(title=mark("And minutes"))] = 0
    close_of_business: bool = False
    basis_text: Annotated[str, Field(title=mark("Basis"))] = ""
    basis_level: BasisLevel = BasisLevel.SYSTEM
    is_sample: bool = False
    valid_from: Annotated[date | None, Field(title=mark("Valid from"))] = None
    valid_to: Annotated[date | None, Field(title=mark("Valid to"))] = None
    version: int = 0
    note: Annotated[str, Field(title=mark("Note"))] = ""

    def draft(self) -> LimitDraft:
        return LimitDraft(**self.model_dump(exclude={"version", "note"}))


def _today(visit: Visit, work: Work) -> date:
    return local(work.now, zone_of(visit.edge.settings.zone)).date()


@router.get("")
def show_list(request: Request, visit: VisitDep, profile: str = "") -> Response:
    """The limits of one profile; the one in force unless another is asked for."""
    language = language_of(request)
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        kept = queries.snapshot(work.session)
        profiles = [*service.list_profiles(work.session), COMMON_PROFILE]
        shown = profile if profile in profiles else kept.profile
        limits = sorted(queries.list_limits(work.session, shown), key=_order)
        missing = gaps(kept.limits, profile=kept.profile, on=_today(visit, work))
    context = {
        "rows": [_row(limit, language) for limit in limits],
        "shown": shown,
        "in_force": kept.profile,
        "is_common": shown == COMMON_PROFILE,
        "profiles": [(PROFILES.get(name, name), name, name == shown) for name in profiles],
        "gaps": sorted({_CLOCKS[gap.clock_kind] for gap in missing}),
    }
    return show_tab(request, work.actor, "admin/limits", context)


@router.post("/in-force")
def activate(visit: VisitDep, form: FormDep) -> Response:
    """Put a profile in force."""
    profile = form.text("profile")
    with visit.writing() as work:
        service.activate_profile(
            work.session,
            profile,
            on=_today(visit, work),
            edit=edit_of(work, form.text("note")),
        )
    return see_other(_LIST)


@router.get("/new")
def show_new(request: Request, visit: VisitDep, profile: str = COMMON_PROFILE) -> Response:
    """An empty form."""
    typed = {"profile": profile, "unit": "work_day", "basis_level": "city"}
    return _form(request, visit, None, typed, {})


@router.post("")
def add(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Add a limit."""

    def do(work: Work, value: LimitForm) -> None:
        service.add_limit(work.session, value.draft(), edit=edit_of(work, value.note))

    back = partial(_form, request, visit, None)
    return sent(visit, form, LimitForm, do, back=back, to=f"{_LIST}?profile={form.text('profile')}")


@router.get("/{limit_id}")
def show_one(request: Request, visit: VisitDep, limit_id: int) -> Response:
    """One limit, to be changed, with its history."""
    return _form(request, visit, limit_id, None, {})


@router.post("/{limit_id}")
def change(request: Request, visit: VisitDep, limit_id: int, form: FormDep) -> Response:
    """Change a limit for clocks that start from now on."""

    def do(work: Work, value: LimitForm) -> None:
        service.change_limit(
            work.session,
            limit_id,
            value.draft(),
            version=value.version,
            on=_today(visit, work),
            edit=edit_of(work, value.note),
        )

    back = partial(_form, request, visit, limit_id)
    return sent(visit, form, LimitForm, do, back=back, to=f"{_LIST}/{limit_id}")


@router.post("/{limit_id}/switch")
def switch(request: Request, visit: VisitDep, limit_id: int, form: FormDep) -> Response:
    """Switch a limit off, or on again."""

    def do(work: Work) -> None:
        service.set_limit_active(
            work.session,
            limit_id,
            on=_today(visit, work),
            **switched(work, form),
        )

    errors = tried(visit, do)
    if errors:
        return _form(request, visit, limit_id, None, errors)
    return see_other(f"{_LIST}/{limit_id}")


def _order(limit: LimitListing) -> tuple[int, int, int]:
    grade = limit.urgency.rank if limit.urgency else len(Urgency)
    return list(_CLOCKS).index(limit.clock_kind), grade, limit.id


def _row(limit: LimitListing, language: str) -> dict[str, object]:
    return {
        "limit": limit,
        "step": _CLOCKS[limit.clock_kind],
        "kind": LABELS[CaseKind][limit.case_kind] if limit.case_kind else "",
        "category": named(limit.category, language),
        "grade": LABELS[Urgency][limit.urgency] if limit.urgency else "",
        "region": limit.region.within(language),
        "level": BASIS_LEVELS[limit.basis_level],
        "basis": basis_in(language, limit.basis_text),
    }


def _form(
    request: Request,
    visit: Visit,
    limit_id: int | None,
    typed: Mapping[str, str] | None,
    errors: Mapping[str, str],
) -> Response:
    language = language_of(request)
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        limit = queries.get_limit(work.session, limit_id) if limit_id else None
        values = _values(limit) if typed is None else typed
        profiles = [*service.list_profiles(work.session), COMMON_PROFILE]
        context = {
            "limit": limit and {"id": limit.id, "is_active": limit.is_active},
            "heading": _CLOCKS[limit.clock_kind] if limit else "",
            "grade": LABELS[Urgency][limit.urgency] if limit and limit.urgency else "",
            "values": values,
            "profiles": [(name, PROFILES.get(name, name)) for name in profiles],
            "clocks": list(_CLOCKS.items()),
            "kinds": list(LABELS[CaseKind].items()),
            "grades": list(LABELS[Urgency].items()),
            "units": list(LIMIT_UNITS.items()),
            "levels": list(BASIS_LEVELS.items()),
            "categories": category_choices(work.session, language),
            "regions": region_choices(
                work.session, language, current=values.get("region_code", "")
            ),
            **entry_context(
                work, RevisedType.TIME_LIMIT, limit, typed=typed, errors=errors, language=language
            ),
        }
    status = 422 if errors else 200
    return show_tab(request, work.actor, "admin/limit_form", context, status=status)


def _values(limit: TimeLimit | None) -> dict[str, str]:
    if limit is None:
        return {}
    return {
        "profile": limit.profile,
        "code": limit.code,
        "clock_kind": limit.clock_kind,
        "case_kind": str(limit.case_kind or ""),
        "category_id": str(limit.category_id or ""),
        "urgency": str(limit.urgency or ""),
        "region_code": limit.region_code,
        "unit": str(limit.unit),
        "value": str(limit.value),
        "minutes": str(limit.minutes),
        "close_of_business": "true" if limit.close_of_business else "",
        "basis_text": limit.basis_text,
        "basis_level": str(limit.basis_level),
        "is_sample": "true" if limit.is_sample else "",
        "valid_from": str(limit.valid_from or ""),
        "valid_to": str(limit.valid_to or ""),
    }

"""One's own account: who I am here, my sessions, my password, how I like to work."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.accounts import browsers, cookies, labels, queries
from app.accounts.deps import Visit, VisitDep, Work, limits_from
from app.accounts.service import own, sessions
from app.departments.queries import names_of
from app.kernel.errors import InvalidError
from app.web.forms import FormDep, RawForm
from app.web.preferences import CHOICES
from app.web.templating import render, see_other

router = APIRouter()


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One appointment in force."""

    role: str
    unit: str
    scope: str
    may_see_confidential: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One browser that is signed in."""

    id: int
    device: str
    ip: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    """What /account shows."""

    username: str
    name: str
    unit: str
    seats: list[SeatRow]
    sessions: list[SessionRow]
    values: dict[str, Any]
    is_saved: bool


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """What /account/password shows."""

    username: str
    is_first: bool
    errors: dict[str, str] = field(default_factory=dict)


@router.get("/account")
def show(request: Request, visit: VisitDep, saved: str = "") -> Response:
    """Who I am here."""
    with visit.reading() as work:
        page = _account(visit, work, is_saved=saved == "1")
    return render(request, "accounts/account", page)


@router.get("/account/password")
def show_password(request: Request, visit: VisitDep) -> Response:
    """The form for a new password."""
    with visit.reading() as work:
        staff = queries.get_staff(work.session, work.actor.id)
        page = PasswordPage(staff.username, staff.must_change_password)
    return render(request, "accounts/password", page)


@router.post("/account/password")
def change_password(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Change the password; every session ends but a fresh one for this browser."""
    with visit.reading() as work:
        credentials = own.own_credentials(work.session, work.actor)
        staff = queries.get_staff(work.session, work.actor.id)
        page = PasswordPage(staff.username, staff.must_change_password)
    checked = _checked(credentials, form)
    if isinstance(checked, dict):
        return render(request, "accounts/password", replace(page, errors=checked), status=422)
    with visit.writing() as work:
        token = own.set_password(
            work.session,
            work.actor,
            credentials,
            checked,
            by=work.author,
            limits=limits_from(visit.edge.settings),
            now=work.now,
            device=browsers.describe(request.headers.get("user-agent", "")),
        )
    response = see_other("/account?saved=1")
    cookies.set_session(request, response, token)
    return response


@router.post("/account/sessions/{session_id}/end")
def end_session(visit: VisitDep, session_id: int, _form: FormDep) -> Response:
    """Sign one of my browsers out."""
    with visit.writing() as work:
        sessions.end_one(work.session, work.actor.id, session_id, now=work.now)
    return see_other("/account")


@router.post("/account/sign-out-everywhere")
def sign_out_everywhere(visit: VisitDep, _form: FormDep) -> Response:
    """Sign all my browsers out, this one too."""
    with visit.writing() as work:
        own.sign_out_everywhere(work.session, work.actor, by=work.author, now=work.now)
    response = see_other("/sign-in")
    cookies.drop_session(response)
    return response


@router.post("/account/preferences")
def change_preferences(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Keep how I like to work, here and in the next browser I sign in with."""
    chosen = {
        name: form.text(name) if form.text(name) in CHOICES[name] else ""
        for name in cookies.PREFERENCES
    }
    with visit.writing() as work:
        own.set_preferences(work.session, work.actor, chosen)
    response = see_other("/account?saved=1")
    cookies.set_preferences(request, response, chosen)
    return response


@router.post("/account/keep")
def keep(visit: VisitDep, _form: FormDep) -> Response:
    """Stay signed in: this very call counts as being here."""
    with visit.writing() as work:
        ends = sessions.stay(
            work.session,
            work.actor,
            now=work.now,
            limits=limits_from(visit.edge.settings),
        )
    return JSONResponse({"ends": ends.isoformat()})


def _checked(credentials: own.Credentials, form: RawForm) -> str | dict[str, str]:
    try:
        return own.check_new_password(
            credentials,
            current=form.text("password"),
            new=form.text("new_password"),
            again=form.text("new_password_again"),
        )
    except InvalidError as error:  # shown beside the fields, outside any transaction
        return error.fields


def _account(visit: Visit, work: Work, *, is_saved: bool) -> AccountPage:
    actor = work.actor
    limits = limits_from(visit.edge.settings)
    units = [actor.unit_id, *(grant.unit_id for grant in actor.appointments)]
    names = names_of(work.session, units)
    living = queries.list_sessions(
        work.session, actor.id, now=work.now, idle_since=work.now - limits.idle
    )
    prefs = queries.get_staff(work.session, actor.id).prefs
    return AccountPage(
        username=actor.username,
        name=actor.name,
        unit=names[actor.unit_id],
        seats=[
            SeatRow(
                labels.ROLES[grant.role],
                names[grant.unit_id],
                labels.SCOPES[grant.scope],
                grant.may_see_confidential,
            )
            for grant in actor.appointments
        ],
        sessions=[
            SessionRow(s.id, s.device, s.ip, s.created_at, s.last_seen_at, s.id == actor.session_id)
            for s in living
        ],
        values={name: prefs.get(name, "") for name in cookies.PREFERENCES},
        is_saved=is_saved,
    )

"""Pages for accounts: list, open, change, close, reset, unblock, sign out.

Appointments are in `roles`; what the pages show is gathered in `staff_view`.
"""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts import queries
from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.accounts.service import staff as service
from app.accounts.service.staff import StaffDraft
from app.admin import staff_view as view
from app.admin.frame import show, tried, tried_form, version_of
from app.kernel.messages import mark
from app.web.forms import FormDep, parse
from app.web.templating import see_other

router = APIRouter(prefix="/admin")


class StaffForm(BaseModel):
    """What is typed about an account."""

    username: Annotated[str, Field(max_length=40, title=mark("Account name"))] = ""
    display_name: Annotated[str, Field(max_length=60, title=mark("Name"))] = ""
    unit_id: int = 0
    version: int = 0

    def draft(self, username: str = "") -> StaffDraft:
        return StaffDraft(username or self.username.lower(), self.display_name, self.unit_id)


@router.get("/staff")
def show_list(
    request: Request,
    visit: VisitDep,
    unit: int | None = None,
    state: str = "",
    at: str = "",
) -> Response:
    """The accounts, page by page."""
    with visit.reading() as work:
        work.actor.require(Permission.ACCOUNT_MANAGE)
        page = queries.list_staff(
            work.session, unit_id=unit, only_active=state != "all", cursor=at or None
        )
        context = {
            **view.listed(visit, work, page.items),
            "q": "",
            "shows_closed": state == "all",
            "next": page.next_cursor,
            "previous": page.prev_cursor,
        }
    return show(request, work.actor, "admin/staff", context)


@router.post("/staff/search")
def search(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """The accounts that match; names of people stay out of addresses."""
    words = form.text("q").strip()[:60]
    if not words:
        return see_other("/admin/staff")
    with visit.reading() as work:
        work.actor.require(Permission.ACCOUNT_MANAGE)
        rows = queries.search_staff(work.session, words)
        found = view.listed(visit, work, rows)
    context = {**found, "q": words, "shows_closed": True, "next": None, "previous": None}
    return show(request, work.actor, "admin/staff", context)


@router.get("/staff/new")
def show_new(request: Request, visit: VisitDep) -> Response:
    """An empty form."""
    return view.new(request, visit, {}, {})


@router.post("/staff")
def open_account(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Open an account and show its one-time password, once."""
    parsed = parse(StaffForm, form)
    errors = parsed.errors
    password = service.new_password()
    opened: list[int] = []
    if parsed.value is not None:
        draft = parsed.value.draft()

        def do(work: Work) -> None:
            staff = service.open_account(
                work.session, work.actor, draft, password, by=work.author, now=work.now
            )
            opened.append(staff.id)

        errors = tried(visit, do)
    if errors:
        return view.new(request, visit, parsed.values, errors, status=422)
    return view.one_time(request, visit, opened[0], password.password)


@router.get("/staff/{staff_id}")
def show_one(request: Request, visit: VisitDep, staff_id: int) -> Response:
    """One account with its appointments and sessions."""
    return view.one(request, visit, staff_id, {}, {})


@router.post("/staff/{staff_id}")
def change(request: Request, visit: VisitDep, staff_id: int, form: FormDep) -> Response:
    """Change the shown name or the unit."""
    parsed = parse(StaffForm, form)

    def do(work: Work, value: StaffForm) -> None:
        username = queries.get_staff(work.session, staff_id).username
        service.change_account(
            work.session,
            work.actor,
            staff_id,
            value.version,
            value.draft(username),
            by=work.author,
            now=work.now,
        )

    errors = tried_form(visit, parsed, do)
    if errors:
        return view.one(request, visit, staff_id, parsed.values, errors, status=422)
    return _back(staff_id)


@router.post("/staff/{staff_id}/close")
def close(visit: VisitDep, staff_id: int, form: FormDep) -> Response:
    """Close an account."""
    with visit.writing() as work:
        service.close_account(
            work.session, work.actor, staff_id, version_of(form), by=work.author, now=work.now
        )
    return _back(staff_id)


@router.post("/staff/{staff_id}/reopen")
def reopen(visit: VisitDep, staff_id: int, form: FormDep) -> Response:
    """Open a closed account again."""
    with visit.writing() as work:
        service.reopen_account(
            work.session, work.actor, staff_id, version_of(form), by=work.author, now=work.now
        )
    return _back(staff_id)


@router.post("/staff/{staff_id}/password")
def reset(request: Request, visit: VisitDep, staff_id: int, _form: FormDep) -> Response:
    """Replace a forgotten password and show the new one, once."""
    password = service.new_password()
    with visit.writing() as work:
        service.reset_password(
            work.session, work.actor, staff_id, password, by=work.author, now=work.now
        )
    return view.one_time(request, visit, staff_id, password.password)


@router.post("/staff/{staff_id}/unblock")
def unblock(visit: VisitDep, staff_id: int, _form: FormDep) -> Response:
    """Let an account be tried again at once."""
    with visit.writing() as work:
        service.unblock(work.session, work.actor, staff_id, by=work.author, now=work.now)
    return _back(staff_id)


@router.post("/staff/{staff_id}/sign-out")
def sign_out(visit: VisitDep, staff_id: int, _form: FormDep) -> Response:
    """Sign somebody out everywhere."""
    with visit.writing() as work:
        service.revoke_sessions(work.session, work.actor, staff_id, by=work.author, now=work.now)
    return _back(staff_id)


def _back(staff_id: int) -> Response:
    return see_other(f"/admin/staff/{staff_id}")

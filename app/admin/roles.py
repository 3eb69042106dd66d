"""Who may do what: the table of roles, and giving and ending appointments."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts import labels, queries
from app.accounts.deps import VisitDep, Work
from app.accounts.rules import APPOINTABLE, GRANTS, Permission, Role, Scope
from app.accounts.service import appointing
from app.accounts.service.appointing import AppointmentDraft
from app.admin import staff_view as view
from app.admin.frame import show, tried_form
from app.kernel.messages import mark
from app.web.forms import FormDep, parse
from app.web.templating import see_other

router = APIRouter(prefix="/admin")


class AppointmentForm(BaseModel):
    """What is typed about an appointment; `seat_id` is the unit of the seat."""

    role: Role
    seat_id: int
    scope: Scope
    valid_from: Annotated[date, Field(title=mark("First day"))]
    valid_to: Annotated[date | None, Field(title=mark("Last day"))] = None
    may_see_confidential: bool = False

    def draft(self) -> AppointmentDraft:
        return AppointmentDraft(
            role=self.role,
            unit_id=self.seat_id,
            scope=self.scope,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            may_see_confidential=self.may_see_confidential,
        )


@router.get("/roles")
def show_roles(request: Request, visit: VisitDep) -> Response:
    """Roles against permissions, and how many people hold each."""
    with visit.reading() as work:
        work.actor.require(Permission.ACCOUNT_MANAGE)
        holders = queries.holders_by_role(work.session, on=view.today(visit, work))
    context = {
        "roles": [(labels.ROLES[role], holders.get(role, 0)) for role in APPOINTABLE],
        "rows": [
            (labels.PERMISSIONS[permission], [permission in GRANTS[role] for role in APPOINTABLE])
            for permission in Permission
            if permission is not Permission.CASE_OWN  # the citizen's; no role holds it
        ],
    }
    return show(request, work.actor, "admin/roles", context)


@router.post("/staff/{staff_id}/appointments")
def appoint(request: Request, visit: VisitDep, staff_id: int, form: FormDep) -> Response:
    """Give somebody a role."""
    parsed = parse(AppointmentForm, form)

    def do(work: Work, value: AppointmentForm) -> None:
        appointing.appoint(
            work.session, work.actor, staff_id, value.draft(), by=work.author, now=work.now
        )

    errors = tried_form(visit, parsed, do)
    if errors:
        # The page also holds the account's own unit; this is the seat's.
        named = {"seat_id" if name == "unit_id" else name: text for name, text in errors.items()}
        return view.one(request, visit, staff_id, parsed.values, named, status=422)
    return see_other(f"/admin/staff/{staff_id}")


@router.post("/appointments/{appointment_id}/end")
def end_appointment(visit: VisitDep, appointment_id: int, _form: FormDep) -> Response:
    """End an appointment at once."""
    with visit.writing() as work:
        ended = appointing.end_appointment(
            work.session,
            work.actor,
            appointment_id,
            today=view.today(visit, work),
            by=work.author,
            now=work.now,
        )
        staff_id = ended.staff_id
    return see_other(f"/admin/staff/{staff_id}")

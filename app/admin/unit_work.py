"""Acts on a unit's work: announce its closing, take that back, set how its work is shared.

Stands beside the pages of units; nobody but who manages units comes here.
"""

from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin.frame import sent, version_of
from app.admin.units import form_page
from app.departments import service
from app.dispatching.service import alerts, sharing
from app.dispatching.service.sharing import WorkDraft
from app.web.forms import FormDep
from app.web.templating import see_other

router = APIRouter(prefix="/admin/units")


class WorkForm(BaseModel):
    """How the unit shares its work."""

    cap: int | None = None
    is_automatic: bool = False
    version: int = 0


@router.post("/{unit_id}/ending")
def end(visit: VisitDep, unit_id: int, form: FormDep) -> Response:
    """Announce that a unit is to be closed, or take that back."""
    change = service.keep_open if form.text("to") == "keep" else service.announce_closing
    with visit.writing() as work:
        work.actor.require(Permission.UNIT_MANAGE)
        change(work.session, unit_id, version_of(form), by=work.author, now=work.now)
        alerts.watch(work.session, now=work.now)
    return see_other(f"/admin/units/{unit_id}")


@router.post("/{unit_id}/work")
def share_work(request: Request, visit: VisitDep, unit_id: int, form: FormDep) -> Response:
    """Set how the unit shares its work among its people."""

    def do(work: Work, value: WorkForm) -> None:
        work.actor.require(Permission.UNIT_MANAGE)
        sharing.change_work(
            work.session,
            unit_id,
            WorkDraft(value.cap, value.is_automatic),
            version=value.version,
            by=work.author,
            now=work.now,
        )

    back = partial(form_page, request, visit, unit_id, status=422)
    return sent(visit, form, WorkForm, do, back=back, to=f"/admin/units/{unit_id}")

"""Pages for the system administrator: who does the background work and what it could not do.

Shows jobs that were given up; messages that did not arrive are decided on `admin/notices`.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep
from app.accounts.rules import Permission
from app.admin.frame import show
from app.kernel import audit, backlog, jobs
from app.web.forms import FormDep
from app.web.templating import see_other

router = APIRouter(prefix="/admin/background")


@router.get("")
def overview(request: Request, visit: VisitDep) -> Response:
    """Living workers, waiting work, failures."""
    with visit.reading() as work:
        work.actor.require(Permission.SETTINGS_MANAGE)
        context = {"backlog": backlog.look(work.session, now=work.now)}
    return show(request, work.actor, "admin/background", context)


@router.post("/jobs/{job_id}/revive")
def revive(visit: VisitDep, job_id: int, _form: FormDep) -> Response:
    """Let a job that was given up start afresh."""
    with visit.writing() as work:
        work.actor.require(Permission.SETTINGS_MANAGE)
        jobs.revive(work.session, job_id, now=work.now)
        audit.note(work.session, work.author, "job:revive", ("job", job_id), at=work.now)
    return see_other("/admin/background")

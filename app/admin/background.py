"""Pages for the system administrator: who does the background work and what it could not do.

Shows jobs that were given up and messages that may not have arrived; decides nothing by itself.
"""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep
from app.accounts.rules import Permission
from app.admin.frame import show
from app.kernel import audit, backlog, jobs, outbox
from app.kernel.messages import mark
from app.kernel.outbox import MessageStatus
from app.web.forms import FormDep
from app.web.templating import see_other

router = APIRouter(prefix="/admin/background")

OUTCOMES: Final = {
    MessageStatus.FAILED: mark("Not sent"),
    MessageStatus.UNKNOWN: mark("Perhaps sent: no answer came"),
}


@router.get("")
def overview(request: Request, visit: VisitDep) -> Response:
    """Living workers, waiting work, failures."""
    with visit.reading() as work:
        work.actor.require(Permission.SETTINGS_MANAGE)
        context = {"backlog": backlog.look(work.session, now=work.now), "outcomes": OUTCOMES}
    return show(request, work.actor, "admin/background", context)


@router.post("/jobs/{job_id}/revive")
def revive(visit: VisitDep, job_id: int, _form: FormDep) -> Response:
    """Let a job that was given up start afresh."""
    with visit.writing() as work:
        work.actor.require(Permission.SETTINGS_MANAGE)
        jobs.revive(work.session, job_id, now=work.now)
        audit.note(work.session, work.author, "job:revive", ("job", job_id), at=work.now)
    return see_other("/admin/background")


@router.post("/messages/{message_id}/send")
def send_again(visit: VisitDep, message_id: int, _form: FormDep) -> Response:
    """Let a message go out again that perhaps did not arrive."""
    with visit.writing() as work:
        work.actor.require(Permission.SETTINGS_MANAGE)
        outbox.send_again(work.session, message_id, now=work.now)
        audit.note(work.session, work.author, "message:send", ("message", message_id), at=work.now)
    return see_other("/admin/background")

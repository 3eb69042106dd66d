"""What somebody promised to citizens and has not kept yet, the most pressing first."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep
from app.desk import talks
from app.desk.talks import PromiseView
from app.interactions import queries, service
from app.interactions.service.talking import require_talker
from app.web.forms import FormDep
from app.web.templating import render, see_other

router = APIRouter(prefix="/desk/promises")


@dataclass(frozen=True, slots=True)
class PromiseList:
    """One's own promises that wait."""

    promises: list[PromiseView]


@router.get("")
def show(request: Request, visit: VisitDep) -> Response:
    """One's own promises that wait, broken ones first."""
    with visit.reading() as work:
        require_talker(work.actor)
        found = queries.promises_waiting(work.session, work.actor.id)
        page = PromiseList([talks.promise_view(work.session, one, work.now) for one in found])
        return render(request, "desk/promises", page)


@router.post("/{promise_id}/keep")
def keep(visit: VisitDep, promise_id: int, _form: FormDep) -> Response:
    """Say that one is kept."""
    with visit.writing() as work:
        require_talker(work.actor)
        service.keep(work.session, work.actor, promise_id, now=work.now)
    return see_other("/desk/promises")

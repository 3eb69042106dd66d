"""What no crew has yet and this one may take by itself (抢单); the first to press gets it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep
from app.accounts.rules import Permission
from app.crew import queries
from app.crew.pages.today import free_for
from app.crew.views import Job, jobs_of
from app.crew.words import crew_words
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.repairs import service as repairs
from app.web.forms import FormDep
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/crew")


@dataclass(frozen=True, slots=True)
class PoolPage:
    """What may be taken."""

    who: int
    jobs: Sequence[Job]
    words: str


@router.get("/pool")
def show(request: Request, visit: VisitDep) -> Response:
    """The list of what may be taken, the most pressing first."""
    locale = locale_of(request)
    with visit.reading() as work:
        work.actor.require(Permission.REPAIR_FIELD)
        own = queries.crews_of(work.session, work.actor)
        found = {row.id: row for crew in own for row in free_for(work, crew)}
        jobs = jobs_of(work.session, list(found.values()), own, now=work.now, language=locale.tag)
        page = PoolPage(work.actor.id, jobs, crew_words(locale))
    return render(request, "crew/pool", page)


@router.post("/{number}/grab")
def grab(visit: VisitDep, number: str, _form: FormDep) -> Response:
    """Take one for one's crew.

    Raises:
        ConflictError: another crew was faster, or the crew has a full day.
        NotFoundError: there is none to take.
    """
    with visit.writing() as work:
        key = queries.key_of(work.session, number)
        for crew in queries.crews_of(work.session, work.actor):
            if any(row.id == key for row in free_for(work, crew)):
                repairs.take_from_pool(work.session, key, crew.id, actor=work.actor, now=work.now)
                return see_other(f"/crew/{number}")
        raise NotFoundError(mark("Another crew has taken it already, or it is not for your crew."))

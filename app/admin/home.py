"""The front page of the administration: what this person administers."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep
from app.admin.frame import sections_of, show

router = APIRouter()


@router.get("/admin")
def home(request: Request, visit: VisitDep) -> Response:
    """The sections open to this person, each with its purpose."""
    with visit.reading() as work:
        tiles = sections_of(work.actor)
    return show(request, work.actor, "admin/home", {"tiles": tiles})

"""Pages of data quality: the board, a work list for each kind of trouble, pairs that look alike."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep
from app.accounts.rules import Permission
from app.citizens.rules.quality import IssueKind
from app.citizens.service import duplicates
from app.desk.quality import views
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.web.forms import FormDep
from app.web.templating import render, see_other

router = APIRouter(prefix="/citizens")

Cursor = Annotated[str, Query(max_length=1000)]


@router.get("/quality")
def show_board(request: Request, visit: VisitDep) -> Response:
    """What is missing, unchecked, out of date or at odds, with its figures."""
    with visit.reading() as work:
        work.actor.require(Permission.CITIZEN_READ)
        page = views.board(work)
    return render(request, "citizens/quality", page)


@router.get("/quality/{kind}")
def show_list(request: Request, visit: VisitDep, kind: str, cursor: Cursor = "") -> Response:
    """Who has this trouble, and what to do about it."""
    if kind not in set(IssueKind):
        raise NotFoundError(mark("There is nothing at this address."))
    with visit.reading() as work:
        work.actor.require(Permission.CITIZEN_READ)
        page = views.issue_list(work, IssueKind(kind), cursor)
    return render(request, "citizens/quality_list", page)


@router.get("/duplicates")
def show_pairs(request: Request, visit: VisitDep, cursor: Cursor = "") -> Response:
    """Rows that may be one person, the likeliest first."""
    with visit.reading() as work:
        work.actor.require(Permission.CITIZEN_MERGE)
        page = views.pair_list(work, cursor)
    return render(request, "citizens/duplicates", page)


@router.post("/duplicates/{pair_id}/dismiss")
def dismiss(visit: VisitDep, pair_id: int, _form: FormDep) -> Response:
    """They are two people."""
    with visit.writing() as work:
        work.actor.require(Permission.CITIZEN_MERGE)
        duplicates.dismiss(work.session, pair_id, by=work.author, now=work.now)
    return see_other("/citizens/duplicates")

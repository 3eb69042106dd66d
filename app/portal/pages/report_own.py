"""Before a report is checked: one's own matter that is in hand and may be the same.

The same person and matter without new facts get no new order: progress is told, or what is new
is added (rulebook §2.5 R3); who says that theirs is another matter goes on. Only for whoever is
signed in to their page: anybody can type somebody's telephone, and would read here what is theirs.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.queries import get_by_token, public_token
from app.cases.queries.alike import Alike, own_alike_for_citizen
from app.cases.queries.getting import token_for
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.mypage import queries as mypage
from app.mypage.service import sessions
from app.portal import me, service
from app.portal.me import Own
from app.portal.pages.report import Walk, address, go_on, walk_of
from app.portal.pages.report_alike import digest, sought_of
from app.portal.rules import StepName
from app.portal.service import Writing
from app.portal.words import STATES
from app.web.deps import EdgeDep
from app.web.forms import FormDep
from app.web.security import visitor
from app.web.templating import render, see_other
from app.web.unlisted import unlisted

router = APIRouter()

# Under /my, where alone the browser tells who is signed in.
ADDRESS: Final = "/my/same"
LOOKED: Final = "looked"
TELL, ADD, OTHER = "tell", "add", "other"
_CHOOSE: Final = mark("Choose what is to be done.")


@dataclass(frozen=True, slots=True)
class OwnMatter:
    """A matter of theirs that is in hand."""

    number: str
    title: str
    state: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class SamePage:
    """What of theirs may be the same, and what they can do."""

    walk: Walk
    token: str
    matters: tuple[OwnMatter, ...]
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def is_due(writing: Writing, looked: str) -> bool:
    """Whether it is still to be looked whether they have it in hand already."""
    report = writing.report
    if looked == LOOKED or report.is_anonymous or report.is_secret or writing.category is None:
        return False
    return report.own_seen != digest(report)


@router.get(ADDRESS, include_in_schema=False)
def show(request: Request, edge: EdgeDep) -> Response:
    """Their own matters that look like the report; or straight on to the check."""
    with edge.reading() as session:
        writing = service.open_report(session, visitor(request))
        signed_in = sessions.find(session, me.token_of(request), now=edge.now())
        found = _alike(session, writing, signed_in.people) if signed_in else []
    if not found or not is_due(writing, ""):
        return unlisted(see_other(f"{address(StepName.CHECK)}?own={LOOKED}"))
    return unlisted(render(request, "portal/same", _page(writing, found)))


@router.post(ADDRESS, include_in_schema=False)
def settle(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Show how it stands, add what was written, or go on with another matter."""
    how, _, number = form.text("same").partition(":")
    with me.writing(request, edge) as own:
        writing = service.open_report(own.session, visitor(request))
        if how == OTHER:
            seen = digest(writing.report)
            writing = service.keep_report(own.session, writing, own.now, own_seen=seen)
            return go_on(writing)
        case = _case(own, number) if how in (TELL, ADD) else None
        if case is None:
            found = _alike(own.session, writing, own.people)
            page = _page(writing, found, form.values, {"same": _CHOOSE})
            return unlisted(render(request, "portal/same", page, status=422))
        if how == ADD:
            service.add_report(own.session, writing, case, form.text("idempotency"), now=own.now)
        else:
            service.forget_report(own.session, visitor(request))
        token = public_token(vault_of(own.session), case)
    return see_other(f"/c/{token}?done={'supplement' if how == ADD else 'no_new_order'}")


def _alike(session: Session, writing: Writing, people: tuple[int, ...]) -> list[Alike]:
    return own_alike_for_citizen(session, sought_of(writing.report, people))


def _case(own: Own, number: str) -> Case | None:
    """The matter of theirs with this number that is in hand."""
    for row in mypage.open_matters(own.session, own.people):
        if row.number == number:
            token = token_for(vault_of(own.session), row.id, row.token_generation)
            return get_by_token(own.session, token)
    return None


def _page(
    writing: Writing,
    found: list[Alike],
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> SamePage:
    matters = tuple(
        OwnMatter(one.number, one.title, STATES[one.status].title, one.opened_at) for one in found
    )
    walk = walk_of(writing, StepName.CHECK)
    return SamePage(walk, writing.report.token, matters, values or {}, errors or {})

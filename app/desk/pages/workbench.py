"""The workbench: the list of what waits, searched and filtered, beside the matter in hand."""

from dataclasses import dataclass, field
from typing import Annotated, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.cases.queries.lists import Filter
from app.citizens.rules import sought
from app.desk import queries, service, views, worklist
from app.desk.pages import find
from app.desk.views import Chip
from app.desk.worklist import ChipView, RowView
from app.kernel import audit
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.web.forms import FormDep, parse
from app.web.i18n import Locale
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/desk")

_ADVICE: Final = mark("Press F2 to search, or choose another list above.")


@dataclass(frozen=True, slots=True)
class SavedView:
    """A kept list: one's own, or the unit's."""

    id: int
    name: str
    href: str
    is_shared: bool
    may_remove: bool


@dataclass(frozen=True, slots=True)
class Workbench:
    """What the page prints."""

    title: str
    rows: list[RowView]
    chips: list[ChipView]
    saved: list[SavedView]
    query: str
    q: str = ""
    total: str = ""
    next_url: str = ""
    prev_url: str = ""
    cursor: str = ""
    advice: str = _ADVICE
    errors: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    may_open: bool = False
    export_url: str = ""
    may_find: bool = False


class SearchForm(BaseModel):
    """The one box."""

    q: Annotated[str, Field(max_length=sought.LONGEST, title=mark("Search"))] = ""


class FilterForm(BaseModel):
    """A list to be kept."""

    name: Annotated[str, Field(max_length=60, title=mark("Name of the list"))] = ""
    query: Annotated[str, Field(max_length=600)] = ""
    is_shared: bool = False


def is_english(request: Request) -> bool:
    """Whether names with two languages are read in English."""
    return locale_of(request) is Locale.EN


@router.get("/list")
def show_list(request: Request, visit: VisitDep, view: str = "", cursor: str = "") -> Response:
    """The list alone, as the workbench asks for it anew every half minute."""
    with visit.reading() as work:
        return render(request, "desk/list", _workbench(request, work, view, cursor))


@router.get("")
def show(request: Request, visit: VisitDep, view: str = "", cursor: str = "") -> Response:
    """The list, urgent first; any filter can be given by address."""
    with visit.reading() as work:
        return render(request, "desk/workbench", _workbench(request, work, view, cursor))


@router.post("/search")
def search(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Find matters; a POST, so that nothing typed about a person is in an address."""
    parsed = parse(SearchForm, form)
    words = parsed.value.q.strip() if parsed.value else ""
    wanted = sought.read(words)
    # Only a search by telephone leaves a line in the audit log; the others wait for no writer.
    begun = visit.writing if wanted.is_logged else visit.reading
    with begun() as work:
        work.actor.require(Permission.CASE_READ)
        if find.is_for_people(work, wanted):
            return find.answered(request, work, words, wanted)
        found = worklist.find(
            work.session, work.actor, words, english=is_english(request), now=work.now
        )
        if found.by_tail:
            audit.note(
                work.session,
                work.author,
                "case:search_by_phone",
                ("staff", work.actor.id),
                at=work.now,
                details={"hits": len(found.rows)},
            )
        if len(found.rows) == 1 and found.rows[0].number == words.upper():
            return see_other(f"/cases/{found.rows[0].number}")
        context = Workbench(
            title=mark("Search results"),
            rows=found.rows,
            chips=worklist.chip_views(work.session, work.actor, None, now=work.now),
            saved=_saved(work),
            query="",
            q=form.text("q"),
            total=found.total,
            advice=found.refused or found.advice,
            errors={**({"q": found.refused} if found.refused else {}), **parsed.errors},
            may_open=work.actor.may(Permission.CASE_INTAKE),
            may_find=work.actor.may(Permission.CITIZEN_READ) and bool(wanted.words),
        )
    return render(request, "desk/workbench", context, status=422 if context.errors else 200)


@router.post("/filters")
def save_filter(visit: VisitDep, form: FormDep) -> Response:
    """Keep the list on the screen under a name."""
    parsed = parse(FilterForm, form)
    value = parsed.value or FilterForm()
    with visit.writing() as work:
        work.actor.require(Permission.CASE_READ)
        saved = service.save_filter(
            work.session, work.actor, value.name, value.query, is_shared=value.is_shared
        )
        query = saved.query
    return see_other(f"/desk?{query}")


@router.post("/filters/{filter_id}/remove")
def remove_filter(visit: VisitDep, filter_id: int, _form: FormDep) -> Response:
    """Forget a kept list."""
    with visit.writing() as work:
        work.actor.require(Permission.CASE_READ)
        service.remove_filter(work.session, work.actor, filter_id)
    return see_other("/desk")


def _workbench(request: Request, work: Work, view: str, cursor: str) -> Workbench:
    work.actor.require(Permission.CASE_READ)
    chip, wanted = _asked(request, work, view)
    page = worklist.page_of(
        work.session,
        work.actor,
        wanted,
        cursor=cursor or None,
        english=is_english(request),
        now=work.now,
    )
    query = f"view={chip.key}" if chip else views.to_query(wanted)
    may_export = work.actor.may(Permission.EXPORT_RUN)
    return Workbench(
        title=chip.label if chip else mark("Filtered list"),
        rows=list(page.items),
        chips=worklist.chip_views(work.session, work.actor, chip, now=work.now),
        saved=_saved(work),
        query=query,
        next_url=_paged(query, page.next_cursor),
        prev_url=_paged(query, page.prev_cursor),
        cursor=cursor,
        may_open=work.actor.may(Permission.CASE_INTAKE),
        export_url=f"/exports/new?what=cases&{views.to_query(wanted)}" if may_export else "",
    )


def _asked(request: Request, work: Work, view: str) -> tuple[Chip | None, Filter]:
    given = parse_qs(request.url.query)
    named = {name: given[name] for name in given if name not in ("view", "cursor")}
    if named and not view:
        return None, views.from_query(named)
    chip = views.chip_for(work.actor, view)
    if chip is None:
        raise NotFoundError(mark("There is no such list for your role."))
    return chip, views.filter_of(chip, work.actor)


def _saved(work: Work) -> list[SavedView]:
    kept = queries.saved_filters(work.session, work.actor)
    return [
        SavedView(
            saved.id,
            saved.name,
            f"/desk?{saved.query}",
            saved.unit_id is not None,
            service.may_remove(work.session, work.actor, saved.staff_id, saved.unit_id),
        )
        for saved in kept
    ]


def _paged(query: str, cursor: str | None) -> str:
    return f"/desk?{query}&cursor={cursor}" if cursor else ""

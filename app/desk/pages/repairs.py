"""The repair board: what is open, emergencies first, and giving a repair to a crew.

Handlers only. Everything works as plain forms; keys, map and dragging shorten the way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.crews import queries as crews
from app.departments import queries as departments
from app.desk.repairing import giving, queries
from app.desk.repairing.boarding import BoardRow, CrewRow, board_row, crew_row, points_of
from app.desk.repairing.choosing import ChoiceView, choices
from app.desk.repairing.giving import Giving
from app.desk.repairing.queries import Due, Part, Wanted
from app.desk.repairing.weighing import Scene, look
from app.facilities import queries as facilities
from app.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.text import whole_number
from app.maps.config import base_map
from app.repairs.labels import emergency_labels
from app.settings import Settings
from app.web.forms import FormDep, RawForm, parse
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/repairs")

MAY_SEE: Final = (Permission.REPAIR_ASSIGN, Permission.REPAIR_FILE, Permission.REPAIR_CHECK)
_NAMES: Final = ("view", "type", "crew", "region", "danger", "due")
_PARTS: Final[Mapping[Part, str]] = {
    Part.ALL: mark("All open"),
    Part.TO_FILE: mark("To file"),
    Part.TO_ASSIGN: mark("To give out"),
    Part.AT_WORK: mark("With crews"),
    Part.TO_CHECK: mark("To check"),
    Part.RESTING: mark("Resting"),
}
DUES: Final = ((Due.LATE, mark("Late")), (Due.SOON, mark("Due soon")))


class GiveForm(BaseModel):
    """One repair, as it was shown, and the crew it is to go to."""

    version: int
    crew_id: Annotated[int | None, Field(title=mark("Crew"))] = None
    note: Annotated[str, Field(max_length=2000, title=mark("Why"))] = ""


@dataclass(frozen=True, slots=True)
class BoardPage:
    """What the board prints."""

    tabs: list[tuple[str, str, int, bool]]
    rows: list[BoardRow]
    crews: list[CrewRow]
    types: list[tuple[str, str]]
    crew_choices: list[tuple[str, str]]
    regions: list[tuple[str, str]]
    dues: tuple[tuple[Due, str], ...]
    values: Mapping[str, str]
    query: str
    given: tuple[str, str] | None
    map: dict[str, Any] | None
    may_give: bool
    next_url: str
    prev_url: str


@dataclass(frozen=True, slots=True)
class GivePage:
    """One repair and who could go."""

    view: ChoiceView
    values: Mapping[str, str]
    errors: Mapping[str, str]
    query: str
    asked: bool


@dataclass(frozen=True, slots=True)
class RingRow:
    """One emergency of the strip; `why` in words, `crew` empty where nobody has it."""

    id: int
    number: str
    title: str
    why: tuple[str, ...]
    crew: str


@dataclass(frozen=True, slots=True)
class RingBar:
    """The strip above every page of whoever gives out repairs; empty without emergencies."""

    rows: list[RingRow]


@router.get("")
def show(request: Request, visit: VisitDep) -> Response:
    """What is open: list and map side by side, the crews below."""
    asked = request.query_params
    with visit.reading() as work:
        check_sees(work)
        return render(request, "desk/repairs", _board(request, work, asked))


@router.get("/bar")
def bar(request: Request, visit: VisitDep) -> Response:
    """Emergencies nobody has dealt with yet, as the strip on top of every page."""
    with visit.reading() as work:
        check_sees(work)
        ringing = queries.list_ringing(work.session, work.actor)
        rows = [
            RingRow(row.id, row.number, row.title, emergency_labels(row), row.crew_name or "")
            for row in ringing
        ]
    return render(request, "desk/repairs_bar", RingBar(rows))


@router.get("/give/{case_id}")
def choose(request: Request, visit: VisitDep, case_id: int) -> Response:
    """One repair: who could go and why, who not and why not."""
    with visit.reading() as work:
        return _give_page(request, work, case_id, {}, {})


@router.post("/give/{case_id}")
def give(request: Request, visit: VisitDep, case_id: int, form: FormDep) -> Response:
    """Give the repair to the crew chosen."""
    parsed = parse(GiveForm, form)
    sent = parsed.value
    errors = parsed.errors
    if sent is not None and sent.crew_id is None:
        errors = {"crew_id": mark("Choose the crew.")}
    elif sent is not None and sent.crew_id is not None:
        try:
            with visit.writing() as work:
                one = Giving(case_id, sent.version, sent.crew_id, sent.note)
                giving.give(work.session, one, actor=work.actor, now=work.now)
            return see_other(_back(form, case_id))
        except InvalidError as refusal:
            errors = refusal.fields or {"": refusal.msgid}
    with visit.reading() as work:
        return _give_page(request, work, case_id, form.values, errors, status=422)


@router.post("/give/{case_id}/turn")
def give_in_turn(request: Request, visit: VisitDep, case_id: int, form: FormDep) -> Response:
    """Give the repair to the crew whose turn it is (轮派)."""
    version = whole_number(form.text("version")) or 0
    try:
        with visit.writing() as work:
            giving.give_in_turn(work.session, case_id, version, actor=work.actor, now=work.now)
        return see_other(_back(form, case_id))
    except InvalidError as refusal:
        errors = refusal.fields or {"": refusal.msgid}
    with visit.reading() as work:
        return _give_page(request, work, case_id, form.values, errors, status=422)


@router.post("/give/{case_id}/head")
def ask_head(visit: VisitDep, case_id: int, form: FormDep) -> Response:
    """Ask the head of the unit to arrange who goes."""
    with visit.writing() as work:
        giving.ask_head(work.session, case_id, actor=work.actor, now=work.now)
    return see_other(f"/repairs/give/{case_id}?asked=1&{query_of(form.values)}")


def check_sees(work: Work) -> None:
    """Refuse whoever has nothing to do with giving out, filing or checking repairs.

    Raises:
        ForbiddenError: so it is.
    """
    if not any(work.actor.may(one) for one in MAY_SEE):
        raise ForbiddenError(mark("Your role does not include this."))


def _board(request: Request, work: Work, asked: Mapping[str, str]) -> BoardPage:
    language = locale_of(request).tag
    session, actor = work.session, work.actor
    wanted, query = _wanted(asked), query_of(asked)
    scene = look(session, now=work.now)
    cursor = asked.get("cursor") or None
    page = queries.list_board(session, actor, wanted, cursor=cursor, now=work.now)
    mine = [one for one in scene.crews.values() if crews.gives_work_to(actor, one)]
    settings: Settings = request.app.state.settings
    drawn = base_map(settings, is_public=False)
    if drawn is not None:
        drawn["points"] = points_of(scene, page.items, mine, language=language)
    return BoardPage(
        tabs=_tabs(work, wanted),
        rows=[board_row(session, scene, one, actor=actor, language=language) for one in page.items],
        crews=[crew_row(session, scene, one, language=language) for one in mine],
        types=[(str(one.id), one.name.within(language)) for one in facilities.list_types(session)],
        crew_choices=[(str(one.id), one.name.within(language)) for one in mine],
        regions=departments.list_regions(session, language=language),
        dues=DUES,
        values=_kept(asked),
        query=query,
        given=_given(work, scene, asked.get("given", ""), language),
        map=drawn,
        may_give=actor.may(Permission.REPAIR_ASSIGN),
        next_url=_paged(query, page.next_cursor),
        prev_url=_paged(query, page.prev_cursor),
    )


def _tabs(work: Work, wanted: Wanted) -> list[tuple[str, str, int, bool]]:
    counted = queries.count_parts(work.session, work.actor)
    return [
        (label, f"/repairs?view={part}", counted[part], part is wanted.part)
        for part, label in _PARTS.items()
    ]


def _give_page(
    request: Request,
    work: Work,
    case_id: int,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    status: int = 200,
) -> Response:
    check_sees(work)
    line = queries.find_line(work.session, work.actor, case_id)
    if line is None:
        raise NotFoundError(mark("This repair is not open any more, or it is not yours to see."))
    scene = look(work.session, now=work.now)
    language = locale_of(request).tag
    view = choices(work.session, scene, line, actor=work.actor, language=language)
    first = str(view.proposed[0].id) if view.proposed else ""
    page = GivePage(
        view=view,
        values={"crew_id": first, "note": "", **typed, "version": str(line.version)},
        errors=errors,
        query=query_of(typed or request.query_params),
        asked=request.query_params.get("asked") == "1",
    )
    return render(request, "desk/repair_give", page, status=status)


def _given(work: Work, scene: Scene, case_text: str, language: str) -> tuple[str, str] | None:
    """Which repair was just given to which crew."""
    case_id = whole_number(case_text)
    line = queries.find_line(work.session, work.actor, case_id) if case_id else None
    crew = scene.crews.get(line.crew_id) if line is not None else None
    return (line.number, crew.name.within(language)) if line is not None and crew else None


def _wanted(asked: Mapping[str, str]) -> Wanted:
    view, due = asked.get("view", ""), asked.get("due", "")
    return Wanted(
        part=Part(view) if view in set(Part) else Part.ALL,
        type_id=whole_number(asked.get("type", "")),
        crew_id=whole_number(asked.get("crew", "")),
        region_code=asked.get("region", "")[:12],
        only_danger=asked.get("danger", "") == "on",
        due=Due(due) if due in set(Due) else None,
    )


def _kept(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: asked.get(name, "")[:24] for name in _NAMES}


def query_of(asked: Mapping[str, str]) -> str:
    """The filters of the board as part of an address, made anew from known names."""
    return urlencode({name: value for name, value in _kept(asked).items() if value})


def _back(form: RawForm, case_id: int) -> str:
    query = query_of(form.values)
    return f"/repairs?{query}&given={case_id}" if query else f"/repairs?given={case_id}"


def _paged(query: str, cursor: str | None) -> str:
    return f"/repairs?{query}&cursor={cursor}" if cursor else ""

"""Bulk work from the workbench: choose, say what, see the preview, run, read what became of each.

Works without script: a form, a page, a form. Rights are asked anew for every matter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Row

from app.accounts import queries as accounts
from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.cases.kinds import CallbackResult, Outcome
from app.cases.labels import LABELS, label
from app.cases.queries.lists import Filter
from app.desk import views
from app.desk.bulk import queries, service
from app.desk.bulk.doing import One, words
from app.desk.bulk.rules import AT_ONCE, DEEDS, MOST, Ask, BulkDeed, BulkState, RowState
from app.desk.models import BulkRun
from app.desk.worklist import counts as chips
from app.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.supervision.pages.orders import level_choices
from app.web.forms import FormDep, RawForm
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/desk/bulk")

_LONGEST: Final = 5000
STATES: Final[Mapping[BulkState, str]] = {
    BulkState.DRAFT: mark("Not begun"),
    BulkState.WAITING: mark("Being done"),
    BulkState.DONE: mark("Run finished"),
}
ROW_STATES: Final[Mapping[RowState, str]] = {
    RowState.WAITING: mark("Waits"),
    RowState.DONE: mark("Carried out"),
    RowState.REFUSED: mark("Not carried out"),
}
LABELS_OF_ASKS: Final[Mapping[Ask, str]] = {
    Ask.TEXT: mark("For the citizen"),
    Ask.NOTE: mark("Internal note"),
    Ask.HANDLER: mark("Handler"),
    Ask.OUTCOME: mark("Outcome"),
    Ask.AMOUNT: mark("Days more"),
    Ask.EVIDENCE: mark("What it rests on"),
    Ask.RESULT: mark("Result of the call-back"),
    Ask.LEVEL: mark("Supervision level"),
    Ask.REASON: mark("Why it is supervised"),
    Ask.DEMAND: mark("What the unit is to do"),
    Ask.STATEMENT: mark("Statement that proves each of them"),
    Ask.LACKING: mark("Why something cannot be given"),
}
_LONG: Final = frozenset({Ask.TEXT, Ask.NOTE, Ask.REASON, Ask.DEMAND, Ask.STATEMENT, Ask.LACKING})


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in the list of one's own."""

    id: int
    deed: str
    state: str
    many: int
    refused: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RunsPage:
    """One's own runs."""

    rows: list[RunLine]
    next_url: str
    prev_url: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One matter of a run."""

    number: str
    title: str
    state: str
    result: str
    lamp: str
    why: str


@dataclass(frozen=True, slots=True)
class AskView:
    """One field of the deed's form."""

    name: str
    label: str
    control: str
    choices: list[tuple[str, str]]
    is_words: bool


@dataclass(frozen=True, slots=True)
class BulkPage:
    """A run as it stands: the choice of a deed, the preview, or the result."""

    id: int
    version: int
    state: str
    is_draft: bool
    is_running: bool
    total: int
    left_out: int
    most: int
    at_once: int
    deeds: list[tuple[str, str, bool]]
    deed: str
    deed_label: str
    asks: list[AskView]
    is_planned: bool
    able: int
    unable: int
    done: int
    refused: int
    waiting: int
    sample: tuple[str, str] | None
    macros: list[tuple[int, str]]
    rows: list[RowView]
    next_url: str
    prev_url: str
    back: str
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("")
def show_runs(request: Request, visit: VisitDep, cursor: str = "") -> Response:
    """One's own runs, the newest first."""
    with visit.reading() as work:
        work.actor.require(Permission.CASE_READ)
        found = queries.list_runs(work.session, work.actor, cursor=cursor or None)
    base = "/desk/bulk?cursor="
    page = RunsPage(
        [_run_line(row) for row in found.items],
        f"{base}{found.next_cursor}" if found.next_cursor else "",
        f"{base}{found.prev_cursor}" if found.prev_cursor else "",
    )
    return render(request, "desk/bulk_runs", page)


@router.post("")
def choose(visit: VisitDep, form: FormDep) -> Response:
    """Keep the matters chosen: those ticked, or all of the list."""
    query = form.text("query")
    with visit.writing() as work:
        work.actor.require(Permission.CASE_READ)
        wanted = _wanted(work, query) if form.text("all") else None
        run = service.gather(
            work.session,
            work.actor,
            numbers=form.lists.get("pick", [])[:MOST],
            wanted=wanted,
            came_from=query,
            now=work.now,
        )
        address = f"/desk/bulk/{run.id}"
    return see_other(address)


@router.get("/{run_id}")
def show(
    request: Request,
    visit: VisitDep,
    run_id: int,
    deed: BulkDeed | None = None,
    macro: int | None = None,
    cursor: str = "",
) -> Response:
    """The run as it stands."""
    with visit.reading() as work:
        work.actor.require(Permission.CASE_READ)
        run = queries.get_run(work.session, run_id, work.actor)
        values: dict[str, str] | None = None
        if macro is not None:
            deed, values = _of_macro(work, macro)
        page = _page(request, work, run, deed=deed, values=values, cursor=cursor)
    return render(request, "desk/bulk", page)


@router.post("/{run_id}/plan")
def plan(request: Request, visit: VisitDep, run_id: int, form: FormDep) -> Response:
    """Say what is to be done, and see what it would do to each."""
    deed = _deed_of(form)
    given = {str(ask): form.text(ask)[:_LONGEST] for ask in Ask}
    try:
        with visit.writing() as work:
            work.actor.require(Permission.CASE_READ)
            service.plan(work.session, work.actor, run_id, deed, given, now=work.now)
    except InvalidError as refusal:
        with visit.reading() as work:
            run = queries.get_run(work.session, run_id, work.actor)
            errors = refusal.fields or {"": refusal.msgid}
            page = _page(request, work, run, deed=deed, values=given, errors=errors)
        return render(request, "desk/bulk", page, status=422)
    return see_other(f"/desk/bulk/{run_id}")


@router.post("/{run_id}/run")
def run(visit: VisitDep, run_id: int, _form: FormDep) -> Response:
    """Do it; pressed twice, it is done once."""
    with visit.writing() as work:
        work.actor.require(Permission.CASE_READ)
        service.begin(work.session, work.actor, run_id, now=work.now)
        chips.forget(work.actor)
    return see_other(f"/desk/bulk/{run_id}")


def _wanted(work: Work, query: str) -> Filter:
    given = parse_qs(query)
    if key := given.get("view", [""])[0]:
        chip = views.chip_for(work.actor, key)
        if chip is None:
            raise NotFoundError(mark("There is no such list for your role."))
        return views.filter_of(chip, work.actor)
    return views.from_query(given)


def _deed_of(form: RawForm) -> BulkDeed:
    given = form.text("deed")
    if given not in set(BulkDeed):
        raise InvalidError(mark("Choose first what is to be done."))
    return BulkDeed(given)


def _of_macro(work: Work, macro_id: int) -> tuple[BulkDeed | None, dict[str, str]]:
    """The deed and the fields of a macro, where its step is one that can be done to many."""
    macro = queries.get_macro(work.session, macro_id, work.actor)
    deed = next((one for one, rule in DEEDS.items() if rule.action is macro.action), None)
    facts = {name: str(value) for name, value in macro.facts.items()}
    return deed, facts | {str(Ask.TEXT): macro.text, str(Ask.NOTE): macro.note}


def _page(
    request: Request,
    work: Work,
    run: BulkRun,
    *,
    deed: BulkDeed | None,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    cursor: str = "",
) -> BulkPage:
    here = deed or run.deed
    if here is not None and not any(map(work.actor.may, DEEDS[here].needs)):
        raise ForbiddenError(mark("Your role does not include this."))
    counted = queries.counts(work.session, run.id)
    found = queries.list_rows(work.session, work.actor, run.id, cursor=cursor or None)
    is_planned = run.deed is not None and here is run.deed and not errors
    of = _of_state(counted)
    base = f"/desk/bulk/{run.id}?cursor="
    return BulkPage(
        id=run.id,
        version=run.version,
        state=STATES[run.state],
        is_draft=run.state is BulkState.DRAFT,
        is_running=run.state is BulkState.WAITING,
        total=sum(counted.values()),
        left_out=run.left_out,
        most=MOST,
        at_once=AT_ONCE,
        deeds=[
            (str(one), rule.label, one is here)
            for one, rule in DEEDS.items()
            if any(map(work.actor.may, rule.needs))
        ],
        deed=str(here or ""),
        deed_label=DEEDS[here].label if here else "",
        asks=_asks(request, work, here) if run.state is BulkState.DRAFT else [],
        is_planned=is_planned,
        able=counted.get((RowState.WAITING, False), 0),
        unable=counted.get((RowState.WAITING, True), 0),
        done=of(RowState.DONE),
        refused=of(RowState.REFUSED),
        waiting=of(RowState.WAITING),
        sample=_sample(work, run) if is_planned and run.state is BulkState.DRAFT else None,
        macros=_macros(work),
        rows=[_row(row, is_planned=is_planned) for row in found.items],
        next_url=f"{base}{found.next_cursor}" if found.next_cursor else "",
        prev_url=f"{base}{found.prev_cursor}" if found.prev_cursor else "",
        back=f"/desk?{run.came_from}" if run.came_from else "/desk",
        values=values if values is not None else run.given,
        errors=errors or {},
    )


def _of_state(counted: Mapping[tuple[RowState, bool], int]) -> Callable[[RowState], int]:
    return lambda state: sum(many for (one, _why), many in counted.items() if one is state)


def _macros(work: Work) -> list[tuple[int, str]]:
    able = {rule.action for rule in DEEDS.values() if rule.action is not None}
    found = queries.list_macros(work.session, work.actor)
    return [(row.id, row.name) for row in found if row.action in able]


def _asks(request: Request, work: Work, deed: BulkDeed | None) -> list[AskView]:
    if deed is None:
        return []
    rule = DEEDS[deed]
    return [_ask(request, work, ask) for ask in (*rule.requires, *rule.offers)]


def _ask(request: Request, work: Work, ask: Ask) -> AskView:
    choices: list[tuple[str, str]] = []
    is_words = ask in (Ask.OUTCOME, Ask.RESULT)
    if ask is Ask.OUTCOME:
        choices = [(str(one), text) for one, text in LABELS[Outcome].items()]
    elif ask is Ask.RESULT:
        choices = [(str(one), text) for one, text in LABELS[CallbackResult].items()]
    elif ask is Ask.HANDLER:
        choices = list(accounts.list_handlers(work.session, work.actor.unit_id))
    elif ask is Ask.LEVEL:
        choices = level_choices(work.session, english=locale_of(request).tag == "en")
    control = "select" if ask in (Ask.OUTCOME, Ask.RESULT, Ask.HANDLER, Ask.LEVEL) else "text"
    return AskView(
        str(ask), LABELS_OF_ASKS[ask], "textarea" if ask in _LONG else control, choices, is_words
    )


def _sample(work: Work, run: BulkRun) -> tuple[str, str] | None:
    """What the citizen of the first matter that will go would read."""
    if not run.given.get(Ask.TEXT):
        return None
    for row in queries.rows_of(work.session, run.id):
        case = None if row.why else queries.find_case(work.session, row.case_id, work.actor)
        if case is not None:
            one = One(work.session, work.actor, case, row.seen, run.given, work.now)
            return case.number, words(one)
    return None


def _row(row: Row[*tuple[Any, ...]], *, is_planned: bool) -> RowView:
    result, lamp = ROW_STATES[row.state], "done"
    if row.state is RowState.REFUSED:
        lamp = "bad"
    elif row.state is RowState.WAITING:
        result, lamp = (mark("Will not go"), "warn") if row.why else (mark("Will be done"), "ok")
        if not is_planned:
            result, lamp = ROW_STATES[row.state], "paused"
    return RowView(
        number=row.number,
        title=row.title if row.is_seen else "",
        state=label(row.status) if row.is_seen else "",
        result=result,
        lamp=lamp,
        why=row.why,
    )


def _run_line(row: Row[*tuple[Any, ...]]) -> RunLine:
    deed = DEEDS[row.deed].label if row.deed else mark("Nothing chosen yet")
    return RunLine(row.id, deed, STATES[row.state], row.many, row.refused, row.created_at)

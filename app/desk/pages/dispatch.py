"""The dispatch desk: what waits to be sent to a unit, sent one by one or as a whole selection.

Handlers only. Every row carries the version it was drawn from: who comes second is told so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.departments import queries as departments
from app.desk.dispatchdesk import (
    DoneRow,
    QueueRow,
    done_row,
    queue_row,
)
from app.desk.steps import category_choices
from app.desk.worklist import counts
from app.dispatching import queries
from app.dispatching.queries import Queue, Wanted
from app.dispatching.service import sending
from app.dispatching.service.sending import Sending
from app.dispatching.views import AlertView, alert_views
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import whole_number
from app.web.forms import FormDep, RawForm, parse
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/desk/dispatch")

_QUEUES: Final[Mapping[Queue, str]] = {
    Queue.NEW: mark("To dispatch"),
    Queue.RETURNS: mark("Returns to decide"),
    Queue.ENDING: mark("To redistribute"),
}
_MOST: Final = 30
_NONE_CHOSEN: Final = mark("Choose at least one matter.")


class OneForm(BaseModel):
    """One matter, as it was shown, and the unit it is to go to."""

    version: int
    unit_id: int | None = None
    note: Annotated[str, Field(max_length=5000, title=mark("Internal note"))] = ""


@dataclass(frozen=True, slots=True)
class DispatchPage:
    """What the queue prints."""

    title: str
    queue: str
    tabs: list[tuple[str, str, str, bool]]
    rows: list[QueueRow]
    alerts: list[AlertView]
    regions: list[tuple[str, str]]
    categories: tuple[tuple[str, str], ...]
    values: Mapping[str, str]
    errors: Mapping[str, str]
    back: str
    next_url: str
    prev_url: str


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A selection before it is sent: what would go where."""

    rows: list[QueueRow]
    back: str
    wants_note: bool


@dataclass(frozen=True, slots=True)
class DonePage:
    """A selection after it was sent: what became of each."""

    rows: list[DoneRow]
    back: str
    sent: int
    refused: int


@router.get("")
def show(request: Request, visit: VisitDep) -> Response:
    """What waits for a dispatcher, the most urgent first."""
    with visit.reading() as work:
        return _page(request, work, request.query_params, {})


@router.post("/preview")
def preview(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Show what would become of the chosen matters; nothing is sent yet."""
    chosen = [found for text in form.lists.get("pick", ()) if (found := whole_number(text))]
    with visit.reading() as work:
        work.actor.require(Permission.CASE_DISPATCH)
        if not chosen:
            return _page(request, work, _back_of(form), {"": _NONE_CHOSEN}, status=422)
        rows = queries.rows_of(work.session, work.actor, chosen[:_MOST])
        page = PreviewPage(
            rows=_rows(request, work, rows),
            back=_address(_back_of(form)),
            wants_note=_back_of(form).get("view") == Queue.ENDING,
        )
        return render(request, "desk/dispatch_preview", page)


@router.post("/send")
def send_many(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Send the chosen matters; each for itself, and say what became of it."""
    many = _sendings(form)
    with visit.writing() as work:
        shown = {
            row.id: row
            for row in queries.rows_of(work.session, work.actor, [one.case_id for one in many])
        }
        known = [one for one in many if one.case_id in shown]
        done = sending.send_many(
            work.session, known, note=form.text("note"), actor=work.actor, now=work.now
        )
        counts.forget(work.actor)
        names = departments.names_of(work.session, [one.unit_id or 0 for one in known])
        rows = [
            done_row(
                shown[one.case_id].number,
                shown[one.case_id].title,
                names.get(one.unit_id or 0, ""),
                end,
            )
            for one, end in zip(known, done, strict=True)
        ]
    refused = sum(bool(row.trouble) for row in rows)
    page = DonePage(rows, _address(_back_of(form)), len(rows) - refused, refused)
    return render(request, "desk/dispatch_done", page)


@router.post("/{case_id}")
def send_one(request: Request, visit: VisitDep, case_id: int, form: FormDep) -> Response:
    """Send one matter to the unit chosen in its row."""
    parsed = parse(OneForm, form)
    sent = parsed.value
    errors = parsed.errors
    if sent is not None:
        try:
            with visit.writing() as work:
                one = Sending(case_id, sent.version, sent.unit_id)
                sending.send(work.session, one, note=sent.note, actor=work.actor, now=work.now)
                counts.forget(work.actor)
            return see_other(_address(_back_of(form)))
        except InvalidError as refusal:
            errors = refusal.fields or {"": refusal.msgid}
    with visit.reading() as work:
        about = {"": next(iter(errors.values()))}
        return _page(request, work, _back_of(form), about, status=422)


def _sendings(form: RawForm) -> list[Sending]:
    """The rows of the preview: key, version and unit, as `12~3~45`."""
    found = []
    for text in form.lists.get("row", ())[:_MOST]:
        parts = [whole_number(part) for part in text.split("~")]
        match parts:
            case [int(case_id), int(version), unit_id]:
                found.append(Sending(case_id, version, unit_id))
    return found


def _page(
    request: Request,
    work: Work,
    asked: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    status: int = 200,
) -> Response:
    work.actor.require(Permission.CASE_DISPATCH)
    wanted = _wanted(asked)
    language = locale_of(request).tag
    page = queries.list_queue(
        work.session, work.actor, wanted, cursor=asked.get("cursor") or None, size=_MOST
    )
    back = _address(asked)
    context = DispatchPage(
        title=_QUEUES[wanted.queue],
        queue=wanted.queue,
        tabs=[
            (
                label,
                f"/desk/dispatch?view={queue}",
                str(queries.count_queue(work.session, work.actor, queue)),
                queue is wanted.queue,
            )
            for queue, label in _QUEUES.items()
        ],
        rows=_rows(request, work, page.items),
        alerts=alert_views(
            work.session,
            language=language,
            may_mend=work.actor.may(Permission.CATALOGUE_MANAGE),
        ),
        regions=departments.list_regions(work.session, language=language),
        categories=category_choices(work.session, language),
        values=_kept(asked),
        errors=errors,
        back=back,
        next_url=_paged(back, page.next_cursor),
        prev_url=_paged(back, page.prev_cursor),
    )
    return render(request, "desk/dispatch", context, status=status)


def _rows(request: Request, work: Work, rows: Sequence[queries.QueueLine]) -> list[QueueRow]:
    language = locale_of(request).tag
    return [
        queue_row(work.session, row, place=place, language=language, now=work.now)
        for place, row in enumerate(rows, start=1)
    ]


_NAMES: Final = ("view", "region", "category")


def _wanted(asked: Mapping[str, str]) -> Wanted:
    view = asked.get("view", "")
    return Wanted(
        queue=Queue(view) if view in set(Queue) else Queue.NEW,
        region_code=asked.get("region", "")[:12],
        category_id=whole_number(asked.get("category", "")),
    )


def _kept(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: asked.get(name, "")[:24] for name in _NAMES}


def _back_of(form: RawForm) -> dict[str, str]:
    return {name: form.text(name) for name in _NAMES}


def _address(asked: Mapping[str, str]) -> str:
    """Where the reader came from, made anew from known parts."""
    wanted = _wanted(asked)
    parts = [f"view={wanted.queue}"]
    if wanted.region_code.isdigit():
        parts.append(f"region={wanted.region_code}")
    if wanted.category_id is not None:
        parts.append(f"category={wanted.category_id}")
    return "/desk/dispatch?" + "&".join(parts)


def _paged(back: str, cursor: str | None) -> str:
    return f"{back}&cursor={cursor}" if cursor else ""

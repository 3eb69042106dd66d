"""Service items out of the house as a file and in from one, with a look at what is refused.

The file itself is not kept: the page that shows what would become of it carries it along.
"""

from datetime import date
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep, Work
from app.admin.catalogue import edit_of
from app.admin.frame import language_of, show
from app.admin.items.common import HOME, require, today_of, told
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.service_items import books, queries, service
from app.service_items.service import Fate, Outcome
from app.web.deps import EdgeDep
from app.web.forms import FormDep, RawForm
from app.web.templating import see_other

router = APIRouter(prefix=f"{HOME}/file")

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FATES: Final = {
    Fate.NEW: mark("new"),
    Fate.CHANGED: mark("new version"),
    Fate.SAME: mark("here already"),
    Fate.REFUSED: mark("refused"),
}


@router.get("/items.json")
def give_json(visit: VisitDep) -> Response:
    """All items in their newest published versions, for another house."""
    with visit.reading() as work:
        require(work)
        text = service.written(queries.newest_versions(work.session))
    return _file(text.encode(), "application/json", "service-items.json")


@router.get("/items.xlsx")
def give_xlsx(visit: VisitDep) -> Response:
    """The same as a workbook of three sheets."""
    with visit.reading() as work:
        require(work)
        book = books.write_book(queries.newest_versions(work.session))
    return _file(book, _XLSX, "service-items.xlsx")


@router.get("/take")
def show_take(request: Request, visit: VisitDep) -> Response:
    """The form for a file."""
    with visit.reading() as work:
        require(work)
    return _page(request, work, "", [], {})


@router.post("/take")
def take(request: Request, visit: VisitDep, edge: EdgeDep, form: FormDep) -> Response:
    """Say what would become of each item; or, pressed again there, take over what is in order."""
    today = today_of(edge)
    if form.text("do") == "take":
        return _taken(request, visit, form.text("document"), today)
    with visit.reading() as work:
        require(work)
        try:
            text = _text(form)
            outcomes = service.foresee(work.session, service.read_document(text), today=today)
        except InvalidError as error:
            return _page(request, work, "", [], error.fields)
    return _page(request, work, text, outcomes, {})


def _taken(request: Request, visit: VisitDep, text: str, today: date) -> Response:
    with visit.writing() as work:
        require(work)
        items = service.read_document(text)
        outcomes = service.take_over(work.session, items, today=today, edit=edit_of(work))
    if any(outcome.fate is Fate.REFUSED for outcome in outcomes):
        refused = [outcome for outcome in outcomes if outcome.fate is Fate.REFUSED]
        return _page(request, work, "", refused, {}, done=len(outcomes) - len(refused))
    return see_other(HOME)


def _text(form: RawForm) -> str:
    files = form.files("file")
    if not files:
        raise InvalidError(fields={"file": mark("Choose a file.")})
    return books.read_file(files[0].file.read())


def _page(
    request: Request,
    work: Work,
    text: str,
    outcomes: list[Outcome],
    errors: dict[str, str],
    done: int | None = None,
) -> Response:
    language = language_of(request)
    counts = {fate: sum(1 for one in outcomes if one.fate is fate) for fate in Fate}
    context = {
        "document": text,
        "outcomes": [
            (one, FATES[one.fate], one.fate is Fate.REFUSED, told(one.errors or {}, language))
            for one in outcomes
        ],
        "counts": [(FATES[fate], n) for fate, n in counts.items() if n],
        "may_take": bool(text) and counts[Fate.NEW] + counts[Fate.CHANGED] > 0,
        "done": done,
        "errors": errors,
    }
    status = 422 if errors else 200
    return show(request, work.actor, "admin/item_file", context, status=status)


def _file(content: bytes, media_type: str, name: str) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=named)

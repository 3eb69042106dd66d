"""Pages where a list of people is uploaded, its columns named, previewed and taken over.

For who may both edit and merge citizens; system administrators see no citizens.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.citizens.rules import number_of
from app.exports.rules import defused
from app.imports import queries
from app.imports.models import PeopleList
from app.imports.people import lists
from app.imports.people.fates import Existing, Fate, ListKind, ListState
from app.imports.people.lists import MODELS, Reject
from app.imports.people.taking import Outcome
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.paging import Page
from app.web.forms import FormDep, RawForm, parse
from app.web.i18n import gettext
from app.web.templating import render, see_other

router = APIRouter(prefix="/citizens/import")

Cursor = Annotated[str, Query(max_length=1000)]
_MOST_REJECTS: Final = 200  # shown; the file has all of them
KINDS: Final[Mapping[ListKind, str]] = {
    ListKind.CITIZENS: mark("Citizens"),
    ListKind.CONTACTS: mark("New contacts of citizens we know"),
}
STATES: Final[Mapping[ListState, str]] = {
    ListState.WAITING: mark("waiting to be checked"),
    ListState.RUNNING: mark("being taken over"),
    ListState.DONE: mark("taken over"),
    ListState.FORGOTTEN: mark("erased"),
}
FATES: Final[Mapping[Fate, str]] = {
    Fate.NEW: mark("new"),
    Fate.LIKELY: mark("new, may be here already"),
    Fate.UPDATED: mark("brought up to date"),
    Fate.KNOWN: mark("here already"),
    Fate.REFUSED: mark("refused"),
}


class UploadForm(BaseModel):
    """What the file is about."""

    kind: ListKind


class ColumnsForm(BaseModel):
    """What to do about documents known already, and where the keys come from."""

    existing: Existing = Existing.UPDATE
    source: Annotated[str, Field(max_length=40, title=mark("What the list is called"))] = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What would become of one row, without anything of the row itself."""

    row: int
    fate: str
    numbers: Sequence[str]
    problems: Sequence[tuple[str, str]]
    is_refused: bool


@dataclass(frozen=True, slots=True)
class UploadPage:
    """The way in, and what was uploaded lately."""

    lists: Page[Any]
    prev_url: str
    next_url: str
    kinds: Mapping[ListKind, str]
    states: Mapping[ListState, str]
    values: Mapping[str, str]
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ListPage:
    """One list: its columns, what would become of its first rows, or how far it is."""

    kept: PeopleList
    title: str
    state: str
    columns: Sequence[tuple[str, str]]
    fields: Sequence[tuple[str, str]]
    preview: Sequence[Line]
    rejects: Sequence[Reject]
    is_cut: bool
    is_running: bool
    is_waiting: bool
    values: Mapping[str, str]
    errors: Mapping[str, str]


@router.get("")
def show_lists(request: Request, visit: VisitDep, cursor: Cursor = "") -> Response:
    """The form for a file, and the lists of before."""
    return _upload_page(request, visit, cursor, {}, {})


@router.post("")
def upload(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Read the file and keep its rows sealed; nothing is taken over yet."""
    parsed = parse(UploadForm, form)
    if parsed.value is None:
        return _upload_page(request, visit, "", parsed.values, parsed.errors)
    try:
        read = lists.read(_content(form))
    except InvalidError as error:
        return _upload_page(request, visit, "", parsed.values, error.fields)
    with visit.writing() as work:
        _require(work)
        kept = lists.keep(
            work.session,
            read,
            parsed.value.kind,
            by=work.author,
            by_id=work.actor.id,
            now=work.now,
        )
    return see_other(f"/citizens/import/{kept}")


@router.get("/{list_id}")
def show_list(request: Request, visit: VisitDep, list_id: int) -> Response:
    """One list as it stands."""
    return _list_page(request, visit, list_id, {}, {})


@router.post("/{list_id}")
def choose(request: Request, visit: VisitDep, list_id: int, form: FormDep) -> Response:
    """Say which column is what; look at the first rows again, or have the list taken over."""
    if errors := _chosen(visit, list_id, form):
        return _list_page(request, visit, list_id, form.values, errors)
    return see_other(f"/citizens/import/{list_id}")


@router.post("/{list_id}/forget")
def forget(visit: VisitDep, list_id: int, _form: FormDep) -> Response:
    """Erase a list nobody wants taken over."""
    with visit.writing() as work:
        _require(work)
        lists.forget(work.session, list_id, by=work.author, now=work.now)
    return see_other("/citizens/import")


@router.get("/{list_id}/rejects.csv")
def rejects(visit: VisitDep, list_id: int) -> Response:
    """The refused rows, each with its column and reason; nothing of the rows themselves."""
    with visit.reading() as work:
        _require(work)
        queries.get_list(work.session, list_id)
        found = lists.rejects_of(work.session, list_id)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([gettext(mark("Row")), gettext(mark("Column")), gettext(mark("Reason"))])
    writer.writerows((each.row, defused(each.column), gettext(each.reason)) for each in found)
    named = {"Content-Disposition": f'attachment; filename="rejects-{list_id}.csv"'}
    # With a mark, or Excel takes UTF-8 for something else.
    return Response(out.getvalue().encode("utf-8-sig"), media_type="text/csv", headers=named)


def _chosen(visit: VisitDep, list_id: int, form: RawForm) -> dict[str, str]:
    parsed = parse(ColumnsForm, form)
    if parsed.value is None:
        return parsed.errors
    try:
        with visit.writing() as work:
            _require(work)
            chosen = {
                name.removeprefix("col_"): column
                for name, column in form.values.items()
                if name.startswith("col_") and column
            }
            source, existing = parsed.value.source.strip(), parsed.value.existing
            lists.choose(work.session, list_id, chosen, source=source, existing=existing)
            if form.text("do") == "run":
                lists.start(work.session, list_id, by=work.author, now=work.now)
    except InvalidError as error:
        return {_at(name): words for name, words in error.fields.items()}
    return {}


def _at(field: str) -> str:
    return field if field in ColumnsForm.model_fields else f"col_{field}"


def _require(work: Work) -> None:
    work.actor.require(Permission.CITIZEN_EDIT)
    work.actor.require(Permission.CITIZEN_MERGE)


def _content(form: RawForm) -> bytes:
    files = form.files("file")
    if not files:
        raise InvalidError(fields={"file": mark("Choose a file.")})
    return files[0].file.read()


def _upload_page(
    request: Request,
    visit: VisitDep,
    cursor: str,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    with visit.reading() as work:
        _require(work)
        found = queries.list_lists(work.session, cursor=cursor or None)
    before, after = (
        f"/citizens/import?cursor={each}" if each else ""
        for each in (found.prev_cursor, found.next_cursor)
    )
    values = {"kind": str(ListKind.CITIZENS)} | dict(values)
    page = UploadPage(found, before, after, KINDS, STATES, values, errors)
    return render(request, "citizens/import", page, status=422 if errors else 200)


def _list_page(
    request: Request,
    visit: VisitDep,
    list_id: int,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    with visit.reading() as work:
        _require(work)
        page = _listed(work, queries.get_list(work.session, list_id), values, errors)
        return render(request, "citizens/import_one", page, status=422 if errors else 200)


def _listed(
    work: Work, kept: PeopleList, values: Mapping[str, str], errors: Mapping[str, str]
) -> ListPage:
    is_waiting = kept.state is ListState.WAITING
    is_ready = is_waiting and bool({"name", "number", "old_phone"} & kept.chosen.keys())
    found = [] if is_waiting else lists.rejects_of(work.session, kept.id)
    chosen = {f"col_{field}": column for field, column in kept.chosen.items()}
    model = MODELS[kept.kind]
    fields = list(model.LABELS.items())
    if kept.kind is ListKind.CITIZENS:
        fields.append(("id", mark("Key of the row in the other system")))
    return ListPage(
        kept=kept,
        title=KINDS[kept.kind],
        state=STATES[kept.state],
        columns=[(name, name) for name in kept.header["names"]],
        fields=fields,
        preview=_previewed(work, kept) if is_ready else (),
        rejects=found[:_MOST_REJECTS],
        is_cut=len(found) > _MOST_REJECTS,
        is_running=kept.state is ListState.RUNNING,
        is_waiting=is_waiting,
        values={"existing": str(kept.existing), "source": kept.source} | chosen | dict(values),
        errors=errors,
    )


def _previewed(work: Work, kept: PeopleList) -> list[Line]:
    return [_line(each) for each in lists.preview(work.session, kept, now=work.now)]


def _line(outcome: Outcome) -> Line:
    taken = outcome.taken
    return Line(
        row=outcome.number,
        fate=FATES[taken.fate],
        numbers=[number_of(each) for each in taken.citizen_ids],
        problems=[(each.column, each.reason) for each in taken.problems],
        is_refused=taken.fate is Fate.REFUSED,
    )

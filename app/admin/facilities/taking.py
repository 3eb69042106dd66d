"""The register from a file: what would become of each row, in words; then all of it or nothing.

The file itself is not kept: the page that shows what would become of it carries it along.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin.catalogue import edit_of
from app.admin.facilities.common import REGISTER, TAKEN, bounds_of, today_of
from app.facilities import files, service
from app.facilities.files import Rows
from app.facilities.rules.rows import COLUMNS
from app.facilities.service import Datum, Fate, Outcome, Reading
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.web.deps import Edge, EdgeDep
from app.web.forms import FormDep, RawForm
from app.web.templating import render, see_other

router = APIRouter(prefix=f"{REGISTER}/import")

_SHOWN: Final = 300  # rows; what is refused stands first
FATES: Final[Mapping[Fate, str]] = {
    Fate.REFUSED: mark("refused"),
    Fate.NEW: mark("new"),
    Fate.CHANGED: mark("changed"),
    Fate.SAME: mark("here already"),
}
DATUMS: Final[Mapping[Datum, str]] = {
    Datum.WGS84: mark("CGCS2000 or WGS 84"),
    Datum.GCJ02: mark("GCJ-02 (AMap, Tencent)"),
    Datum.BD09: mark("BD-09 (Baidu)"),
}
FIELDS: Final[Mapping[str, str]] = {
    "code": mark("Code"),
    "plate": mark("Number on the plate"),
    "type": mark("Type"),
    "name": mark("Designation"),
    "place": mark("Place"),
    "region": mark("District or street"),
    "lon": mark("Position"),
    "lat": mark("Position"),
    "owner": mark("Unit that owns it"),
    "state": mark("State"),
    "built_on": mark("Built on"),
    "note": mark("Note"),
}


@dataclass(frozen=True, slots=True)
class TakenRow:
    """What becomes of a row; labels and sentences are msgids."""

    number: int
    code: str
    plate: str
    place: str
    fate: str
    is_refused: bool
    is_swapped: bool
    reasons: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class TakingPage:
    """The form for a file, and what would become of its rows."""

    errors: Mapping[str, str]
    document: str
    datum: str
    datums: list[tuple[str, str]]
    counts: list[tuple[str, int]]
    rows: list[TakenRow]
    hidden: int
    swapped: int
    is_turned: bool
    may_take: bool
    columns: str


@router.get("")
def show_taking(request: Request, visit: VisitDep) -> Response:
    """The form for a file."""
    with visit.reading() as work:
        work.actor.require(Permission.ASSET_EDIT)
    return _page(request, [], RawForm({}), [], {})


@router.post("")
def take(request: Request, visit: VisitDep, edge: EdgeDep, form: FormDep) -> Response:
    """Say what would become of each row; or, pressed again there, take all of them over."""
    try:
        rows = _rows(form)
        if form.text("do") == "take":
            with visit.writing() as work:
                count = _taken(work, edge, rows, form)
            return see_other(f"{REGISTER}?{TAKEN}={count}")
    except InvalidError as refused:
        return _page(request, [], form, [], refused.fields)
    with visit.reading() as work:
        work.actor.require(Permission.ASSET_EDIT)
        found = service.foresee(work.session, rows, _reading(edge, form), edit=edit_of(work))
    return _page(request, rows, form, found, {})


def _taken(work: Work, edge: Edge, rows: Rows, form: RawForm) -> int:
    """How many facilities are new or changed by it."""
    work.actor.require(Permission.ASSET_EDIT)
    found = service.take_over(work.session, rows, _reading(edge, form), edit=edit_of(work))
    return sum(one.fate in (Fate.NEW, Fate.CHANGED) for one in found)


def _reading(edge: Edge, form: RawForm) -> Reading:
    return Reading(
        bounds=bounds_of(edge.settings),
        today=today_of(edge),
        datum=_datum(form),
        turn=form.text("turn") == "yes",
    )


def _datum(form: RawForm) -> Datum:
    said = form.text("datum")
    return Datum(said) if said in set(Datum) else Datum.WGS84


def _rows(form: RawForm) -> Rows:
    if document := form.text("document"):
        return files.read_file(document.encode())
    chosen = form.files("file")
    if not chosen:
        raise InvalidError(fields={"file": mark("Choose a file.")})
    return files.read_file(chosen[0].file.read())


def _carried(rows: Rows) -> str:
    """The rows as the page carries them along: CSV, whatever they came in."""
    heads = [name for name in COLUMNS if any(name in row for row in rows)]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([row.get(name, "") for name in heads] for row in rows)
    return out.getvalue()


def _page(
    request: Request,
    rows: Rows,
    form: RawForm,
    outcomes: Sequence[Outcome],
    errors: Mapping[str, str],
) -> Response:
    counts = {fate: sum(one.fate is fate for one in outcomes) for fate in FATES}
    shown = sorted(outcomes, key=lambda one: (one.fate is not Fate.REFUSED, one.number))[:_SHOWN]
    page = TakingPage(
        errors=errors,
        document=_carried(rows) if rows else "",
        datum=str(_datum(form)),
        datums=[(str(datum), label) for datum, label in DATUMS.items()],
        counts=[(FATES[fate], n) for fate, n in counts.items() if n],
        rows=[_row(one) for one in shown],
        hidden=len(outcomes) - len(shown),
        swapped=sum(one.is_swapped for one in outcomes),
        is_turned=form.text("turn") == "yes",
        may_take=not counts[Fate.REFUSED] and counts[Fate.NEW] + counts[Fate.CHANGED] > 0,
        columns="、".join(COLUMNS.values()),
    )
    return render(request, "facilities/taking", page, status=422 if errors else 200)


def _row(one: Outcome) -> TakenRow:
    return TakenRow(
        number=one.number,
        code=one.draft.code,
        plate=one.draft.plate,
        place=one.draft.place or one.draft.name,
        fate=FATES[one.fate],
        is_refused=one.fate is Fate.REFUSED,
        is_swapped=one.is_swapped,
        reasons=[(FIELDS[field], text) for field, text in one.errors.items() if field in FIELDS],
    )

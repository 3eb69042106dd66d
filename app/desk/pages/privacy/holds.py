"""Legal holds, and the register of what was erased."""

from datetime import date
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import Visit, VisitDep, Work
from app.cases.labels import LABELS
from app.catalogue.rules import CaseKind
from app.citizens.rules import number_of, read_number
from app.desk.pages.privacy.frame import PAGE, require, show, tried
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import whole_number
from app.privacy import queries
from app.privacy.labels import STONES
from app.privacy.queries import StoneLine
from app.privacy.rules import TombstoneGround, number_of_request
from app.privacy.service import holding
from app.web.forms import FormDep, RawForm
from app.web.templating import see_other

router = APIRouter(prefix="/privacy")

_FAR: Final = 2**62
_KINDS: Final = LABELS[CaseKind]


@router.get("/holds")
def holds(request: Request, visit: VisitDep, before: str = "") -> Response:
    """Every hold, the latest first, and a form for another."""
    return _holds(request, visit, whole_number(before) or _FAR, {}, {})


def _holds(
    request: Request,
    visit: Visit,
    before: int,
    values: dict[str, str],
    errors: dict[str, str],
) -> Response:
    with visit.reading() as work:
        require(work)
        found = queries.list_holds(work.session, before=before, most=PAGE + 1)
        names = queries.staff_names(work.session, [line.placed_by_id for line in found])
        context = {
            "rows": [
                {
                    "hold": line,
                    "subject": line.case_number or number_of(line.citizen_id or 0),
                    "by": names.get(line.placed_by_id, ""),
                }
                for line in found[:PAGE]
            ],
            "next": f"/privacy/holds?before={found[PAGE - 1].id}" if len(found) > PAGE else "",
            "values": values,
            "errors": errors,
        }
    return show(request, "holds", context, status=422 if errors else 200)


@router.post("/holds")
def place(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Forbid erasing a matter or a person."""
    errors = tried(visit, lambda work: _place(work, form))
    if errors:
        return _holds(request, visit, _FAR, form.values, errors)
    return see_other("/privacy/holds")


def _place(work: Work, form: RawForm) -> None:
    number = form.text("number").strip()
    citizen_id, case_id = read_number(number), None
    if citizen_id is not None:
        citizen_id = queries.get_who(work.session, citizen_id).id
    elif found := queries.find_case(work.session, number.upper()):
        case_id = found[0]
    holding.place(
        work.session,
        case_id=case_id,
        citizen_id=citizen_id,
        reason=form.text("reason"),
        until=_day(form.text("until")),
        by=work.author,
        now=work.now,
    )


def _day(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError as error:
        raise InvalidError(fields={"until": mark("Enter a day, as 2026-03-01.")}) from error


@router.post("/holds/{hold_id}/lift")
def lift(visit: VisitDep, hold_id: int, _form: FormDep) -> Response:
    """Let a hold go."""
    with visit.writing() as work:
        require(work)
        holding.lift(work.session, hold_id, by=work.author, now=work.now)
    return see_other("/privacy/holds")


def _kind_of(line: StoneLine) -> str:
    if line.talk_id is not None:
        return mark("Contact")
    return _KINDS[line.case_kind] if line.case_kind else mark("Person")


@router.get("/register")
def register(request: Request, visit: VisitDep, before: str = "") -> Response:
    """What was erased, when and why, without a word of what it said."""
    with visit.reading() as work:
        require(work)
        last = whole_number(before) or _FAR
        found = queries.list_stones(work.session, before=last, most=PAGE + 1)
        context = {
            "rows": [
                {
                    "stone": line,
                    "kind": _kind_of(line),
                    "ground": STONES[TombstoneGround(line.ground)],
                    "request": number_of_request(line.request_id) if line.request_id else "",
                    "digest": line.digest.hex()[:16],
                }
                for line in found[:PAGE]
            ],
            "next": f"/privacy/register?before={found[PAGE - 1].id}" if len(found) > PAGE else "",
        }
    return show(request, "register", context)

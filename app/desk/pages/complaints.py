"""What is written down about a complaint from its page: file, measures, proof, who is kept away.

Also the list of measures that still lack their proof.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Final, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.cases.kinds import InquiryKind
from app.cases.models import Case
from app.cases.queries import get_by_number, situation_of
from app.complaints import queries, rules, service
from app.complaints.service import Line, Measure
from app.desk import files
from app.desk.casepage import Typed
from app.desk.inquiry import light_of
from app.desk.pages.cases import again
from app.desk.pages.workbench import is_english
from app.desk.times import Light
from app.desk.worklist import counts
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.web.forms import FormDep, Parsed, RawForm, parse
from app.web.templating import render, see_other
from app.web.uploads import send_file

router = APIRouter()

_MOST: Final = 5000
_Words = Annotated[str, Field(max_length=_MOST)]
_DAY = mark("Enter a date such as 2026-03-15.")
T = TypeVar("T", bound=BaseModel)


class InquiryForm(BaseModel):
    """A line of the investigation file."""

    SENTENCES: ClassVar = {"held_on": _DAY, "kind": mark("Choose what it is.")}

    kind: InquiryKind
    held_on: date
    with_whom: Annotated[str, Field(max_length=200, title=mark("With whom, or which document"))] = (
        ""
    )
    words: Annotated[_Words, Field(title=mark("What was said, read or seen"))] = ""


class MeasureForm(BaseModel):
    """What is to be put right by when."""

    SENTENCES: ClassVar = {"due_on": _DAY}

    what: Annotated[_Words, Field(title=mark("What is to be put right"))] = ""
    due_on: date


class ProofForm(BaseModel):
    """What shows that a measure was carried out."""

    proof: Annotated[_Words, Field(title=mark("Proof"))] = ""


class PersonForm(BaseModel):
    """Somebody by their account, and why; the account is empty for oneself."""

    account: Annotated[str, Field(max_length=64, title=mark("Account"))] = ""
    reason: Annotated[str, Field(max_length=200, title=mark("Reason"))] = ""


@router.post("/cases/{number}/inquiries")
def inquire(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Add a line to the investigation file, with files if there are any."""

    def write(work: Work, case: Case, sent: InquiryForm, ids: tuple[int, ...]) -> None:
        line = Line(sent.kind, sent.held_on, sent.words, sent.with_whom, ids)
        service.inquire(work.session, case, line, actor=work.actor, now=work.now)

    return _written(_Form(request, visit, number, form, "inquiry"), parse(InquiryForm, form), write)


@router.post("/cases/{number}/measures")
def lay_down(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Lay a measure down."""

    def write(work: Work, case: Case, sent: MeasureForm, _ids: tuple[int, ...]) -> None:
        measure = Measure(sent.what, sent.due_on)
        service.lay_down(work.session, case, measure, actor=work.actor, now=work.now)

    return _written(_Form(request, visit, number, form, "measure"), parse(MeasureForm, form), write)


@router.post("/cases/{number}/measures/{measure_id}")
def prove(
    request: Request, visit: VisitDep, number: str, measure_id: int, form: FormDep
) -> Response:
    """Prove a measure."""

    def write(work: Work, case: Case, sent: ProofForm, ids: tuple[int, ...]) -> None:
        service.prove(
            work.session,
            case,
            measure_id,
            sent.proof,
            attachment_ids=ids,
            actor=work.actor,
            now=work.now,
        )

    here = _Form(request, visit, number, form, f"proof{measure_id}")
    return _written(here, parse(ProofForm, form), write)


@router.post("/cases/{number}/recusal")
def step_back(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Step back oneself, or have somebody step back."""

    def write(work: Work, case: Case, sent: PersonForm, _ids: tuple[int, ...]) -> None:
        if form.text("deed") == "order":
            service.order_back(
                work.session, case, sent.account, sent.reason, actor=work.actor, now=work.now
            )
        else:
            service.step_back(work.session, case, sent.reason, actor=work.actor, now=work.now)
        counts.forget(work.actor)

    name = "order" if form.text("deed") == "order" else "recusal"
    here = _Form(request, visit, number, form, name)
    return _written(here, parse(PersonForm, form), write)


@router.post("/cases/{number}/confidants")
def confide(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Let one more person see who complains."""

    def write(work: Work, case: Case, sent: PersonForm, _ids: tuple[int, ...]) -> None:
        service.name_confidant(
            work.session, case, sent.account, sent.reason, actor=work.actor, now=work.now
        )

    here = _Form(request, visit, number, form, "confidant")
    return _written(here, parse(PersonForm, form), write)


@dataclass(frozen=True, slots=True)
class _Form:
    """One of the forms on the page of a matter, as it was sent."""

    request: Request
    visit: VisitDep
    number: str
    sent: RawForm
    name: str

    def back(self, values: dict[str, str], errors: dict[str, str]) -> Response:
        """The page again with what was typed."""
        return again(self.request, self.visit, self.number, Typed(self.name, values, errors))


def _written(
    here: _Form,
    parsed: Parsed[T],
    write: Callable[[Work, Case, T, tuple[int, ...]], None],
) -> Response:
    """Write it down in one transaction, or show the page again; whoever stepped back goes home."""
    if parsed.value is None:
        return here.back(parsed.values, parsed.errors)
    try:
        stored = files.take(here.request, here.sent)
        with here.visit.writing() as work:
            case = get_by_number(work.session, here.number, work.actor)
            ids = files.keep(work, case, stored, is_public=False)
            write(work, case, parsed.value, ids)
            is_away = work.actor.id in situation_of(work.session, case).recused
    except InvalidError as refusal:
        return here.back(parsed.values, refusal.fields or {"": refusal.msgid})
    return see_other("/desk" if is_away else f"/cases/{here.number}#inquiry")


@router.get("/cases/{number}/inquiries/files/{file_id}")
def file(request: Request, visit: VisitDep, number: str, file_id: int) -> Response:
    """One file of the investigation file, for those who may read it.

    Raises:
        NotFoundError: there is no such file, or the file is not theirs to read.
    """
    with visit.reading() as work:
        case = get_by_number(work.session, number, work.actor)
        if not rules.may_read_file(work.actor, situation_of(work.session, case)):
            raise NotFoundError(mark("There is no such file."))
        found = queries.find_file(work.session, case.id, file_id)
        return send_file(request, found, name=f"{case.number}-file-{file_id}")


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure that waits for its proof."""

    number: str
    unit: str
    what: str
    due_on: date
    light: Light


@dataclass(frozen=True, slots=True)
class MeasuresPage:
    """The measures without proof, the longest overdue first."""

    rows: list[MeasureRow]
    next_url: str
    prev_url: str


@router.get("/desk/measures")
def measures(request: Request, visit: VisitDep, cursor: str = "") -> Response:
    """What was promised after complaints and is not proved yet."""
    english = is_english(request)
    with visit.reading() as work:
        work.actor.require(Permission.CASE_CONCLUDE)
        page = queries.late_measures(work.session, work.actor, cursor=cursor or None)
        rows = [
            MeasureRow(
                number=row.number,
                unit=row.unit_name_en if english and row.unit_name_en else row.unit_name,
                what=row.what,
                due_on=row.due_on,
                light=light_of(row.late_from, None, now=work.now),
            )
            for row in page.items
        ]
    return render(
        request,
        "desk/measures",
        MeasuresPage(rows, _way(page.next_cursor), _way(page.prev_cursor)),
    )


def _way(cursor: str | None) -> str:
    return f"/desk/measures?cursor={cursor}" if cursor else ""

"""The find box: one field for whatever names a person, a POST so that no address holds it."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.citizens.rules import sought
from app.citizens.rules.sought import LONGEST, Sought
from app.desk import finding
from app.desk.finding import Answer
from app.kernel.messages import mark
from app.web.forms import FormDep, parse
from app.web.templating import render, see_other

router = APIRouter(prefix="/citizens")

_LEAST_PHONE: Final = 7  # digits; fewer may stand in the text of a matter


@dataclass(frozen=True, slots=True)
class FindPage:
    """The box, what was typed in it, and the answer, if something was asked."""

    q: str
    answer: Answer | None
    may_register: bool
    may_take_in: bool


class FindForm(BaseModel):
    """The one box; a card reader types a whole card."""

    q: Annotated[str, Field(max_length=LONGEST, title=mark("Find a person"))] = ""


@router.get("")
def show(request: Request, visit: VisitDep) -> Response:
    """The empty box."""
    with visit.reading() as work:
        work.actor.require(Permission.CITIZEN_READ)
        return page(request, work, "", None)


@router.post("")
def find(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Who is meant; a number or a tail that is one person's alone opens them at once."""
    parsed = parse(FindForm, form)
    typed = parsed.value.q if parsed.value else form.text("q")[:LONGEST]
    wanted = sought.read(typed)
    # A search by telephone is written down; the others wait for no writer.
    begun = visit.writing if wanted.is_logged else visit.reading
    with begun() as work:
        return answered(request, work, typed, wanted)


def answered(request: Request, work: Work, typed: str, wanted: Sought) -> Response:
    """The page with what was found; a number, or tail, that is one person's alone opens them."""
    work.actor.require(Permission.CITIZEN_READ)
    found = finding.search(work, wanted)
    if found.only_number and _is_sure(wanted):
        return see_other(f"/citizens/{found.only_number}")
    return page(request, work, typed, found)


def is_for_people(work: Work, wanted: Sought) -> bool:
    """Whether the search of the workbench is rather for a person: no matter is named so."""
    long = any(len(number) >= _LEAST_PHONE for number in wanted.numbers)
    is_personal = bool(wanted.citizen_id or wanted.email or wanted.tail or long)
    return is_personal and work.actor.may(Permission.CITIZEN_READ)


def page(request: Request, work: Work, typed: str, found: Answer | None) -> Response:
    """The box and the answer under it."""
    context = FindPage(
        q=typed,
        answer=found,
        may_register=work.actor.may(Permission.CITIZEN_EDIT),
        may_take_in=work.actor.may(Permission.CASE_INTAKE),
    )
    return render(request, "citizens/find", context)


def _is_sure(wanted: Sought) -> bool:
    return bool(wanted.citizen_id or wanted.numbers or wanted.tail)

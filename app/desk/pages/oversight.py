"""Two buttons on a matter's page: the answer to an urge, and the reminder from above."""

from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep
from app.cases import service
from app.cases.kinds import Action
from app.cases.queries import get_by_number
from app.desk.casepage import Typed
from app.desk.forms import MAX_TEXT
from app.desk.pages.cases import again
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.web.forms import FormDep, parse
from app.web.templating import see_other

router = APIRouter(prefix="/cases")

_ANSWER: Final = str(Action.ANSWER_URGE)
_REMIND: Final = str(Action.REMIND)


class AnswerForm(BaseModel):
    """The answer to whoever asked for speed."""

    version: int
    text: Annotated[str, Field(max_length=MAX_TEXT, title=mark("For the citizen"))] = ""


class RemindForm(BaseModel):
    """A few words to the unit."""

    note: Annotated[str, Field(max_length=MAX_TEXT, title=mark("Internal note"))] = ""


@router.post("/{number}/urge-answers")
def answer_urge(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Answer the urge; the citizen reads it at once."""
    parsed = parse(AnswerForm, form)
    if parsed.value is None:
        return again(request, visit, number, Typed(_ANSWER, parsed.values, parsed.errors))
    try:
        with visit.writing() as work:
            case = get_by_number(work.session, number, work.actor)
            service.answer_urge(
                work.session,
                case.id,
                parsed.value.text,
                seen=parsed.value.version,
                actor=work.actor,
                now=work.now,
            )
    except InvalidError as refusal:
        return again(request, visit, number, Typed(_ANSWER, parsed.values, refusal.fields))
    return see_other(f"/cases/{number}")


@router.post("/{number}/reminders")
def remind(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Remind the unit from above."""
    parsed = parse(RemindForm, form)
    if parsed.value is None:
        return again(request, visit, number, Typed(_REMIND, parsed.values, parsed.errors))
    with visit.writing() as work:
        case = get_by_number(work.session, number, work.actor)
        service.remind(work.session, case.id, parsed.value.note, actor=work.actor, now=work.now)
    return see_other(f"/cases/{number}")

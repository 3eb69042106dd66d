"""What passes between the lead unit and the units that assist, sent from the page of the matter.

Handlers only; who may do what stands in the table of a task's steps.
"""

from datetime import date
from typing import Annotated, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep
from app.cases.queries import get_by_number
from app.desk import files
from app.desk.casepage import Typed
from app.desk.pages.cases import again
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.tasks import service
from app.tasks.rules import MOST_WORDS, Deed
from app.tasks.service import Given, NewTask
from app.web.forms import FormDep, parse
from app.web.templating import see_other

router = APIRouter(prefix="/cases")

_Words = Annotated[str, Field(max_length=MOST_WORDS, title=mark("What the other unit reads"))]
_DAY = mark("Enter a date such as 2026-03-15.")


class NewTaskForm(BaseModel):
    """What is asked of which unit, by when."""

    SENTENCES: ClassVar = {"until": _DAY}

    version: int
    unit_id: int | None = None
    words: _Words = ""
    until: date | None = None


class TaskForm(BaseModel):
    """One step of a task."""

    SENTENCES: ClassVar = {"until": _DAY}

    deed: Deed
    version: int
    words: _Words = ""
    until: date | None = None


@router.post("/{number}/tasks")
def ask(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Ask another unit for its part of the matter."""
    parsed = parse(NewTaskForm, form)
    sent = parsed.value
    if sent is None:
        return again(request, visit, number, Typed("task-new", parsed.values, parsed.errors))
    try:
        with visit.writing() as work:
            case = get_by_number(work.session, number, work.actor)
            new = NewTask(sent.unit_id, sent.words, sent.until, sent.version)
            service.ask(work.session, case.id, new, actor=work.actor, now=work.now)
    except InvalidError as refusal:
        errors = refusal.fields or {"": refusal.msgid}
        return again(request, visit, number, Typed("task-new", parsed.values, errors))
    return see_other(f"/cases/{number}#tasks")


@router.post("/{number}/tasks/{task_id}")
def take(request: Request, visit: VisitDep, number: str, task_id: int, form: FormDep) -> Response:
    """Take one step of a task; an answer may bring files."""
    parsed = parse(TaskForm, form)
    sent, here = parsed.value, f"task-{task_id}-{form.text('deed')}"
    if sent is None:
        return again(request, visit, number, Typed(here, parsed.values, parsed.errors))
    try:
        stored = files.take(request, form)
        with visit.writing() as work:
            case = get_by_number(work.session, number, work.actor)
            ids = files.keep(work, case, stored, is_public=False)
            given = Given(sent.deed, sent.version, sent.words, sent.until, ids)
            service.take(work.session, case.id, task_id, given, actor=work.actor, now=work.now)
    except InvalidError as refusal:
        errors = refusal.fields or {"": refusal.msgid}
        return again(request, visit, number, Typed(here, parsed.values, errors))
    return see_other("/desk/tasks" if sent.deed is Deed.RETURN else f"/cases/{number}#tasks")

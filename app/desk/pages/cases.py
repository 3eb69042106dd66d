"""One case for staff: everything about it, and every step open to them as a plain form."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep, Work
from app.cases import service
from app.cases.models import Case
from app.cases.queries import get_by_number, list_attachments, situation_of
from app.cases.rules import is_accused
from app.cases.service import drafts
from app.complaints.service import revealing
from app.desk import files
from app.desk.casepage import Typed, case_page
from app.desk.crewsight import as_seen_by
from app.desk.forms import NoteForm, RevealForm, StepForm
from app.desk.worklist import counts
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.text import mask_free_text
from app.knowledge import service as knowledge
from app.web import i18n
from app.web.forms import FormDep, parse
from app.web.templating import render, see_other
from app.web.ui import locale_of
from app.web.uploads import send_file

router = APIRouter(prefix="/cases")

_PAGE: Final = "cases/show"


@router.get("/{number}")
def show(request: Request, visit: VisitDep, number: str) -> Response:
    """The whole case, or its pane when the workbench asks for it."""
    with visit.reading() as work:
        case = get_by_number(work.session, number, work.actor)
        return _page(request, work, case, Typed())


@router.post("/{number}/steps")
def take_step(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Take a step, or show first what the citizen would read."""
    parsed = parse(StepForm, form)
    ticked = {f"point {code}": "on" for code in form.lists.get("points", [])}
    typed = Typed(form.text("action"), parsed.values | ticked, parsed.errors)
    if parsed.value is None:
        return again(request, visit, number, typed)
    if form.text("preview"):
        text = mask_free_text(parsed.value.text)
        return again(request, visit, number, Typed(typed.action, typed.values, {}, text), 200)
    try:
        stored, proofs = files.take(request, form), files.take_proofs(request, form)
        shots = files.take_shots(request, form)
        with visit.writing() as work:
            case = get_by_number(work.session, number, work.actor)
            ids = files.keep(work, case, stored, is_public=parsed.value.text != "")
            done = parsed.value.work(files.keep_shots(work, case, shots), shots)
            given = parsed.value.as_input(ids, files.keep_proofs(work, case, proofs), done)
            service.take_step_as_staff(work.session, case.id, given, actor=work.actor, now=work.now)
            back = _back(work, case)
            knowledge.count_used(work.session, given.text)
            forget_draft(work, number, given.action)
            counts.forget(work.actor)
    except InvalidError as refusal:
        errors = refusal.fields or {"": refusal.msgid}
        return again(request, visit, number, Typed(typed.action, typed.values, errors))
    return see_other(back)


@router.post("/{number}/notes")
def add_note(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Write an internal note, with files if there are any."""
    parsed = parse(NoteForm, form)
    typed = Typed("note", parsed.values, parsed.errors)
    if parsed.value is None:
        return again(request, visit, number, typed)
    try:
        stored = files.take(request, form)
        with visit.writing() as work:
            case = get_by_number(work.session, number, work.actor)
            files.keep(work, case, stored, is_public=False)
            service.add_note(
                work.session, case.id, parsed.value.note, actor=work.actor, now=work.now
            )
            forget_draft(work, number, "note")
    except InvalidError as refusal:
        errors = refusal.fields or {"": refusal.msgid}
        return again(request, visit, number, Typed("note", typed.values, errors))
    return see_other(f"/cases/{number}")


@router.post("/{number}/reveal")
def reveal(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Write down who looks and why, and show the citizen's contact in clear for a minute.

    Raises:
        NotFoundError: nobody's name is on the matter.
    """
    parsed = parse(RevealForm, form)
    if parsed.value is None:
        return again(request, visit, number, Typed("reveal", parsed.values, parsed.errors))
    with visit.writing() as work:
        case = get_by_number(work.session, number, work.actor)
        access_id = revealing.reveal(
            work.session, case, parsed.value.reason, actor=work.actor, ip=work.ip, now=work.now
        )
    return see_other(f"/citizens/clear/{access_id}")


@router.get("/{number}/files/{file_id}")
def file(request: Request, visit: VisitDep, number: str, file_id: int) -> Response:
    """One file of a case the person may see.

    Raises:
        NotFoundError: the case has no such file, or is not theirs to see.
    """
    with visit.reading() as work:
        case = get_by_number(work.session, number, work.actor)
        found = list_attachments(work.session, case.id, public_only=False)
        wanted = next((one for one in found if one.id == file_id), None)
        if wanted is None:
            raise NotFoundError(mark("There is no such file."))
        return send_file(request, wanted, name=f"{case.number}-{found.index(wanted) + 1}")


def forget_draft(work: Work, number: str, form: str) -> None:
    """What was kept while typing has been sent; it need not be kept any more."""
    drafts.remove(work.session, drafts.owner_of_staff(work.actor.id), f"{number}/{form}")


def again(
    request: Request, visit: VisitDep, number: str, typed: Typed, status: int = 422
) -> Response:
    """The case with a form that came back: what was typed in it, and what is wrong with it."""
    with visit.reading() as work:
        case = get_by_number(work.session, number, work.actor)
        return _page(request, work, case, typed, status=status)


def _page(request: Request, work: Work, case: Case, typed: Typed, *, status: int = 200) -> Response:
    locale = locale_of(request)
    page = case_page(
        work.session,
        work.actor,
        case,
        typed=typed,
        language=str(locale)[:2],
        say=i18n.gettext,
        base_url=request.app.state.settings.base_url,
        now=work.now,
    )
    return render(request, _PAGE, as_seen_by(work.actor, page), status=status)


def _back(work: Work, case: Case) -> str:
    """Where to go after a step: the list, when the matter turned out to be about one's own line."""
    is_gone = is_accused(situation_of(work.session, case), work.actor)
    return "/desk" if is_gone else f"/cases/{case.number}"

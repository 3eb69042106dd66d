"""The page on which an application is taken in: people, item, questions, papers, dates."""

from contextlib import suppress
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import Visit, VisitDep, Work
from app.accounts.rules import Permission
from app.desk import files
from app.desk.applying import opening, scans, views
from app.desk.applying.forms import ApplyForm
from app.desk.applying.typed import Typed, find_draft, forget_draft, keep_draft
from app.desk.worklist import counts
from app.kernel.errors import InvalidError
from app.kernel.text import whole_number
from app.web.forms import FormDep, RawForm, parse
from app.web.refusals import said
from app.web.templating import render, see_other
from app.web.ui import locale_of
from app.web.uploads import send_file

router = APIRouter(prefix="/desk/apply")

_SAVES: Final = frozenset({opening.ACCEPT, "receive"})
_REMOVE: Final = "remove:"


@router.get("")
def show(request: Request, visit: VisitDep, talk: str = "") -> Response:
    """The form with what was left unfinished, for whom the clerk talks with."""
    with visit.reading() as work:
        work.actor.require(Permission.CASE_INTAKE)
        kept = find_draft(work.session, work.actor, talk)
        return _page(request, work, Typed.of_draft(kept, talk))


@router.post("")
def take_in(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Keep the scans; then save the application, or show the form with what was chosen."""
    errors = _keep_scans(request, visit, form)
    sent = Typed.of_form(form)
    if sent.go not in _SAVES:
        return _shown(request, visit, sent.chosen(), errors)
    parsed = parse(ApplyForm, form)
    errors = parsed.errors | errors
    if parsed.value is None or errors:
        return _shown(request, visit, sent, errors)
    try:
        with visit.writing() as work:
            leads_to = opening.take_in(work, parsed.value, sent)
            counts.forget(work.actor)
    except InvalidError as refusal:
        return _shown(request, visit, sent, said(refusal))
    return see_other(leads_to)


@router.post("/draft")
def keep(visit: VisitDep, form: FormDep) -> Response:
    """Keep what is being typed; nobody else can read it."""
    with visit.writing() as work:
        work.actor.require(Permission.CASE_INTAKE)
        keep_draft(work, Typed.of_form(form))
    return Response(status_code=204)


@router.post("/scans")
def scan(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Keep the files of one paper at once, as the script sends them; answers with their list."""
    errors = _keep_scans(request, visit, form)
    language = str(locale_of(request))[:2]
    with visit.reading() as work:
        work.actor.require(Permission.CASE_INTAKE)
        paper = views.paper_of(work, Typed.of_form(form), form.text("material"), language=language)
    context = {"paper": paper, "errors": errors}
    return render(request, "desk/apply_scans", context, status=422 if errors else 200)


@router.get("/files/{file_id}")
def file(request: Request, visit: VisitDep, file_id: int, talk: str = "") -> Response:
    """One file of this person's unsaved application."""
    with visit.reading() as work:
        work.actor.require(Permission.CASE_INTAKE)
        found = scans.one(work.session, work.actor, talk, file_id)
        return send_file(request, found, name=f"scan-{file_id}")


@router.post("/discard")
def discard(visit: VisitDep, form: FormDep) -> Response:
    """Throw the unfinished application and its scans away."""
    talk = form.text("talk")
    with visit.writing() as work:
        work.actor.require(Permission.CASE_INTAKE)
        scans.forget(work.session, work.actor, talk)
        forget_draft(work.session, work.actor, talk)
    return see_other(f"/desk/apply?talk={talk}" if talk else "/desk/apply")


def _keep_scans(request: Request, visit: Visit, form: RawForm) -> dict[str, str]:
    """Store what was scanned and take out what is to go; a sentence for each file refused."""
    stored, errors = files.take_each(request, form, scans.FIELD)
    go, talk = form.text("go"), form.text("talk")
    removed = whole_number(go.removeprefix(_REMOVE)) if go.startswith(_REMOVE) else None
    if not any(stored.values()) and removed is None:
        return errors
    try:
        with visit.writing() as work:
            work.actor.require(Permission.CASE_INTAKE)
            scans.add(work.session, work.actor, talk, stored, now=work.now)
            if removed is not None:
                scans.remove(work.session, work.actor, talk, removed)
    except InvalidError as refusal:
        return errors | said(refusal)
    return errors


def _shown(request: Request, visit: Visit, sent: Typed, errors: dict[str, str]) -> Response:
    """The form again; what was typed is kept on the server too."""
    status = 422 if errors or sent.go in _SAVES else 200
    with visit.writing() as work:
        work.actor.require(Permission.CASE_INTAKE)
        with suppress(InvalidError):  # no room for a draft: the page itself holds what was typed
            keep_draft(work, sent)
        return _page(request, work, sent, errors, status=status)


def _page(
    request: Request,
    work: Work,
    sent: Typed,
    errors: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    page = views.page_of(work, sent, errors or {}, language=str(locale_of(request))[:2])
    return render(request, "desk/apply", page, status=status)

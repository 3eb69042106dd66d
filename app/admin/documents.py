"""Pages for how documents look: every kind with what holds now, and the editor of one.

A template that does not print is refused with the place of the error; a sample is filled with
made-up values.
"""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin.frame import show, tried
from app.documents import queries
from app.documents.labels import KINDS, PAPERS
from app.documents.pressing import Fault, Printed, Sheet
from app.documents.rules import DICTIONARY, DocumentKind, Paper
from app.documents.rules import PAPERS as PAPERS_OF
from app.documents.rules.sources import first_forbidden, meaning_of
from app.documents.service import printing, templates
from app.documents.service.printing import House
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.web import i18n
from app.web.forms import FormDep, RawForm, parse
from app.web.templating import see_other

HOME: Final = "/admin/documents"
router = APIRouter(prefix=HOME)

_HEADERS: Final = {"Cache-Control": "private, no-store", "Content-Disposition": "inline"}
# What a template knows of the document itself.
FACTS: Final = {
    "number": mark("Number"),
    "unit": mark("Unit"),
    "phone": mark("Telephone of the unit"),
    "case_number": mark("Number of the matter"),
    "query_code": mark("Query code"),
    "issued_on": mark("Date of issue"),
    "hotline": mark("Number of the hotline"),
    "seal_code": mark("Check code"),
    "paper": mark("Paper"),
    "copy": mark("Which printing it is"),
}


class TemplateForm(BaseModel):
    """What is typed about one template."""

    source: Annotated[str, Field(title=mark("Template"))] = ""
    paper: Paper = Paper.A4
    seen: int = 0


@router.get("")
def show_list(request: Request, visit: VisitDep) -> Response:
    """Every kind of document with the version that holds now."""
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        held = {row.kind: row for row in queries.list_templates(work.session)}
    rows = [
        {
            "kind": kind,
            "label": KINDS[kind],
            "papers": [PAPERS[paper] for paper in PAPERS_OF[kind]],
            "version": held[kind].version if kind in held else 0,
            "is_edited": kind in held and not held[kind].shipped,
            "made_at": held[kind].made_at if kind in held else None,
            "made_by": held[kind].made_by if kind in held else "",
        }
        for kind in DocumentKind
    ]
    return show(request, work.actor, "admin/documents", {"rows": rows})


@router.get("/{kind}")
def show_one(request: Request, visit: VisitDep, kind: str, start: str = "") -> Response:
    """One template, to be changed; `start` begins with a former version or the shipped one."""
    return _form(request, visit, _kind(kind), None, {}, start=start)


@router.post("/{kind}/preview")
def preview(request: Request, visit: VisitDep, kind: str, form: FormDep) -> Response:
    """The sample a typed template makes, or where it fails."""
    wanted = _kind(kind)
    parsed = parse(TemplateForm, form)
    paper = parsed.value.paper if parsed.value else PAPERS_OF[wanted][0]
    printed = _sample(visit, wanted, form.text("source"), paper)
    if isinstance(printed, Printed):
        return Response(printed.pdf, media_type="application/pdf", headers=_HEADERS)
    return _form(request, visit, wanted, form, {"source": _said(printed)})


@router.post("/{kind}")
def change(request: Request, visit: VisitDep, kind: str, form: FormDep) -> Response:
    """Let the typed template hold, once it prints on every paper of its kind."""
    wanted = _kind(kind)
    parsed = parse(TemplateForm, form)
    if parsed.value is None:
        return _form(request, visit, wanted, form, parsed.errors)
    value = parsed.value
    for paper in PAPERS_OF[wanted]:
        printed = _sample(visit, wanted, value.source, paper)
        if isinstance(printed, Fault):
            return _form(request, visit, wanted, form, {"source": _said(printed)})

    def publish(work: Work) -> None:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        templates.publish(
            work.session, wanted, value.source, seen=value.seen, by=work.author, now=work.now
        )

    errors = tried(visit, publish)
    if errors:
        return _form(request, visit, wanted, form, errors)
    return see_other(HOME)


def _sample(visit: VisitDep, kind: DocumentKind, source: str, paper: Paper) -> Printed | Fault:
    if forbidden := first_forbidden(source):
        return Fault(mark("this word may not stand in a template"), forbidden.line)
    settings = visit.edge.settings
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        sheet: Sheet = printing.preview(
            work.session,
            source,
            kind,
            paper if paper in PAPERS_OF[kind] else PAPERS_OF[kind][0],
            house=House(settings.base_url, settings.hotline),
            now=work.now,
        )
    return printing.PRESS.press(sheet)


def _said(fault: Fault) -> str:
    meaning = i18n.gettext(meaning_of(fault.words) or fault.words)
    if not fault.line:
        return i18n.gettext("It does not print: %(why)s") % {"why": meaning}
    said = i18n.gettext("Line %(line)s, column %(column)s: %(why)s")
    words = f" ({fault.words})" if meaning != fault.words else ""
    return said % {"line": fault.line, "column": fault.column, "why": meaning + words}


def _kind(name: str) -> DocumentKind:
    if name not in set(DocumentKind):
        raise NotFoundError(mark("There is no such kind of document."))
    return DocumentKind(name)


def _form(
    request: Request,
    visit: VisitDep,
    kind: DocumentKind,
    typed: RawForm | None,
    errors: Mapping[str, str],
    *,
    start: str = "",
) -> Response:
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        newest = queries.newest_template(work.session, kind)
        shipped = templates.shipped_source(kind)
        source = newest.source if newest else shipped
        if start.isdecimal():
            source = queries.get_template(work.session, kind, int(start)).source
        elif start:
            source = shipped
        versions = queries.template_versions(work.session, kind)
    values = {
        "source": source,
        "seen": str(newest.version if newest else 1),
        "paper": str(PAPERS_OF[kind][0]),
    }
    context = {
        "kind": kind,
        "label": KINDS[kind],
        "values": values | (typed.values if typed else {}),
        "errors": errors,
        "papers": [(str(paper), PAPERS[paper]) for paper in PAPERS_OF[kind]],
        "entries": DICTIONARY[kind],
        "facts": FACTS,
        "versions": versions,
    }
    status = 422 if errors else 200
    return show(request, work.actor, "admin/document_form", context, status=status)

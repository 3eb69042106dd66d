"""The extras people may agree to: the list, a new one, another wording, an end."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import Visit, VisitDep
from app.desk.pages.privacy.frame import language_of, require, show, tried
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.privacy import queries
from app.privacy.queries import KindLine
from app.privacy.service import extras
from app.privacy.service.extras import Extra
from app.web.forms import FormDep, parse
from app.web.templating import see_other

router = APIRouter(prefix="/privacy/extras")


class ExtraForm(BaseModel):
    """How an extra is worded."""

    code: Annotated[str, Field(title=mark("Code"))] = ""
    name: Annotated[str, Field(title=mark("What it is called"))] = ""
    name_en: Annotated[str, Field(title=mark("What it is called in English"))] = ""
    purpose: Annotated[str, Field(title=mark("What for"))] = ""
    purpose_en: Annotated[str, Field(title=mark("What for, in English"))] = ""
    position: Annotated[int, Field(ge=0, le=999, title=mark("Place in the list"))] = 0
    is_active: bool = False

    def given(self) -> Extra:
        """As the service takes it."""
        return Extra(
            self.name, self.purpose, self.name_en, self.purpose_en, self.position, self.is_active
        )


@router.get("")
def every(request: Request, visit: VisitDep) -> Response:
    """Everything that is, or was, offered."""
    language = language_of(request)
    with visit.reading() as work:
        require(work)
        rows = [
            {"kind": kind, "name": kind.label(language), "purpose": kind.reason(language)}
            for kind in queries.every_kind(work.session)
        ]
    return show(request, "extras", {"rows": rows})


@router.get("/new")
def show_new(request: Request, visit: VisitDep) -> Response:
    """An empty form."""
    with visit.reading() as work:
        require(work)
    return _form(request, None, {"is_active": "yes"}, {})


@router.post("/new")
def add(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Offer something new."""
    parsed = parse(ExtraForm, form)
    if parsed.value is None:
        return _form(request, None, form.values, parsed.errors)
    typed = parsed.value
    errors = tried(
        visit,
        lambda work: extras.add_extra(
            work.session, typed.code.strip(), typed.given(), by=work.author, now=work.now
        ),
    )
    return _form(request, None, form.values, errors) if errors else see_other("/privacy/extras")


@router.get("/{code}")
def show_one(request: Request, visit: VisitDep, code: str) -> Response:
    """One extra as it is worded now."""
    kind = _find(visit, code)
    values = {
        "name": kind.name,
        "name_en": kind.name_en,
        "purpose": kind.purpose,
        "purpose_en": kind.purpose_en,
        "position": str(kind.position),
        "is_active": "yes" if kind.is_active else "",
    }
    return _form(request, kind, values, {})


@router.post("/{code}")
def change(request: Request, visit: VisitDep, code: str, form: FormDep) -> Response:
    """Word it better, or offer it no longer."""
    kind = _find(visit, code)
    parsed = parse(ExtraForm, form)
    if parsed.value is None:
        return _form(request, kind, form.values, parsed.errors)
    given = parsed.value.given()
    errors = tried(
        visit,
        lambda work: extras.change_extra(work.session, code, given, by=work.author, now=work.now),
    )
    return _form(request, kind, form.values, errors) if errors else see_other("/privacy/extras")


def _find(visit: Visit, code: str) -> KindLine:
    with visit.reading() as work:
        require(work)
        found = {kind.code: kind for kind in queries.every_kind(work.session)}
    if code not in found:
        raise NotFoundError(mark("There is nothing at this address."))
    return found[code]


def _form(
    request: Request, kind: KindLine | None, values: dict[str, str], errors: dict[str, str]
) -> Response:
    context = {
        "code": kind.code if kind else "",
        "title": kind.label(language_of(request)) if kind else "",
        "values": values,
        "errors": errors,
    }
    return show(request, "extra", context, status=422 if errors else 200)

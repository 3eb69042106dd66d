"""Pages for the tree of units: list, found, change, move, close, reopen."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin.frame import language_of, sent, show, version_of
from app.admin.sharing import sharing_of
from app.departments import queries, service
from app.departments.labels import KINDS
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.departments.service import UnitDraft
from app.kernel.messages import mark
from app.web.forms import FormDep
from app.web.templating import see_other

router = APIRouter(prefix="/admin/units")

_MANY: Final = queries.LIST_LIMIT


class UnitForm(BaseModel):
    """What is typed about a unit."""

    code: Annotated[str, Field(max_length=32, title=mark("Code"))]
    name: Annotated[str, Field(max_length=80, title=mark("Unit name"))]
    name_en: Annotated[str, Field(max_length=120, title=mark("English name"))] = ""
    kind: UnitKind
    parent_id: int | None = None
    region_code: Annotated[str, Field(max_length=12, title=mark("Region code"))] = ""
    phone: Annotated[str, Field(max_length=32, title=mark("Phone number"))] = ""
    version: int = 0

    def draft(self) -> UnitDraft:
        return UnitDraft(**self.model_dump(exclude={"version"}))


@router.get("")
def show_list(request: Request, visit: VisitDep, q: str = "") -> Response:
    """The tree, or the units that match some words."""
    with visit.reading() as work:
        work.actor.require(Permission.UNIT_MANAGE)
        rows = queries.list_tree(work.session, words=q.strip()[:80])
    units = [
        {
            "id": row.id,
            "name": row.name,
            "name_en": row.name_en,
            "code": row.code,
            "kind": KINDS[row.kind],
            "region_code": row.region_code,
            "is_active": row.is_active,
            "indent": "" if q else "　" * (row.path.count("/") - 2),
        }
        for row in rows
    ]
    context = {"units": units, "q": q, "is_cut": len(rows) == _MANY, "limit": _MANY}
    return show(request, work.actor, "admin/units", context)


@router.get("/new")
def show_new(request: Request, visit: VisitDep, parent: str = "") -> Response:
    """An empty form."""
    return form_page(request, visit, None, {"parent_id": parent}, {})


@router.post("")
def found(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Add a unit."""

    def do(work: Work, value: UnitForm) -> None:
        work.actor.require(Permission.UNIT_MANAGE)
        service.found_unit(work.session, value.draft(), by=work.author, now=work.now)

    back = partial(form_page, request, visit, None, status=422)
    return sent(visit, form, UnitForm, do, back=back, to="/admin/units")


@router.get("/{unit_id}")
def show_one(request: Request, visit: VisitDep, unit_id: int) -> Response:
    """One unit, to be changed."""
    return form_page(request, visit, unit_id, {}, {})


@router.post("/{unit_id}")
def change(request: Request, visit: VisitDep, unit_id: int, form: FormDep) -> Response:
    """Change a unit or move it."""

    def do(work: Work, value: UnitForm) -> None:
        work.actor.require(Permission.UNIT_MANAGE)
        service.change_unit(
            work.session, unit_id, value.version, value.draft(), by=work.author, now=work.now
        )

    back = partial(form_page, request, visit, unit_id, status=422)
    return sent(visit, form, UnitForm, do, back=back, to="/admin/units")


@router.post("/{unit_id}/close")
def close(visit: VisitDep, unit_id: int, form: FormDep) -> Response:
    """Take a unit out of use."""
    with visit.writing() as work:
        work.actor.require(Permission.UNIT_MANAGE)
        service.close_unit(work.session, unit_id, version_of(form), by=work.author, now=work.now)
    return see_other(f"/admin/units/{unit_id}")


@router.post("/{unit_id}/reopen")
def reopen(visit: VisitDep, unit_id: int, form: FormDep) -> Response:
    """Take a closed unit into use again."""
    with visit.writing() as work:
        work.actor.require(Permission.UNIT_MANAGE)
        service.reopen_unit(work.session, unit_id, version_of(form), by=work.author, now=work.now)
    return see_other(f"/admin/units/{unit_id}")


def form_page(
    request: Request,
    visit: VisitDep,
    unit_id: int | None,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    status: int = 200,
) -> Response:
    """The form of a unit, new or known, with what was typed and what is wrong with it."""
    with visit.reading() as work:
        work.actor.require(Permission.UNIT_MANAGE)
        unit = queries.get_unit(work.session, unit_id) if unit_id else None
        context = {
            "unit": unit
            and {
                "id": unit.id,
                "name": unit.name,
                "is_active": unit.is_active,
                "is_ending": unit.ending_since is not None,
            },
            "sharing": sharing_of(work.session, unit, typed),
            "version": unit.version if unit else 0,
            "values": {**_values(unit), **typed},
            "errors": errors,
            "kinds": list(KINDS.items()),
            "parents": queries.list_choices(work.session, language=language_of(request)),
        }
    return show(request, work.actor, "admin/units_form", context, status=status)


def _values(unit: Unit | None) -> dict[str, str]:
    if unit is None:
        return {}
    return {
        "code": unit.code,
        "name": unit.name,
        "name_en": unit.name_en,
        "kind": str(unit.kind),
        "parent_id": str(unit.parent_id or ""),
        "region_code": unit.region_code,
        "phone": unit.phone,
    }

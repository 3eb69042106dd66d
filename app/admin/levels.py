"""Pages for the ladder of supervision: levels, their days, who is told, what an order gives.

Changing a level reaches only what comes to it from now on.
"""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import Visit, VisitDep, Work
from app.accounts.rules import Permission
from app.admin.frame import sent, show
from app.kernel.messages import mark
from app.supervision import queries
from app.supervision.models import SupervisionLevel
from app.supervision.service import levels as service
from app.supervision.service.levels import LevelDraft
from app.web.forms import FormDep

_LIST: Final = "/admin/levels"
router = APIRouter(prefix=_LIST)


class LevelForm(BaseModel):
    """What is typed about a level."""

    SENTENCES: ClassVar = {
        "after_workdays": mark("Enter working days from 0 to 250, or nothing."),
        "order_workdays": mark("Enter working days from 1 to 250, or nothing."),
    }

    version: int = 0
    name: Annotated[str, Field(max_length=40, title=mark("Name"))] = ""
    name_en: Annotated[str, Field(max_length=60, title=mark("Name in English"))] = ""
    after_workdays: int | None = None
    order_workdays: int | None = None
    tells_handler: bool = False
    tells_head: bool = False
    tells_supervisor: bool = False
    is_sample: bool = False
    is_active: bool = False

    def draft(self) -> LevelDraft:
        """The form as the service takes it."""
        return LevelDraft(**self.model_dump(exclude={"version"}))


@router.get("")
def show_list(request: Request, visit: VisitDep) -> Response:
    """The whole ladder."""
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        rows = [_values(level) | {"id": level.id} for level in queries.list_levels(work.session)]
        return show(request, work.actor, "admin/levels", {"rows": rows})


@router.get("/new")
def show_new(request: Request, visit: VisitDep) -> Response:
    """An empty form."""
    return _form(request, visit, None, {"is_active": "true"}, {})


@router.post("")
def add(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Add a level above the others."""

    def do(work: Work, value: LevelForm) -> None:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        service.add_level(work.session, value.draft(), by=work.author, now=work.now)

    back = partial(_form, request, visit, None)
    return sent(visit, form, LevelForm, do, back=back, to=_LIST)


@router.get("/{level_id}")
def show_one(request: Request, visit: VisitDep, level_id: int) -> Response:
    """One level, to be changed."""
    return _form(request, visit, level_id, None, {})


@router.post("/{level_id}")
def change(request: Request, visit: VisitDep, level_id: int, form: FormDep) -> Response:
    """Change a level."""

    def do(work: Work, value: LevelForm) -> None:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        draft, seen = value.draft(), value.version
        service.change_level(work.session, level_id, draft, seen=seen, by=work.author, now=work.now)

    back = partial(_form, request, visit, level_id)
    return sent(visit, form, LevelForm, do, back=back, to=_LIST)


def _form(
    request: Request,
    visit: Visit,
    level_id: int | None,
    typed: Mapping[str, str] | None,
    errors: Mapping[str, str],
) -> Response:
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        level = queries.get_level(work.session, level_id) if level_id is not None else None
        values = typed if typed is not None or level is None else _values(level)
        context = {
            "level_id": level_id,
            "version": level.version if level else 0,
            "values": values or {},
            "errors": errors,
        }
        status = 422 if errors else 200
        return show(request, work.actor, "admin/level_form", context, status=status)


def _values(level: SupervisionLevel) -> dict[str, str]:
    return {
        "name": level.name,
        "name_en": level.name_en,
        "after_workdays": "" if level.after_workdays is None else str(level.after_workdays),
        "order_workdays": "" if level.order_workdays is None else str(level.order_workdays),
        **{
            name: "true" if getattr(level, name) else ""
            for name in (
                "tells_handler",
                "tells_head",
                "tells_supervisor",
                "is_sample",
                "is_active",
            )
        },
    }

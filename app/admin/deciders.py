"""Who decides requests for more time, suspension and termination: the lines, and their change.

A change reaches only requests made afterwards; each names the ground it rests on.
"""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import Visit, VisitDep, Work
from app.accounts.rules import Permission
from app.admin.catalogue import HOME, show_tab
from app.admin.frame import sent
from app.cases.kinds import ApproverLevel
from app.cases.labels import LABELS, label
from app.cases.rules.levels import LevelLine
from app.cases.service import levels
from app.cases.service.levels import LineDraft
from app.kernel.messages import mark
from app.web.forms import FormDep

router = APIRouter(prefix=f"{HOME}/deciders")


class LineForm(BaseModel):
    """What is typed about a line."""

    level: ApproverLevel
    most_nth: Annotated[int | None, Field(title=mark("Up to which request"))] = None
    most_days: Annotated[int | None, Field(title=mark("Up to how many days"))] = None
    basis_text: Annotated[str, Field(title=mark("Basis"))] = ""
    is_sample: bool = False
    version: int = 0

    def draft(self) -> LineDraft:
        return LineDraft(**self.model_dump(exclude={"version"}))


@router.get("")
def show_list(request: Request, visit: VisitDep) -> Response:
    """The lines in the order in which they are tried."""
    return _page(request, visit, "", {}, {})


@router.post("/{code}")
def change(request: Request, visit: VisitDep, code: str, form: FormDep) -> Response:
    """Change one line."""

    def do(work: Work, value: LineForm) -> None:
        levels.change_line(
            work.session,
            code,
            value.draft(),
            version=value.version,
            actor=work.actor,
            by=work.author,
            now=work.now,
        )

    back = partial(_page, request, visit, code)
    return sent(visit, form, LineForm, do, back=back, to=f"{HOME}/deciders")


def _page(
    request: Request,
    visit: Visit,
    typed_in: str,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        lines = levels.list_lines(work.session)
    context = {
        "lines": [_shown(line, typed if line.code == typed_in else {}) for line in lines],
        "levels": [(str(level), text) for level, text in LABELS[ApproverLevel].items()],
        "typed_in": typed_in,
        "errors": errors,
    }
    status = 422 if errors else 200
    return show_tab(request, work.actor, "admin/deciders", context, status=status)


def _shown(line: LevelLine, typed: Mapping[str, str]) -> dict[str, object]:
    kept = {
        "level": str(line.level),
        "most_nth": str(line.most_nth or ""),
        "most_days": str(line.most_days or ""),
        "basis_text": line.basis_text,
        "is_sample": "on" if line.is_sample else "",
    }
    return {
        "code": line.code,
        "kind": label(line.kind),
        "version": line.version,
        "values": {**kept, **typed},
    }

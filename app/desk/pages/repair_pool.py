"""The pool of a unit: repairs no crew has yet, to be taken by a crew itself (抢单).

Handlers only; of several who take the same repair one wins, and the others are told.
"""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep
from app.accounts.rules import Permission
from app.crews import queries
from app.desk.repairing import crewing, pooling
from app.desk.repairing.pooling import PoolRow
from app.desk.repairing.weighing import look
from app.kernel.text import whole_number
from app.repairs import service as repairs
from app.web.forms import FormDep
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/repairs/pool")


@dataclass(frozen=True, slots=True)
class PoolPage:
    """What the reader's crews may take."""

    crews: list[tuple[int, str, bool]]
    rows: list[PoolRow]


@router.get("")
def show(request: Request, visit: VisitDep) -> Response:
    """What no crew has yet, emergencies first."""
    language = locale_of(request).tag
    with visit.reading() as work:
        work.actor.require(Permission.REPAIR_FIELD)
        scene = look(work.session, now=work.now)
        mine = crewing.own_crews(work.actor, scene)
        open_units = queries.open_pools(work.session)
        page = PoolPage(
            [(one.id, one.name.within(language), one.unit_id in open_units) for one in mine],
            pooling.pool_rows(work.session, scene, mine, open_units, language=language),
        )
    return render(request, "desk/repair_pool", page)


@router.post("/{case_id}")
def take(visit: VisitDep, case_id: int, form: FormDep) -> Response:
    """Take a repair for one's crew."""
    crew_id = whole_number(form.text("crew_id")) or 0
    with visit.writing() as work:
        repairs.take_from_pool(work.session, case_id, crew_id, actor=work.actor, now=work.now)
    return see_other(f"/repairs/crews/{crew_id}/route")

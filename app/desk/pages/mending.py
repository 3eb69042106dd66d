"""What is done with a repair beside its steps: lent to a contractor by a link, taken back."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep
from app.cases.queries import get_by_number
from app.desk.casepage import Typed
from app.desk.pages.cases import again
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.repairs import service
from app.web.forms import FormDep, parse
from app.web.templating import see_other

router = APIRouter(prefix="/cases")

_LEND = "lend"


class LendForm(BaseModel):
    """To whom a repair is lent, and for how long."""

    name: Annotated[str, Field(max_length=80, title=mark("Name of the firm"))] = ""
    days: Annotated[int, Field(title=mark("Days the link holds"))] = 7
    with_code: bool = False
    with_stock: bool = False


@router.post("/{number}/lend")
def lend(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Make a link for a contractor; the page shows it then."""
    parsed = parse(LendForm, form)
    if parsed.value is None:
        return again(request, visit, number, Typed(_LEND, parsed.values, parsed.errors))
    sent = parsed.value
    try:
        with visit.writing() as work:
            case = get_by_number(work.session, number, work.actor)
            service.lend_link(
                work.session,
                case.id,
                name=sent.name,
                days=sent.days,
                with_code=sent.with_code,
                with_stock=sent.with_stock,
                actor=work.actor,
                now=work.now,
            )
    except InvalidError as refusal:
        return again(request, visit, number, Typed(_LEND, parsed.values, refusal.fields))
    return see_other(f"/cases/{number}#repair")


@router.post("/{number}/lend/back")
def take_back(visit: VisitDep, number: str, _form: FormDep) -> Response:
    """Take the link back; whoever opens it from now on reads that."""
    with visit.writing() as work:
        case = get_by_number(work.session, number, work.actor)
        service.revoke_link(work.session, case.id, actor=work.actor, now=work.now)
    return see_other(f"/cases/{number}#repair")

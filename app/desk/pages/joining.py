"""Pages of the same matter: joining one to a likely other one, and who follows a matter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.cases import service
from app.cases.kinds import Action
from app.cases.labels import label
from app.cases.models import Case
from app.cases.queries import get_by_number, merging
from app.cases.rules import Facts, StepInput
from app.desk.joined import likely_masters, say_why
from app.desk.worklist import counts
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.web import i18n
from app.web.forms import FormDep, parse
from app.web.templating import render, see_other

router = APIRouter(prefix="/cases")

OTHER: Final = "other"


class JoinForm(BaseModel):
    """Which matter leads, chosen among the likely ones or typed, and why."""

    SENTENCES: ClassVar = {"note": mark("Say why in the note.")}

    version: int
    chosen: Annotated[str, Field(max_length=40)] = ""
    master: Annotated[str, Field(max_length=40, title=mark("Number of the leading matter"))] = ""
    note: Annotated[str, Field(max_length=2000, title=mark("Internal note"))] = ""

    @property
    def number(self) -> str:
        """The number meant."""
        return self.master if self.chosen in ("", OTHER) else self.chosen


@dataclass(frozen=True, slots=True)
class JoinPage:
    """The matter, those it may be the same as, and the form."""

    number: str
    title: str
    version: int
    options: list[tuple[str, str, str]]
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FollowersPage:
    """Who follows a matter, a page at a time."""

    number: str
    title: str
    rows: list[dict[str, Any]]
    next_url: str
    prev_url: str


@router.get("/{number}/merge")
def ask(request: Request, visit: VisitDep, number: str) -> Response:
    """Which matter it is the same as."""
    with visit.reading() as work:
        case = get_by_number(work.session, number, work.actor)
        page = _page(work, case, {}, {})
    return render(request, "cases/merge", page)


@router.post("/{number}/merge")
def join(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Join it."""
    parsed = parse(JoinForm, form)
    errors: Mapping[str, str] = parsed.errors
    if parsed.value is not None:
        try:
            with visit.writing() as work:
                _join(work, number, parsed.value)
            return see_other(f"/cases/{number}")
        except InvalidError as refusal:
            errors = refusal.fields or {"": refusal.msgid}
    with visit.reading() as work:
        case = get_by_number(work.session, number, work.actor)
        page = _page(work, case, parsed.values, errors)
    return render(request, "cases/merge", page, status=422)


@router.get("/{number}/followers")
def followers(request: Request, visit: VisitDep, number: str, cursor: str = "") -> Response:
    """Who follows this matter, or ended with it."""
    with visit.reading() as work:
        case = get_by_number(work.session, number, work.actor)
        found = merging.list_followers(
            work.session, work.actor, case.id, cursor=cursor or None, size=30
        )
        base = f"/cases/{case.number}/followers?cursor="
        page = FollowersPage(
            case.number,
            case.title,
            [_row(row) for row in found.items],
            f"{base}{found.next_cursor}" if found.next_cursor else "",
            f"{base}{found.prev_cursor}" if found.prev_cursor else "",
        )
    return render(request, "cases/followers", page)


def _join(work: Work, number: str, typed: JoinForm) -> None:
    case = get_by_number(work.session, number, work.actor)
    given = StepInput(
        Action.MERGE, typed.version, note=typed.note, facts=Facts(master=typed.number)
    )
    service.take_step_as_staff(work.session, case.id, given, actor=work.actor, now=work.now)
    counts.forget(work.actor)


def _row(row: Any) -> dict[str, Any]:  # noqa: ANN401  # a Row of ten columns
    opened_at: datetime = row.opened_at
    return {
        "number": row.number,
        "title": row.title,
        "place": row.place,
        "state": label(row.status),
        "opened_at": opened_at,
        "is_anonymous": row.is_anonymous,
        "called": label(row.callback_result) if row.callback_result else "",
        "urged": row.urge_count,
        "is_claimed": row.claim_id is not None,
    }


def _page(
    work: Work,
    case: Case,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> JoinPage:
    found = likely_masters(work.session, work.actor, case)
    options = [
        (one.number, f"{one.number} {one.title}", say_why(i18n.gettext, one.why)) for one in found
    ]
    chosen = {"chosen": found[0].number} if found else {}
    return JoinPage(case.number, case.title, case.version, options, {**chosen, **values}, errors)

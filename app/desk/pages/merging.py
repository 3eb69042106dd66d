"""Pages where two rows become one person: side by side, the list of merges, undoing one."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.citizens.models import CitizenMerge
from app.citizens.rules import read_number
from app.citizens.rules.joining import Field as Kept
from app.citizens.service import merging
from app.citizens.service.merging import Pair
from app.desk.quality import views
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.web.forms import FormDep, parse
from app.web.templating import render, see_other

router = APIRouter(prefix="/citizens")

Number = Annotated[str, Query(max_length=20)]
Cursor = Annotated[str, Query(max_length=1000)]
Side = Literal["a", "b"]
_NO_NUMBER: Final = mark("A citizen's number looks like C000001234.")


class MergeForm(BaseModel):
    """Two citizens as they were seen, which of them stays, and what it keeps."""

    a: str = ""
    b: str = ""
    a_version: int = 0
    b_version: int = 0
    survivor: Side
    reason: Annotated[str, Field(max_length=300, title=mark("Reason"))] = ""
    name: Side | None = None
    birth_year: Side | None = None
    preferred_channel: Side | None = None
    preferred_times: Side | None = None
    language: Side | None = None
    do_not_contact: Side | None = None

    @property
    def taken(self) -> frozenset[Kept]:
        """The fields the survivor takes over from the other."""
        sides = {kept: getattr(self, kept) for kept in Kept}
        return frozenset(kept for kept, side in sides.items() if side not in (None, self.survivor))

    def pair(self, ids: tuple[int, int]) -> Pair:
        """The two in the order in which one becomes part of the other."""
        seen = [(ids[0], self.a_version), (ids[1], self.b_version)]
        first, second = seen if self.survivor == "a" else reversed(seen)
        return Pair(*first, *second)


@router.get("/merge")
def ask(request: Request, visit: VisitDep, a: Number = "", b: Number = "") -> Response:
    """The two side by side; or which two, if that was not said."""
    with visit.reading() as work:
        work.actor.require(Permission.CITIZEN_MERGE)
        errors = _errors(a, b) if a or b else {}
        if errors or not a:
            context = {"values": {"a": a, "b": b}, "errors": errors}
            return render(request, "citizens/merge_ask", context, status=422 if errors else 200)
        return _beside(request, work, _ids(a, b), {}, {})


@router.post("/merge")
def merge(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Make one of the two."""
    parsed = parse(MergeForm, form)
    ids = _ids(form.text("a"), form.text("b"))
    errors = parsed.errors
    if (value := parsed.value) is not None:
        try:
            with visit.writing() as work:
                work.actor.require(Permission.CITIZEN_MERGE)
                pair, take = value.pair(ids), value.taken
                made = merging.merge(
                    work.session, pair, take=take, reason=value.reason, by=work.author, now=work.now
                )
            return see_other(f"/citizens/merges/{made}")
        except InvalidError as error:
            errors = error.said
    with visit.reading() as work:
        work.actor.require(Permission.CITIZEN_MERGE)
        return _beside(request, work, ids, parsed.values, errors)


@router.get("/merges")
def show_merges(request: Request, visit: VisitDep, cursor: Cursor = "") -> Response:
    """What was merged, newest first."""
    with visit.reading() as work:
        work.actor.require(Permission.CITIZEN_MERGE)
        page = views.merge_list(work, cursor)
    return render(request, "citizens/merges", page)


@router.get("/merges/{merge_id}")
def show_merge(request: Request, visit: VisitDep, merge_id: int) -> Response:
    """One merge, and the form that undoes it."""
    return _one(request, visit, merge_id, {}, {})


@router.post("/merges/{merge_id}/undo")
def undo(request: Request, visit: VisitDep, merge_id: int, form: FormDep) -> Response:
    """Make two of one again."""
    try:
        with visit.writing() as work:
            work.actor.require(Permission.CITIZEN_MERGE)
            merging.unmerge(
                work.session, merge_id, reason=form.text("reason"), by=work.author, now=work.now
            )
    except InvalidError as error:
        return _one(request, visit, merge_id, form.values, error.said)
    return see_other(f"/citizens/merges/{merge_id}")


def _beside(
    request: Request,
    work: Work,
    ids: tuple[int, int],
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    page = views.side_by_side(work, ids, values, errors)
    return render(request, "citizens/merge", page, status=422 if errors else 200)


def _one(
    request: Request,
    visit: VisitDep,
    merge_id: int,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    with visit.reading() as work:
        work.actor.require(Permission.CITIZEN_MERGE)
        record = work.session.get(CitizenMerge, merge_id)
        if record is None:
            raise NotFoundError(mark("There is nothing at this address."))
        page = views.one_merge(work, record, values, errors)
    return render(request, "citizens/merge_one", page, status=422 if errors else 200)


def _errors(a: str, b: str) -> dict[str, str]:
    return {name: _NO_NUMBER for name, typed in (("a", a), ("b", b)) if read_number(typed) is None}


def _ids(a: str, b: str) -> tuple[int, int]:
    one, other = read_number(a), read_number(b)
    if one is None or other is None:
        raise NotFoundError(mark("There is no citizen with this number."))
    return one, other

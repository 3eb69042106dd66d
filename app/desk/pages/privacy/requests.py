"""The requests of people about their data: what waits with its lamp, one request, every answer.

What somebody wrote is shown to the privacy officer only; handing over is written down.
"""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.accounts.deps import Visit, VisitDep, Work
from app.citizens.rules import number_of, read_number
from app.desk.pages.privacy.deeds import DEEDS, Asked
from app.desk.pages.privacy.frame import PAGE, language_of, masked, require, show, tried, version_of
from app.desk.times import Light, ended_light, light
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.text import whole_number
from app.privacy import queries, service
from app.privacy.labels import GROUNDS, PROOFS, REQUEST_KINDS, REQUEST_STATES, SOURCES, TOLD
from app.privacy.models import DataRequest
from app.privacy.queries import RequestLine
from app.privacy.rules import (
    BY_HAND,
    ERASING,
    LIVING,
    PACKAGED,
    RequestStatus,
    Told,
    number_of_request,
)
from app.privacy.service import notices
from app.privacy.service.asking import limit_for, subject_of
from app.privacy.service.retention.trying import today_of
from app.privacy.service.telling import TELLABLE
from app.sla import queries as clocks
from app.sla.models import Clock
from app.web.forms import FormDep
from app.web.templating import see_other

router = APIRouter(prefix="/privacy")

_FAR: Final = 2**62
_NO_NUMBER: Final = mark("Enter a citizen's number, as C000000001, or the number of a matter.")


@router.get("")
def overview(request: Request, visit: VisitDep, after: int = 0) -> Response:
    """What waits for an answer, the oldest first, and whether a notice is in force."""
    with visit.reading() as work:
        require(work)
        return _overview(request, work, after, {}, {})


@router.post("/find")
def find(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Go to a person by their number, or by that of their matter."""
    typed = form.text("number").strip()
    with visit.reading() as work:
        require(work)
        citizen_id = read_number(typed)
        if citizen_id is None and (found := queries.find_case(work.session, typed.upper())):
            citizen_id = found[1]
        if citizen_id is None:
            errors = {"number": _NO_NUMBER}
            return _overview(request, work, 0, {"number": typed}, errors, status=422)
    return see_other(f"/privacy/citizens/{number_of(citizen_id)}")


def _overview(
    request: Request,
    work: Work,
    after: int,
    values: dict[str, str],
    errors: dict[str, str],
    *,
    status: int = 200,
) -> Response:
    session = work.session
    waiting = queries.list_open(session, after_id=after, most=PAGE + 1)
    notice = notices.current(session, now=work.now)
    context = {
        "rows": [_row(line, work) for line in waiting[:PAGE]],
        "next": f"/privacy?after={waiting[PAGE - 1].id}" if len(waiting) > PAGE else "",
        "counts": queries.counts(session, now=work.now),
        "has_notice": notice is not None,
        "is_sample": notice is not None and notice.is_sample,
        "values": values,
        "errors": errors,
    }
    return show(request, "overview", context, status=status)


@router.get("/requests/ended")
def ended(request: Request, visit: VisitDep, before: str = "") -> Response:
    """What was answered, the latest first."""
    with visit.reading() as work:
        require(work)
        last = whole_number(before) or _FAR
        found = queries.list_ended(work.session, before_id=last, most=PAGE + 1)
        context = {
            "rows": [_row(line, work) for line in found[:PAGE]],
            "next": f"/privacy/requests/ended?before={found[PAGE - 1].id}"
            if len(found) > PAGE
            else "",
        }
    return show(request, "ended", context)


def _row(line: RequestLine, work: Work) -> dict[str, object]:
    return {
        "id": line.id,
        "number": number_of_request(line.id),
        "citizen": number_of(line.citizen_id),
        "kind": REQUEST_KINDS[line.kind],
        "state": REQUEST_STATES[line.status],
        "is_untold": line.status in TELLABLE and line.told_how is None,
        "source": SOURCES[line.source],
        "opened_at": line.opened_at,
        "closed_at": line.closed_at,
        "due_at": line.due_at,
        "light": _light(line, work),
    }


def _light(line: RequestLine, work: Work) -> Light:
    if line.closed_at is not None:
        is_judged = line.due_at is not None and line.status is not RequestStatus.WITHDRAWN
        on_time = line.closed_at <= line.due_at if is_judged and line.due_at else None
        return ended_light(on_time=on_time)
    return light(
        due_at=line.due_at,
        warn_at=line.warn_at,
        paused=False,
        provisional=bool(line.provisional),
        now=work.now,
    )


@router.get("/requests/{request_id}")
def show_one(request: Request, visit: VisitDep, request_id: int) -> Response:
    """One request, with the forms its state allows."""
    return _one(request, visit, request_id, {}, {})


def _one(
    request: Request,
    visit: Visit,
    request_id: int,
    values: dict[str, str],
    errors: dict[str, str],
) -> Response:
    with visit.reading() as work:
        require(work)
        found = queries.get_request(work.session, request_id)
        context = {
            **_facts(work, found, language_of(request)),
            "values": values,
            "errors": errors,
            "proofs": list(PROOFS.items()),
            "grounds": list(GROUNDS.items()),
            "tellings": [(each, TOLD[each]) for each in BY_HAND],
            "today": today_of(work.session, work.now).isoformat(),
        }
    return show(request, "request", context, status=422 if errors else 200)


def _facts(work: Work, found: DataRequest, language: str) -> dict[str, object]:
    session = work.session
    asked, answered, extension = service.words_of(session, found)
    own = clocks.list_clocks(session, subject_of(found))
    limit = limit_for(session, found.kind)
    # A running clock keeps the ground it was started on; only the limit knows it in English.
    is_same = bool(own) and own[-1].basis_text == limit.basis_text
    names = queries.staff_names(
        session,
        [
            found.opened_by_id,
            found.identified_by_id,
            found.proposed_by_id,
            found.closed_by_id,
            found.told_by_id,
        ],
    )
    return {
        "id": found.id,
        "number": number_of_request(found.id),
        "citizen": number_of(found.citizen_id),
        "name": masked(session, found.citizen_id),
        "kind": REQUEST_KINDS[found.kind],
        "state": REQUEST_STATES[found.status],
        "source": SOURCES[found.source],
        "request": found,
        "names": names,
        "asked": asked,
        "answered": answered,
        "extension": extension,
        "clock": own[-1] if own else None,
        "light": _clock_light(own[-1], work) if own else None,
        "is_open": found.status in LIVING,
        "is_proposed": found.status is RequestStatus.PROPOSED,
        "is_own_proposal": found.proposed_by_id == work.actor.id,
        "is_erasing": found.kind in ERASING,
        "is_packaged": found.kind in PACKAGED,
        "is_package_ready": found.package_until is not None and found.package_until > work.now,
        "proof": PROOFS[found.identified_how] if found.identified_how else "",
        "ground": GROUNDS[found.refusal_ground] if found.refusal_ground else "",
        "more_days": limit.more_days,
        "basis": limit.basis(language) if is_same else (own[-1].basis_text if own else ""),
        "told": TOLD[found.told_how] if found.told_how else "",
        "is_to_tell": _is_to_tell(found),
        **_still_open(session, found.citizen_id),
    }


def _still_open(session: Session, citizen_id: int) -> dict[str, object]:
    """What must end before an erasure; which confidential complaint is theirs is told nobody."""
    ids = queries.family_of(session, citizen_id)
    named = queries.named_open_cases_of(session, ids)
    return {
        "open_cases": named,
        "has_secret_open": len(queries.open_cases_of(session, ids)) > len(named),
    }


def _is_to_tell(found: DataRequest) -> bool:
    """Whether somebody must, or may once more, be told by hand; never whom nobody knows now."""
    is_erased = found.kind in ERASING and found.status is RequestStatus.DONE
    return found.status in TELLABLE and found.told_how is not Told.MESSAGE and not is_erased


def _clock_light(clock: Clock, work: Work) -> Light:
    if not clock.is_open:
        return ended_light(on_time=clock.on_time)
    return light(
        due_at=clock.due_at,
        warn_at=clock.warn_at,
        paused=False,
        provisional=clock.provisional,
        now=work.now,
    )


@router.post("/requests/{request_id}/{deed}")
def act(request: Request, visit: VisitDep, request_id: int, deed: str, form: FormDep) -> Response:
    """Do one thing with a request; what was typed comes back when it is refused."""
    if deed not in DEEDS:
        raise NotFoundError(mark("There is nothing at this address."))
    version = version_of(form)
    errors = tried(visit, lambda work: DEEDS[deed](Asked(work, request_id, form, version)))
    if errors:
        return _one(request, visit, request_id, form.values, errors)
    return see_other(f"/privacy/requests/{request_id}")

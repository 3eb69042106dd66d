"""Requests brought in with a key: checked in the order of the contract, then as every report.

What is answered names the request; who can name it can read at once that it is here.
"""

from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.facilities.rules import Call, TypeView
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.maps.ground import ground_of
from app.open311 import doors, media, reading, repeating, service, views
from app.open311.answering import BASE, reply
from app.open311.api.spelling import spelling_of
from app.open311.asked import Asked, PostedDep
from app.open311.models import GeoRequest
from app.open311.rules.shapes import Format, Listed
from app.open311.service import Report
from app.open311.views import Spelling
from app.partners.rules import Right
from app.repairs.rules import told_of
from app.web.deps import EdgeDep

_ROOT: Final = "service_requests"
router = APIRouter(prefix=BASE, include_in_schema=False)


@router.post("/requests.{form}")
def create(request: Request, edge: EdgeDep, form: Format, asked: PostedDep) -> Response:
    """Bring a report in; it goes the way of every report."""
    now, to = edge.now(), spelling_of(request)
    with edge.reading() as session:
        doors.check_jurisdiction(session, asked.sent, edge.settings)
        partner = doors.open_to(session, asked.sent, Right.CREATE)
        kind = _service_asked(session, asked)
        partner.terms.require(Right.CREATE, kind.code)
        ground = ground_of(edge.settings)
        report = reading.report_of(asked.sent, kind, ground=ground, now=now, zone=to.zone)
    with edge.writing() as session:
        doors.count(session, partner, signer=request.app.state.signer, now=now)
    name = request.headers.get(repeating.HEADER, "").strip()
    sending = repeating.sending_of(name, asked, key_id=partner.key_id)
    report = replace(report, files=media.take(request, asked))
    with edge.writing() as session:
        fields = repeating.earlier(session, sending, now=now)
        if fields is None:
            row = service.open_request(session, report, key_id=partner.key_id, now=now)
            fields = _answer(row, report, to)
            repeating.keep(session, sending, fields)
    return reply(request, form, _ROOT, Listed("request", [fields]))


def _service_asked(session: Session, asked: Asked) -> TypeView:
    code = asked.sent.text("service_code")
    if not code:
        raise InvalidError(fields={"service_code": mark("This is required.")})
    return service.get_service(session, code)


def _answer(row: GeoRequest, report: Report, to: Spelling) -> dict[str, str | None]:
    return {
        "service_request_id": row.request_id,
        "service_notice": _notice(report, to),
        "account_id": None,
    }


def _notice(report: Report, to: Spelling) -> str:
    """What happens next; where somebody is in danger, whom to call now."""
    named = [each for each in report.kind.dangers if each.key in report.answered.dangers]
    known = {call.number: _called(call, to) for danger in named for call in danger.call}
    told = told_of(report.kind, report.words).numbers
    calls = known | {number: number for number in told if number not in known}
    if not calls:
        return to.say(views.WITHHELD)
    now = to.say(mark("Somebody may be in danger. Call now: %(calls)s."))
    return now % {"calls": ", ".join(calls.values())}


def _called(call: Call, to: Spelling) -> str:
    return f"{call.number} {call.whom.within(to.language)}"

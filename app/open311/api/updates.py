"""The updates extension of mySociety: what the agency did since, and what others write to us.

A posted update is written down for staff and never echoed: it is somebody's word, not ours.
"""

from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.facilities import queries as facilities
from app.open311 import doors, media, queries, reading, service, views
from app.open311.answering import BASE, reply
from app.open311.api.spelling import spelling_of
from app.open311.asked import AskedDep, PostedDep
from app.open311.rules import times
from app.open311.rules.asking import MOST_ROWS
from app.open311.rules.shapes import Format, Listed
from app.partners.rules import Right
from app.publishing import queries as publishing
from app.web.deps import EdgeDep

_ROOT: Final = "service_request_updates"
_ITEM: Final = "request_update"
# Who asks for a span must get all of it: there are no pages here.
_MOST: Final = 20_000
router = APIRouter(prefix=BASE, include_in_schema=False)


@router.get("/servicerequestupdates.{form}")
def list_updates(request: Request, edge: EdgeDep, form: Format, asked: AskedDep) -> Response:
    """What became public between two moments, or what became so last."""
    to = spelling_of(request)
    sent = asked.sent
    span = times.both_or_none(
        times.read("start_date", sent.text("start_date"), to.zone),
        times.read("end_date", sent.text("end_date"), to.zone, is_end=True),
    )
    with edge.reading() as session:
        doors.check_jurisdiction(session, sent, edge.settings)
        if not edge.settings.shows_reports:
            found = []
        elif span is None:
            found = publishing.newest_updates(session, limit=MOST_ROWS)
        else:
            found = publishing.updates_between(session, span.since, span.until, limit=_MOST)
    updates = [views.update(one, to) for one in found if views.is_news(one)]
    return reply(request, form, _ROOT, Listed(_ITEM, updates))


@router.post("/servicerequestupdates.{form}")
def add_update(request: Request, edge: EdgeDep, form: Format, asked: PostedDep) -> Response:
    """Write an update down for staff; the same one again gets the same answer."""
    now, to = edge.now(), spelling_of(request)
    with edge.reading() as session:
        doors.check_jurisdiction(session, asked.sent, edge.settings)
        partner = doors.open_to(session, asked.sent, Right.UPDATE)
        update = reading.update_of(asked.sent, zone=to.zone, has_files=bool(asked.files))
        name = asked.sent.text("service_request_id")
        kind = facilities.type_of_category(session, queries.get_case(session, name).category_id)
        partner.terms.require(Right.UPDATE, kind.code if kind else "other")
    with edge.writing() as session:
        doors.count(session, partner, signer=request.app.state.signer, now=now)
    update = replace(update, files=media.take(request, asked))
    with edge.writing() as session:
        case = queries.get_case(session, name)
        row = service.add_update(
            session, case, update, key_id=partner.key_id, program=partner.terms.name, now=now
        )
        answer = {"update_id": views.name_of_posted(row.id, row.created_at)}
    return reply(request, form, _ROOT, Listed(_ITEM, [answer]))

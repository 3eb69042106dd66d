"""Requests read by anybody: those a person released, with masked words, listed or one by one.

A request just brought in is found by its name only, without its words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.facilities import queries as facilities
from app.facilities.rules import category_code
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.open311 import doors, queries, views
from app.open311.answering import BASE, reply
from app.open311.api.spelling import spelling_of
from app.open311.asked import Asked, AskedDep
from app.open311.rules import asking, definitions, states, times
from app.open311.rules.asking import MOST_ROWS, Sent
from app.open311.rules.shapes import Fields, Format, Listed
from app.open311.views import Extras, Spelling
from app.publishing import queries as publishing
from app.publishing.queries import Released, Wanted
from app.publishing.rules import PublicState
from app.web.deps import Edge, EdgeDep

_ROOT: Final = "service_requests"
_STATES: Final = {states.OPEN: PublicState.OPEN, states.CLOSED: PublicState.CLOSED}
router = APIRouter(prefix=BASE, include_in_schema=False)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One request for reading: its transaction, what was sent, how to answer."""

    session: Session
    sent: Sent
    to: Spelling
    shows_reports: bool

    def released(self, wanted: Wanted, limit: int, skipped: int = 0) -> list[Released]:
        """What was released; nothing where the operator shows the public no reports."""
        if not self.shows_reports:
            return []
        return publishing.list_released(self.session, wanted, limit=limit, offset=skipped)


@router.get("/requests.{form}")
def list_requests(request: Request, edge: EdgeDep, form: Format, asked: AskedDep) -> Response:
    """What was released, the newest requests first; by name also what was not released yet."""
    page = asking.page_of(asked.sent)
    names = asked.sent.listed("service_request_id")
    to = spelling_of(request)
    with edge.reading() as session:
        doors.check_jurisdiction(session, asked.sent, edge.settings)
        reading = _reading(session, edge, asked, to)
        if names:
            found = _named(reading, names)[page.skipped : page.skipped + page.limit]
        else:
            wanted = _wanted(asked.sent, to, now=edge.now())
            found = _shown(reading, reading.released(wanted, page.limit, page.skipped))
    return reply(request, form, _ROOT, Listed("request", found))


@router.get("/requests/{request_id}.{form}")
def show_request(
    request: Request, edge: EdgeDep, request_id: str, form: Format, asked: AskedDep
) -> Response:
    """One request, however old."""
    to = spelling_of(request)
    with edge.reading() as session:
        doors.check_jurisdiction(session, asked.sent, edge.settings)
        found = _named(_reading(session, edge, asked, to), (request_id,))
    if not found:
        raise NotFoundError(mark("There is no request with this service_request_id."))
    return reply(request, form, _ROOT, Listed("request", found))


@router.get("/tokens/{token}.{form}")
def show_token(
    request: Request, edge: EdgeDep, token: str, form: Format, asked: AskedDep
) -> Response:
    """The request a token stands for: all services answer at once, so each is its own token."""
    with edge.reading() as session:
        doors.check_jurisdiction(session, asked.sent, edge.settings)
        queries.get_case(session, token)
    fields: Fields = {"service_request_id": token, "token": token}
    return reply(request, form, _ROOT, Listed("request", [fields]))


def _reading(session: Session, edge: Edge, asked: Asked, to: Spelling) -> _Reading:
    names = definitions.called(facilities.list_types(session), to.language)
    to = replace(to, names=names)
    return _Reading(session, asked.sent, to, edge.settings.shows_reports)


def _wanted(sent: Sent, to: Spelling, *, now: datetime) -> Wanted:
    span = times.window(
        times.read("start_date", sent.text("start_date"), to.zone),
        times.read("end_date", sent.text("end_date"), to.zone, is_end=True),
        now=now,
    )
    codes = sent.listed("service_code")
    return Wanted(
        codes=tuple(map(category_code, codes)) if codes else None,
        state=_state(sent),
        requested_from=span.since,
        requested_to=span.until,
        changed_from=times.read("updated_after", sent.text("updated_after"), to.zone),
        changed_to=times.read("updated_before", sent.text("updated_before"), to.zone, is_end=True),
    )


def _state(sent: Sent) -> PublicState | None:
    asked = {text.lower() for text in sent.listed("status") or ()}
    if not asked <= _STATES.keys():
        raise InvalidError(fields={"status": mark("A status is open or closed.")})
    return _STATES[asked.pop()] if len(asked) == 1 else None


def _named(reading: _Reading, names: Sequence[str]) -> list[Fields]:
    """The requests of these names, the newest first; released ones in full."""
    if len(names) > MOST_ROWS:
        too_many = mark("Ask for at most 1,000 requests at once.")
        raise InvalidError(fields={"service_request_id": too_many})
    wanted = Wanted(numbers=tuple(names))
    listed = reading.released(wanted, MOST_ROWS)
    shown = zip((one.requested_at for one in listed), _shown(reading, listed), strict=True)
    known = {one.public_no for one in listed}
    both = [*shown, *_brought(reading, [name for name in names if name not in known])]
    return [fields for _, fields in sorted(both, key=lambda pair: pair[0], reverse=True)]


def _brought(reading: _Reading, names: Sequence[str]) -> list[tuple[datetime, Fields]]:
    session = reading.session
    mine = doors.reader(session, reading.sent)
    found = []
    for row in queries.brought(session, names):
        kind = facilities.type_of_category(session, row.category_id)
        is_own = mine is not None and row.key_id == mine
        code = kind.code if kind else views.code_of("")
        fields = views.brought(row, reading.to, code=code, is_own=is_own)
        found.append((row.opened_at, fields))
    return found


def _shown(reading: _Reading, listed: Sequence[Released]) -> list[Fields]:
    is_extended = reading.sent.text("extensions").lower() == "true"
    ids = [one.id for one in listed]
    told = queries.told(reading.session, ids, only_answers=not is_extended)
    photos = publishing.photos_of(reading.session, ids)
    return [
        views.released(
            one,
            Extras(
                views.addresses_of(one, len(photos.get(one.id, ())), reading.to),
                told.get(one.id, ()),
            ),
            reading.to,
            is_extended=is_extended,
        )
        for one in listed
    ]

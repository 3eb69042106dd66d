"""The rights of one person: consents by one press, requests to be opened, restriction, holds.

Clerks who may edit citizens record consents and requests here too; the rest is the officer's.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import Visit, VisitDep, Work
from app.accounts.rules import Permission
from app.citizens.rules import CitizenState, number_of, read_number
from app.desk.pages.privacy.frame import language_of, masked, require, show, tried
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.privacy import queries, service
from app.privacy.labels import REQUEST_KINDS, REQUEST_STATES, SOURCES
from app.privacy.rules import RequestKind, Source, number_of_request
from app.privacy.service import answering, notices
from app.web.forms import FormDep, RawForm
from app.web.templating import see_other

router = APIRouter(prefix="/privacy/citizens")

_ALSO = Permission.CITIZEN_EDIT
_NOBODY = mark("There is no such citizen.")


@router.get("/{number}")
def show_person(request: Request, visit: VisitDep, number: str) -> Response:
    """Consents, requests and restriction of one person."""
    return _person(request, visit, number, {}, {})


@router.post("/{number}/consents")
def consent(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Give or take back one consent: one press each."""
    errors = tried(visit, lambda work: _consent(work, _id_of(number), form), _ALSO)
    if errors:
        return _person(request, visit, number, form.values, errors)
    return see_other(f"/privacy/citizens/{number}#consents")


def _consent(work: Work, citizen_id: int, form: RawForm) -> None:
    source = _source(form)
    kind = form.text("kind")
    if form.text("to") == "no":
        service.withdraw(
            work.session, citizen_id, kind, source=source, by=work.author, now=work.now
        )
        return
    service.give(
        work.session,
        citizen_id,
        kind,
        source=source,
        by=work.author,
        guardian_id=read_number(form.text("guardian")),
        now=work.now,
    )


@router.post("/{number}/requests")
def ask(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Take a request in for the person at the window or on the telephone."""
    errors = tried(visit, lambda work: _ask(work, _id_of(number), form), _ALSO)
    if errors:
        return _person(request, visit, number, form.values, errors)
    return see_other(f"/privacy/citizens/{number}#requests")


def _ask(work: Work, citizen_id: int, form: RawForm) -> None:
    kind = {str(each): each for each in RequestKind}.get(form.text("kind"))
    if kind is None:
        raise InvalidError(fields={"kind": mark("Choose one.")})
    service.open_request(
        work.session,
        citizen_id,
        kind,
        form.text("text"),
        source=_source(form),
        by=work.author,
        now=work.now,
    )


@router.post("/{number}/restriction")
def restriction(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Only store from now on, or let the person be found again."""
    deed = answering.lift_restriction if form.text("to") == "lift" else answering.restrict
    errors = tried(
        visit, lambda work: deed(work.session, _id_of(number), by=work.author, now=work.now)
    )
    if errors:
        return _person(request, visit, number, form.values, errors)
    return see_other(f"/privacy/citizens/{number}")


def _person(
    request: Request,
    visit: Visit,
    number: str,
    values: dict[str, str],
    errors: dict[str, str],
) -> Response:
    language = language_of(request)
    with visit.reading() as work:
        require(work, _ALSO)
        session = work.session
        who = queries.get_who(session, _id_of(number))
        labels = {kind.code: kind.label(language) for kind in queries.every_kind(session)}
        asked = service.requests_of(session, who.id)
        context = {
            "number": number_of(who.id),
            "name": masked(session, who.id),
            "is_restricted": who.state is CitizenState.RESTRICTED,
            "is_erased": who.state is CitizenState.ANONYMISED,
            "is_officer": work.actor.may(Permission.PRIVACY_MANAGE),
            "has_seen_notice": notices.has_seen(session, who.id, now=work.now),
            "needs_guardian": service.needs_guardian(session, who.id, now=work.now),
            "consents": [
                (state, state.kind.label(language), state.kind.reason(language))
                for state in service.consents_of(session, who.id)
            ],
            "history": [
                (labels[line.kind], line.is_given, SOURCES[line.source], line.at)
                for line in service.history_of(session, who.id)
            ],
            "requests": [
                (
                    line.id,
                    number_of_request(line.id),
                    REQUEST_KINDS[line.kind],
                    REQUEST_STATES[line.status],
                    line.opened_at,
                    line.due_at,
                )
                for line in asked
            ],
            "kinds": list(REQUEST_KINDS.items()),
            "sources": [
                (value, label) for value, label in SOURCES.items() if value is not Source.PORTAL
            ],
            "values": {"source": "counter", **values},
            "errors": errors,
        }
    return show(request, "person", context, status=422 if errors else 200)


def _source(form: RawForm) -> Source:
    return {str(each): each for each in Source}.get(form.text("source"), Source.COUNTER)


def _id_of(number: str) -> int:
    """The citizen's id.

    Raises:
        NotFoundError: this is no citizen's number.
    """
    citizen_id = read_number(number)
    if citizen_id is None:
        raise NotFoundError(_NOBODY)
    return citizen_id

"""One's rights: extras agreed to and taken back, requests about the data held, their answers.

What is decided about a request is the privacy officer's; here it is asked and read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from app.kernel.authors import Author
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.mypage import queries as people
from app.portal import me
from app.portal.me import Own
from app.privacy import copies, jobs, queries
from app.privacy.labels import REQUEST_KINDS, REQUEST_STATES
from app.privacy.models import DataRequest
from app.privacy.rules import (
    LIVING,
    MAX_TEXT,
    IdentityProof,
    RequestKind,
    Source,
    number_of_request,
)
from app.privacy.service import answering, asking, consents, packaging
from app.privacy.service.consents import ConsentState
from app.web.deps import EdgeDep
from app.web.forms import FormDep, parse
from app.web.templating import render, render_text, see_other
from app.web.ui import locale_of
from app.web.unlisted import unlisted

router = APIRouter()

_BY: Final = Author(None, "citizen")
_PAGE: Final = "privacy/package.html"
DONE: Final[Mapping[str, str]] = {
    "given": mark("Thank you. You can take it back here at any time."),
    "withdrawn": mark("Taken back. Nothing else changes for you."),
    "asked": mark("Your request has reached us. The answer will stand here."),
    "ended": mark("Your request is taken back."),
}


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One extra in the reader's language, and how it stands."""

    code: str
    name: str
    purpose: str
    is_given: bool
    since: datetime | None


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One request with its answer, as soon as there is one."""

    id: int
    number: str
    kind: str
    state: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    answer: str
    why_longer: str
    is_ready: bool
    may_end: bool
    version: int


@dataclass(frozen=True, slots=True)
class RightsPage:
    """Extras, requests, and the form for a new one."""

    consents: list[ConsentLine]
    requests: list[AskedLine]
    kinds: tuple[tuple[str, str], ...]
    done: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


class AskForm(BaseModel):
    """What is asked, and why."""

    SENTENCES: ClassVar[dict[str, str]] = {
        "kind": mark("Choose what you ask for."),
        "text": mark("This is too long. Shorten it to 2,000 characters."),
    }

    kind: RequestKind = Field(title=mark("What you ask for"))
    text: str = Field("", title=mark("In your words"), max_length=MAX_TEXT)


@router.get("/my/rights", include_in_schema=False)
def show(request: Request, edge: EdgeDep, done: str = "") -> Response:
    """How one's rights stand."""
    with me.reading(request, edge) as own:
        page = _page(request, own, done=DONE.get(done, ""))
    return unlisted(render(request, "portal/my_rights", page))


@router.post("/my/consents", include_in_schema=False)
def consent(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Agree to an extra, or take it back, each with one press."""
    is_given = form.text("given") == "yes"
    with me.writing(request, edge) as own:
        change = consents.give if is_given else consents.withdraw
        # Somebody known twice said it for both: taken back in one place alone it would go on.
        for citizen_id in own.people:
            change(
                own.session,
                citizen_id,
                form.text("kind"),
                source=Source.PORTAL,
                by=_BY,
                now=own.now,
            )
    return unlisted(see_other(f"/my/rights?done={'given' if is_given else 'withdrawn'}"))


@router.post("/my/requests", include_in_schema=False)
def ask(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Ask; the code one signed in with says who is asking."""
    parsed = parse(AskForm, form)
    errors = dict(parsed.errors)
    with me.writing(request, edge) as own:
        if parsed.value is not None and not _is_told(parsed.value):
            errors = {"text": mark("Say what is wrong and what is right.")}
        if parsed.value is None or errors:
            page = _page(request, own, values=parsed.values, errors=errors)
            return unlisted(render(request, "portal/my_rights", page, status=422))
        opened = asking.open_request(
            own.session,
            people.primary_of(own.session, own.people).id,
            parsed.value.kind,
            parsed.value.text,
            source=Source.PORTAL,
            by=_BY,
            now=own.now,
        )
        answering.identify(
            own.session,
            opened.id,
            IdentityProof.CODE,
            version=opened.version,
            by=_BY,
            now=own.now,
        )
    return unlisted(see_other("/my/rights?done=asked"))


def _is_told(asked: AskForm) -> bool:
    return asked.kind is not RequestKind.CORRECTION or bool(asked.text.strip())


@router.post("/my/requests/{request_id}/end", include_in_schema=False)
def end(request: Request, edge: EdgeDep, request_id: int, form: FormDep) -> Response:
    """Ask no more."""
    with me.writing(request, edge) as own:
        found = _own(own, request_id)
        seen = int(form.text("version")) if form.text("version").isdecimal() else 0
        asking.withdraw_request(own.session, found.id, version=seen, by=_BY, now=own.now)
    return unlisted(see_other("/my/rights?done=ended"))


@router.post("/my/requests/{request_id}/package", include_in_schema=False)
def take(request: Request, edge: EdgeDep, request_id: int, form: FormDep) -> Response:
    """What is held, to read or to keep; each time is written down."""
    with me.writing(request, edge) as own:
        found = _own(own, request_id)
        name, key = packaging.hand_over(own.session, found.id, by=_BY, now=own.now)
        text = b"".join(jobs.packages(edge.settings).pieces(name, key)).decode()
        page = copies.readable(own.session, text, str(locale_of(request)))
    if form.text("as") == "json":
        headers = {"Content-Disposition": 'attachment; filename="data.json"'}
        return unlisted(Response(text, media_type="application/json", headers=headers))
    return unlisted(HTMLResponse(render_text(request, _PAGE, page)))


def _own(own: Own, request_id: int) -> DataRequest:
    """One's own request.

    Raises:
        NotFoundError: it is somebody else's, or there is none.
    """
    found = queries.get_request(own.session, request_id)
    if found.citizen_id not in own.people:
        raise NotFoundError(mark("There is no such request."))
    return found


def _page(
    request: Request,
    own: Own,
    *,
    done: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> RightsPage:
    language = str(locale_of(request))
    extras = [
        ConsentLine(
            each.kind.code,
            each.kind.label(language),
            each.kind.reason(language),
            each.is_given,
            each.since,
        )
        for each in _extras(own)
    ]
    dates = {
        line.id: line.due_at
        for citizen_id in own.people
        for line in asking.requests_of(own.session, citizen_id)
        if line.citizen_id in own.people
    }
    asked = [_asked(own, key, dates[key]) for key in sorted(dates, reverse=True)]
    return RightsPage(
        consents=extras,
        requests=asked,
        kinds=tuple((str(kind), words) for kind, words in REQUEST_KINDS.items()),
        done=done,
        values=values or {},
        errors=errors or {},
    )


def _extras(own: Own) -> list[ConsentState]:
    """Every extra once; given, if any of the person's rows says so."""
    found: dict[str, ConsentState] = {}
    for citizen_id in own.people:
        for each in consents.consents_of(own.session, citizen_id):
            kept = found.get(each.kind.code)
            if kept is None or (each.is_given and not kept.is_given):
                found[each.kind.code] = each
    return list(found.values())


def _asked(own: Own, request_id: int, due_at: datetime | None) -> AskedLine:
    found = queries.get_request(own.session, request_id)
    _text, answer, why_longer = asking.words_of(own.session, found)
    is_living = found.status in LIVING
    return AskedLine(
        id=found.id,
        number=number_of_request(found.id),
        kind=REQUEST_KINDS[found.kind],
        state=REQUEST_STATES[found.status],
        opened_at=found.opened_at,
        due_at=due_at if is_living else None,
        closed_at=found.closed_at,
        answer=answer,
        why_longer=why_longer,
        is_ready=found.package_until is not None and found.package_until > own.now,
        may_end=is_living,
        version=found.version,
    )

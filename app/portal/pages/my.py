"""One's own page: all one's matters with their lamps, and those linked by number and code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Row

from app.cases.queries import find_by_number_and_code
from app.cases.queries.getting import token_for
from app.catalogue import queries as catalogue
from app.kernel.messages import mark
from app.kernel.text import identifier
from app.kernel.vault import vault_of
from app.mypage import queries
from app.mypage.service import own as deeds
from app.mypage.service import sessions
from app.portal import me
from app.portal.me import Own
from app.portal.my_forms import LinkForm
from app.portal.pages.my_sign_in import sign_in_page
from app.portal.pages.track import TRIES
from app.portal.views import DueView, due_of
from app.portal.words import STATES
from app.watching import queries as watching
from app.watching.rules import street_of
from app.web.deps import Edge, EdgeDep
from app.web.forms import FormDep, parse
from app.web.proof import admit
from app.web.templating import render, see_other
from app.web.ui import locale_of, zone_of
from app.web.unlisted import unlisted

router = APIRouter()
_NO_MATCH: Final = mark("Number and code do not belong together. Check both for typing errors.")
DONE: Final[Mapping[str, str]] = {
    "linked": mark("The matter now stands on your page."),
}


@dataclass(frozen=True, slots=True)
class MatterLine:
    """One matter of the list; `href` is its own page."""

    number: str
    href: str
    title: str
    category: str
    state: str
    due: DueView
    unit: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class WatchedLine:
    """A report of somebody else that they said "me too" to."""

    id: int
    number: str
    category: str
    street: str
    state: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class MyPage:
    """Matters in hand, what they watch, and one page of matters that have ended."""

    open: list[MatterLine]
    is_cut: bool
    ended: list[MatterLine]
    watched: list[WatchedLine]
    next_url: str
    prev_url: str
    done: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/my", include_in_schema=False)
def show(
    request: Request, edge: EdgeDep, cursor: str = "", done: str = "", ended: str = ""
) -> Response:
    """One's matters; or the way in."""
    with edge.reading() as session:
        is_here = sessions.find(session, me.token_of(request), now=edge.now()) is not None
    if not is_here:
        page = sign_in_page(has_ended=bool(ended))
        return unlisted(render(request, "portal/my_sign_in", page))
    with me.reading(request, edge) as own:
        overview = _overview(request, edge, own, cursor, done=DONE.get(done, ""))
    return unlisted(render(request, "portal/my", overview))


@router.post("/my/link", include_in_schema=False)
def link(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Put a matter on this page by its number and code."""
    parsed = parse(LinkForm, form)
    errors = dict(parsed.errors)
    with me.writing(request, edge) as own:
        if parsed.value is not None:
            number, code = identifier(parsed.value.number), identifier(parsed.value.code)
            refusal = admit(request, own.session, form, TRIES, now=own.now, token=number)
            if refusal is not None:
                return refusal
            case = find_by_number_and_code(own.session, number, code)
            if case is not None:
                deeds.link(own.session, own.people, case, now=own.now)
                return unlisted(see_other("/my?done=linked"))
            errors = {"number": _NO_MATCH}
        page = _overview(request, edge, own, "", values=parsed.values, errors=errors)
    return unlisted(render(request, "portal/my", page, status=422))


def _overview(
    request: Request,
    edge: Edge,
    own: Own,
    cursor: str,
    *,
    done: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> MyPage:
    in_hand = queries.open_matters(own.session, own.people)
    ended = queries.ended_matters(own.session, own.people, cursor=cursor or None)
    return MyPage(
        open=_lines(request, edge, own, in_hand),
        is_cut=len(in_hand) == queries.MOST_OPEN,
        ended=_lines(request, edge, own, ended.items),
        watched=_watched(request, own),
        next_url=f"/my?cursor={ended.next_cursor}" if ended.next_cursor else "",
        prev_url=f"/my?cursor={ended.prev_cursor}" if ended.prev_cursor else "",
        done=done,
        values=values or {},
        errors=errors or {},
    )


def _lines(
    request: Request, edge: Edge, own: Own, found: Sequence[Row[*tuple[Any, ...]]]
) -> list[MatterLine]:
    language, zone = str(locale_of(request)), zone_of(edge.settings.zone)
    categories = catalogue.snapshot(own.session).categories
    vault = vault_of(own.session)
    lines = []
    for row in found:
        entry = categories.get(row.category_id) if language == "en" else None
        lines.append(
            MatterLine(
                number=row.number,
                href=f"/c/{token_for(vault, row.id, row.token_generation)}",
                title=row.title,
                category=entry.name.within(language) if entry else row.category_name,
                state=STATES[row.status].title,
                due=due_of(row, own.now, zone),
                unit=row.unit_name_en if language == "en" and row.unit_name_en else row.unit_name,
                opened_at=row.opened_at,
                closed_at=row.closed_at,
            )
        )
    return lines


def _watched(request: Request, own: Own) -> list[WatchedLine]:
    language = str(locale_of(request))
    categories = {
        entry.name.zh: entry.name.within(language)
        for entry in catalogue.snapshot(own.session).categories.values()
    }
    return [
        WatchedLine(
            id=one.id,
            number=one.number,
            category=categories.get(one.category_name, one.category_name),
            street=street_of(one.place),
            state=STATES[one.status].title,
            opened_at=one.opened_at,
            closed_at=one.closed_at,
        )
        for one in watching.watched_by(own.session, own.people)
    ]

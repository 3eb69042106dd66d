"""One repair on the phone: where, what is dangerous, big buttons, photos, what was said.

Names no citizen and shows no number of one. The same page works without script and signal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Row

from app.accounts.deps import VisitDep, Work
from app.cases.kinds import FINAL
from app.cases.labels import label
from app.cases.rules.repairing import PhotoStage
from app.crew import queries
from app.crew.forms import MOST_USED
from app.crew.rules import ENDED, IN_HAND, NOT_HERE, STATIONS, Press, presses
from app.crew.views import Job, Photo, Said, broken_of, jobs_of, phones_of, photos_of, said_of
from app.crew.words import crew_words
from app.departments import queries as departments
from app.departments.queries.shelf import UnitView
from app.kernel.ids import random_token
from app.kernel.text import mask_free_text
from app.repairs import queries as repairs
from app.repairs.rules import counted
from app.web.templating import render
from app.web.ui import locale_of
from app.web.uploads import send_file

router = APIRouter(prefix="/crew")


@dataclass(frozen=True, slots=True)
class CardPage:
    """What a card prints; `typed` is the action whose form comes back with what was typed."""

    who: int
    job: Job
    broken: Sequence[str]
    body: str
    reworks: int
    presses: Sequence[Press]
    labels: Mapping[str, str]
    stations: Sequence[tuple[str, str]]
    why_none: str
    lacks: Sequence[str]
    stock: Sequence[tuple[int, str]]
    used: Sequence[str]
    rows: int
    photos: Sequence[Photo]
    said: Sequence[Said]
    phones: Sequence[tuple[str, str]]
    token: str
    most_bytes: int
    words: str
    typed: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/{number}")
def show(request: Request, visit: VisitDep, number: str) -> Response:
    """The card."""
    with visit.reading() as work:
        page = draw(request, work, number)
    return answer(request, page)


def answer(request: Request, page: CardPage, *, status: int = 200) -> Response:
    """The page, marked so that a phone knows whether what it keeps is still the same."""
    response = render(request, "crew/card", page, status=status)
    response.headers["X-Crew-Mark"] = page.job.mark
    return response


def draw(
    request: Request,
    work: Work,
    number: str,
    *,
    typed: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> CardPage:
    """Everything a card shows.

    Raises:
        NotFoundError: no such repair with the actor's crew, or in the actor's sight.
    """
    locale = locale_of(request)
    own = queries.crews_of(work.session, work.actor)
    row = queries.get_job(work.session, number, work.actor, [crew.id for crew in own])
    is_ours = row.crew_id in {crew.id for crew in own} and row.status in IN_HAND
    (job,) = jobs_of(work.session, [row], own, now=work.now, language=locale.tag)
    return CardPage(
        who=work.actor.id,
        job=job,
        broken=broken_of(work.session, row, locale.tag),
        body=mask_free_text(row.body),
        reworks=row.rework_count,
        presses=presses() if is_ours else (),
        labels={str(one.action): label(one.action) for one in presses()},
        stations=[(str(status), label(status)) for status in STATIONS],
        why_none="" if is_ours else ENDED if row.status in FINAL else NOT_HERE,
        lacks=_lacks(work, row),
        stock=_stock(work, own),
        used=[
            f"{one.name} {counted(one.quantity, one.measure)}"
            for one in repairs.materials_of(work.session, row.id)
        ],
        rows=MOST_USED,
        photos=photos_of(work.session, row),
        said=said_of(work.session, row),
        phones=phones_of(own, {one.id: one for one in _homes(work, own)}),
        token=random_token(),
        most_bytes=request.app.state.settings.max_file_bytes,
        words=crew_words(locale),
        typed=typed,
        values=values or {},
        errors=errors or {},
    )


def _lacks(work: Work, row: Row[*tuple[Any, ...]]) -> list[str]:
    """Of which stages a photo is still needed before it counts as repaired."""
    known = repairs.stages_known(work.session, row.id, row.round)
    needed = ((PhotoStage.BEFORE, row.needs_before), (PhotoStage.AFTER, row.needs_after))
    return [str(stage) for stage, is_needed in needed if is_needed and stage not in known]


def _homes(work: Work, own: Sequence[UnitView]) -> list[UnitView]:
    return departments.views_of(work.session, [crew.parent_id or 0 for crew in own])


def _stock(work: Work, own: Sequence[UnitView]) -> list[tuple[int, str]]:
    """What the crew can use, each with how much is left, for a select."""
    items = {one.id: one for crew in own for one in repairs.items_for(work.session, crew.path)}
    return [(one.id, f"{one.name} ({counted(one.on_hand, one.measure)})") for one in items.values()]


@router.get("/{number}/files/{file_id}")
def file(request: Request, visit: VisitDep, number: str, file_id: int) -> Response:
    """One photo of a repair whose card may be opened.

    Raises:
        NotFoundError: no such card, or no such photo on it.
    """
    with visit.reading() as work:
        own = [crew.id for crew in queries.crews_of(work.session, work.actor)]
        row = queries.get_job(work.session, number, work.actor, own)
        found = queries.find_file(work.session, row.id, file_id)
        return send_file(request, found, name=f"{row.number}-{file_id}")

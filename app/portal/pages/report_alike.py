"""Before a report is checked: open matters that may be the same, as far as anybody may know.

Shows what staff have read only, masked; says nothing of who reported it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.cases.kinds import Status
from app.cases.queries.alike import Alike, Sought, alike_for_public
from app.cases.rules.alike import Why
from app.catalogue.rules import ABOUT_SOMEBODY
from app.kernel.messages import mark
from app.kernel.text import mask_free_text
from app.portal import queries, service
from app.portal.pages.report import Walk, go_on, walk_of
from app.portal.rules import Report, StepName
from app.portal.service import Writing
from app.portal.words import STATES
from app.watching.rules import street_of
from app.web.deps import EdgeDep
from app.web.forms import FormDep
from app.web.security import visitor
from app.web.templating import render
from app.web.ui import locale_of

router = APIRouter()

ADDRESS: Final = "/report/alike"
_REASONS: Final = {
    Why.CATEGORY: mark("same subject"),
    Why.POINT: mark("%(n)s metres away"),
    Why.PLACE: mark("place in the same words"),
    Why.REGION: mark("same district or street"),
    Why.WORDS: mark("%(n)s words alike"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """An open matter of somebody, without anything of them."""

    category: str
    place: str
    title: str
    state: str
    opened_at: datetime
    why: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class AlikePage:
    """What is known already; the report can still be sent."""

    walk: Walk
    known: tuple[Known, ...]


@router.get(ADDRESS, include_in_schema=False)
def alike(request: Request, edge: EdgeDep) -> Response:
    """Show what may be the same."""
    with edge.reading() as session:
        writing = service.open_report(session, visitor(request))
        found = find(session, writing)
        known = _known(session, found, locale_of(request).tag)
    if not found:
        return go_on(writing)
    return render(request, "portal/alike", AlikePage(walk_of(writing, StepName.CHECK), known))


@router.post(ADDRESS, include_in_schema=False)
def go_on_anyway(request: Request, edge: EdgeDep, _form: FormDep) -> Response:
    """It was read; go on with the report."""
    with edge.writing() as session:
        writing = service.open_report(session, visitor(request))
        seen = digest(writing.report)
        writing = service.keep_report(session, writing, edge.now(), alike_seen=seen)
    return go_on(writing)


def is_due(session: Session, writing: Writing) -> bool:
    """Whether the page is to be shown before the check: there are some, and they were not seen."""
    if writing.report.alike_seen == digest(writing.report):
        return False
    return bool(find(session, writing))


def find(session: Session, writing: Writing) -> list[Alike]:
    """Open matters that may be the same; none for a complaint, which is nobody else's business."""
    report = writing.report
    if report.kind in ABOUT_SOMEBODY or writing.category is None or writing.category.confidential:
        return []
    return alike_for_public(session, sought_of(report))


def sought_of(report: Report, people: tuple[int, ...] = ()) -> Sought:
    """The report as matters are compared with it; `people` are the ids of whoever writes it."""
    return Sought(
        body=report.body,
        category_id=report.category_id,
        region_code=report.region_code,
        place=report.place,
        lon=Decimal(report.lon) if report.lon else None,
        lat=Decimal(report.lat) if report.lat else None,
        people=people,
    )


def digest(report: Report) -> str:
    """What like matters are looked for by: another answer, and they are looked for again."""
    said = "\n".join(
        (report.region, report.place, report.lon, report.lat, str(report.category_id), report.body)
    )
    return sha256(said.encode()).hexdigest()[:16]


def _known(session: Session, found: list[Alike], language: str) -> tuple[Known, ...]:
    return tuple(_one(session, each, language) for each in found)


def _public(words: str) -> str:
    """Words for anybody: without what names a person, and without house numbers."""
    return re.sub(r"\d+(?= *[号幢栋弄单楼室])", "*", mask_free_text(words))


def _one(session: Session, each: Alike, language: str) -> Known:
    # Nobody has read it yet: then nobody knows whether its words may be shown.
    is_read = each.status is not Status.SUBMITTED
    region = queries.find_place(session, each.region_code)
    place = street_of(each.place) if is_read else ""
    parts = (region.name.within(language) if region else "", place)
    category = queries.find_category(session, each.category_id)
    return Known(
        category=category.name.within(language) if category else each.category_name,
        place=" ".join(part for part in parts if part),
        title=_public(each.title) if is_read else "",
        state=STATES[each.status].title,
        opened_at=each.opened_at,
        why=tuple((_REASONS[why], n) for why, n in each.reasons if why in _REASONS),
    )

"""The list of all service items and the page of one: its versions, its end, its switch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy import Row

from app.accounts.deps import VisitDep, Work
from app.admin.catalogue import edit_of, switched
from app.admin.frame import language_of, show, tried, tried_form
from app.admin.items.common import HOME, require, today_of
from app.kernel.messages import mark
from app.service_items import queries, service
from app.service_items.labels import KINDS
from app.service_items.rules import Handling, ItemEntry, Span, find, holds_on
from app.web.deps import EdgeDep
from app.web.forms import FormDep, parse
from app.web.templating import see_other

router = APIRouter(prefix=HOME)


class EndForm(BaseModel):
    """The last day of a version; none takes it away."""

    version_id: int
    version: int
    valid_to: date | None = Field(default=None, title=mark("Last day"))


@dataclass(frozen=True, slots=True)
class Line:
    """One item in the list, as its newest published version says."""

    item_id: int
    code: str
    name: str
    authority: str
    kind: str
    is_instant: bool
    promised: Span
    legal: Span | None
    valid_from: date
    valid_to: date | None
    state: str
    is_sample: bool


@router.get("")
def show_list(request: Request, visit: VisitDep, edge: EdgeDep, q: str = "") -> Response:
    """All items by their newest version, and the drafts that wait."""
    language, today = language_of(request), today_of(edge)
    with visit.reading() as work:
        require(work)
        newest = queries.list_newest(work.session)
        found = find(newest, q[:80], limit=len(newest)) if q.strip() else newest
        drafts = queries.list_drafts(work.session)
    context = {
        "q": q,
        "rows": [_line(entry, today, language) for entry in found],
        "drafts": _drafts(drafts, language),
    }
    return show(request, work.actor, "admin/items", context)


@router.get("/{item_id}")
def show_one(request: Request, visit: VisitDep, edge: EdgeDep, item_id: int) -> Response:
    """One item with all its versions."""
    return _page(request, visit, edge, item_id, {}, {})


@router.post("/{item_id}/draft")
def write_draft(visit: VisitDep, item_id: int, _form: FormDep) -> Response:
    """Begin the next version, or go on with the one begun."""
    with visit.writing() as work:
        draft = service.open_draft(work.session, item_id, edit=edit_of(work))
    return see_other(f"{HOME}/v/{draft}/fields")


@router.post("/{item_id}/switch")
def switch(
    request: Request, visit: VisitDep, edge: EdgeDep, item_id: int, form: FormDep
) -> Response:
    """Offer an item no longer, or again."""

    def do(work: Work) -> None:
        service.set_active(work.session, item_id, **switched(work, form))

    if errors := tried(visit, do):
        return _page(request, visit, edge, item_id, {}, errors)
    return see_other(f"{HOME}/{item_id}")


@router.post("/{item_id}/end")
def end(request: Request, visit: VisitDep, edge: EdgeDep, item_id: int, form: FormDep) -> Response:
    """Set the last day of the version in force, or take it away."""
    parsed = parse(EndForm, form)

    def do(work: Work, value: EndForm) -> None:
        service.set_end(
            work.session,
            value.version_id,
            value.valid_to,
            today=today_of(edge),
            lock=value.version,
            edit=edit_of(work),
        )

    if errors := tried_form(visit, parsed, do):
        return _page(request, visit, edge, item_id, parsed.values, errors)
    return see_other(f"{HOME}/{item_id}")


def _page(
    request: Request,
    visit: VisitDep,
    edge: EdgeDep,
    item_id: int,
    values: dict[str, str],
    errors: dict[str, str],
) -> Response:
    language, today = language_of(request), today_of(edge)
    with visit.reading() as work:
        require(work)
        item = queries.get_item(work.session, item_id)
        versions = queries.versions_of(work.session, item_id)
    published = next((row for row in versions if row.valid_from), None)
    shown = {"valid_to": f"{published.valid_to or ''}"} if published else {}
    context = {
        "item": item,
        "name": _name(versions[0], language),
        "versions": [_version(row, today, language) for row in versions],
        "published": published,
        "has_draft": versions[0].valid_from is None,
        "values": shown | values,
        "errors": errors,
    }
    status = 422 if errors else 200
    return show(request, work.actor, "admin/item", context, status=status)


def _line(entry: ItemEntry, today: date, language: str) -> Line:
    return Line(
        item_id=entry.item_id,
        code=entry.code,
        name=entry.name.within(language),
        authority=entry.authority.within(language),
        kind=KINDS[entry.kind],
        is_instant=entry.handling is Handling.INSTANT,
        promised=entry.promised,
        legal=entry.legal,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        state=_state(entry.valid_from, entry.valid_to, today, is_active=entry.is_active),
        is_sample=entry.is_sample,
    )


def _drafts(rows: Iterable[Row[*tuple[Any, ...]]], language: str) -> Sequence[dict[str, object]]:
    return [
        {"id": row.id, "code": row.code, "number": row.number, "name": _name(row, language)}
        for row in rows
    ]


def _version(row: Row[*tuple[Any, ...]], today: date, language: str) -> dict[str, object]:
    return {
        "id": row.id,
        "number": row.number,
        "name": _name(row, language),
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "published_at": row.published_at,
        "is_draft": row.valid_from is None,
        "state": _state(row.valid_from, row.valid_to, today, is_active=True),
    }


def _name(row: Row[*tuple[Any, ...]], language: str) -> str:
    return str((language == "en" and row.name_en) or row.name)


def _state(first: date | None, last: date | None, today: date, *, is_active: bool) -> str:
    if first is None:
        return mark("Draft")
    if not is_active:
        return mark("No longer offered")
    if holds_on(first, last, today):
        return mark("In force")
    return mark("Not yet in force") if first > today else mark("Expired")

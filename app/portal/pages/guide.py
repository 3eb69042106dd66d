"""The guide to services: what can be applied for, what to bring, how long it takes.

Open to everybody; nothing anybody answers here is kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.kernel.errors import InvalidError
from app.knowledge.queries import public_of_item
from app.service_items import queries
from app.service_items.labels import KINDS
from app.service_items.rules import Handling, ItemEntry, Span
from app.service_items.showing import Checklist, ItemView, checklist, view_of
from app.web.deps import EdgeDep
from app.web.i18n import gettext
from app.web.templating import render
from app.web.ui import local, locale_of, zone_of
from app.web.uploads import serve, store_of

router = APIRouter(prefix="/guide")

Words = Annotated[str, Query(max_length=80)]
_MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One item in the list."""

    href: str
    name: str
    summary: str
    kind: str
    is_instant: bool
    promised: Span
    visits: int
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one body."""

    authority: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class GuidePage:
    """What was looked for, and the items that fit; all of them by body if nothing was."""

    q: str
    groups: Sequence[Group]
    count: int
    is_cut: bool


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One item with its checklist; `closed` says why nothing can be applied for today.

    `questions` are addresses and titles of what people ask about it.
    """

    item: ItemView
    list: Checklist
    path: str
    closed: str
    questions: Sequence[tuple[str, str]]
    has_form: bool


@router.get("", include_in_schema=False)
def guide(request: Request, edge: EdgeDep, q: Words = "") -> Response:
    """All items by the body that decides, or those that fit some words."""
    language = locale_of(request).tag
    with edge.reading() as session:
        today = _today(edge)
        everything = queries.list_in_force(session, day=today)
        found = queries.find_items(session, q, day=today, limit=_MOST) if q.strip() else everything
    page = GuidePage(
        q=q.strip(),
        groups=_by_body(found, language) if not q.strip() else _found(found, language),
        count=len(found),
        is_cut=bool(q.strip()) and len(found) == _MOST,
    )
    return render(request, "portal/guide", page)


@router.get("/{code}", include_in_schema=False)
def guide_item(request: Request, edge: EdgeDep, code: str) -> Response:
    """One item in plain words; what to bring follows the answers in the address.

    Raises:
        NotFoundError: no published item has this code.
    """
    language = locale_of(request).tag
    today = _today(edge)
    with edge.reading() as session:
        entry = queries.latest_by_code(session, code, day=today)
        closed = _closed(queries.refusal_of(session, entry.version_id, today))
        version = queries.get_version(session, entry.version_id)
        about = public_of_item(session, entry.code)
    page = ItemPage(
        item=view_of(version, language),
        list=checklist(version.content, _answers(request), today=today, language=language),
        path=f"/guide/{version.code}",
        closed=closed,
        questions=[(f"/answers/{one.code}", one.title_within(language)) for one in about],
        has_form=bool(version.content.questions),
    )
    return render(request, "portal/guide_item", page)


@router.get("/{code}/sample/{material_id}", include_in_schema=False)
def guide_sample(request: Request, edge: EdgeDep, code: str, material_id: int) -> Response:
    """The filled-in example of a paper, as the newest published version shows it.

    Raises:
        NotFoundError: there is no such item, or no such example.
    """
    with edge.reading() as session:
        entry = queries.latest_by_code(session, code, day=_today(edge))
        sha256, kind = queries.sample_file(session, entry.version_id, material_id)
    return serve(store_of(request), sha256, kind, name=f"{code}-{material_id}")


def _today(edge: EdgeDep) -> date:
    return local(edge.now(), zone_of(edge.settings.zone)).date()


def _closed(refusal: InvalidError | None) -> str:
    return gettext(refusal.msgid) % refusal.params if refusal else ""


def _answers(request: Request) -> Mapping[str, list[str]]:
    asked = request.query_params
    return {name.removeprefix("q_"): asked.getlist(name) for name in asked if name.startswith("q_")}


def _by_body(entries: Iterable[ItemEntry], language: str) -> list[Group]:
    def body(entry: ItemEntry) -> str:
        return entry.authority.within(language)

    return [
        Group(authority, [_line(entry, language) for entry in several])
        for authority, several in groupby(sorted(entries, key=body), key=body)
    ]


def _found(entries: Sequence[ItemEntry], language: str) -> list[Group]:
    return [Group("", [_line(entry, language) for entry in entries])] if entries else []


def _line(entry: ItemEntry, language: str) -> Line:
    return Line(
        href=f"/guide/{entry.code}",
        name=entry.name.within(language),
        summary=entry.summary.within(language),
        kind=KINDS[entry.kind],
        is_instant=entry.handling is Handling.INSTANT,
        promised=entry.promised,
        visits=entry.visits,
        is_sample=entry.is_sample,
    )

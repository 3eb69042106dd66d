"""One's own exports: what was ordered, how far it is, the file; and the form that orders one.

Others' exports are shown to nobody here; the audit log tells of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Annotated, Any, ClassVar, Final
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy import Row

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.exports import queries, service
from app.exports.labels import FORMATS, STATES
from app.exports.rules import LONGEST_REASON, SHORTEST_REASON, UNFINISHED, Format
from app.exports.service import NO_REASON, Wish
from app.exports.sources import Source, get_source
from app.exports.storing import store_of
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.web import i18n
from app.web.deps import Edge
from app.web.forms import FormDep, parse
from app.web.templating import render, see_other
from app.web.ui import local, locale_of, zone_of

router = APIRouter(prefix="/exports")

_TYPES: Final = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One export as its list shows it."""

    id: int
    title: str
    label: str
    format: str
    is_clear: bool
    reason: str
    state: str
    words: str
    rows: int
    size_kb: int
    trouble: str
    created_at: datetime
    expires_at: datetime
    downloads: int


@dataclass(frozen=True, slots=True)
class ExportsPage:
    """One's own exports, newest first; `is_busy` while one of them is being made."""

    lines: list[ExportLine]
    is_busy: bool
    next_url: str = ""
    prev_url: str = ""
    here: str = "/exports"


@dataclass(frozen=True, slots=True)
class OrderPage:
    """The form that orders a file."""

    source: str
    title: str
    query: str
    columns: tuple[str, ...]
    formats: tuple[tuple[str, str], ...]
    has_clear: bool
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


class OrderForm(BaseModel):
    """What for, in which format, and whether masked."""

    SENTENCES: ClassVar[dict[str, str]] = {"reason": NO_REASON}

    reason: Annotated[
        str,
        Field(
            title=mark("What the file is for"),
            min_length=SHORTEST_REASON,
            max_length=LONGEST_REASON,
        ),
    ]
    format: Format = Field(Format.XLSX, title=mark("Format"))
    clear: bool = False


@router.get("")
def show_exports(request: Request, visit: VisitDep, cursor: str = "") -> Response:
    """What this person ordered, and how far it is."""
    with visit.reading() as work:
        return render(request, "exports/index", _page(work, cursor))


@router.get("/list")
def show_list(request: Request, visit: VisitDep, cursor: str = "") -> Response:
    """The list alone, asked for again while something is being made."""
    with visit.reading() as work:
        return render(request, "exports/list", _page(work, cursor))


@router.get("/new")
def ask(request: Request, visit: VisitDep, what: str = "") -> Response:
    """What the file is for."""
    with visit.reading() as work:
        source = _source(work, what)
        source.read(parse_qs(request.url.query))
        page = _order_page(work, source, request.url.query)
    return render(request, "exports/new", page)


@router.post("")
def order(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Have it made."""
    parsed = parse(OrderForm, form)
    query = form.text("query")
    with visit.writing() as work:
        source = _source(work, form.text("what"))
        params = source.read(parse_qs(query))
        if parsed.value is None:
            page = _order_page(work, source, query, parsed.values, parsed.errors)
            return render(request, "exports/new", page, status=422)
        wish = Wish(
            source,
            params,
            parsed.value.format,
            parsed.value.reason,
            is_clear=parsed.value.clear,
            locale=str(locale_of(request)),
        )
        service.order(work.session, work.actor, wish, now=work.now, ip=work.ip)
    return see_other("/exports")


@router.post("/{export_id}/file")
def take(visit: VisitDep, export_id: int, _form: FormDep) -> Response:
    """The file itself; a POST, because each time is written down."""
    with visit.writing() as work:
        export, key = service.take(work.session, work.actor, export_id, now=work.now, ip=work.ip)
        pieces = store_of(visit.edge).pieces(export.ref, key)
        first = next(pieces)  # so that a file that is gone or changed is said, not cut short
        name = f"{export.source}-{_day(visit.edge, export.created_at)}-{export.id}"
        kind = export.format
    return _sent(chain([first], pieces), f"{name}.{kind}", _TYPES[kind])


def _day(edge: Edge, at: datetime) -> str:
    return f"{local(at, zone_of(edge.settings.zone)):%Y%m%d}"


def _sent(pieces: Iterator[bytes], name: str, kind: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return StreamingResponse(pieces, media_type=kind, headers=headers)


def _source(work: Work, name: str) -> Source:
    """The source, for who may take it out.

    Raises:
        NotFoundError: there is none that is ordered here.
        ForbiddenError: this person may not.
    """
    source = get_source(name)
    if source.is_ordered_elsewhere:
        raise NotFoundError(mark("There is nothing like this to export."))
    service.require(work.actor, source, is_clear=False)
    return source


def _order_page(
    work: Work,
    source: Source,
    query: str,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> OrderPage:
    return OrderPage(
        source=source.name,
        title=source.title,
        query=query,
        columns=source.columns,
        formats=tuple((str(kind), i18n.gettext(words)) for kind, words in FORMATS.items()),
        has_clear=source.has_clear and work.actor.may(Permission.CONTACT_REVEAL),
        values=values or {"format": str(Format.XLSX)},
        errors=errors or {},
    )


def _page(work: Work, cursor: str) -> ExportsPage:
    work.actor.require(Permission.EXPORT_RUN)
    page = queries.list_own(work.session, work.actor, cursor=cursor or None)
    lines = [_line(row) for row in page.items]
    return ExportsPage(
        lines,
        is_busy=any(row.state in UNFINISHED for row in page.items),
        next_url=_paged(page.next_cursor),
        prev_url=_paged(page.prev_cursor),
        here=_paged(cursor) or "/exports",
    )


def _paged(cursor: str | None) -> str:
    return f"/exports?{urlencode({'cursor': cursor})}" if cursor else ""


def _line(row: Row[*tuple[Any, ...]]) -> ExportLine:
    return ExportLine(
        id=row.id,
        title=get_source(row.source).title,
        label=row.label,
        format=FORMATS[row.format],
        is_clear=row.is_clear,
        reason=row.reason,
        state=str(row.state),
        words=STATES[row.state],
        rows=row.rows_done,
        size_kb=-(-row.size // 1024),
        trouble=row.trouble,
        created_at=row.created_at,
        expires_at=row.expires_at,
        downloads=row.downloads,
    )

"""Pages of segments: the list, the form that builds conditions, one segment, its people.

Every way to the people's data passes a stated purpose; the addresses hold no person.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.departments import queries as departments
from app.exports import service as exports
from app.exports.service import Wish
from app.kernel.errors import InvalidError
from app.kernel.paging import Count
from app.segments import forms, queries, service, views
from app.segments.exporting import SOURCE
from app.segments.forms import ExportForm, Typed, UseForm
from app.segments.labels import MARKS, USES
from app.segments.models import SegmentUse
from app.segments.queries.conditions import Reader
from app.segments.rules import MOST_CONDITIONS, Rule, UseKind, from_json
from app.segments.views import BuildPage, MembersPage, SegmentPage, SegmentsPage
from app.web.forms import FormDep, RawForm, parse
from app.web.templating import render, see_other
from app.web.ui import local, locale_of, zone_of

router = APIRouter(prefix="/segments")

OPEN_FOR: Final = timedelta(hours=12)  # a working day; then its purpose is stated anew


@router.get("")
def show_segments(request: Request, visit: VisitDep) -> Response:
    """Every segment with its conditions in words."""
    with visit.reading() as work:
        _begin(request, work)
        found = queries.list_segments(work.session)
        page = SegmentsPage([views.segment_line(work.session, row) for row in found])
    return render(request, "segments/index", page)


@router.get("/new")
def ask_new(request: Request, visit: VisitDep) -> Response:
    """An empty form."""
    with visit.reading() as work:
        _begin(request, work)
        page = _build(work.session, {"match": "all"}, rows=forms.FIRST_ROWS)
    return render(request, "segments/build", page)


@router.post("")
def create(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Keep it, count it first, or show another row."""
    typed = forms.read(form)
    with visit.writing() as work:
        reader = _begin(request, work)
        answer = _not_saved(request, work, reader, form, typed)
        if answer is not None:
            return answer
        segment = service.create(
            work.session, work.actor, form.text("name"), typed.rule, now=work.now, ip=work.ip
        )
        address = f"/segments/{segment.id}"
    return see_other(address)


@router.get("/uses/{use_id}")
def show_members(request: Request, visit: VisitDep, use_id: int, cursor: str = "") -> Response:
    """The people of a list somebody opened, masked, page by page."""
    with visit.reading() as work:
        reader = _begin(request, work)
        page = _members(work.session, reader, use_id, cursor)
    return render(request, "segments/members", page)


@router.get("/{segment_id}")
def show_segment(request: Request, visit: VisitDep, segment_id: int) -> Response:
    """What it means, how many people it has now, and what it was used for."""
    with visit.reading() as work:
        page = _segment(work, _begin(request, work), segment_id)
    return render(request, "segments/show", page)


@router.get("/{segment_id}/edit")
def ask_change(request: Request, visit: VisitDep, segment_id: int) -> Response:
    """The form as the segment stands."""
    with visit.reading() as work:
        _begin(request, work)
        segment, version = queries.get_segment(work.session, segment_id)
        rule = from_json(version.rule)
        values = forms.values_of(segment.name, rule)
        rows, seen = len(rule.conditions), version.number
        page = _build(work.session, values, rows=rows, segment_id=segment_id, seen=seen)
    return render(request, "segments/build", page)


@router.post("/{segment_id}/edit")
def change(request: Request, visit: VisitDep, segment_id: int, form: FormDep) -> Response:
    """A new version of it."""
    typed = forms.read(form)
    seen = _seen(form)
    with visit.writing() as work:
        reader = _begin(request, work)
        answer = _not_saved(request, work, reader, form, typed, segment_id=segment_id, seen=seen)
        if answer is not None:
            return answer
        service.change(
            work.session,
            work.actor,
            segment_id,
            name=form.text("name"),
            rule=typed.rule,
            seen=seen,
            now=work.now,
            ip=work.ip,
        )
    return see_other(f"/segments/{segment_id}")


@router.post("/{segment_id}/remove")
def remove(request: Request, visit: VisitDep, segment_id: int, _form: FormDep) -> Response:
    """Take it off the list."""
    with visit.writing() as work:
        _begin(request, work)
        service.remove(work.session, work.actor, segment_id, now=work.now, ip=work.ip)
    return see_other("/segments")


@router.post("/{segment_id}/uses")
def use(request: Request, visit: VisitDep, segment_id: int, form: FormDep) -> Response:
    """Open its people for a purpose."""
    parsed = parse(UseForm, form)
    with visit.writing() as work:
        reader = _begin(request, work)
        if parsed.value is None or parsed.value.kind is UseKind.EXPORT:
            page = _segment(work, reader, segment_id, parsed.values, parsed.errors)
            return render(request, "segments/show", page, status=422)
        kind, purpose = parsed.value.kind, parsed.value.purpose
        done = service.use(work.session, reader, segment_id, kind, purpose, ip=work.ip)
        address = f"/segments/uses/{done.id}"
    return see_other(address)


@router.post("/{segment_id}/export")
def export(request: Request, visit: VisitDep, segment_id: int, form: FormDep) -> Response:
    """Have a file made of its people."""
    parsed = parse(ExportForm, form)
    with visit.writing() as work:
        reader = _begin(request, work)
        work.actor.require(Permission.EXPORT_RUN)
        if parsed.value is None:
            page = _segment(work, reader, segment_id, parsed.values, parsed.errors)
            return render(request, "segments/show", page, status=422)
        _order(request, work, reader, segment_id, parsed.value)
    return see_other("/exports")


def _order(
    request: Request, work: Work, reader: Reader, segment_id: int, asked: ExportForm
) -> SegmentUse:
    segment, version = queries.get_segment(work.session, segment_id)
    wish = Wish(
        SOURCE,
        {"version": version.id},
        asked.format,
        asked.reason,
        is_clear=asked.clear,
        label=segment.name,
        locale=str(locale_of(request)),
    )
    ordered = exports.order(work.session, work.actor, wish, now=work.now, ip=work.ip)
    return service.use(
        work.session, reader, segment_id, UseKind.EXPORT, asked.reason, export=ordered, ip=work.ip
    )


def _begin(request: Request, work: Work) -> Reader:
    """Who looks, in their language.

    Raises:
        ForbiddenError: the role does not include segments.
    """
    work.actor.require(Permission.SEGMENT_USE)
    zone = zone_of(request.app.state.settings.zone)
    return Reader(work.actor, work.now, local(work.now, zone).date())


def _seen(form: RawForm) -> int:
    return int(form.text("seen")) if form.text("seen").isdecimal() else 0


def _not_saved(
    request: Request,
    work: Work,
    reader: Reader,
    form: RawForm,
    typed: Typed,
    *,
    segment_id: int | None = None,
    seen: int = 0,
) -> Response | None:
    """The form again, where something else than keeping was pressed, or cannot be kept."""
    pressed = form.text("press")
    rows = min(typed.rows + (pressed == "add"), MOST_CONDITIONS)
    if pressed in {"add", "show"}:
        page = _build(work.session, typed.values, rows=rows, segment_id=segment_id, seen=seen)
        return render(request, "segments/build", page)
    errors = _errors(work.session, typed)
    if pressed != "count" and not errors:
        return None
    page = _build(
        work.session,
        typed.values,
        rows=rows,
        segment_id=segment_id,
        seen=seen,
        errors=errors,
        counted=None if errors else (typed.rule, reader),
    )
    return render(request, "segments/build", page, status=422 if errors else 200)


def _errors(session: Session, typed: Typed) -> dict[str, str]:
    try:
        service.checked(session, typed.rule)
    except InvalidError as refusal:
        return views.errors_by_field(typed.rule, {**refusal.fields, **typed.errors})
    return dict(typed.errors)


def _build(
    session: Session,
    values: Mapping[str, str],
    *,
    rows: int,
    segment_id: int | None = None,
    seen: int = 0,
    errors: Mapping[str, str] | None = None,
    counted: tuple[Rule, Reader] | None = None,
) -> BuildPage:
    return BuildPage(
        id=segment_id,
        seen=seen,
        rows=views.rows_of(session, values, rows),
        whats=views.whats(),
        may_add=rows < MOST_CONDITIONS,
        sentence=views.sentence_of(session, counted[0]) if counted else "",
        count=str(queries.count(session, *counted)) if counted else "",
        counted_at=counted[1].now if counted else None,
        values=values,
        errors=errors or {},
    )


def _segment(
    work: Work,
    reader: Reader,
    segment_id: int,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> SegmentPage:
    session = work.session
    segment, version = queries.get_segment(session, segment_id)
    rule = from_json(version.rule)
    return SegmentPage(
        id=segment.id,
        name=segment.name,
        sentence=views.sentence_of(session, rule),
        count=str(queries.count(session, rule, reader)),
        counted_at=work.now,
        version=version.number,
        versions=views.version_lines(session, queries.list_versions(session, segment.id)),
        uses=[views.use_line(row) for row in queries.list_uses(session, segment.id)],
        formats=views.formats(),
        may_export=work.actor.may(Permission.EXPORT_RUN),
        may_reveal=work.actor.may(Permission.CONTACT_REVEAL),
        values=values or {"kind": str(UseKind.LIST)},
        errors=errors or {},
    )


def _members(session: Session, reader: Reader, use_id: int, cursor: str) -> MembersPage:
    since = reader.now - OPEN_FOR
    done, version, segment = service.get_open_use(session, use_id, reader, good_since=since)
    rule = service.rule_for(version, done.kind)
    page = queries.list_members(session, rule, reader, cursor=cursor or None)
    members = service.described(session, reader, list(page.items))
    codes = {member.region_code for member in members if member.region_code}
    here = f"/segments/uses/{use_id}?cursor="
    return MembersPage(
        id=segment.id,
        name=segment.name,
        sentence=views.sentence_of(session, rule),
        purpose=done.purpose,
        kind=USES[done.kind],
        count=str(Count(done.count, is_capped=done.is_capped)),
        members=members,
        regions={code: departments.region_name(session, code) for code in codes},
        marks=MARKS,
        next_url=f"{here}{page.next_cursor}" if page.next_cursor else "",
        prev_url=f"{here}{page.prev_cursor}" if page.prev_cursor else "",
    )

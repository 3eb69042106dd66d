"""Writing a version: a new item, the fields of a draft, its preview, publishing it.

Cells of forms are read as those of files are (`service_items.rules.written`).
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.accounts.deps import VisitDep, Work
from app.admin.catalogue import edit_of
from app.admin.frame import language_of, show, tried, tried_form, version_of
from app.admin.items.common import (
    HOME,
    Pair,
    draft_of,
    require,
    saved,
    show_version,
    today_of,
    told,
)
from app.departments import queries as departments
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.service_items import labels, queries, service
from app.service_items.rules import Content, check_content
from app.service_items.rules.written import Reader, item_row, plain, read_fields
from app.service_items.service import Part
from app.service_items.showing import checklist, view_of
from app.web.deps import EdgeDep
from app.web.forms import FormDep, RawForm, parse
from app.web.templating import see_other
from app.web.uploads import serve, store_of

router = APIRouter(prefix=HOME)

_BLANK: Final = {"promised_unit": "work_day", "legal_unit": "work_day", "visits": "1"}
_LISTS: Final = ("procedures", "deliveries")


class PublishForm(BaseModel):
    """From when to when a version holds."""

    version: int
    valid_from: date = Field(title=mark("First day"))
    valid_to: date | None = Field(default=None, title=mark("Last day"))


@router.get("/new")
def show_new(request: Request, visit: VisitDep) -> Response:
    """An empty form for a new item."""
    return _new(request, visit, RawForm({**_BLANK}), {})


@router.post("")
def add(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Add an item; its draft opens at the materials."""
    added: list[int] = []

    def do(work: Work) -> None:
        require(work)
        content, wrong = _typed(form, None)
        if wrong:
            raise InvalidError(fields=wrong)
        version_id = service.add_item(
            work.session,
            content,
            code=form.text("code").strip().upper(),
            basic_code=form.text("basic_code").strip().upper(),
            edit=edit_of(work),
        )
        added.append(version_id)

    if errors := tried(visit, do):
        return _new(request, visit, form, errors)
    return see_other(f"{HOME}/v/{added[0]}/questions")


@router.get("/v/{version_id}/fields")
def show_fields(request: Request, visit: VisitDep, version_id: int) -> Response:
    """The fields of a draft."""
    return _fields(request, visit, version_id, None, {})


@router.post("/v/{version_id}/fields")
def save_fields(request: Request, visit: VisitDep, version_id: int, form: FormDep) -> Response:
    """Save the fields; the limits are checked against each other (rulebook §3)."""
    errors = saved(visit, version_id, form, Part.FIELDS, lambda kept: _typed(form, kept))
    if errors:
        return _fields(request, visit, version_id, form, errors)
    return see_other(f"{HOME}/v/{version_id}/questions")


@router.get("/v/{version_id}/preview")
def preview(request: Request, visit: VisitDep, edge: EdgeDep, version_id: int) -> Response:
    """A version as the guide shows it, with its checklist at work."""
    language = language_of(request)
    with visit.reading() as work:
        version = draft_of(work, version_id)
    asked = request.query_params
    given = {
        name.removeprefix("q_"): asked.getlist(name) for name in asked if name.startswith("q_")
    }
    context = {
        "item": view_of(version, language),
        "list": checklist(version.content, given, today=today_of(edge), language=language),
        "path": request.url.path,
    }
    return show_version(request, work.actor, version, "admin/item_preview", context)


@router.get("/v/{version_id}/preview/sample/{material_id}")
def show_sample(request: Request, visit: VisitDep, version_id: int, material_id: int) -> Response:
    """The filled-in example of a paper of this version."""
    with visit.reading() as work:
        draft_of(work, version_id)
        sha256, kind = queries.sample_file(work.session, version_id, material_id)
    return serve(store_of(request), sha256, kind, name=f"{version_id}-{material_id}")


@router.get("/v/{version_id}/publish")
def show_publish(request: Request, visit: VisitDep, edge: EdgeDep, version_id: int) -> Response:
    """What keeps a draft from being published, and from when it shall hold."""
    values = {"valid_from": today_of(edge).isoformat()}
    return _publish(request, visit, version_id, values, {})


@router.post("/v/{version_id}/publish")
def publish(
    request: Request, visit: VisitDep, edge: EdgeDep, version_id: int, form: FormDep
) -> Response:
    """Set a draft in force; the version before it ends the day before."""
    parsed = parse(PublishForm, form)

    def do(work: Work, value: PublishForm) -> None:
        service.publish(
            work.session,
            version_id,
            valid_from=value.valid_from,
            valid_to=value.valid_to,
            today=today_of(edge),
            lock=value.version,
            edit=edit_of(work),
        )

    if errors := tried_form(visit, parsed, do):
        return _publish(request, visit, version_id, parsed.values, errors)
    with visit.reading() as work:
        item_id = draft_of(work, version_id).item_id
    return see_other(f"{HOME}/{item_id}")


@router.post("/v/{version_id}/discard")
def discard(visit: VisitDep, version_id: int, form: FormDep) -> Response:
    """Throw a draft away."""
    with visit.writing() as work:
        item_id = service.discard_draft(
            work.session, version_id, lock=version_of(form), edit=edit_of(work)
        )
    return see_other(f"{HOME}/{item_id}" if item_id else HOME)


def _typed(form: RawForm, kept: Content | None) -> tuple[Content, Mapping[str, str]]:
    cells = dict(form.values)
    cells |= {name: ",".join(form.lists.get(name, [])) for name in _LISTS}
    reader = Reader(cells)
    content = read_fields(reader, kept.materials if kept else (), kept.questions if kept else ())
    return content, reader.errors


def _new(request: Request, visit: VisitDep, form: RawForm, errors: Mapping[str, str]) -> Response:
    with visit.reading() as work:
        require(work)
        context = _choices(work.session, form) | {"values": form.values, "errors": errors}
    return show(request, work.actor, "admin/item_new", context, status=422 if errors else 200)


def _fields(
    request: Request,
    visit: VisitDep,
    version_id: int,
    form: RawForm | None,
    errors: Mapping[str, str],
) -> Response:
    with visit.reading() as work:
        version = draft_of(work, version_id)
        typed = form or _stored(version.content)
        lock = form.text("version") if form else str(version.lock)
        context = _choices(work.session, typed) | {
            "values": typed.values,
            "errors": errors,
            "lock": lock,
        }
    status = 422 if errors else 200
    return show_version(request, work.actor, version, "admin/item_fields", context, status=status)


def _publish(
    request: Request,
    visit: VisitDep,
    version_id: int,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    with visit.reading() as work:
        version = draft_of(work, version_id)
        before = queries.last_published(work.session, version.item_id)
    context = {
        "values": values,
        "errors": errors,
        "open": told(check_content(version.content), language_of(request)),
        "before": before,
    }
    status = 422 if errors else 200
    return show_version(request, work.actor, version, "admin/item_publish", context, status=status)


def _stored(content: Content) -> RawForm:
    row = item_row(content)
    lists = {name: [plain(one) for one in _list(row[name])] for name in _LISTS}
    return RawForm({name: plain(value) for name, value in row.items()}, lists)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _choices(session: Session, form: RawForm) -> dict[str, Any]:
    units = departments.list_tree(session, only_active=True)
    return {
        "kinds": _pairs(labels.KINDS),
        "handlings": _pairs(labels.HANDLINGS),
        "units": [(row.code, "　" * (row.path.count("/") - 2) + row.name) for row in units],
        "limit_units": _pairs(labels.LIMIT_UNITS),
        "procedures": _boxes(labels.PROCEDURES),
        "deliveries": _boxes(labels.DELIVERIES),
        "chosen": {name: form.lists.get(name, []) for name in _LISTS},
    }


def _pairs(words: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(word), label) for word, label in words.items()]


def _boxes(words: Mapping[Any, StrEnum | str]) -> list[Pair]:
    return [Pair(str(word), str(label)) for word, label in words.items()]

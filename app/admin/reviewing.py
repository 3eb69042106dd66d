"""Pages for closing: the checklist of replies, evasive wording, call-backs and the sample.

Editing reaches the next review and the next draw; what was reviewed keeps its points.
"""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin.catalogue import HOME, edit_of, entry_context, show_tab, switched
from app.admin.frame import language_of, sent
from app.catalogue import queries, service
from app.catalogue.labels import REVIEW_KINDS
from app.catalogue.models import ReviewItem, RevisedType
from app.catalogue.rules import FollowUps, ReviewKind
from app.catalogue.service import ReviewDraft
from app.kernel.messages import mark
from app.web.forms import FormDep
from app.web.templating import see_other

router = APIRouter(prefix=f"{HOME}/review")

_LIST = f"{HOME}/review"


class ItemForm(BaseModel):
    """What is typed about one item."""

    code: Annotated[str, Field(title=mark("Code"))] = ""
    kind: Annotated[ReviewKind, Field(title=mark("Use"))]
    name: Annotated[str, Field(title=mark("Text"))] = ""
    name_en: Annotated[str, Field(title=mark("English text"))] = ""
    position: Annotated[int, Field(ge=0, le=9999, title=mark("Place in the list"))] = 0
    version: int = 0
    note: Annotated[str, Field(title=mark("Note"))] = ""

    def draft(self) -> ReviewDraft:
        return ReviewDraft(**self.model_dump(exclude={"version", "note"}))


class FollowUpsForm(BaseModel):
    """How often is called, how far apart, and what share is drawn."""

    attempts: Annotated[int, Field(title=mark("Tries before giving up"))]
    wait_hours: Annotated[int, Field(title=mark("Hours between two tries"))]
    share: Annotated[int, Field(title=mark("Share that is drawn, per cent"))]
    note: Annotated[str, Field(title=mark("Note"))] = ""

    def wanted(self) -> FollowUps:
        return FollowUps(self.attempts, self.wait_hours, self.share)


@router.get("")
def show_list(request: Request, visit: VisitDep) -> Response:
    """All items by their use, and the numbers of call-backs and the sample."""
    return _list(request, visit, None, {})


@router.post("/follow-ups")
def set_follow_ups(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Set the numbers of call-backs and the sample."""

    def do(work: Work, value: FollowUpsForm) -> None:
        service.set_follow_ups(work.session, value.wanted(), edit=edit_of(work, value.note))

    back = partial(_list, request, visit)
    return sent(visit, form, FollowUpsForm, do, back=back, to=_LIST)


@router.get("/new")
def show_new(request: Request, visit: VisitDep) -> Response:
    """An empty form."""
    return _form(request, visit, None, {"kind": str(ReviewKind.CHECK)}, {})


@router.post("")
def add(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Add an item."""

    def do(work: Work, value: ItemForm) -> None:
        service.add_review_item(work.session, value.draft(), edit=edit_of(work, value.note))

    back = partial(_form, request, visit, None)
    return sent(visit, form, ItemForm, do, back=back, to=_LIST)


@router.get("/{item_id}")
def show_one(request: Request, visit: VisitDep, item_id: int) -> Response:
    """One item, to be changed, with its history."""
    return _form(request, visit, item_id, None, {})


@router.post("/{item_id}")
def change(request: Request, visit: VisitDep, item_id: int, form: FormDep) -> Response:
    """Change an item."""

    def do(work: Work, value: ItemForm) -> None:
        service.change_review_item(
            work.session,
            item_id,
            value.draft(),
            version=value.version,
            edit=edit_of(work, value.note),
        )

    back = partial(_form, request, visit, item_id)
    return sent(visit, form, ItemForm, do, back=back, to=f"{_LIST}/{item_id}")


@router.post("/{item_id}/switch")
def switch(visit: VisitDep, item_id: int, form: FormDep) -> Response:
    """Switch an item off, or on again."""
    with visit.writing() as work:
        service.set_review_item_active(work.session, item_id, **switched(work, form))
    return see_other(f"{_LIST}/{item_id}")


def _list(
    request: Request, visit: VisitDep, typed: Mapping[str, str] | None, errors: Mapping[str, str]
) -> Response:
    language = language_of(request)
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        items = queries.list_review_items(work.session)
        numbers = asdict(queries.follow_ups(work.session))
    groups = [
        (words, [(item, item.text.within(language)) for item in items if item.kind is kind])
        for kind, words in REVIEW_KINDS.items()
    ]
    values = {name: str(value) for name, value in numbers.items()} if typed is None else typed
    context = {"groups": groups, "values": values, "errors": errors}
    status = 422 if errors else 200
    return show_tab(request, work.actor, "admin/review", context, status=status)


def _form(
    request: Request,
    visit: VisitDep,
    item_id: int | None,
    typed: Mapping[str, str] | None,
    errors: Mapping[str, str],
) -> Response:
    language = language_of(request)
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        item = queries.get_review_item(work.session, item_id) if item_id else None
        context = {
            "item": item and {"id": item.id, "is_active": item.is_active, "sample": item.is_sample},
            "heading": item.name if item else "",
            "values": _values(item) if typed is None else typed,
            "kinds": list(REVIEW_KINDS.items()),
            **entry_context(
                work, RevisedType.REVIEW_ITEM, item, typed=typed, errors=errors, language=language
            ),
        }
    status = 422 if errors else 200
    return show_tab(request, work.actor, "admin/review_form", context, status=status)


def _values(item: ReviewItem | None) -> dict[str, str]:
    if item is None:
        return {}
    return {
        "code": item.code,
        "kind": str(item.kind),
        "name": item.name,
        "name_en": item.name_en,
        "position": str(item.position),
    }

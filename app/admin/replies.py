"""Pages for reply texts: the list, the editor with its variables, what a citizen would read.

A preview is filled from a made-up matter and is sent to nobody.
"""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin.catalogue import HOME, edit_of, entry_context, named, show_tab, switched
from app.admin.frame import language_of, sent, tried
from app.catalogue import queries, service
from app.catalogue.labels import PURPOSES
from app.catalogue.models import ReplyText, RevisedType
from app.catalogue.rules import REPLY_VARIABLES, SAMPLE_VALUES, ReplyPurpose
from app.catalogue.service import ReplyDraft
from app.departments import queries as departments
from app.kernel.messages import mark
from app.web.forms import FormDep, RawForm
from app.web.templating import see_other

router = APIRouter(prefix=f"{HOME}/replies")

_LIST = f"{HOME}/replies"


class ReplyForm(BaseModel):
    """What is typed about a reply text."""

    code: Annotated[str, Field(title=mark("Code"))] = ""
    title: Annotated[str, Field(title=mark("Title"))] = ""
    body: Annotated[str, Field(title=mark("Text"))] = ""
    purpose: ReplyPurpose
    unit_id: int | None = None
    version: int = 0
    note: Annotated[str, Field(title=mark("Note"))] = ""

    def draft(self) -> ReplyDraft:
        return ReplyDraft(**self.model_dump(exclude={"version", "note"}))


@router.get("")
def show_list(request: Request, visit: VisitDep, purpose: str = "") -> Response:
    """All texts, or those of one purpose."""
    language = language_of(request)
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        texts = queries.list_replies(work.session)
    rows = [
        {"text": text, "purpose": PURPOSES[text.purpose], "unit": named(text.unit, language)}
        for text in texts
        if purpose in ("", text.purpose)
    ]
    context = {"rows": rows, "purpose": purpose, "purposes": list(PURPOSES.items())}
    return show_tab(request, work.actor, "admin/replies", context)


@router.get("/new")
def show_new(request: Request, visit: VisitDep, purpose: str = "") -> Response:
    """An empty form."""
    return _form(request, visit, None, {"purpose": purpose}, {})


@router.post("")
def add(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Show what a citizen would read, or add the text."""
    if _is_preview(form):
        return _preview(request, visit, None, form)

    def do(work: Work, value: ReplyForm) -> None:
        service.add_reply(work.session, value.draft(), edit=edit_of(work, value.note))

    back = partial(_form, request, visit, None)
    return sent(visit, form, ReplyForm, do, back=back, to=_LIST)


@router.get("/{reply_id}")
def show_one(request: Request, visit: VisitDep, reply_id: int) -> Response:
    """One text, to be changed, with its preview and history."""
    return _form(request, visit, reply_id, None, {})


@router.post("/{reply_id}")
def change(request: Request, visit: VisitDep, reply_id: int, form: FormDep) -> Response:
    """Show what a citizen would read, or change the text."""
    if _is_preview(form):
        return _preview(request, visit, reply_id, form)

    def do(work: Work, value: ReplyForm) -> None:
        service.change_reply(
            work.session,
            reply_id,
            value.draft(),
            version=value.version,
            edit=edit_of(work, value.note),
        )

    back = partial(_form, request, visit, reply_id)
    return sent(visit, form, ReplyForm, do, back=back, to=f"{_LIST}/{reply_id}")


@router.post("/{reply_id}/switch")
def switch(visit: VisitDep, reply_id: int, form: FormDep) -> Response:
    """Switch a text off, or on again."""
    with visit.writing() as work:
        service.set_reply_active(
            work.session,
            reply_id,
            **switched(work, form),
        )
    return see_other(f"{_LIST}/{reply_id}")


def _is_preview(form: RawForm) -> bool:
    return form.text("do") == "preview"


def _preview(request: Request, visit: VisitDep, reply_id: int | None, form: RawForm) -> Response:
    errors = tried(visit, lambda _: service.preview_reply(form.text("body")))
    return _form(request, visit, reply_id, form.values, errors)


def _form(
    request: Request,
    visit: VisitDep,
    reply_id: int | None,
    typed: Mapping[str, str] | None,
    errors: Mapping[str, str],
) -> Response:
    language = language_of(request)
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        reply = queries.get_reply(work.session, reply_id) if reply_id else None
        values = _values(reply) if typed is None else typed
        context = {
            "reply": reply and {"id": reply.id, "is_active": reply.is_active},
            "heading": reply.title if reply else "",
            "values": values,
            "purposes": list(PURPOSES.items()),
            "units": departments.list_choices(work.session, language=language),
            "variables": [
                (name, meaning, SAMPLE_VALUES[name]) for name, meaning in REPLY_VARIABLES.items()
            ],
            "preview": "" if errors else service.preview_reply(values.get("body", "")),
            **entry_context(
                work, RevisedType.REPLY_TEXT, reply, typed=typed, errors=errors, language=language
            ),
        }
    status = 422 if errors else 200
    return show_tab(request, work.actor, "admin/reply_form", context, status=status)


def _values(reply: ReplyText | None) -> dict[str, str]:
    if reply is None:
        return {}
    return {
        "code": reply.code,
        "title": reply.title,
        "body": reply.body,
        "purpose": str(reply.purpose),
        "unit_id": str(reply.unit_id or ""),
    }

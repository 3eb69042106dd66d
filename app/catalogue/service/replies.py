"""Editing the texts staff send again and again, and showing what a citizen would read.

A text is copied into a reply; changing it here changes no reply already sent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import ReplyText
from app.catalogue.rules import SAMPLE_VALUES, ReplyPurpose, check_reply, render_reply
from app.catalogue.service.revising import Edit, created, get_for_edit, require, revising
from app.departments.models import Unit
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

_CODE: Final = re.compile(r"[a-z0-9_.-]{2,48}")
_MOST_TITLE: Final = 80
_MOST_BODY: Final = 2000


@dataclass(frozen=True, slots=True)
class ReplyDraft:
    """What an administrator fills in; no unit means every unit may use it."""

    code: str
    title: str
    body: str
    purpose: ReplyPurpose
    unit_id: int | None = None


def add_reply(session: Session, draft: ReplyDraft, *, edit: Edit) -> ReplyText:
    """Add a text.

    Raises:
        ForbiddenError, InvalidError: may not; a field cannot be accepted.
    """
    require(edit)
    _check(session, draft, own_id=None)
    reply = ReplyText()
    _fill(reply, draft)
    created(session, reply, edit)
    return reply


def change_reply(
    session: Session, reply_id: int, draft: ReplyDraft, *, version: int, edit: Edit
) -> ReplyText:
    """Change a text for replies written from now on.

    Raises:
        ForbiddenError, NotFoundError, ConflictError, InvalidError: may not; gone;
            changed meanwhile; a field cannot be accepted.
    """
    reply = get_for_edit(session, ReplyText, reply_id, version, edit)
    _check(session, draft, own_id=reply_id)
    with revising(session, reply, edit):
        _fill(reply, draft)
    return reply


def set_reply_active(
    session: Session, reply_id: int, *, is_active: bool, version: int, edit: Edit
) -> ReplyText:
    """Switch a text off, or on again.

    Raises:
        ForbiddenError, NotFoundError, ConflictError: may not; gone; changed meanwhile.
    """
    reply = get_for_edit(session, ReplyText, reply_id, version, edit)
    with revising(session, reply, edit):
        reply.is_active = is_active
    return reply


def preview_reply(body: str, values: Mapping[str, str] = SAMPLE_VALUES) -> str:
    """What a citizen would read, filled from a made-up matter unless told otherwise.

    Raises:
        InvalidError: the text holds an unknown variable, or one without a value.
    """
    return render_reply(body, values)


def _fill(reply: ReplyText, draft: ReplyDraft) -> None:
    reply.code, reply.title, reply.body = draft.code, draft.title, draft.body
    reply.purpose, reply.unit_id = draft.purpose, draft.unit_id


def _check(session: Session, draft: ReplyDraft, *, own_id: int | None) -> None:
    fields = _check_words(draft)
    if not _CODE.fullmatch(draft.code):
        fields["code"] = mark("A code is 2 to 48 small letters, digits, dots or hyphens.")
    elif _owner_of(session, draft.code) not in (None, own_id):
        fields["code"] = mark("Another text has this code.")
    if draft.unit_id is not None and session.get(Unit, draft.unit_id) is None:
        fields["unit_id"] = mark("There is no such unit.")
    if fields:
        raise InvalidError(fields=fields)
    check_reply(draft.body)


def _check_words(draft: ReplyDraft) -> dict[str, str]:
    fields: dict[str, str] = {}
    if not draft.title:
        fields["title"] = mark("Please enter a title.")
    elif len(draft.title) > _MOST_TITLE:
        fields["title"] = mark("This is too long.")
    if not draft.body:
        fields["body"] = mark("Please enter the text.")
    elif len(draft.body) > _MOST_BODY:
        fields["body"] = mark("This is too long.")
    return fields


def _owner_of(session: Session, code: str) -> int | None:
    return session.scalar(select(ReplyText.id).where(ReplyText.code == code))

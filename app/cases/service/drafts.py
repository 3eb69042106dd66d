"""Keeps what somebody is typing: encrypted whole, one draft per owner and form.

Serves staff and visitors alike; knows nothing of what a form's fields mean.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Integer, Select, bindparam, delete, func, select
from sqlalchemy.orm import Session

from app.cases.models import Attachment, Draft
from app.kernel.db import rows
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.upsert import insert
from app.kernel.vault import vault_of

# A visitor's browser may stand in a library; staff come back after a holiday.
VISITORS_KEPT: Final = timedelta(days=3)
STAFF_KEPT: Final = timedelta(days=60)
MOST_DRAFTS: Final = 200  # of one owner; a desk works on a few dozen matters at once
MOST_CHARACTERS: Final = 100_000  # of one draft; no form takes more
_VISITOR: Final = "visitor:"
_STAFF: Final = "staff:"

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft in clear text; `id` is what uploads are tied to."""

    id: int
    data: Data
    saved_at: datetime


def owner_of_staff(staff_id: int) -> str:
    """Whose draft it is, for a member of staff; outlives their session."""
    return f"{_STAFF}{staff_id}"


def owner_of_visitor(session: Session, visitor: str) -> str:
    """Whose draft it is, for a browser; the table alone does not lead back to its cookie."""
    return f"{_VISITOR}{vault_of(session).signer.digest(f'visitor:{visitor}').hex()}"


def find(session: Session, owner: str, form: str) -> Kept | None:
    """The draft of this owner and form, if there is one."""
    # `save` writes past the session's own copies, so they are read afresh.
    fresh = _wanted(owner, form).execution_options(populate_existing=True)
    draft = session.scalars(fresh).one_or_none()
    if draft is None:
        return None
    text = vault_of(session).cipher.decrypt(draft.data, aad=_bound_to(owner, form))
    return Kept(draft.id, json.loads(text), draft.saved_at)


def find_under(session: Session, owner: str, prefix: str) -> dict[str, Data]:
    """The owner's drafts whose form begins so, by the rest of its name."""
    cipher = vault_of(session).cipher
    found = rows(session, _UNDER, owner=owner, prefix=prefix, length=len(prefix))
    return {
        form.removeprefix(prefix): json.loads(cipher.decrypt(data, aad=_bound_to(owner, form)))
        for form, data in found
    }


_UNDER: Final = select(Draft.form, Draft.data).where(
    Draft.owner == bindparam("owner"),
    func.substr(Draft.form, 1, bindparam("length", type_=Integer)) == bindparam("prefix"),
)


def check_room(session: Session, owner: str, form: str, data: Mapping[str, Any]) -> None:
    """Refuse one draft more than anybody can be at work on; what is kept already stays.

    Raises:
        InvalidError: there are too many others, or this one is too long.
    """
    if sum(map(len, map(str, data.values()))) > MOST_CHARACTERS:
        raise InvalidError(mark("This is too long to be kept as a draft. Send it, or shorten it."))
    if rows(session, _OTHERS, owner=owner, form=form)[0][0] >= MOST_DRAFTS:
        raise InvalidError(
            mark("You have %(most)s unfinished texts. Send some of them: this one is not kept."),
            most=MOST_DRAFTS,
        )


_OTHERS: Final = (
    select(func.count())
    .select_from(Draft)
    .where(Draft.owner == bindparam("owner"), Draft.form != bindparam("form"))
)


def save(session: Session, owner: str, form: str, data: Mapping[str, Any], *, now: datetime) -> int:
    """Keep the data in place of what was kept before; returns the draft's id.

    Two windows that save at once do not fail: the later one is kept.
    """
    text = json.dumps(dict(data), ensure_ascii=False, separators=(",", ":"))
    sealed = vault_of(session).cipher.encrypt(text, aad=_bound_to(owner, form))
    new = insert(session, Draft).values(owner=owner, form=form, data=sealed, saved_at=now)
    kept = new.on_conflict_do_update(
        index_elements=[Draft.owner, Draft.form],
        set_={"data": new.excluded.data, "saved_at": new.excluded.saved_at},
    ).returning(Draft.id)
    return session.execute(kept).scalar_one()


def remove(session: Session, owner: str, form: str) -> None:
    """Forget the draft and the uploads that never became part of a case."""
    _remove(session, [row.id for row in rows(session, _DRAFT_ID, owner=owner, form=form)])


_DRAFT_ID: Final = select(Draft.id).where(
    Draft.owner == bindparam("owner"), Draft.form == bindparam("form")
)


def files_of(session: Session, draft_id: int) -> list[Attachment]:
    """The uploads a draft holds, oldest first."""
    wanted = select(Attachment).where(Attachment.draft_id == draft_id, Attachment.case_id.is_(None))
    return list(session.scalars(wanted.order_by(Attachment.id)))


def forget_old(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """The job that forgets drafts nobody came back to; running it twice is harmless."""
    for prefix, kept in ((_VISITOR, VISITORS_KEPT), (_STAFF, STAFF_KEPT)):
        old = select(Draft.id).where(
            Draft.owner.startswith(prefix, autoescape=True), Draft.saved_at < now - kept
        )
        _remove(session, list(session.scalars(old)))


def _remove(session: Session, draft_ids: list[int]) -> None:
    if not draft_ids:
        return
    orphans = delete(Attachment).where(
        Attachment.draft_id.in_(draft_ids),
        Attachment.case_id.is_(None),
    )
    session.execute(orphans)
    session.execute(delete(Draft).where(Draft.id.in_(draft_ids)))


def _wanted(owner: str, form: str) -> Select[Draft]:
    return select(Draft).where(Draft.owner == owner, Draft.form == form)


def _bound_to(owner: str, form: str) -> str:
    # A draft copied into somebody else's row cannot be read there.
    return f"drafts.data|{owner}|{form}"

"""Papers scanned before an application is saved: each kept at once, with the material it proves.

They hang on a draft of their own, so that what is typed meanwhile never overwrites them, and
the same file twice for one material counts once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.kinds import DoerKind
from app.cases.models import Attachment
from app.cases.service import drafts
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.web.uploads import StoredUpload

MOST: Final = 80  # of one application; a form cannot carry more either
FIELD: Final = "scan_"  # before the code of the material, in the names of file fields
_FORM: Final = "apply-scans"
_FULL: Final = mark("This application has %(most)s files already. Remove some first.")


@dataclass(frozen=True, slots=True)
class Scan:
    """One file as a page shows it."""

    id: int
    material: str
    is_picture: bool


def kept(session: Session, actor: Actor, talk: str) -> dict[str, list[Scan]]:
    """The files scanned so far by the code of their material, oldest first."""
    draft = drafts.find(session, drafts.owner_of_staff(actor.id), _form(talk))
    if draft is None:
        return {}
    found: dict[str, list[Scan]] = {}
    for row in drafts.files_of(session, draft.id):
        material = str(draft.data.get(str(row.id), ""))
        is_picture = row.content_type.startswith("image/")
        found.setdefault(material, []).append(Scan(row.id, material, is_picture))
    return found


def add(
    session: Session,
    actor: Actor,
    talk: str,
    stored: Mapping[str, Sequence[StoredUpload]],
    *,
    now: datetime,
) -> None:
    """Keep files that lie in the store, by the code of the material they prove.

    Raises:
        InvalidError: there would be too many.
    """
    if not any(stored.values()):
        return
    owner, form = drafts.owner_of_staff(actor.id), _form(talk)
    draft = drafts.find(session, owner, form)
    known = dict(draft.data) if draft else {}
    draft_id = draft.id if draft else drafts.save(session, owner, form, known, now=now)
    here = drafts.files_of(session, draft_id)
    seen = {(known.get(str(row.id), ""), row.sha256) for row in here}
    for material, uploads in stored.items():
        for upload in uploads:
            if (material, upload.sha256) in seen:
                continue
            if len(seen) >= MOST:
                raise InvalidError(_FULL, fields={f"{FIELD}{material}": _FULL}, most=MOST)
            seen.add((material, upload.sha256))
            row = _row(upload, draft_id, actor, now)
            session.add(row)
            session.flush()
            known[str(row.id)] = material
    drafts.save(session, owner, form, known, now=now)


def remove(session: Session, actor: Actor, talk: str, file_id: int, *, now: datetime) -> None:
    """Take one file out; harmless if it is gone."""
    owner, form = drafts.owner_of_staff(actor.id), _form(talk)
    draft = drafts.find(session, owner, form)
    if draft is None:
        return
    for row in drafts.files_of(session, draft.id):
        if row.id == file_id:
            session.delete(row)
    rest = {key: value for key, value in draft.data.items() if key != str(file_id)}
    drafts.save(session, owner, form, rest, now=now)


def one(session: Session, actor: Actor, talk: str, file_id: int) -> Attachment:
    """One file of this person's unsaved application.

    Raises:
        NotFoundError: there is none.
    """
    draft = drafts.find(session, drafts.owner_of_staff(actor.id), _form(talk))
    for row in drafts.files_of(session, draft.id) if draft else ():
        if row.id == file_id:
            return row
    raise NotFoundError(mark("There is no such file."))


def forget(session: Session, actor: Actor, talk: str) -> None:
    """The application is saved or thrown away; files that became part of a matter stay there."""
    drafts.remove(session, drafts.owner_of_staff(actor.id), _form(talk))


def _form(talk: str) -> str:
    return f"{_FORM}/{talk}" if talk else _FORM


def _row(upload: StoredUpload, draft_id: int, actor: Actor, now: datetime) -> Attachment:
    return Attachment(
        draft_id=draft_id,
        sha256=upload.sha256,
        content_type=upload.content_type,
        size=upload.size,
        width=upload.width,
        height=upload.height,
        by_kind=DoerKind.STAFF,
        by_id=actor.id,
        at=now,
    )

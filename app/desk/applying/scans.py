"""Papers scanned before an application is saved: each kept at once, with the paper it shows.

They hang on a draft of their own, so that what is typed meanwhile never overwrites them, and
the same file twice for one paper counts once.
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
from app.cases.service.files import keep_files, pick
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.web.uploads import StoredUpload

MOST: Final = 80  # of one application
FIELD: Final = "scan_"  # before the key of the paper, in the names of file fields
_FORM: Final = "apply-scans"
_LONGEST_KEY: Final = 32
_FULL: Final = mark("This application has %(most)s files already. Remove some first.")


@dataclass(frozen=True, slots=True)
class Scan:
    """One file as a page shows it."""

    id: int
    is_picture: bool


def kept(session: Session, actor: Actor, talk: str) -> dict[str, list[Scan]]:
    """The files scanned so far by the key of their paper, oldest first."""
    found: dict[str, list[Scan]] = {}
    for row in _files(session, actor, talk):
        is_picture = row.content_type.startswith("image/")
        found.setdefault(row.paper or "", []).append(Scan(row.id, is_picture))
    return found


def ids_of(session: Session, actor: Actor, talk: str, papers: Sequence[str]) -> list[int]:
    """The files of these papers, to become part of the matter."""
    return [row.id for row in _files(session, actor, talk) if row.paper in papers]


def add(
    session: Session,
    actor: Actor,
    talk: str,
    stored: Mapping[str, Sequence[StoredUpload]],
    *,
    now: datetime,
) -> None:
    """Keep files that lie in the store, by the key of the paper they show.

    Raises:
        InvalidError: there would be too many.
    """
    if not any(stored.values()):
        return
    draft_id = drafts.save(session, drafts.owner_of_staff(actor.id), _form(talk), {}, now=now)
    seen = {(row.paper, row.sha256) for row in drafts.files_of(session, draft_id)}
    for paper, uploads in stored.items():
        for upload in uploads:
            if (paper, upload.sha256) in seen:
                continue
            if len(seen) >= MOST:
                raise InvalidError(_FULL, fields={f"{FIELD}{paper}": _FULL}, most=MOST)
            seen.add((paper, upload.sha256))
            keep_files(
                session,
                [upload],
                DoerKind.STAFF,
                by_id=actor.id,
                draft_id=draft_id,
                paper=paper[:_LONGEST_KEY],
                now=now,
            )


def remove(session: Session, actor: Actor, talk: str, file_id: int) -> None:
    """Take one file out; harmless if it is gone."""
    for row in _files(session, actor, talk):
        if row.id == file_id:
            session.delete(row)


def one(session: Session, actor: Actor, talk: str, file_id: int) -> Attachment:
    """One file of this person's unsaved application.

    Raises:
        NotFoundError: there is none.
    """
    return pick(_files(session, actor, talk), file_id)


def forget(session: Session, actor: Actor, talk: str) -> None:
    """The application is saved or thrown away; files that became part of a matter stay there."""
    drafts.remove(session, drafts.owner_of_staff(actor.id), _form(talk))


def _files(session: Session, actor: Actor, talk: str) -> Sequence[Attachment]:
    draft = drafts.find(session, drafts.owner_of_staff(actor.id), _form(talk))
    return drafts.files_of(session, draft.id) if draft else ()


def _form(talk: str) -> str:
    return f"{_FORM}/{talk}" if talk else _FORM

"""Releases a repair to the public and takes it back: a person decides, and it is written down.

Whatever is typed is masked once more; the name of whoever reported it stops the release.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.kinds import Status
from app.cases.models import Attachment, Case
from app.cases.queries import list_attachments
from app.catalogue.rules import CaseKind
from app.citizens.service import reading
from app.kernel import audit
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.publishing import queries
from app.publishing.models import INSIDE, Publication, PublishedPhoto, PublishedUpdate
from app.publishing.rules import Box, mask_words, spell_boxes
from app.publishing.service.following import copy_state, is_told, update_of
from app.publishing.service.placing import place

_NUMBER_SIGNS: Final = 12  # 60 bits: nobody finds one by trying, and no two are alike
_SHORTEST_NAME: Final = 2


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo to release: which file of the matter, and the file that is shown in its place."""

    attachment_id: int
    sha256: str
    alt: str = ""
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """What a person releases. `version` is the publication's they saw, 0 before the first.

    `is_coarse`: they want the place coarse; where its type says so it is, whatever they want.
    """

    title: str
    words: str = ""
    place: str = ""
    answer: str = ""
    is_coarse: bool = False
    photos: tuple[Photo, ...] = ()
    version: int = 0


def public_no(session: Session, case_id: int) -> str:
    """What the public calls the matter: always the same, and says nothing of its number."""
    return vault_of(session).signer.token("publication", case_id)[:_NUMBER_SIGNS].upper()


def why_not(session: Session, case: Case) -> str:
    """Why the matter cannot be released, as a sentence; "" if it can."""
    if case.kind is not CaseKind.REPAIR:
        return mark("Only repairs are released to the public.")
    if case.is_confidential:
        return mark("The matter is confidential. It is never released.")
    if case.status is Status.MERGED:
        return mark("The matter follows another one. Release that one.")
    if queries.is_restricted(session, case):
        return mark("The data of whoever reported it may only be stored. It is not released.")
    return ""


def is_releasable(session: Session, case: Case) -> bool:
    """Whether the matter may be released at all."""
    return not why_not(session, case)


def release(
    session: Session, case: Case, what: Release, *, actor: Actor, now: datetime
) -> Publication:
    """Show the matter to the public as told, or show it so from now on.

    Raises:
        ForbiddenError: the actor may not release.
        InvalidError: not such a matter, no title, a name in it, or photos of another matter.
        ConflictError: somebody else has released or revoked it meanwhile.
    """
    actor.require(Permission.REPAIR_PUBLISH)
    if reason := why_not(session, case):
        raise InvalidError(reason)
    masked = _masked(what)
    _check_words(session, case, masked, what.photos)
    photos = _photos(session, case, what)
    is_coarse = masked.is_coarse or queries.is_at_a_home(session, case)
    publication = _row(session, case, what, now=now)
    _write(publication, case, masked)
    place(publication, case, is_coarse=is_coarse)
    publication.released_at, publication.released_by = now, actor.id
    publication.revoked_at = publication.revoked_by = None
    publication.changed_at = now
    session.flush()
    _replace_photos(session, publication, photos)
    _catch_up(session, publication, case, now=now)
    _answer(session, publication, masked.answer, now=now)
    _note(session, case, actor, "publication.released", now)
    session.flush()
    return publication


def revoke(session: Session, case: Case, *, actor: Actor, now: datetime) -> None:
    """Take the matter from the public at once, in every page, feed and interface.

    Harmless where nothing is released.

    Raises:
        ForbiddenError: the actor may not release, so not take back either.
    """
    actor.require(Permission.REPAIR_PUBLISH)
    publication = queries.find_publication(session, case.id)
    if publication is None or publication.revoked_at is not None:
        return
    publication.revoked_at, publication.revoked_by = now, actor.id
    _note(session, case, actor, "publication.revoked", now)
    session.flush()


def _masked(what: Release) -> Release:
    return Release(
        title=mask_words(what.title),
        words=mask_words(what.words),
        place=mask_words(what.place),
        answer=mask_words(what.answer),
        is_coarse=what.is_coarse,
    )


def _check_words(session: Session, case: Case, masked: Release, photos: tuple[Photo, ...]) -> None:
    if not masked.title:
        raise InvalidError(mark("Give the report a title."), fields={"title": mark("Missing.")})
    if case.citizen_id is None:
        return
    name = reading.name_of(session, case.citizen_id)
    if len(name) < _SHORTEST_NAME:
        return
    for field in ("title", "words", "place", "answer"):
        if name in getattr(masked, field):
            said = mark("This names whoever reported it. Take the name out.")
            raise InvalidError(said, fields={field: said})
    if any(name in photo.alt for photo in photos):
        raise InvalidError(mark("What a photo shows is told with the name of whoever reported it."))


def _photos(session: Session, case: Case, what: Release) -> list[tuple[Photo, Attachment]]:
    own = {
        file.id: file
        for file in list_attachments(session, case.id, public_only=False)
        if file.content_type.startswith("image/")
    }
    if any(photo.attachment_id not in own for photo in what.photos):
        raise InvalidError(mark("One of these photos does not belong to the matter."))
    return [(photo, own[photo.attachment_id]) for photo in what.photos]


def _row(session: Session, case: Case, what: Release, *, now: datetime) -> Publication:
    found = queries.find_publication(session, case.id)
    if (found.version if found else 0) != what.version:
        stored = (
            {mark("Title"): found.title, mark("How it is broken"): found.words} if found else {}
        )
        raise ConflictError(
            mark("Somebody else has changed what is released. Look at it again."),
            stored=stored,
            fresh={"version": str(found.version if found else 0)},
        )
    if found is not None:
        return found
    new = Publication(
        case_id=case.id,
        public_no=public_no(session, case.id),
        requested_at=case.opened_at,
        released_at=now,
        status=_status_told(session, case),
    )
    session.add(new)
    return new


def _status_told(session: Session, case: Case) -> Status:
    """Where the matter stands for the public: before it was passed about inside the house."""
    if case.status not in INSIDE:
        return case.status
    told = [line.to_status for line in queries.lines_of(session, case.id) if is_told(line)]
    return next((each for each in reversed(told) if each is not None), Status.REPORTED)


def _write(publication: Publication, case: Case, masked: Release) -> None:
    publication.category_id = case.category_id
    publication.region_code = case.region_code
    publication.title, publication.words = masked.title, masked.words
    publication.place = masked.place
    copy_state(publication, case)


def _replace_photos(
    session: Session, publication: Publication, photos: list[tuple[Photo, Attachment]]
) -> None:
    for old in queries.photos_of(session, [publication.id]).get(publication.id, []):
        session.delete(old)
    session.flush()
    for photo, file in photos:
        new = PublishedPhoto(
            publication_id=publication.id,
            attachment_id=file.id,
            sha256=photo.sha256,
            content_type="image/jpeg",  # drawn anew, always as one
            alt=mask_words(photo.alt),
            boxes=spell_boxes(photo.boxes),
        )
        session.add(new)


def _catch_up(session: Session, publication: Publication, case: Case, *, now: datetime) -> None:
    """Make updates of what happened before anybody released it, or while it was taken back."""
    known = queries.events_told(session, publication.id)
    for line in queries.lines_of(session, case.id):
        if line.id not in known and is_told(line):
            session.add(update_of(publication, line, now=now))


def _answer(session: Session, publication: Publication, words: str, *, now: datetime) -> None:
    """The answer stands with the last state; released again, it replaces itself."""
    session.flush()
    last = queries.last_answer(session, publication.id)
    if last is not None and last.words == words:
        return
    if last is not None:
        session.delete(last)
    if words:
        new = PublishedUpdate(
            publication_id=publication.id,
            status=publication.status,
            words=words,
            happened_at=now,
            published_at=now,
        )
        session.add(new)


def _note(session: Session, case: Case, actor: Actor, action: str, now: datetime) -> None:
    audit.note(session, actor.author(), action, ("case", case.id), at=now)

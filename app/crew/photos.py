"""Takes photos of a form from the spot into the store and ties them to a repair.

The picture is drawn anew by `web.uploads`; only when and where it was taken stays, apart.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from fastapi import Request

from app.accounts.deps import Work
from app.cases.kinds import DoerKind
from app.cases.service.files import keep_files
from app.crew.forms import Notes
from app.crew.rules import claimed_instant, claimed_position
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.settings import Settings
from app.web.forms import RawForm
from app.web.ui import zone_of
from app.web.uploads import FileKind, StoredUpload, take_files

FIELD: Final = "photos"
BEFORE_FIELD: Final = "photos_before"  # beside those of the finished work, where they still lack


@dataclass(frozen=True, slots=True)
class Taken:
    """Photos in the store, and when and where they were taken as far as anybody knows."""

    uploads: tuple[StoredUpload, ...] = ()
    at: datetime | None = None
    place: tuple[Decimal, Decimal] | None = None


def take(request: Request, form: RawForm, name: str = FIELD) -> Taken:
    """Check and store the photos of a form's field; called outside any transaction.

    Raises:
        InvalidError: something is no photo, too large or damaged; said under the field.
        UnavailableError: the store is full or broken.
    """
    settings: Settings = request.app.state.settings
    uploads = take_files(request, form.files(name), name)
    if any(upload.kind is not FileKind.PHOTO for upload in uploads):
        raise InvalidError(fields={name: mark("Only photos can be sent here.")})
    notes = Notes.of(form)
    said = claimed_position(notes.photo_lon, notes.photo_lat)
    read = next((one.position for one in uploads if one.position is not None), None)
    return Taken(
        uploads,
        claimed_instant(notes.photo_time, zone_of(settings.zone))
        or next((one.taken_at for one in uploads if one.taken_at is not None), None),
        said or (claimed_position(str(read.lon), str(read.lat)) if read else None),
    )


def keep(work: Work, case_id: int, taken: Taken) -> tuple[int, ...]:
    """Write the photos down for the matter, for staff to see; a step or note takes them on."""
    return keep_files(
        work.session,
        taken.uploads,
        DoerKind.STAFF,
        by_id=work.actor.id,
        case_id=case_id,
        now=work.now,
    )

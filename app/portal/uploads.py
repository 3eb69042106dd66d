"""Takes the files of a citizen's form into the store.

A refused file is a sentence beside the field, not an error page: the words typed with it stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request

from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.settings import Settings
from app.web.forms import RawForm
from app.web.uploads import StoredUpload, take_files

FIELD: Final = "photos"
_TOO_MANY: Final = mark("These are too many files. Remove some, or send the rest later.")


@dataclass(frozen=True, slots=True)
class Taken:
    """What could be stored, the position a photo offered, or why nothing was taken."""

    files: tuple[StoredUpload, ...] = ()
    position: tuple[str, str] | None = None
    errors: dict[str, str] = field(default_factory=dict)


def take(request: Request, form: RawForm, *, already: int = 0, only_photos: bool = False) -> Taken:
    """Check and store the files of a form; called outside any transaction.

    `already` files are there, and count towards the most that is taken.

    Raises:
        UnavailableError: the store is full or broken.
    """
    chosen = form.files(FIELD)
    if not chosen:
        return Taken()
    settings: Settings = request.app.state.settings
    if already + len(chosen) > settings.max_files:
        return Taken(errors={FIELD: _TOO_MANY})
    try:
        stored = take_files(request, chosen, FIELD, only_photos=only_photos)
    except InvalidError as refusal:
        return Taken(errors=dict(refusal.fields))
    return Taken(stored, _position(stored))


def _position(stored: Sequence[StoredUpload]) -> tuple[str, str] | None:
    for upload in stored:
        if upload.position is not None:
            return f"{upload.position.lat:.6f}", f"{upload.position.lon:.6f}"
    return None

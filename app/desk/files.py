"""Takes the files of a desk form into the store and ties them to a case."""

from collections.abc import Mapping, Sequence
from typing import Final

from fastapi import Request

from app.accounts.deps import Work
from app.cases.kinds import DoerKind
from app.cases.models import Case
from app.cases.rules.closing import PROOF_FIELD
from app.cases.rules.repairing import PhotoStage
from app.cases.service.files import keep_files
from app.catalogue.rules import ProofKind
from app.desk.shots import Shots
from app.kernel.errors import InvalidError
from app.web.forms import RawForm
from app.web.uploads import StoredUpload, take_files

FIELD: Final = "files"
SHOT_FIELD: Final = "photo_"
Proofs = tuple[tuple[ProofKind, StoredUpload], ...]


def take_proofs(request: Request, form: RawForm) -> Proofs:
    """Check and store what a reply is proved by, each from its own field.

    Raises: as `take`.
    """
    return tuple(
        (kind, upload)
        for kind in (ProofKind.PHOTO, ProofKind.DOCUMENT)
        for upload in take(request, form, PROOF_FIELD[kind])
    )


def keep_proofs(work: Work, case: Case, stored: Proofs) -> tuple[tuple[ProofKind, int], ...]:
    """Write the evidence down for the case; only staff see it."""
    ids = keep(work, case, [upload for _kind, upload in stored], is_public=False)
    return tuple((kind, file_id) for (kind, _upload), file_id in zip(stored, ids, strict=True))


def take_shots(request: Request, form: RawForm) -> Shots:
    """Check and store the photos of a step at the spot, each from the field of its stage.

    Raises: as `take`.
    """
    return tuple(
        (stage, upload)
        for stage in PhotoStage
        for upload in take(request, form, f"{SHOT_FIELD}{stage}", only_photos=True)
    )


def keep_shots(work: Work, case: Case, shots: Shots) -> tuple[tuple[PhotoStage, int], ...]:
    """Write the photos down for the case; only staff see them until somebody shows them."""
    ids = keep(work, case, [upload for _stage, upload in shots], is_public=False)
    return tuple((stage, file_id) for (stage, _upload), file_id in zip(shots, ids, strict=True))


def take(
    request: Request, form: RawForm, field: str = FIELD, *, only_photos: bool = False
) -> tuple[StoredUpload, ...]:
    """Check and store the files of a form; called outside any transaction.

    Raises:
        InvalidError: a file was refused; the sentence stands under the field.
        UnavailableError: the store is full or broken.
    """
    return take_files(request, form.files(field), field, only_photos=only_photos)


def take_each(
    request: Request, form: RawForm, prefix: str
) -> tuple[dict[str, tuple[StoredUpload, ...]], dict[str, str]]:
    """Check and store the files of every field that begins so, by the rest of its name.

    What is refused is said under its own field and costs the others nothing.

    Raises:
        UnavailableError: the store is full or broken.
    """
    stored: dict[str, tuple[StoredUpload, ...]] = {}
    errors: dict[str, str] = {}
    for field in form.uploads:
        if field.startswith(prefix):
            try:
                stored[field.removeprefix(prefix)] = take(request, form, field)
            except InvalidError as refusal:
                errors |= refusal.fields
    return stored, errors


def keep(
    work: Work, case: Case, stored: Sequence[StoredUpload], *, is_public: bool
) -> tuple[int, ...]:
    """Write the stored files down for the case; the line that brings them takes them on."""
    return keep_files(
        work.session,
        stored,
        DoerKind.STAFF,
        by_id=work.actor.id,
        case_id=case.id,
        is_public=is_public,
        now=work.now,
    )


def keep_scans(work: Work, case: Case, stored: Mapping[str, Sequence[StoredUpload]]) -> None:
    """Write scans of an application's papers down, by the key of the paper; staff see them."""
    for paper, uploads in stored.items():
        keep_files(
            work.session,
            uploads,
            DoerKind.STAFF,
            by_id=work.actor.id,
            case_id=case.id,
            paper=paper,
            now=work.now,
        )

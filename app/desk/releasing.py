"""What the page for releasing a repair shows: the words beside their masked form, and photos.

Reads and reads out of the form only; releasing itself is `publishing.service`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.kinds import DoerKind
from app.cases.models import Attachment, Case
from app.cases.queries import list_attachments
from app.catalogue.rules import CaseKind
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.publishing import queries, service
from app.publishing.models import Publication
from app.publishing.rules import Box, mask_words, read_boxes

SHOWN: Final = "show-"
BOXES: Final = "boxes-"
ALT: Final = "alt-"
_MOST_PHOTOS: Final = 12
_WORDS: Final = ("title", "words", "place", "answer")


class ReleaseForm(BaseModel):
    """What a person releases; photos are read apart, their fields carry their numbers."""

    SENTENCES: ClassVar = {"title": mark("Give the report a title.")}

    version: int
    title: Annotated[str, Field(min_length=1, max_length=200, title=mark("Title"))]
    words: Annotated[str, Field(max_length=5000, title=mark("How it is broken"))] = ""
    place: Annotated[str, Field(max_length=200, title=mark("Place"))] = ""
    answer: Annotated[str, Field(max_length=5000, title=mark("Our answer"))] = ""
    coarse: bool = False
    do: str = "preview"


@dataclass(frozen=True, slots=True)
class PublicState:
    """What the case page says of a repair and the public."""

    is_released: bool
    public_no: str
    since: datetime | None
    why_not: str


@dataclass(frozen=True, slots=True)
class PhotoView:
    """One photo of the matter: whether it is shown, what is hidden of it, who took it."""

    id: int
    is_shown: bool
    boxes: str
    alt: str
    is_citizens: bool
    error: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the public will read, and the photos they will see."""

    title: str
    words: str
    place: str
    answer: str
    photos: tuple[PhotoView, ...]


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """The matter as written, the form with what is proposed, and a preview once asked for."""

    number: str
    version: int
    public: PublicState
    written: tuple[tuple[str, str], ...]
    photos: tuple[PhotoView, ...]
    values: Mapping[str, str]
    is_at_a_home: bool
    preview: Preview | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def public_of(session: Session, actor: Actor, case: Case) -> PublicState | None:
    """How the public sees the matter; None if it is no repair, or not theirs to release."""
    if case.kind is not CaseKind.REPAIR or not actor.may(Permission.REPAIR_PUBLISH):
        return None
    return _state(session, case, queries.find_publication(session, case.id))


def _state(session: Session, case: Case, found: Publication | None) -> PublicState:
    is_released = found is not None and found.revoked_at is None and not case.is_confidential
    return PublicState(
        is_released,
        found.public_no if found and is_released else "",
        found.released_at if found and is_released else None,
        service.why_not(session, case),
    )


def page_of(
    session: Session,
    case: Case,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    is_preview: bool = False,
) -> ReleasePage:
    """The page with what was typed, or with what is released now, or with what is proposed."""
    found = queries.find_publication(session, case.id)
    typed = values if values is not None else _proposed(session, case, found)
    wrong = errors or {}
    photos = tuple(_photo(file, typed, wrong) for file in photos_of(session, case))
    return ReleasePage(
        number=case.number,
        version=found.version if found else 0,
        public=_state(session, case, found),
        written=(
            ("title", case.title),
            ("words", case.body),
            ("place", case.place),
            ("answer", case.reply_text if case.reply_approved_at else ""),
        ),
        photos=photos,
        values=typed,
        is_at_a_home=queries.is_at_a_home(session, case),
        preview=_preview(typed, photos) if is_preview else None,
        errors=wrong,
    )


def photos_of(session: Session, case: Case) -> list[Attachment]:
    """The photos of the matter, oldest first."""
    files = list_attachments(session, case.id, public_only=False)
    return [file for file in files if file.content_type.startswith("image/")][:_MOST_PHOTOS]


def _proposed(session: Session, case: Case, found: Publication | None) -> dict[str, str]:
    if found is not None:
        return _released(session, found)
    answer = case.reply_text if case.reply_approved_at else ""
    return {
        "title": mask_words(case.title),
        "words": mask_words(case.body),
        "place": mask_words(case.place),
        "answer": mask_words(answer),
        "coarse": "",
    }


def _released(session: Session, found: Publication) -> dict[str, str]:
    answer = queries.last_answer(session, found.id)
    values = {
        "title": found.title,
        "words": found.words,
        "place": found.place,
        "answer": answer.words if answer else "",
        "coarse": "on" if found.is_coarse else "",
    }
    for photo in queries.photos_of(session, [found.id]).get(found.id, []):
        values[f"{SHOWN}{photo.attachment_id}"] = "on"
        values[f"{BOXES}{photo.attachment_id}"] = photo.boxes
        values[f"{ALT}{photo.attachment_id}"] = photo.alt
    return values


def _photo(file: Attachment, values: Mapping[str, str], errors: Mapping[str, str]) -> PhotoView:
    return PhotoView(
        id=file.id,
        is_shown=bool(values.get(f"{SHOWN}{file.id}")),
        boxes=values.get(f"{BOXES}{file.id}", ""),
        alt=values.get(f"{ALT}{file.id}", ""),
        is_citizens=file.by_kind is DoerKind.CITIZEN,
        error=errors.get(f"{BOXES}{file.id}", ""),
    )


def _preview(values: Mapping[str, str], photos: Sequence[PhotoView]) -> Preview:
    masked = {name: mask_words(values.get(name, "")) for name in _WORDS}
    return Preview(**masked, photos=tuple(photo for photo in photos if photo.is_shown))


def boxes_of(
    values: Mapping[str, str], files: Sequence[Attachment]
) -> tuple[dict[int, tuple[Box, ...]], dict[str, str]]:
    """The photos chosen with what is hidden of each, and what is wrong by field."""
    chosen: dict[int, tuple[Box, ...]] = {}
    errors: dict[str, str] = {}
    for file in files:
        if not values.get(f"{SHOWN}{file.id}"):
            continue
        try:
            chosen[file.id] = read_boxes(values.get(f"{BOXES}{file.id}", ""))
        except InvalidError as refusal:
            errors[f"{BOXES}{file.id}"] = refusal.msgid
    return chosen, errors

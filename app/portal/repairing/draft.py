"""The repair report a visitor is writing: its parts, which are done, which comes next.

Pure: neither database nor clock nor HTTP.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final, Self

from app.portal.rules import MIN_BODY, WHOLE_CITY

NONE_OF_THEM: Final = "none"


class RepairStep(StrEnum):
    """The pages of the report, in their order; the value is the last part of the address."""

    PHOTO = "photo"
    PLACE = "place"
    WHAT = "what"
    DANGER = "danger"
    MORE = "more"
    CONTACT = "contact"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class PhotoNote:
    """What a photo said of itself: where and when; empty where it said nothing."""

    file_id: int
    lat: str = ""
    lon: str = ""
    taken_at: str = ""


@dataclass(frozen=True, slots=True)
class RepairDraft:
    """What has been written so far; empty where nothing was.

    `offered` are the notes of photos until they are taken over (`used`) or refused. `chosen`
    are keys of the type's forms and dangers. `warned_of` are the dangers whose numbers were
    shown, `near_seen` for which place and type what is open nearby was.
    """

    has_photos: bool = False
    offered: tuple[PhotoNote, ...] = ()
    used: tuple[PhotoNote, ...] = ()
    facility: str = ""
    asset_id: int | None = None
    region: str = ""
    place: str = ""
    lat: str = ""
    lon: str = ""
    looked_for: str = ""
    type_id: int | None = None
    near_seen: str = ""
    has_danger: bool = False
    chosen: tuple[str, ...] = ()
    warned_of: tuple[str, ...] = ()
    has_more: bool = False
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    body: str = ""
    has_contact: bool = False
    is_anonymous: bool = False
    name: str = ""
    phone: str = ""
    token: str = ""

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The draft as it was kept; what an older version wrote and nobody knows is left out."""
        known = {part.name for part in fields(cls)}
        draft = cls(**{name: value for name, value in data.items() if name in known})
        return replace(
            draft,
            offered=_notes(draft.offered),
            used=_notes(draft.used),
            chosen=tuple(draft.chosen),
            warned_of=tuple(draft.warned_of),
        )

    def to_data(self) -> dict[str, Any]:
        """What is kept."""
        return asdict(self)

    @property
    def has_position(self) -> bool:
        """Whether there is a point on the map."""
        return bool(self.lat and self.lon)

    @property
    def has_place(self) -> bool:
        """Whether anybody could find it."""
        return bool(self.asset_id or self.region or self.has_position)

    @property
    def region_code(self) -> str:
        """The region as a case knows it; empty for the whole city."""
        return "" if self.region == WHOLE_CITY else self.region

    @property
    def is_begun(self) -> bool:
        """Whether there is anything to lose."""
        return bool(self.has_photos or self.offered or self.has_place or self.type_id or self.body)

    @property
    def seen_at(self) -> str:
        """For which place and type open reports nearby are looked for."""
        said = "\n".join((str(self.type_id), str(self.asset_id), self.lat, self.lon))
        return sha256(said.encode()).hexdigest()[:16]

    def words(self, labels: Iterable[str]) -> str:
        """What the matter says: the visitor's words, or what they ticked where they wrote none."""
        if len(self.body.strip()) >= MIN_BODY:
            return self.body
        return " ".join((*labels, self.body)).strip()

    @property
    def known_facts(self) -> tuple[str, ...]:
        """The forms and dangers that were ticked, without the tick that there are none."""
        return tuple(key for key in self.chosen if key != NONE_OF_THEM)


def _notes(rows: Iterable[Any]) -> tuple[PhotoNote, ...]:
    return tuple(row if isinstance(row, PhotoNote) else PhotoNote(**row) for row in rows)


def is_done(step: RepairStep, draft: RepairDraft, *, may_be_anonymous: bool) -> bool:
    """Whether this page needs no answer any more."""
    return {
        RepairStep.PHOTO: draft.has_photos,
        RepairStep.PLACE: draft.has_place,
        RepairStep.WHAT: draft.type_id is not None,
        RepairStep.DANGER: draft.has_danger,
        RepairStep.MORE: draft.has_more,
        RepairStep.CONTACT: draft.has_contact and (may_be_anonymous or not draft.is_anonymous),
        RepairStep.CHECK: False,
    }[step]


def next_step(draft: RepairDraft, *, may_be_anonymous: bool) -> RepairStep:
    """The first page that still needs an answer; the check of all answers when none does."""
    for step in RepairStep:
        if not is_done(step, draft, may_be_anonymous=may_be_anonymous):
            return step
    return RepairStep.CHECK

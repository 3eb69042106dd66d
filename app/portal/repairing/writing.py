"""What a visitor does with a repair report: writes it over several pages, sends it once.

Callers own the transaction; files arrive here already stored.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.cases.kinds import Channel
from app.cases.models import Attachment, Case
from app.cases.queries.near import Near, near_for_public, open_of_asset
from app.cases.rules import CITIZEN, CaseClock
from app.cases.service import drafts
from app.cases.service.opening import Reserved
from app.catalogue import queries as catalogue
from app.catalogue.labels import basis_in
from app.catalogue.rules import CaseKind, CategoryEntry, Urgency
from app.catalogue.rules.dangers import DangerFound
from app.citizens.service import Person
from app.departments import queries as departments
from app.facilities import queries as facilities
from app.facilities.rules import AssetView, Danger, TypeView
from app.kernel.errors import InvalidError
from app.kernel.geo import Point
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.portal import queries
from app.portal.repairing.draft import RepairDraft, RepairStep, next_step
from app.portal.sending import send_once
from app.repairs.rules import told_of, urgency_with
from app.repairs.service import NewRepair, open_repair
from app.service_items.rules import Checked, check_answers

FORM: Final = "repair"


@dataclass(frozen=True, slots=True)
class RepairWriting:
    """A repair report being written: whose, what so far, type and facility as they are now."""

    owner: str
    draft: RepairDraft
    kind: TypeView | None = None
    asset: AssetView | None = None
    category: CategoryEntry | None = None
    draft_id: int | None = None
    files: tuple[Attachment, ...] = ()

    @property
    def may_be_anonymous(self) -> bool:
        """Whether this type allows it."""
        return self.category is not None and self.category.may_be_anonymous

    @property
    def next_step(self) -> RepairStep:
        """Where to go on."""
        return next_step(self.draft, may_be_anonymous=self.may_be_anonymous)

    @property
    def stoppers(self) -> tuple[Danger, ...]:
        """What was ticked of where somebody must be called first."""
        found = self.kind.stoppers if self.kind else ()
        return tuple(one for one in found if one.key in self.draft.chosen)

    @property
    def words_found(self) -> DangerFound:
        """Words of danger in what was written."""
        return told_of(self.kind, self.draft.body)

    @property
    def unwarned(self) -> tuple[str, ...]:
        """Dangers whose numbers have not been shown yet."""
        keys = (*(one.key for one in self.stoppers), *self.words_found.words)
        return tuple(key for key in keys if key not in self.draft.warned_of)

    @property
    def point(self) -> Point | None:
        """Where it is on the map: as set, else where the facility stands."""
        if self.draft.has_position:
            return Point(float(self.draft.lon), float(self.draft.lat))
        return Point(*self.asset.point) if self.asset and self.asset.point else None

    @property
    def region_code(self) -> str:
        """The region of the matter."""
        return self.draft.region_code or (self.asset.region_code if self.asset else "")

    @property
    def urgency(self) -> Urgency | None:
        """As grave as the gravest that was ticked or written."""
        if self.kind is None:
            return None
        return urgency_with(self.kind, self.draft.chosen, self.draft.body)


def open_writing(session: Session, visitor: str) -> RepairWriting:
    """What this browser has written so far; an empty report if nothing."""
    owner = drafts.owner_of_visitor(session, visitor)
    kept = drafts.find(session, owner, FORM)
    if kept is None:
        return RepairWriting(owner, RepairDraft())
    files = tuple(drafts.files_of(session, kept.id))
    return _with(session, RepairWriting(owner, RepairDraft(), draft_id=kept.id, files=files),
                 RepairDraft.from_data(kept.data))  # fmt: skip


def _with(session: Session, writing: RepairWriting, draft: RepairDraft) -> RepairWriting:
    """The same with this draft; what is off the list meanwhile is asked again."""
    kind = next((t for t in facilities.types_for_report(session) if t.id == draft.type_id), None)
    if kind is None:
        draft = replace(draft, type_id=None)
    asset = None
    if draft.asset_id is not None:
        asset = facilities.assets_of(session, [draft.asset_id]).get(draft.asset_id)
        draft = draft if asset else replace(draft, asset_id=None)
    category = catalogue.get_category(session, kind.category_id) if kind else None
    return replace(writing, draft=draft, kind=kind, asset=asset, category=category)


def keep(
    session: Session,
    writing: RepairWriting,
    now: datetime,
    **changes: Any,  # noqa: ANN401  # members of RepairDraft
) -> RepairWriting:
    """Store the report with these members changed; another type has its own questions."""
    draft = replace(writing.draft, **changes)
    if draft.type_id != writing.draft.type_id:
        draft = replace(draft, has_danger=False, chosen=(), answers={}, has_more=False)
    if not draft.token:
        draft = replace(draft, token=random_token())
    draft_id = drafts.save(session, writing.owner, FORM, draft.to_data(), now=now)
    return _with(session, replace(writing, draft_id=draft_id), draft)


def forget(session: Session, visitor: str) -> None:
    """Throw away what was written, photos included."""
    drafts.remove(session, drafts.owner_of_visitor(session, visitor), FORM)


def near(session: Session, writing: RepairWriting) -> list[Near]:
    """Open reports of the same type close by, or of the very facility, the nearest first."""
    if writing.kind is None:
        return []
    return open_at(session, writing.kind, writing.asset, writing.point)


def open_at(
    session: Session, kind: TypeView, asset: AssetView | None, point: Point | None
) -> list[Near]:
    """Open reports of a facility, then those of its type close by."""
    own = open_of_asset(session, asset.id) if asset is not None else []
    known = {one.id for one in own}
    beside = [] if point is None else near_for_public(
        session, point, metres=kind.near_radius_m, category_id=kind.category_id
    )  # fmt: skip
    return [*own, *(one for one in beside if one.id not in known)]


@dataclass(frozen=True, slots=True)
class Expected:
    """By when it will be repaired, and on what ground."""

    at: datetime
    is_provisional: bool
    basis: str
    is_sample: bool


def expected(
    session: Session, writing: RepairWriting, *, language: str, now: datetime
) -> Expected | None:
    """The limit this report would get now; None until its type is known."""
    if writing.kind is None:
        return None
    calendar = calendars.load(session)
    limit = catalogue.choose_limit(
        session,
        clock_kind=CaseClock.RESOLVE,
        case_kind=CaseKind.REPAIR,
        category_id=writing.kind.category_id,
        urgency=writing.urgency or writing.kind.urgency,
        region_code=writing.region_code or departments.home_region(session),
        on=calendar.statutory.local_date(now),
    )
    due = calendar.add(limit.unit, now, limit.budget, close_of_business=limit.close_of_business)
    return Expected(due.at, due.provisional, basis_in(language, limit.basis_text), limit.is_sample)


def checked_answers(session: Session, writing: RepairWriting, *, now: datetime) -> Checked:
    """The answers to the type's questions in the spelling they are kept in."""
    questions = writing.kind.questions if writing.kind else ()
    today = calendars.load(session).statutory.local_date(now)
    return check_answers(questions, writing.draft.answers, today=today)


def send(session: Session, visitor: str, token: str, *, now: datetime) -> Case:
    """Open the repair; whoever sends the same form again gets the same one.

    Raises:
        InvalidError: answers are missing, and it was not sent before either.
    """
    writing = open_writing(session, visitor)

    def opened(reserved: Reserved) -> Case:
        new = replace(_new(session, writing, now=now), reserved=reserved)
        case = open_repair(session, new, doer=CITIZEN, now=now)
        _note_photos(session, case, writing.draft)
        return case

    return send_once(
        session,
        token,
        owner=writing.owner,
        form=FORM,
        region_code=writing.region_code,
        is_ready=writing.next_step is RepairStep.CHECK,
        open_with=opened,
        now=now,
    )


def _new(session: Session, writing: RepairWriting, *, now: datetime) -> NewRepair:
    draft, kind = writing.draft, writing.kind
    if kind is None:
        raise InvalidError(mark("Choose what is broken."))
    person = None if draft.is_anonymous else Person(name=draft.name, phone=draft.phone)
    return NewRepair(
        type_id=kind.id,
        body=draft.words(labels_of(kind, draft, "zh_CN")),
        channel=Channel.PORTAL,
        asset_id=draft.asset_id,
        place=draft.place,
        region_code=writing.region_code,
        lon=Decimal(draft.lon) if draft.has_position else None,
        lat=Decimal(draft.lat) if draft.has_position else None,
        person=person,
        is_anonymous=draft.is_anonymous,
        dangers=draft.known_facts,
        answers=checked_answers(session, writing, now=now).answers,
        attachment_ids=[file.id for file in writing.files],
    )


def labels_of(kind: TypeView, draft: RepairDraft, language: str) -> tuple[str, ...]:
    """What was ticked, in words: the thing, then what is wrong with it."""
    said = [(one.key, one.label) for one in kind.forms]
    said += [(one.key, one.label) for one in kind.dangers]
    ticked = (label.within(language) for key, label in said if key in draft.chosen)
    return (kind.name.within(language), *ticked)


def _note_photos(session: Session, case: Case, draft: RepairDraft) -> None:
    """Write beside each photo where and when it was taken, as far as its sender let us."""
    notes = {note.file_id: note for note in draft.used}
    for photo in queries.list_repair_photos(session, case.id):
        if note := notes.get(photo.attachment_id):
            photo.taken_at = datetime.fromisoformat(note.taken_at) if note.taken_at else None
            photo.lat = Decimal(note.lat) if note.lat else None
            photo.lon = Decimal(note.lon) if note.lon else None

"""What the portal's pages ask: places to choose from, notices, categories by a visitor's words.

Everything here is public; a citizen's own case is fetched by its token in `cases.queries`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.cases.kinds import Action, DoerKind
from app.cases.models import Attachment, Case, CaseEvent
from app.catalogue import queries as catalogue
from app.catalogue.rules import CategoryEntry, Named
from app.departments.models import Unit
from app.departments.rules import UnitKind, place_name
from app.kernel.text import tokens
from app.portal.models import Notice
from app.repairs.models import RepairPhoto

_TERRITORIES: Final = (UnitKind.DISTRICT, UnitKind.STREET)
_NOTICES: Final = 5
_SUGGESTIONS: Final = 8


@dataclass(frozen=True, slots=True)
class Place:
    """A district or street to choose; `depth` 0 for a district."""

    code: str
    name: Named
    depth: int


def list_places(session: Session) -> list[Place]:
    """Districts with their streets under them, by region code."""
    rows = session.execute(
        select(Unit.region_code, Unit.name, Unit.name_en, Unit.kind)
        .where(Unit.kind.in_(_TERRITORIES), Unit.is_active, Unit.region_code != "")
        .order_by(Unit.region_code, Unit.id)
    )
    places: dict[str, Place] = {}
    for code, name, name_en, kind in rows:
        depth = _TERRITORIES.index(kind)
        called = Named(place_name(name), place_name(name_en))
        places.setdefault(code, Place(code, called, depth))
    return list(places.values())


def find_place(session: Session, code: str) -> Place | None:
    """The place with this region code."""
    return next((place for place in list_places(session) if place.code == code), None)


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice in both languages; English falls back to Chinese."""

    title: str
    title_en: str
    body: str
    body_en: str

    def within(self, language: str) -> tuple[str, str]:
        """Title and text for a reader of `language`."""
        return (
            Named(self.title, self.title_en).within(language),
            Named(self.body, self.body_en).within(language),
        )


def list_notices(session: Session, now: datetime) -> list[NoticeText]:
    """The notices of the day, newest first."""
    wanted = (
        select(Notice.title, Notice.title_en, Notice.body, Notice.body_en)
        .where(Notice.shown_from <= now, or_(Notice.shown_to.is_(None), Notice.shown_to > now))
        .order_by(Notice.shown_from.desc(), Notice.id.desc())
        .limit(_NOTICES)
    )
    return [NoticeText(*row) for row in session.execute(wanted)]


def suggest_categories(session: Session, words: str) -> list[CategoryEntry]:
    """Categories a visitor may mean: those every word fits, else those most pairs of signs fit."""
    found = catalogue.find_categories(session, words, portal_only=True, limit=_SUGGESTIONS)
    if found or not words:
        return found
    asked = set(tokens(words))
    entries = (
        entry
        for group in catalogue.list_categories(session, portal_only=True)
        for entry in catalogue.list_categories(session, parent_id=group.id, portal_only=True)
    )
    scored = [(_shared(entry, asked), entry) for entry in entries]
    hits = sorted((hit for hit in scored if hit[0]), key=lambda hit: (-hit[0], hit[1].code))
    return [entry for _, entry in hits[:_SUGGESTIONS]]


def _shared(entry: CategoryEntry, asked: set[str]) -> int:
    name = set(tokens(f"{entry.name.zh} {entry.name.en}"))
    hint = set(tokens(f"{entry.hint.zh} {entry.hint.en}"))
    # A word of the name says more than one of the explanation.
    return 2 * len(asked & name) + len(asked & hint)


def find_category(session: Session, category_id: int | None) -> CategoryEntry | None:
    """The category, if it is still offered on the portal."""
    entry = catalogue.snapshot(session).categories.get(category_id or 0)
    return entry if entry and entry.is_active and entry.on_portal else None


def find_case(session: Session, number: str) -> Case | None:
    """The matter of this number, for whoever checks what of it may be known."""
    return session.scalars(select(Case).where(Case.number == number[:40])).one_or_none()


def list_repair_photos(session: Session, case_id: int) -> list[RepairPhoto]:
    """The photos of a repair, to write down what their sender let us keep of them."""
    return list(session.scalars(select(RepairPhoto).where(RepairPhoto.case_id == case_id)))


def last_public_seq(session: Session, case_id: int) -> int:
    """The number of the last line the citizen could see: what their page was true for."""
    wanted = (
        select(CaseEvent.seq)
        .where(CaseEvent.case_id == case_id, CaseEvent.is_public)
        .order_by(CaseEvent.seq.desc())
        .limit(1)
    )
    return session.scalar(wanted) or 0


def list_open_files(session: Session, case: Case) -> list[Attachment]:
    """The files the citizen may see: their own, and public ones of lines they may read.

    What came with a reply waits for its approval, as the reply does.
    """
    wanted = (
        select(Attachment, CaseEvent.is_public, CaseEvent.action)
        .outerjoin(CaseEvent, CaseEvent.id == Attachment.event_id)
        .where(
            Attachment.case_id == case.id,
            or_(Attachment.by_kind == DoerKind.CITIZEN, Attachment.is_public),
        )
        .order_by(Attachment.id)
    )
    released = case.reply_approved_at is not None
    return [
        file
        for file, line_is_public, action in session.execute(wanted)
        if file.by_kind is DoerKind.CITIZEN
        or line_is_public is not False
        or (action is Action.REPLY and released)
    ]


def category_name(session: Session, case: Case, language: str) -> str:
    """The category in the reader's language; as it was called when the case was opened."""
    entry = catalogue.snapshot(session).categories.get(case.category_id or 0)
    return entry.name.within(language) if entry and language == "en" else case.category_name


def unit_name(session: Session, case: Case, language: str) -> str:
    """The unit that has the case now, in the reader's language."""
    wanted = select(Unit.name, Unit.name_en).where(Unit.id == case.unit_id)
    return Named(*session.execute(wanted).one()).within(language)

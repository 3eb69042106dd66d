"""What the portal's pages show, put together from what the queries found.

Values only; every sentence in them is a msgid that the template translates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.cases.kinds import FINAL, Action, DoerKind, Status
from app.cases.labels import label
from app.cases.models import Attachment, Case
from app.cases.queries import history, situation_of
from app.cases.queries.inquiring import inquiry_of
from app.cases.queries.merging import shared_reply
from app.cases.rules import CITIZEN
from app.cases.service.urging import DECIDED, quiet_until
from app.cases.workflows import open_steps
from app.catalogue.rules import CaseKind
from app.departments import queries as departments
from app.departments.models import Unit
from app.portal import queries
from app.portal.application import OwnApplication, own_application
from app.portal.application_words import ENDS, OWN_LINES, StateWords
from app.portal.words import LINES, STATES, why_no_withdrawal
from app.ratings.queries import find_rating, may_rate
from app.sla.rules import Lamp, lamp


@dataclass(frozen=True, slots=True)
class FileLink:
    """One file on a page; a photo is shown, anything else is a link."""

    href: str
    is_photo: bool
    size_kb: int
    id: int = 0


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of the public history."""

    at: datetime
    words: str
    unit: str
    text: str
    files: tuple[FileLink, ...]
    is_own: bool


@dataclass(frozen=True, slots=True)
class DueView:
    """The expected date and its lamp; `days` left, negative when past."""

    is_answered: bool
    lamp: Lamp
    at: datetime | None
    days: int
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Suspension:
    """Until when a matter rests, on what legal ground and by which document."""

    until: date | None
    ground: str
    document_no: str


@dataclass(frozen=True, slots=True)
class OwnCase:
    """Everything a citizen reads on the page of their matter."""

    token: str
    number: str
    state: StateWords
    due: DueView
    is_open: bool
    closed_at: datetime | None
    category: str
    place: str
    unit: str
    body: str
    opened_at: datetime
    reply: str
    reply_files: tuple[FileLink, ...]
    question: str
    suspension: Suspension | None
    lines: tuple[LineView, ...]
    files: tuple[FileLink, ...]
    version: int
    may: frozenset[str]
    no_withdrawal: str
    urge_count: int
    last_urged_at: datetime | None
    quiet_until: datetime | None
    rated_level: int | None
    may_rate: bool
    finding: str = ""
    application: OwnApplication | None = None


@dataclass(frozen=True, slots=True)
class OwnCasePage:
    """The page: the matter, and one form that was refused, if any.

    `form_token` goes with every form: sent twice, each is done once.
    """

    case: OwnCase
    form_token: str
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    done: str = ""


def own_case(
    session: Session, case: Case, token: str, *, now: datetime, zone: ZoneInfo, language: str
) -> OwnCase:
    """The matter as its citizen may see it."""
    lines = history.public_timeline(session, case)
    files = {file.id: file for file in queries.list_open_files(session, case)}
    rating = find_rating(session, case.id)
    last_urged_at = history.last_urged_at(session, case.id)
    is_open = case.status not in FINAL
    category = queries.category_name(session, case, language)
    shown = {file.id for line in lines for file in line.files if file.id in files}
    may = _rights(session, case, now, is_open=is_open)
    application = own_application(session, case, language=language, may=may, now=now)
    return OwnCase(
        token=token,
        number=case.number,
        state=(ENDS if application else STATES).get(case.status, STATES[case.status]),
        due=due_of(case, now, zone),
        is_open=is_open,
        closed_at=case.closed_at,
        category=category,
        place=place_words(session, case, language),
        unit=_in(language, departments.get_unit(session, case.unit_id)),
        body=case.body,
        opened_at=case.opened_at,
        reply=_reply(session, case),
        reply_files=_links(token, [f for f in files.values() if f.id not in shown]),
        question=history.open_question(session, case),
        suspension=_suspension(session, case),
        lines=tuple(
            _line(token, line, files, language, OWN_LINES if application else {})
            for line in reversed(lines)
        ),
        files=_links(token, [f for f in files.values() if f.id in _first_files(lines)]),
        version=queries.last_public_seq(session, case.id),
        may=may,
        no_withdrawal=why_no_withdrawal(case.status) if is_open else "",
        urge_count=case.urge_count,
        last_urged_at=last_urged_at,
        quiet_until=_quiet(session, case, now) if is_open else None,
        rated_level=rating.level if rating else None,
        may_rate=rating is None and may_rate(case),
        finding=_finding(session, case),
        application=application,
    )


def _finding(session: Session, case: Case) -> str:
    """What the investigation of a complaint found; told with the reply, not before it."""
    if case.kind is not CaseKind.COMPLAINT or case.reply_approved_at is None:
        return ""
    found = inquiry_of(session, case).finding
    return label(found) if found else ""


def _suspension(session: Session, case: Case) -> Suspension | None:
    found = history.suspension_of(session, case)
    if found is None:
        return None
    ground = label(found.ground) if found.ground else ""
    return Suspension(found.until_on, ground, found.document_no)


def _reply(session: Session, case: Case) -> str:
    if case.reply_approved_at is None:
        return ""
    # Until it ends with the leading matter, a joined one shows the reply that reached it.
    return case.reply_text if case.master_id is None else shared_reply(session, case.id)


def _first_files(lines: Sequence[history.Line]) -> set[int]:
    return {file.id for line in lines if line.action is Action.OPEN for file in line.files}


def _rights(session: Session, case: Case, now: datetime, *, is_open: bool) -> frozenset[str]:
    steps = open_steps(case.kind, situation_of(session, case), CITIZEN, now)
    may = {str(step.action) for step in steps}
    if is_open:
        may |= {str(Action.SUPPLEMENT)}
        may |= {str(Action.URGE)} if case.status not in DECIDED else set()
    return frozenset(may)


def _quiet(session: Session, case: Case, now: datetime) -> datetime | None:
    until = quiet_until(session, case)
    return until if until is not None and now < until else None


def _line(
    token: str,
    line: history.Line,
    files: Mapping[int, Attachment],
    language: str,
    own_words: Mapping[Action, str],
) -> LineView:
    action = Action(line.payload.get("step", line.action))
    is_own = line.actor_kind is DoerKind.CITIZEN
    unit = line.unit_name_en if language == "en" and line.unit_name_en else line.unit_name
    return LineView(
        at=line.at,
        words=own_words.get(action) or LINES[action],
        unit="" if is_own else unit,
        text=line.public_text,
        files=_links(token, [files[file.id] for file in line.files if file.id in files]),
        is_own=is_own,
    )


def _links(token: str, files: Sequence[Attachment]) -> tuple[FileLink, ...]:
    return tuple(file_link(f"/c/{token}/files/{file.id}", file) for file in files)


def file_link(href: str, file: Attachment) -> FileLink:
    """A file as a page shows it."""
    is_photo = file.content_type.startswith("image/")
    return FileLink(href, is_photo, max(1, file.size // 1024), file.id)


class Dated(Protocol):
    """As much of a matter as its lamp needs; a case, or a row of a list."""

    @property
    def status(self) -> Status: ...

    @property
    def reply_approved_at(self) -> datetime | None: ...

    @property
    def due_at(self) -> datetime | None: ...

    @property
    def warn_at(self) -> datetime | None: ...

    @property
    def is_paused(self) -> bool: ...

    @property
    def is_provisional(self) -> bool: ...


def due_of(case: Dated, now: datetime, zone: ZoneInfo) -> DueView:
    """The lamp of the citizen's clock and the days to the expected date, on the hall's clock."""
    is_over = case.status in FINAL or case.reply_approved_at is not None
    colour = lamp(
        due_at=case.due_at,
        warn_at=case.warn_at,
        met_at=now if is_over else None,
        paused=case.is_paused,
        provisional=case.is_provisional,
        now=now,
    )
    days = 0
    if case.due_at is not None:
        days = (case.due_at.astimezone(zone).date() - now.astimezone(zone).date()).days
    is_answered = case.reply_approved_at is not None
    due_at = None if is_over else case.due_at
    return DueView(is_answered, colour, due_at, days, case.is_provisional)


def place_words(session: Session, case: Case, language: str) -> str:
    """District or street, and the place as described."""
    found = queries.find_place(session, case.region_code)
    parts = [found.name.within(language) if found else "", case.place]
    return " ".join(part for part in parts if part)


def _in(language: str, unit: Unit) -> str:
    return unit.name_en if language == "en" and unit.name_en else unit.name

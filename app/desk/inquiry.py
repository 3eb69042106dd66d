"""Makes a complaint's own part of the case page ready: subject, file, measures, who is kept away.

Reads only; what somebody may do here `complaints.rules` says.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.rules import Actor
from app.calendars import queries as calendars
from app.cases.kinds import InquiryKind, Status
from app.cases.labels import LABELS, label
from app.cases.models import Case
from app.cases.queries import identity
from app.cases.rules import Situation
from app.catalogue.rules import ABOUT_SOMEBODY, CaseKind
from app.complaints import queries, rules
from app.departments import queries as departments
from app.desk.times import Light, ended_light, light


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of the investigation file."""

    kind: str
    held_on: date
    with_whom: str
    words: str
    writer: str
    files: tuple[tuple[int, bool], ...]


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One measure with its lamp, and its proof once there is one."""

    id: int
    what: str
    due_on: date
    light: Light
    proof: str
    proved_at: datetime | None
    files: tuple[tuple[int, bool], ...]


@dataclass(frozen=True, slots=True)
class InquiryView:
    """The complaint: what it is about, what was found, the file and the measures."""

    subject: str
    name: str
    guarded: str
    awaits_naming: bool
    finding: str
    is_confirmed: bool
    may_read: bool
    may_write: bool
    may_lay_down: bool
    may_prove: bool
    lines: tuple[LineView, ...]
    measures: tuple[MeasureView, ...]
    kinds: tuple[tuple[str, str], ...]
    today: str


@dataclass(frozen=True, slots=True)
class KeptAwayView:
    """Who stepped back, who may see a confidential complainant, and what this person may do."""

    recusals: Sequence[Row[*tuple[Any, ...]]]
    may_step_back: bool
    may_order_back: bool
    is_secret: bool
    may_know: bool
    confidants: Sequence[Row[*tuple[Any, ...]]]
    may_confide: bool


def kept_away_view(
    session: Session, actor: Actor, case: Case, situation: Situation
) -> KeptAwayView:
    """Who is kept from the matter and from who complains."""
    is_secret = case.is_identity_secret
    return KeptAwayView(
        recusals=queries.recusals_of(session, case.id) if situation.recused else (),
        may_step_back=rules.may_step_back(actor, situation),
        may_order_back=rules.may_order_back(actor, situation),
        is_secret=is_secret,
        may_know=identity.may_know(session, case, actor.id),
        confidants=identity.confidants(session, case.id) if is_secret else (),
        may_confide=is_secret and rules.may_confide(actor, situation),
    )


def inquiry_view(
    session: Session,
    actor: Actor,
    case: Case,
    situation: Situation,
    *,
    language: str,
    say: Callable[[str], str],
    now: datetime,
) -> InquiryView | None:
    """The complaint's own part; None on matters that are about nobody."""
    if case.kind not in ABOUT_SOMEBODY:
        return None
    subject = queries.subject_of(session, case.id)
    may_read = rules.may_read_file(actor, situation)
    files = queries.files_of(session, case.id) if may_read else {}
    finding = situation.inquiry.finding
    return InquiryView(
        subject=label(subject.subject_kind) if subject and subject.subject_kind else "",
        name=subject.subject_name if subject else "",
        guarded=_guarded(session, situation, language),
        awaits_naming=case.status is Status.SUBMITTED,
        finding=label(finding) if finding else "",
        is_confirmed=subject is not None and subject.confirmed_at is not None,
        may_read=may_read,
        may_write=case.kind is CaseKind.COMPLAINT and rules.may_write_file(actor, situation),
        may_lay_down=rules.may_lay_down(actor, situation),
        may_prove=rules.may_prove(actor, situation),
        lines=_lines(queries.inquiries_of(session, case.id), files) if may_read else (),
        measures=_measures(queries.measures_of(session, case.id), files, now),
        kinds=tuple((str(kind), say(words)) for kind, words in LABELS[InquiryKind].items()),
        today=calendars.load(session).statutory.local_date(now).isoformat(),
    )


def _guarded(session: Session, situation: Situation, language: str) -> str:
    """Whom the guard keeps away, by the name of the unit and the person."""
    if situation.accused_unit_id is None:
        return ""
    unit = departments.view_of(session, situation.accused_unit_id)
    name = unit.name_en if language == "en" and unit.name_en else unit.name
    if situation.accused_staff_id is None:
        return name
    return f"{name} · {accounts.get_staff(session, situation.accused_staff_id).display_name}"


_Files = Mapping[int, list[tuple[int, bool]]]


def _lines(found: Sequence[Row[*tuple[Any, ...]]], files: _Files) -> tuple[LineView, ...]:
    return tuple(
        LineView(
            kind=label(row.kind),
            held_on=row.held_on,
            with_whom=row.with_whom,
            words=row.words,
            writer=row.writer or "",
            files=tuple(files.get(row.event_id, ())),
        )
        for row in found
    )


def _measures(
    found: Sequence[Row[*tuple[Any, ...]]], files: _Files, now: datetime
) -> tuple[MeasureView, ...]:
    return tuple(
        MeasureView(
            id=row.id,
            what=row.what,
            due_on=row.due_on,
            light=light_of(row.late_from, row.proved_at, now=now),
            proof=row.proof,
            proved_at=row.proved_at,
            files=tuple(files.get(row.proof_event_id, ())),
        )
        for row in found
    )


def light_of(late_from: datetime, proved_at: datetime | None, *, now: datetime) -> Light:
    """The lamp of a measure: proved in time or too late, or how long it has."""
    if proved_at is not None:
        return ended_light(on_time=proved_at <= late_from)
    return light(due_at=late_from, warn_at=None, paused=False, provisional=False, now=now)

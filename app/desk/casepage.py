"""Makes one case ready for the screen of staff: facts, clocks, history, forms.

Reads only. Everything about the citizen is masked; clear text needs a reveal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.calendars import queries as calendars
from app.cases.kinds import FINAL, Action, Status
from app.cases.labels import label
from app.cases.models import Approval, Case
from app.cases.queries import find_pending, public_token, situation_of
from app.cases.queries.history import Line, timeline
from app.cases.rules import CaseClock
from app.cases.service import drafts
from app.catalogue import queries as catalogue
from app.catalogue.labels import basis_in
from app.citizens import service as citizens
from app.citizens.service import Person
from app.departments import queries as departments
from app.departments.queries.shelf import UnitView
from app.desk.application import ApplicationView, application_view
from app.desk.assisting import TasksView, tasks_view
from app.desk.barred import barred_of, colleagues_of
from app.desk.closing import ReturnedView, ReviewView, returned_of, review_of
from app.desk.documents import DocumentsView, documents_of
from app.desk.hands import Hands, given_to, hands_of, people_in, said_of
from app.desk.inquiry import InquiryView, KeptAwayView, inquiry_view, kept_away_view
from app.desk.joined import Joined, joined_of
from app.desk.mending import RepairView, repair_view
from app.desk.noticed import Noticed, noticed
from app.desk.oversight import Oversight, line_label, oversight
from app.desk.releasing import PublicState, public_of
from app.desk.requested import Asked, Requests, asked_for, requests_in
from app.desk.steps import Desk, StepForm, step_forms
from app.desk.times import Light, ended_light, light
from app.kernel.messages import mark
from app.kernel.text import mask_address, mask_email, mask_name, mask_phone
from app.kernel.vault import vault_of
from app.sla import queries as sla
from app.sla.rules import ClockKind, Subject

# How somebody is addressed whose name nobody knows.
_ADDRESSED: Final = {"zh": "市民", "en": "Citizen"}
_QUIET: Final = frozenset({Action.WARN, Action.BREACH, Action.CLOCK})


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock that runs or stands still, with the ground its limit rests on."""

    label: str
    due_at: datetime | None
    light: Light
    basis: str
    is_sample: bool
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of the history as the page prints it."""

    seq: int
    at: datetime
    action: str
    who: str
    unit: str
    to_state: str
    public_text: str
    internal_text: str
    is_public: bool
    is_quiet: bool
    files: tuple[tuple[int, bool], ...]
    sent_to: str = ""
    why: str = ""
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case as staff see it."""

    number: str
    version: int
    title: str
    body: str
    state: str
    light: Light
    facts: list[tuple[str, str, bool]]
    person: Person | None
    is_urgent: bool
    is_confidential: bool
    urge_count: int
    reply_text: str
    is_reply_public: bool
    is_reply_waiting: bool  # for the review; what was sent back waits for nobody
    clocks: list[ClockView]
    lines: list[LineView]
    steps: list[StepForm]
    barred: list[tuple[str, list[str]]]
    colleagues: tuple[list[str], str]
    pending: tuple[str, str, datetime, tuple[Asked, ...]] | None
    messages: list[Noticed]
    own_page: str
    may_reveal: bool
    drafts: Mapping[str, Mapping[str, str]]
    review: ReviewView | None
    returned: ReturnedView | None
    assistance: TasksView
    hands: Hands
    oversight: Oversight
    inquiry: InquiryView | None
    away: KeptAwayView
    documents: DocumentsView
    application: ApplicationView | None
    repair: RepairView | None
    public: PublicState | None
    joined: Joined | None = None
    hides_person: bool = False
    action: str = ""
    preview: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Typed:
    """What came with a form that is shown again: which step, its values, what is wrong with it."""

    action: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    preview: str = ""


def case_page(
    session: Session,
    actor: Actor,
    case: Case,
    *,
    typed: Typed,
    language: str,
    say: Callable[[str], str],
    base_url: str,
    now: datetime,
) -> CasePage:
    """Everything the page prints."""
    situation = situation_of(session, case)
    person = citizens.person_of(session, case.citizen_id) if case.citizen_id else None
    unit = departments.view_of(session, case.unit_id)
    clocks = sla.shown_clocks(session, Subject.case(case.id))
    places = places_of(session, case, person, unit, language, now)
    kept = drafts.find_under(session, drafts.owner_of_staff(actor.id), f"{case.number}/")
    desk = Desk(
        session,
        actor,
        case,
        situation,
        now,
        language,
        typed.action,
        typed.values,
        kept,
        say,
        places,
        next((clock.unit for clock in clocks if clock.kind is ClockKind.RESOLVE), None),
    )
    pending = find_pending(session, case) if situation.pending else None
    away = kept_away_view(session, actor, case, situation)
    return CasePage(
        number=case.number,
        version=case.version,
        title=case.title,
        body=case.body,
        state=label(case.status),
        light=_light(case, now),
        facts=_facts(session, case, unit, language),
        person=_masked(person) if person else None,
        is_urgent=case.urgency in ("critical", "urgent"),
        is_confidential=case.is_confidential,
        urge_count=case.urge_count,
        reply_text=case.reply_text,
        is_reply_public=case.reply_approved_at is not None,
        is_reply_waiting=case.status is Status.REPLIED,
        clocks=[_clock(clock, now, language) for clock in sorted(clocks, key=_due_or_last)],
        lines=_lines(session, case, actor, english=language == "en"),
        steps=step_forms(desk),
        barred=barred_of(case, situation, actor, now),
        colleagues=colleagues_of(session, case, situation, actor, now),
        pending=_pending(session, pending, english=language == "en"),
        messages=noticed(session, actor, case),
        own_page=f"/c/{public_token(vault_of(session), case)}",
        may_reveal=_may_reveal(case, actor, away),
        drafts=kept,
        review=review_of(session, case),
        returned=returned_of(session, case, language),
        hands=hands_of(session, actor, case, situation, pending, now=now),
        assistance=tasks_view(session, actor, case, situation, english=language == "en", now=now),
        inquiry=inquiry_view(session, actor, case, situation, language=language, say=say, now=now),
        away=away,
        documents=documents_of(session, actor, case),
        application=application_view(session, actor, case, language=language, say=say, now=now),
        repair=repair_view(
            session, actor, case, situation, language=language, say=say, base_url=base_url
        ),
        oversight=oversight(session, actor, case, situation, english=language == "en", now=now),
        public=public_of(session, actor, case),
        joined=joined_of(session, actor, case, situation, now=now),
        action=typed.action,
        preview=typed.preview,
        values=typed.values,
        errors=typed.errors,
    )


def _may_reveal(case: Case, actor: Actor, away: KeptAwayView) -> bool:
    is_somebody = case.is_identity_secret or case.citizen_id is not None
    return is_somebody and away.may_know and actor.may(Permission.CONTACT_REVEAL)


def _light(case: Case, now: datetime) -> Light:
    # Once it is met the limit is behind it, whatever is still to do, as `lamp_clause` lists it.
    if case.status in FINAL or case.on_time is not None:
        return ended_light(on_time=case.on_time)
    # Before it is accepted an application has no limit of its own, but the notice has one.
    is_early = case.due_at is None and not case.is_paused
    return light(
        due_at=case.next_due_at if is_early else case.due_at,
        warn_at=case.next_warn_at if is_early else case.warn_at,
        paused=case.is_paused,
        provisional=case.is_provisional,
        now=now,
    )


def places_of(
    session: Session,
    case: Case,
    person: Person | None,
    unit: UnitView,
    language: str,
    now: datetime,
) -> dict[str, str]:
    """What the variables of reply texts stand for on this matter; nobody's name in clear."""
    local_date = calendars.load(session).statutory.local_date
    name = mask_name(person.name) if person and person.name else _ADDRESSED[language]
    return {
        "name": name,
        "number": case.number,
        "title": case.title,
        "category": case.category_name,
        "place": case.place,
        "unit": unit.name_en if language == "en" and unit.name_en else unit.name,
        "phone": unit.phone,
        "due": local_date(case.due_at).isoformat() if case.due_at else "",
        "today": local_date(now).isoformat(),
    }


def _facts(
    session: Session, case: Case, unit: UnitView, language: str
) -> list[tuple[str, str, bool]]:
    """Label, value, and whether the value is a word to be translated."""
    category = (
        catalogue.get_category(session, case.category_id).name.within(language)
        if case.category_id
        else ""
    )
    unit_name = unit.name_en if language == "en" and unit.name_en else unit.name
    regions = dict(departments.list_regions(session, language=language))
    region = regions.get(case.region_code, "").strip()
    return [
        (mark("Kind of matter"), label(case.kind), True),
        (mark("Category"), category or case.category_name, False),
        (mark("Place"), case.place, False),
        (mark("District or street"), region or mark("Whole city"), not region),
        (mark("Urgency"), label(case.urgency), True),
        (mark("Channel"), label(case.channel), True),
        (mark("Unit in charge"), unit_name, False),
        (mark("Outcome"), label(case.outcome) if case.outcome else "", True),
        (
            mark("Why it is not possible"),
            label(case.outcome_reason) if case.outcome_reason else "",
            True,
        ),
        (mark("Law or rule it rests on"), case.outcome_basis, False),
        (
            "Result of the call-back",
            label(case.callback_result) if case.callback_result else "",
            True,
        ),
    ]


def _masked(person: Person) -> Person:
    return Person(
        name=mask_name(person.name) if person.name else "",
        phone=mask_phone(person.phone) if person.phone else "",
        email=mask_email(person.email) if person.email else "",
        address=mask_address(person.address) if person.address else "",
    )


def _due_or_last(clock: Row[*tuple[Any, ...]]) -> tuple[bool, datetime]:
    return clock.due_at is None, clock.due_at or clock.opened_at


def _clock(clock: Row[*tuple[Any, ...]], now: datetime, language: str) -> ClockView:
    return ClockView(
        label=label(CaseClock(clock.kind)),
        due_at=clock.due_at,
        light=light(
            due_at=clock.due_at,
            warn_at=clock.warn_at,
            paused=clock.running_since is None,
            provisional=clock.provisional,
            now=now,
        ),
        basis=basis_in(language, clock.basis_text),
        is_sample=clock.is_sample,
        is_provisional=clock.provisional,
    )


def _lines(session: Session, case: Case, actor: Actor, *, english: bool) -> list[LineView]:
    lines = timeline(session, case, actor)
    receivers = [line.payload["unit_id"] for line in lines if "unit_id" in line.payload]
    names = departments.names_of(session, receivers) if receivers else {}
    people = people_in(session, lines)
    requests = requests_in(session, lines, english=english)
    return [_line(line, names, people, requests, english=english) for line in reversed(lines)]


def _why(line: Line) -> str:
    """Which limit a line speaks of, or whether the matter was sent where the directory said."""
    clock = line.payload.get("clock")
    if clock in tuple(CaseClock):
        return label(CaseClock(clock))
    if line.payload.get("by_rule"):
        return mark("by the rule of its type: a known facility, and nothing dangerous")
    proposed = line.payload.get("proposed_unit_id")
    if proposed is None:
        return ""
    is_followed = proposed == line.payload.get("unit_id")
    return (
        mark("as the dispatch directory says") if is_followed else mark("not as the directory says")
    )


def _line(
    line: Line,
    names: Mapping[int, str],
    people: Mapping[int, str],
    requests: Requests,
    *,
    english: bool,
) -> LineView:
    return LineView(
        seq=line.seq,
        at=line.at,
        action=line_label(line),
        who=line.actor_name or label(line.actor_kind),
        unit=line.unit_name_en if english and line.unit_name_en else line.unit_name,
        to_state=label(line.to_status) if line.to_status not in (None, line.from_status) else "",
        public_text=line.public_text,
        internal_text=line.internal_text,
        is_public=line.is_public,
        is_quiet=line.action in _QUIET,
        files=tuple((file.id, file.content_type.startswith("image/")) for file in line.files),
        sent_to=names.get(line.payload.get("unit_id", 0), "") or given_to(line, people),
        why=said_of(line, _why),
        asked=requests.of(line),
    )


def _pending(
    session: Session, pending: Approval | None, *, english: bool
) -> tuple[str, str, datetime, tuple[Asked, ...]] | None:
    if pending is None:
        return None
    asked = asked_for(session, pending, english=english)
    return label(pending.kind), pending.reason, pending.requested_at, asked

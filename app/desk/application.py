"""Makes an application's own part of the case page ready: item, dates, papers, what stopped it.

Reads only; what somebody may do here the service of applications says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.application_models import CaseApplication
from app.cases.kinds import Decision
from app.cases.labels import label
from app.cases.models import Case
from app.cases.queries import list_attachments
from app.cases.rules import CaseClock
from app.citizens import service as citizens
from app.desk.deeds import DeedView, deed_views
from app.desk.times import Light, ended_light, light
from app.kernel.messages import mark
from app.kernel.text import mask_name
from app.service_items import queries as items
from app.service_items.labels import DELIVERIES, PROCEDURES
from app.service_items.rules import ItemKind, Procedure
from app.service_items.showing import answers_masked
from app.service_requests import queries, service
from app.service_requests.labels import VERDICTS, decided
from app.service_requests.queries import Standing
from app.service_requests.rules import Verdict
from app.service_requests.rules.reasons import reasons
from app.sla.models import Clock
from app.sla.rules import ClockKind, PauseKind

_DATED: Final[Mapping[ClockKind, str]] = {
    ClockKind.ONE_TIME_NOTICE: mark("What lacks is told by"),
    ClockKind.WHILE_WAITING: label(CaseClock.WHILE_WAITING),
    ClockKind.RESOLVE: mark("Promised limit"),
    ClockKind.LEGAL: label(CaseClock.LEGAL),
    ClockKind.LATE_PAPERS: mark("Promised papers come by"),
    ClockKind.DELIVER: mark("Delivered by"),
    ClockKind.HEARING: mark("The hearing is held by"),
    ClockKind.VERIFY: mark("Looked at afterwards by"),
}
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PaperView:
    """One paper with the verdict on it."""

    key: str
    name: str
    asked: int
    came: int
    verdict: Verdict
    says: str
    reason: str
    until: date | None
    choices: tuple[tuple[str, str], ...]
    scans: tuple[tuple[int, bool], ...]  # key of a file, and whether it is a picture
    may_defer: bool


@dataclass(frozen=True, slots=True)
class DateView:
    """One date of the application with its lamp; none while its clock stands still."""

    label: str
    at: datetime | None
    light: Light


@dataclass(frozen=True, slots=True)
class StoodView:
    """One special procedure: which, by which paper, who allowed it, from when to when."""

    procedure: str
    document_no: str
    approver: str
    from_at: datetime
    to_at: datetime | None


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """What is applied for, and how far it has come."""

    item_name: str
    item_code: str
    version: int
    tags: tuple[str, ...]
    agent: str
    answers: tuple[tuple[str, str], ...]
    dates: tuple[DateView, ...]
    papers: tuple[PaperView, ...]
    stood: tuple[StoodView, ...]
    paused_days: int
    not_admitted: str
    refer_to: str
    remedies: str
    delivery: str
    tracking_no: str
    may_judge: bool
    reasons: tuple[tuple[str, str], ...]
    latest: date  # the last day a paper may follow
    may_verify: bool
    was_true: bool | None
    credit: str
    why_late: str
    heard: tuple[tuple[str, datetime | date], ...]
    revoked_at: datetime | None
    deeds: tuple[DeedView, ...]


def application_view(
    session: Session,
    actor: Actor,
    case: Case,
    *,
    language: str,
    say: Callable[[str], str],
    now: datetime,
) -> ApplicationView | None:
    """The application's own part; None on every other matter."""
    standing = queries.standing_of(session, case)
    if standing is None:
        return None
    row = standing.row
    item = items.get_version(session, row.item_version_id)
    delivery = row.delivery or row.wanted_delivery
    scans = _scans(session, case)
    given = queries.answers_of(session, row)
    return ApplicationView(
        item_name=item.content.name.within(language),
        item_code=item.code,
        version=item.number,
        tags=_tags(standing, item.content.kind),
        agent=mask_name(citizens.name_of(session, row.agent_id)) if row.agent_id else "",
        answers=answers_masked(item.content.questions, given, language, say),
        dates=tuple(
            _date(standing.clocks[kind], now) for kind in _DATED if kind in standing.clocks
        ),
        papers=tuple(
            _paper(one, scans.get(one.key, ()), language, say)
            for one in queries.paper_rows(session, case.id)
        ),
        stood=tuple(
            StoodView(_procedure(one.kind), one.document_no, one.approver, one.from_at, one.to_at)
            for one in standing.stood
        ),
        paused_days=-(-standing.paused(now) // _DAY),
        not_admitted=label(row.not_admitted) if row.not_admitted else "",
        refer_to=row.refer_to,
        remedies=row.remedies,
        delivery=DELIVERIES[delivery],
        tracking_no=row.tracking_no,
        may_judge=service.may_judge(session, case, actor),
        reasons=tuple((one.code, one.words.within(language)) for one in reasons()),
        latest=service.latest_promise(session, now=now),
        may_verify=service.may_verify(session, case, actor),
        was_true=row.was_true,
        credit=_CREDIT[row.has_clean_credit],
        why_late=queries.why_late(session, case.id) if row.late_told_at else "",
        heard=_heard(row),
        revoked_at=row.revoked_at,
        deeds=deed_views(session, case, actor, now=now),
    )


_CREDIT: Final = {None: "", True: mark("Nothing entered"), False: mark("An entry is there")}


def _heard(row: CaseApplication) -> tuple[tuple[str, datetime | date], ...]:
    """How far a hearing has come, each with its date."""
    found = (
        (mark("A hearing can be asked for until"), row.hearing_until),
        (mark("A hearing was asked for"), row.hearing_asked_at),
        (mark("The hearing is"), row.hearing_at),
        (mark("The hearing was held"), row.hearing_held_at),
    )
    return tuple((words, at) for words, at in found if at is not None)


def _tags(standing: Standing, kind: ItemKind) -> tuple[str, ...]:
    row = standing.row
    found = (
        (row.is_instant, mark("Done while you wait")),
        (row.is_on_promise, mark("On the applicant's promise")),
        (row.is_joint, mark("Several bodies together")),
    )
    tags = [text for holds, text in found if holds]
    if row.revoked_at is not None:
        tags.append(mark("Revoked"))
    if row.admission is not None:
        tags.append(label(row.admission))
    if row.decision is not None:
        tags.append(decided(Decision(row.decision), kind))
    return tuple(tags)


def _date(clock: Clock, now: datetime) -> DateView:
    if clock.is_open:
        lamp = light(
            due_at=clock.due_at,
            warn_at=clock.warn_at,
            paused=clock.is_paused,
            provisional=clock.provisional,
            now=now,
        )
    else:
        lamp = ended_light(on_time=clock.on_time)
    return DateView(_DATED[clock.kind], clock.due_at, lamp)


def _scans(session: Session, case: Case) -> dict[str, tuple[tuple[int, bool], ...]]:
    """The files scanned of each paper, by its key."""
    found: dict[str, tuple[tuple[int, bool], ...]] = {}
    for file in list_attachments(session, case.id, public_only=False):
        if file.paper:
            is_picture = file.content_type.startswith("image/")
            found[file.paper] = (*found.get(file.paper, ()), (file.id, is_picture))
    return found


def _paper(
    row: Row[*tuple[Any, ...]],
    scans: tuple[tuple[int, bool], ...],
    language: str,
    say: Callable[[str], str],
) -> PaperView:
    is_english = language == "en" and row.name_en
    return PaperView(
        key=row.key,
        name=row.name_en if is_english else row.name,
        asked=row.copies,
        came=row.copies_in,
        verdict=row.verdict,
        says=VERDICTS[row.verdict],
        reason=row.reason,
        until=row.promised_until,
        choices=tuple(
            (str(verdict), say(text))
            for verdict, text in VERDICTS.items()
            if verdict is not Verdict.OPEN and (verdict is not Verdict.PROMISED or row.may_defer)
        ),
        scans=scans,
        may_defer=row.may_defer,
    )


def _procedure(kind: PauseKind) -> str:
    return PROCEDURES[Procedure(kind)]

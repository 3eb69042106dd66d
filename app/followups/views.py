"""What the call-back pages show, put together from what the queries found.

Values only; telephone numbers are masked, clear ones need a reveal with its reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.labels import label
from app.cases.models import Case
from app.cases.queries import public_token
from app.cases.queries.proofs import find_last_words
from app.catalogue import queries as catalogue
from app.citizens import service as citizens
from app.followups import queries
from app.followups.labels import ANSWERS
from app.followups.rules import Answer, may_give_up
from app.followups.service.calling import is_owed
from app.kernel.messages import mark
from app.kernel.text import mask_name, mask_phone
from app.kernel.vault import vault_of
from app.sla.rules import Lamp, lamp

_LIGHTS: Final = {
    Lamp.OK: mark("in time"),
    Lamp.WARN: mark("due soon"),
    Lamp.BAD: mark("overdue"),
    Lamp.PAUSED: mark("paused"),
}


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One line of the list, everything in it ready to print."""

    number: str
    title: str
    unit: str
    outcome: str
    category: str
    lamp: str
    light: str
    due_at: datetime | None
    attempts: int
    last_at: datetime | None
    next_at: datetime
    is_now: bool
    round: int
    is_follower: bool
    is_confidential: bool


@dataclass(frozen=True, slots=True)
class TryView:
    """One try as the record shows it."""

    number: int
    at: datetime
    name: str
    answer: str


@dataclass(frozen=True, slots=True)
class CallPage:
    """One call-back: whom, about what, the tries so far, and the form for the next."""

    number: str
    version: int
    title: str
    body: str
    reply: str
    outcome: str
    outcome_reason: str
    unsolved_before: str
    round: int
    is_owed: bool
    result: str
    name: str
    phone: str
    is_nameless: bool
    may_reveal: bool
    may_give_up: bool
    attempts: int
    attempts_needed: int
    too_soon_until: datetime | None
    tries: tuple[TryView, ...]
    answers: tuple[tuple[str, str], ...]
    own_page: str
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def waiting_row(row: Row[*tuple[Any, ...]], now: datetime, *, english: bool) -> WaitingRow:
    """A line of the list made ready."""
    lit = lamp(
        due_at=row.next_due_at,
        warn_at=row.next_warn_at,
        met_at=None,
        paused=False,
        provisional=row.is_provisional,
        now=now,
    )
    return WaitingRow(
        number=row.number,
        title=row.title,
        unit=row.unit_name_en if english and row.unit_name_en else row.unit_name,
        outcome=label(row.outcome) if row.outcome else "",
        category=row.category_name,
        lamp=str(lit),
        light=_LIGHTS[lit],
        due_at=row.next_due_at,
        attempts=row.attempts,
        last_at=row.last_at,
        next_at=row.next_at,
        is_now=row.next_at <= now,
        round=row.round,
        is_follower=row.master_id is not None,
        is_confidential=row.is_confidential,
    )


def call_page(
    session: Session,
    actor: Actor,
    case: Case,
    *,
    say: Callable[[str], str],
    now: datetime,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> CallPage:
    """Everything the page of one call-back prints."""
    callback = queries.find_callback(session, case.id, case.round)
    tried = queries.situation_for(callback)
    how = catalogue.follow_ups(session)
    person = citizens.person_of(session, case.citizen_id) if case.citizen_id else None
    owed = is_owed(case)
    soonest = tried.last_at + timedelta(hours=how.wait_hours) if tried.last_at else None
    return CallPage(
        number=case.number,
        version=case.version,
        title=case.title,
        body=case.body,
        reply=case.reply_text if case.reply_approved_at else "",
        outcome=label(case.outcome) if case.outcome else "",
        outcome_reason=label(case.outcome_reason) if case.outcome_reason else "",
        unsolved_before=find_last_words(session, case.id) if case.round > 1 else "",
        round=case.round,
        is_owed=owed,
        result=label(case.callback_result) if case.callback_result else "",
        name=mask_name(person.name) if person and person.name else "",
        phone=mask_phone(person.phone) if person and person.phone else "",
        is_nameless=person is None,
        may_reveal=owed and person is not None and actor.may(Permission.CONTACT_REVEAL),
        may_give_up=owed and may_give_up(tried, how),
        attempts=tried.attempts,
        attempts_needed=how.attempts,
        too_soon_until=soonest if soonest and soonest > now else None,
        tries=tuple(
            TryView(row.number, row.at, row.name, ANSWERS[row.answer])
            for row in queries.list_tries(session, case)
        ),
        answers=tuple((str(answer), say(ANSWERS[answer])) for answer in Answer),
        own_page=f"/solved/{public_token(vault_of(session), case)}",
        values=values or {},
        errors=errors or {},
    )

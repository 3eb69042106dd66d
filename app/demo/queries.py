"""What the demo city asks of its own tables."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.kinds import Status
from app.cases.models import Approval, Case, CaseEvent
from app.cases.queries.lists import Filter, conditions
from app.catalogue.rules import CaseKind
from app.citizens import service as citizens
from app.citizens.models import Citizen, Contact
from app.citizens.rules import CitizenState, ContactKind
from app.followups.models import Callback, SampleCheck, SampleDraw


def citizens_without_open_matter(session: Session, *, most: int) -> list[int]:
    """Some citizens whose matters have all ended, in the order of their keys."""
    waiting = select(Case.citizen_id).where(Case.closed_at.is_(None), Case.citizen_id.is_not(None))
    wanted = select(Case.citizen_id).where(
        Case.citizen_id.is_not(None), Case.citizen_id.not_in(waiting)
    )
    return list(session.scalars(wanted.distinct().order_by(Case.citizen_id).limit(most)))


def citizen_ids(session: Session) -> list[int]:
    """Everybody, in the order of their keys."""
    active = Citizen.state == CitizenState.ACTIVE
    return list(session.scalars(select(Citizen.id).where(active).order_by(Citizen.id)))


def address_ids(session: Session) -> list[int]:
    """The addresses given, in the order of their keys."""
    wanted = select(Contact.id).where(Contact.kind == ContactKind.ADDRESS).order_by(Contact.id)
    return list(session.scalars(wanted))


def people_with(session: Session, phones: Sequence[str]) -> list[int]:
    """Whoever has one of these numbers."""
    return [one for phone in phones for one in citizens.ids_by_phone(session, phone)]


def waiting_to_be_called(session: Session, since: datetime) -> list[int]:
    """Matters that wait for their call-back since before then, in the order of their keys."""
    wanted = select(Callback.case_id).where(Callback.ended_at.is_(None), Callback.opened_at < since)
    return list(session.scalars(wanted.order_by(Callback.case_id)))


def drawn_and_waiting(session: Session, period: str) -> list[int]:
    """Matters drawn for a month that nobody has looked at yet."""
    wanted = (
        select(SampleCheck.case_id)
        .join(SampleDraw, SampleDraw.id == SampleCheck.draw_id)
        .where(SampleDraw.period == period, SampleCheck.checked_at.is_(None))
    )
    return list(session.scalars(wanted.order_by(SampleCheck.id)))


def in_hand(session: Session, unit_id: int, handler_id: int) -> list[Case]:
    """What somebody of a unit is handling and nobody has asked anything about, by key."""
    pending = select(Approval.case_id).where(Approval.decided_at.is_(None))
    wanted = select(Case).where(
        Case.unit_id == unit_id,
        Case.handler_id == handler_id,
        Case.status == Status.HANDLING,
        Case.closed_at.is_(None),
        Case.id.not_in(pending),
    )
    return list(session.scalars(wanted.order_by(Case.id)))


def told_lately(session: Session, most: int) -> list[tuple[int, str | None, datetime]]:
    """The newest matters of somebody known: that they came in, and each step, in order of time."""
    newest = (
        select(Case.id, Case.opened_at)
        .where(Case.citizen_id.is_not(None))
        .order_by(Case.id.desc())
        .limit(most)
    )
    opened = {row.id: row.opened_at for row in session.execute(newest)}
    steps = session.execute(
        select(CaseEvent.case_id, CaseEvent.action, CaseEvent.at)
        .where(CaseEvent.case_id.in_(opened))
        .order_by(CaseEvent.at, CaseEvent.id)
    )
    told: list[tuple[int, str | None, datetime]] = [(key, None, at) for key, at in opened.items()]
    told += [(row.case_id, str(row.action), row.at) for row in steps]
    return sorted(told, key=lambda one: one[2])


def cases_of(session: Session, wanted: Filter, *, opened_before: datetime, most: int) -> list[Case]:
    """Some matters of a list, the most pressing first."""
    fitting = conditions(wanted, opened_before)
    some = select(Case).where(Case.opened_at < opened_before, *fitting)
    return list(session.scalars(some.order_by(Case.sort_at, Case.id).limit(most)))


def placed_repairs(session: Session, *, since: datetime, most: int) -> list[Case]:
    """The latest repairs with a position that are nobody's secret, newest first."""
    wanted = select(Case).where(
        Case.kind == CaseKind.REPAIR,
        Case.lon.is_not(None),
        Case.is_confidential.is_(False),
        Case.opened_at >= since,
    )
    return list(session.scalars(wanted.order_by(Case.opened_at.desc(), Case.id.desc()).limit(most)))

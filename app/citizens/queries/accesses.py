"""Who looked at whom: what is asked for the security administrator, and the leave to look.

Names of citizens are never part of an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.citizens.models import AccessLimit, AccessReason, CitizenAccess
from app.citizens.rules.access import DEFAULT_LIMITS, Oddity
from app.kernel.db import rows
from app.kernel.paging import Order, Page, list_page

_REASONS: Final = select(AccessReason.code, AccessReason.name, AccessReason.name_en).order_by(
    AccessReason.position, AccessReason.code
)
_OFFERED: Final = _REASONS.where(AccessReason.is_offered)
_LIMITS: Final = select(AccessLimit.oddity, AccessLimit.most)
_FLAGS: Final[dict[Oddity, ColumnElement[bool]]] = {
    Oddity.OUT_OF_HOURS: CitizenAccess.is_out_of_hours.expression,
    Oddity.OWN_SURNAME: CitizenAccess.is_own_surname.expression,
    Oddity.NO_CASE: CitizenAccess.is_without_case.expression,
}
_BY_DAY: Final = (
    select(
        CitizenAccess.staff_id,
        CitizenAccess.on_day,
        Staff.display_name,
        Staff.username,
        func.count().label("looks"),
        *(func.count().filter(flag).label(str(oddity)) for oddity, flag in _FLAGS.items()),
    )
    .join(Staff, Staff.id == CitizenAccess.staff_id)
    .where(CitizenAccess.at >= bindparam("since"))
    .group_by(CitizenAccess.staff_id, CitizenAccess.on_day, Staff.display_name, Staff.username)
)
_ROWS: Final = select(
    CitizenAccess.id,
    CitizenAccess.at,
    CitizenAccess.citizen_id,
    CitizenAccess.case_id,
    CitizenAccess.field,
    CitizenAccess.reason_code,
    CitizenAccess.reason,
    CitizenAccess.ip,
    CitizenAccess.is_out_of_hours,
    CitizenAccess.is_own_surname,
    CitizenAccess.is_without_case,
    Staff.display_name,
    Staff.username,
).join(Staff, Staff.id == CitizenAccess.staff_id)
_NEWEST_FIRST: Final = Order.by(CitizenAccess.id, descending=True)


@dataclass(frozen=True, slots=True)
class Looks:
    """How often one person looked in a time, and how much of it was out of the ordinary."""

    staff_id: int
    name: str
    username: str
    total: int
    figures: dict[Oddity, int]
    unusual: frozenset[Oddity]


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """Which rows to list; everything is optional."""

    since: datetime | None = None
    staff_id: int | None = None
    oddity: Oddity | None = None


def reasons_offered(session: Session) -> list[tuple[str, str, str]]:
    """Code, Chinese and English name of each reason that may be chosen."""
    return [(row.code, row.name, row.name_en) for row in rows(session, _OFFERED)]


def all_reasons(session: Session) -> list[tuple[str, str, str]]:
    """As `reasons_offered`, with those that were used before and are offered no more."""
    return [(row.code, row.name, row.name_en) for row in rows(session, _REASONS)]


def limits(session: Session) -> dict[Oddity, int]:
    """From how many on looking counts as unusual."""
    return {**DEFAULT_LIMITS, **{row.oddity: row.most for row in rows(session, _LIMITS)}}


def looks_of_everybody(session: Session, *, since: datetime) -> list[Looks]:
    """Everybody who looked since then, whoever is furthest from the ordinary first."""
    most = limits(session)
    by_staff: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    for row in rows(session, _BY_DAY, since=since):
        by_staff.setdefault(row.staff_id, []).append(row)
    found = [_looks(days, most) for days in by_staff.values()]
    return sorted(found, key=lambda one: (-len(one.unusual), -one.total, one.staff_id))


def list_accesses(
    session: Session, wanted: AccessFilter, *, cursor: str | None = None
) -> Page[Row[*tuple[Any, ...]]]:
    """Single looks, newest first.

    Raises:
        InvalidError: the cursor was not made here.
    """
    return list_page(session, _filtered(wanted), _NEWEST_FIRST, cursor=cursor)


def _filtered(wanted: AccessFilter) -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = _ROWS
    if wanted.since is not None:
        statement = statement.where(CitizenAccess.at >= wanted.since)
    if wanted.staff_id is not None:
        statement = statement.where(CitizenAccess.staff_id == wanted.staff_id)
    if wanted.oddity in _FLAGS:
        statement = statement.where(_FLAGS[wanted.oddity])
    return statement


def _looks(days: Sequence[Row[*tuple[Any, ...]]], most: dict[Oddity, int]) -> Looks:
    figures = {oddity: sum(getattr(day, oddity) for day in days) for oddity in _FLAGS}
    figures[Oddity.MANY] = max(day.looks for day in days)
    return Looks(
        staff_id=days[0].staff_id,
        name=days[0].display_name,
        username=days[0].username,
        total=sum(day.looks for day in days),
        figures=figures,
        unusual=frozenset(oddity for oddity, count in figures.items() if count > most[oddity]),
    )

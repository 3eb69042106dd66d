"""The people of a segment: how many, one page of them, and what a line says of each.

Names and numbers come back sealed; opening and masking them is the service's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.models import Case
from app.cases.queries import visible_clause
from app.citizens.models import Citizen, Contact, Mark
from app.citizens.rules import ContactKind, MarkKind, PartyKind
from app.kernel.db import rows
from app.kernel.paging import Count, Order, Page, count_capped, list_page
from app.segments.queries.conditions import Reader, clause_of
from app.segments.rules import Rule

Rows = Sequence[Row[*tuple[Any, ...]]]
_NEWEST: Final = Order.by(Citizen.id, descending=True)
_COLUMNS: Final = (
    Citizen.id,
    Citizen.kind,
    Citizen.name,
    Citizen.place,
    Citizen.birth_year,
    Citizen.language,
    Citizen.preferred_channel,
    Citizen.preferred_times,
    Citizen.do_not_contact,
)
_IDS: Final[BindParameter[list[int]]] = bindparam("ids", expanding=True)
_REACHABLE: Final = (ContactKind.MOBILE, ContactKind.LANDLINE, ContactKind.EMAIL)
_CONTACTS: Final = (
    select(Contact.citizen_id, Contact.kind, Contact.value, Contact.place, Contact.region_code)
    .where(
        Contact.citizen_id.in_(_IDS),
        Contact.ended_at.is_(None),
        or_(Contact.kind.in_(_REACHABLE), Contact.region_code != ""),
    )
    .order_by(Contact.is_preferred.desc(), Contact.id.desc())
)
_MARKS: Final = (
    select(Mark.citizen_id, Mark.kind)
    .where(
        Mark.citizen_id.in_(_IDS),
        Mark.ended_at.is_(None),
        or_(Mark.valid_until.is_(None), Mark.valid_until >= bindparam("today")),
    )
    .order_by(Mark.id)
)


class MemberRow(NamedTuple):
    """One person as stored."""

    id: int
    kind: PartyKind
    name: bytes | None
    place: str
    birth_year: int | None
    language: str
    preferred_channel: ContactKind | None
    preferred_times: str
    do_not_contact: bool


@dataclass(slots=True)
class Facts:
    """What else a line says: contacts as stored, special care, matters the reader may see."""

    contacts: list[Row[*tuple[Any, ...]]] = field(default_factory=list)
    marks: list[MarkKind] = field(default_factory=list)
    open_matters: int = 0
    matters: int = 0
    last_at: datetime | None = None


def members(rule: Rule, reader: Reader) -> Select[*tuple[Any, ...]]:
    """Everybody of the segment, the newest first, as one statement.

    Raises:
        ForbiddenError: the reader may not see citizens.
    """
    reader.actor.require(Permission.CITIZEN_READ)
    chosen = select(*_COLUMNS).where(clause_of(rule, reader))
    return chosen.order_by(Citizen.id.desc())


def count(session: Session, rule: Rule, reader: Reader) -> Count:
    """How many, exact up to 1,000; never read from a cache."""
    return count_capped(session, members(rule, reader))


def list_members(
    session: Session, rule: Rule, reader: Reader, *, cursor: str | None = None
) -> Page[MemberRow]:
    """One page of them."""
    page = list_page(session, members(rule, reader), _NEWEST, cursor=cursor)
    return page.map(lambda row: MemberRow(*row[: len(_COLUMNS)]))


def facts_of(session: Session, ids: Sequence[int], reader: Reader) -> dict[int, Facts]:
    """What there is to say of these people; three statements, however many they are."""
    found = {citizen_id: Facts() for citizen_id in ids}
    for row in rows(session, _CONTACTS, ids=ids):
        found[row.citizen_id].contacts.append(row)
    for row in rows(session, _MARKS, ids=ids, today=reader.today):
        found[row.citizen_id].marks.append(row.kind)
    for row in rows(session, _matters(reader.actor), ids=ids):
        facts = found[row.citizen_id]
        facts.matters, facts.last_at = row.matters, row.last_at
        facts.open_matters = row.matters - row.ended
    return found


def _matters(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Case.citizen_id,
            func.count().label("matters"),
            func.count(Case.closed_at).label("ended"),
            func.max(Case.opened_at).label("last_at"),
        )
        .where(Case.citizen_id.in_(_IDS), visible_clause(actor))
        .group_by(Case.citizen_id)
    )

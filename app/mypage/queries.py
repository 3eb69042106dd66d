"""Reads of a citizen's own page: codes, sessions, who holds a number, one's own matters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Row, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.queries.identity import matters_of
from app.citizens.models import Citizen, Contact, Identifier
from app.citizens.rules import CitizenState, ContactKind
from app.departments.models import Unit
from app.kernel.db import rows
from app.kernel.paging import Order, Page, list_page
from app.mypage.models import CitizenSession, ContactCode, LinkedCase, SessionPerson

Rows = Sequence[Row[*tuple[Any, ...]]]
MOST_OPEN: Final = 50
PAGE_SIZE: Final = 20
_IDS: Final[BindParameter[list[int]]] = bindparam("ids", expanding=True)
# A restricted person may still see what is held of them (个人信息保护法 art. 45).
_ENTERS: Final = Citizen.state.in_((CitizenState.ACTIVE, CitizenState.RESTRICTED))
_NEWEST: Final = Order.by(Case.id, descending=True)

_HOLDERS: Final = (
    select(
        Contact.id.label("contact_id"),
        Contact.verified_at,
        Citizen.id.label("citizen_id"),
        Citizen.name,
        Citizen.place,
    )
    .join(Citizen, Citizen.id == Contact.citizen_id)
    .where(
        Contact.exact_index.in_(bindparam("indexes", expanding=True)),
        Contact.kind == bindparam("kind"),
        Contact.ended_at.is_(None),
        _ENTERS,
    )
    .order_by(Citizen.id, Contact.id)
)
_NUMBERS: Final = (
    select(Identifier.citizen_id, Identifier.value, Identifier.place)
    .where(Identifier.citizen_id.in_(_IDS))
    .order_by(Identifier.id)
)
_SESSION: Final = (
    select(
        CitizenSession.id,
        CitizenSession.last_seen_at,
        CitizenSession.expires_at,
        SessionPerson.citizen_id,
    )
    .join(SessionPerson, SessionPerson.session_id == CitizenSession.id)
    .join(Citizen, Citizen.id == SessionPerson.citizen_id)
    .where(
        CitizenSession.token_digest == bindparam("token_digest"),
        CitizenSession.ended_at.is_(None),
        _ENTERS,
    )
    .order_by(SessionPerson.citizen_id)
)
_CONTACTS: Final = (
    select(
        Contact.id,
        Contact.kind,
        Contact.value,
        Contact.place,
        Contact.is_preferred,
        Contact.verified_at,
    )
    .where(Contact.citizen_id.in_(_IDS), Contact.ended_at.is_(None))
    .order_by(Contact.is_preferred.desc(), Contact.id.desc())
)
_MATTERS: Final = select(
    Case.id,
    Case.number,
    Case.token_generation,
    Case.status,
    Case.category_id,
    Case.category_name,
    Case.title,
    Case.opened_at,
    Case.closed_at,
    Case.due_at,
    Case.warn_at,
    Case.is_paused,
    Case.is_provisional,
    Case.reply_approved_at,
    Unit.name.label("unit_name"),
    Unit.name_en.label("unit_name_en"),
).join(Unit, Unit.id == Case.unit_id)


def find_code(session: Session, ref_digest: bytes) -> ContactCode | None:
    """The code a browser asked for; held, so that two tries at once count as two."""
    wanted = select(ContactCode).where(ContactCode.ref_digest == ref_digest)
    return session.scalars(wanted.with_for_update()).one_or_none()


def look_at_code(session: Session, ref_digest: bytes) -> ContactCode | None:
    """The same, without holding it."""
    wanted = select(ContactCode).where(ContactCode.ref_digest == ref_digest)
    return session.scalars(wanted).one_or_none()


def holders(session: Session, indexes: Sequence[bytes], kind: ContactKind) -> Rows:
    """The living people with this contact: names sealed, and whether it was verified."""
    return rows(session, _HOLDERS, indexes=indexes, kind=kind)


def numbers_of(session: Session, ids: Sequence[int]) -> Rows:
    """The identity numbers of these people, sealed."""
    return rows(session, _NUMBERS, ids=ids)


def session_rows(session: Session, token_digest: bytes) -> Rows:
    """The session of this token, once for each person it stands for."""
    return rows(session, _SESSION, token_digest=token_digest)


def _own(ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    linked = select(LinkedCase.case_id).where(LinkedCase.citizen_id.in_(ids))
    return _MATTERS.where(
        or_(Case.citizen_id.in_(ids), Case.id.in_(linked), Case.id.in_(matters_of(ids)))
    )


def open_matters(session: Session, ids: Sequence[int]) -> Rows:
    """Their matters in hand, newest first."""
    wanted = _own(ids).where(Case.closed_at.is_(None)).order_by(Case.id.desc())
    return rows(session, wanted.limit(MOST_OPEN))


def ended_matters(
    session: Session, ids: Sequence[int], *, cursor: str | None = None
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of their matters that have ended, newest first."""
    wanted = _own(ids).where(Case.closed_at.is_not(None))
    return list_page(session, wanted, _NEWEST, cursor=cursor, size=PAGE_SIZE)


def is_linked(session: Session, citizen_id: int, case_id: int) -> bool:
    """Whether the matter stands on this person's page by its code."""
    wanted = select(LinkedCase.id).where(
        LinkedCase.citizen_id == citizen_id, LinkedCase.case_id == case_id
    )
    return session.scalar(wanted) is not None


def primary_of(session: Session, ids: Sequence[int]) -> Citizen:
    """The row that is written to, where one person has several: the one changed last."""
    wanted = select(Citizen).where(Citizen.id.in_(ids))
    newest = wanted.order_by(Citizen.updated_at.desc(), Citizen.id.desc()).limit(1)
    return session.scalars(newest).one()


def own_contacts(session: Session, ids: Sequence[int]) -> Rows:
    """Every contact in use of these people as stored, the preferred first, then the newest."""
    return rows(session, _CONTACTS, ids=ids)


def own_contact(session: Session, ids: Sequence[int], contact_id: int) -> Contact | None:
    """One contact in use of these people."""
    wanted = select(Contact).where(
        Contact.id == contact_id, Contact.citizen_id.in_(ids), Contact.ended_at.is_(None)
    )
    return session.scalars(wanted).one_or_none()


def sessions_of(ids: Sequence[int]) -> Select[int]:
    """The ids of the sessions that stand for one of these people."""
    return select(SessionPerson.session_id).where(SessionPerson.citizen_id.in_(ids))


def over_since(at: datetime) -> tuple[Select[int], Select[int]]:
    """The codes and the sessions that ended before this instant."""
    return (
        select(ContactCode.id).where(ContactCode.expires_at < at),
        select(CitizenSession.id).where(CitizenSession.expires_at < at),
    )

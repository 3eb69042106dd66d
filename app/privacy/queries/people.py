"""Who a person is as far as their rights go: the rows merged into one, their state, guardians.

Knows ids and states; names and numbers are opened elsewhere.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, and_, bindparam, not_, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Actor
from app.cases.complaint_models import CaseIdentity
from app.cases.models import Case
from app.cases.queries.visibility import not_about
from app.citizens.models import Citizen, Mark, Representation
from app.citizens.rules import CitizenState, Ground, MarkKind
from app.kernel.audit import AuditEntry
from app.kernel.db import Model, rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark

_NOBODY: Final = mark("There is no such citizen.")
_INTO: Final = select(Citizen.id).where(
    Citizen.merged_into_id.in_(bindparam("ids", expanding=True))
)
_ONE: Final = select(
    Citizen.id, Citizen.state, Citizen.birth_year, Citizen.merged_into_id, Citizen.version
).where(Citizen.id == bindparam("citizen_id"))
_MINOR: Final = (
    select(Mark.id)
    .where(
        Mark.citizen_id == bindparam("citizen_id"),
        Mark.kind == MarkKind.MINOR,
        Mark.ended_at.is_(None),
        or_(Mark.valid_until.is_(None), Mark.valid_until >= bindparam("today")),
    )
    .limit(1)
)
_GUARDIANS: Final = select(Representation.agent_id).where(
    Representation.principal_id == bindparam("citizen_id"),
    Representation.ground == Ground.GUARDIAN,
    Representation.ended_at.is_(None),
    Representation.valid_from <= bindparam("today"),
    or_(Representation.valid_until.is_(None), Representation.valid_until >= bindparam("today")),
)
_IDS: Final[BindParameter[Sequence[int]]] = bindparam("ids", expanding=True)
# Confidential ones too: whose matter it is, is a secret from staff, not from the law.
_THEIRS: Final = or_(
    Case.citizen_id.in_(_IDS),
    Case.id.in_(select(CaseIdentity.case_id).where(CaseIdentity.citizen_id.in_(_IDS))),
)
_OPEN_CASES: Final = select(Case.number).where(_THEIRS, Case.closed_at.is_(None))
_NAMED_OPEN: Final = select(Case.number).where(Case.citizen_id.in_(_IDS), Case.closed_at.is_(None))
_CASES: Final = select(Case.id).where(_THEIRS).order_by(Case.id)
_NUMBERED: Final = select(Case.id, Case.citizen_id).where(Case.number == bindparam("number"))


class Who(NamedTuple):
    """One citizen's row, as far as rights hang on it."""

    id: int
    state: CitizenState
    birth_year: int | None
    merged_into_id: int | None
    version: int


def get_who(session: Session, citizen_id: int) -> Who:
    """The citizen, or the one their row was merged into.

    Raises:
        NotFoundError: there is no such citizen.
    """
    found = rows(session, _ONE, citizen_id=citizen_id)
    if not found:
        raise NotFoundError(_NOBODY)
    who = Who(*found[0])
    return who if who.merged_into_id is None else get_who(session, who.merged_into_id)


def family_of(session: Session, citizen_id: int) -> tuple[int, ...]:
    """The citizen and every row that was merged into theirs, however long the chain."""
    known = [citizen_id]
    latest = [citizen_id]
    while latest:
        found = [row[0] for row in rows(session, _INTO, ids=latest)]
        latest = [each for each in found if each not in known]
        known += latest
    return tuple(known)


def is_marked_minor(session: Session, citizen_id: int, *, today: date) -> bool:
    """Whether a living mark says the person is under 14."""
    return bool(rows(session, _MINOR, citizen_id=citizen_id, today=today))


def guardians_of(session: Session, citizen_id: int, *, today: date) -> Sequence[int]:
    """Who may consent for the person today."""
    return [row[0] for row in rows(session, _GUARDIANS, citizen_id=citizen_id, today=today)]


def open_cases_of(session: Session, ids: Sequence[int]) -> list[str]:
    """The numbers of their matters that have not ended."""
    return [row[0] for row in rows(session, _OPEN_CASES, ids=ids)]


def named_open_cases_of(session: Session, ids: Sequence[int]) -> list[str]:
    """The same as staff may read them: without matters whose complainant is confidential."""
    return [row[0] for row in rows(session, _NAMED_OPEN, ids=ids)]


def cases_of(session: Session, ids: Sequence[int]) -> list[int]:
    """Every matter still tied to them."""
    return [row[0] for row in rows(session, _CASES, ids=ids)]


def find_case(session: Session, number: str) -> tuple[int, int | None] | None:
    """The id of the matter with this number and of its citizen."""
    found = rows(session, _NUMBERED, number=number)
    return (found[0][0], found[0][1]) if found else None


def talked_since(session: Session, ids: Sequence[int], since: datetime) -> bool:
    """Whether anybody of the house was in touch with them since then."""
    talks = Model.metadata.tables["interactions"]
    wanted = select(talks.c.id).where(talks.c.citizen_id.in_(ids), talks.c.began_at >= since)
    return session.execute(wanted.limit(1)).first() is not None


def looked_at(
    session: Session, ids: Sequence[int], cases: Sequence[int]
) -> list[Mapping[str, Any]]:
    """The audit log about the person and their matters: when, in which role, what, why.

    Without names of staff: who looked is answered for by the house.
    """
    about = or_(
        and_(AuditEntry.object_type == "citizen", AuditEntry.object_id.in_(map(str, ids))),
        and_(AuditEntry.object_type == "case", AuditEntry.object_id.in_(map(str, cases))),
    )
    wanted = select(AuditEntry.at, AuditEntry.role, AuditEntry.action, AuditEntry.reason)
    found = session.execute(wanted.where(about).order_by(AuditEntry.id))
    return [dict(row) for row in found.mappings()]


def is_any_about(session: Session, cases: Sequence[int], actor: Actor) -> bool:
    """Whether one of these matters is about this member of staff or a unit they stand under."""
    wanted = select(Case.id).where(Case.id.in_(cases), not_(not_about(actor)))
    return session.scalar(wanted.limit(1)) is not None


def staff_names(session: Session, ids: Sequence[int | None]) -> dict[int, str]:
    """What these members of staff are called."""
    known = [each for each in ids if each is not None]
    wanted = select(Staff.id, Staff.display_name).where(Staff.id.in_(known))
    return {row.id: row.display_name for row in session.execute(wanted)} if known else {}


def states_of(session: Session, ids: Sequence[int]) -> dict[int, CitizenState]:
    """How the data of these citizens stand."""
    wanted = select(Citizen.id, Citizen.state).where(Citizen.id.in_(ids))
    return {row.id: row.state for row in session.execute(wanted)}

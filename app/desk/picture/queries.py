"""What the picture of a citizen is made of: a constant number of statements, each built once.

Each reads the newest few rows through an index, so that the cost does not grow with
what somebody has asked in their life. Cases only as the reader may see them.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Row,
    Select,
    String,
    and_,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Staff
from app.accounts.rules import Actor
from app.cases.kinds import Action, Status
from app.cases.models import Case, CaseEvent
from app.cases.queries import visible_clause
from app.citizens.models import Citizen, Contact, Representation
from app.citizens.rules import CitizenState
from app.departments.models import Unit
from app.kernel.db import rows
from app.kernel.outbox import Message
from app.ratings.models import Rating

RECENT_MOST: Final = 50
OPEN_MOST: Final = 30
CONTACTS_MOST: Final = 5
_RATINGS_MOST: Final = 5
_FEW: Final = 8
Rows = Sequence[Row[*tuple[Any, ...]]]

_CITIZEN_ID: Final[BindParameter[int]] = bindparam("citizen_id")
_ALIVE: Final = (CitizenState.ACTIVE, CitizenState.RESTRICTED)

_WHO: Final = select(
    Citizen.id,
    Citizen.kind,
    Citizen.name,
    Citizen.place,
    Citizen.birth_year,
    Citizen.do_not_contact,
    Citizen.state,
).where(Citizen.id == _CITIZEN_ID)

_MATTER: Final = (
    Case.id,
    Case.number,
    Case.title,
    Case.category_name,
    Case.status,
    Case.channel,
    Case.urgency,
    Case.opened_at,
    Case.closed_at,
    Case.on_time,
    Case.due_at,
    Case.warn_at,
    Case.is_paused,
    Case.is_provisional,
    Unit.name.label("unit_name"),
    Unit.name_en.label("unit_name_en"),
)


@lru_cache(maxsize=256)
def _matters(actor: Actor) -> tuple[Select[*tuple[Any, ...]], Select[*tuple[Any, ...]]]:
    own = (
        select(*_MATTER)
        .join(Unit, Unit.id == Case.unit_id)
        .where(Case.citizen_id == _CITIZEN_ID, visible_clause(actor))
    )
    recent = own.order_by(Case.opened_at.desc(), Case.id.desc()).limit(RECENT_MOST)
    waiting = (
        own.where(Case.closed_at.is_(None)).order_by(Case.sort_at, Case.id).limit(OPEN_MOST)
    )
    return recent, waiting


_RATINGS: Final = (
    select(Rating.case_id, Rating.level, Rating.at)
    .where(Rating.case_id.in_(bindparam("case_ids", expanding=True)))
    .order_by(Rating.at.desc(), Rating.id.desc())
    .limit(_RATINGS_MOST)
)
# In touch without a conversation of the log: through the portal, or noted as a step.
_EVENTS: Final = (
    select(
        CaseEvent.case_id,
        CaseEvent.at,
        CaseEvent.action,
        Staff.display_name.label("staff_name"),
    )
    .outerjoin(Staff, Staff.id == CaseEvent.actor_id)
    .where(
        CaseEvent.case_id.in_(bindparam("case_ids", expanding=True)),
        or_(
            CaseEvent.action.in_(
                (Action.SUPPLEMENT, Action.URGE, Action.ANSWER_QUESTION, Action.CONTACT)
            ),
            and_(CaseEvent.action == Action.CLOSE, CaseEvent.from_status == Status.CALLING_BACK),
        ),
    )
    .order_by(CaseEvent.at.desc(), CaseEvent.id.desc())
    .limit(CONTACTS_MOST)
)
_MESSAGES: Final = (
    select(
        Message.subject_id.label("case_id"),
        Message.created_at,
        Message.channel,
        Message.msgid,
        Message.params,
        Message.status,
    )
    .where(
        Message.subject_type == literal("case"),
        Message.subject_id.in_(bindparam("case_ids", expanding=True)),
    )
    .order_by(Message.id.desc())
    .limit(CONTACTS_MOST)
)


def _beside() -> Select[*tuple[Any, ...]]:
    """Others: who does for the same organisation or person, and who shares a way to reach."""
    own, theirs = aliased(Representation), aliased(Representation)
    mine, shared = aliased(Contact), aliased(Contact)
    named = (Citizen.id, Citizen.kind, Citizen.name, Citizen.place)
    colleagues = (
        select(*named, cast(null(), String).label("way"))
        .join(theirs, theirs.agent_id == Citizen.id)
        .join(own, own.principal_id == theirs.principal_id)
        .where(
            own.agent_id == _CITIZEN_ID,
            theirs.agent_id != _CITIZEN_ID,
            own.ended_at.is_(None),
            theirs.ended_at.is_(None),
        )
    )
    sharing = (
        select(*named, type_coerce(shared.kind, String).label("way"))
        .join(shared, shared.citizen_id == Citizen.id)
        .join(mine, mine.exact_index == shared.exact_index)
        .where(
            mine.citizen_id == _CITIZEN_ID,
            shared.citizen_id != _CITIZEN_ID,
            mine.ended_at.is_(None),
            shared.ended_at.is_(None),
        )
    )
    asked = (
        select(one.where(Citizen.state.in_(_ALIVE)).limit(_FEW).subquery())
        for one in (colleagues, sharing)
    )
    return select(union_all(*asked).subquery())


_BESIDE: Final = _beside()


def who(session: Session, citizen_id: int) -> Row[*tuple[Any, ...]]:
    """The citizen's own row; there must be one."""
    return rows(session, _WHO, citizen_id=citizen_id)[0]


def recent(session: Session, actor: Actor, citizen_id: int) -> Rows:
    """The newest matters of the citizen that the reader may see."""
    return rows(session, _matters(actor)[0], citizen_id=citizen_id)


def waiting(session: Session, actor: Actor, citizen_id: int) -> Rows:
    """The open matters of the citizen that the reader may see, the most pressing first."""
    return rows(session, _matters(actor)[1], citizen_id=citizen_id)


def ratings(session: Session, case_ids: Sequence[int]) -> Rows:
    """The last ratings of these matters."""
    return rows(session, _RATINGS, case_ids=list(case_ids))


def events(session: Session, case_ids: Sequence[int]) -> Rows:
    """The last times somebody was in touch about these matters, by their history."""
    return rows(session, _EVENTS, case_ids=list(case_ids))


def messages(session: Session, case_ids: Sequence[int]) -> Rows:
    """The last messages that went out about these matters."""
    return rows(session, _MESSAGES, case_ids=list(case_ids))


def beside(session: Session, citizen_id: int) -> Rows:
    """Others, by what they share: `way` says a kind of contact, or nothing for a principal."""
    return rows(session, _BESIDE, citizen_id=citizen_id)

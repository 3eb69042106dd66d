"""What the picture of a citizen is made of: a constant number of statements, each built once.

Each reads the newest few rows through an index, so that the cost does not grow with
what somebody has asked in their life. Cases only as the reader may see them.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Row,
    Select,
    String,
    Text,
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
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Actor
from app.cases.kinds import Action, Status
from app.cases.models import Case, CaseEvent
from app.cases.queries import visible_clause
from app.citizens.models import Citizen
from app.departments.models import Unit
from app.desk.picture.queries.around import AROUND, Thing
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.outbox import Message, MessageStatus
from app.ratings.models import Rating

RECENT_MOST: Final = 30
OPEN_MOST: Final = 30
CONTACTS_MOST: Final = 5
Rows = Sequence[Row[*tuple[Any, ...]]]

_CITIZEN_ID: Final[BindParameter[int]] = bindparam("citizen_id")

_WHO: Final = select(
    Citizen.id,
    Citizen.kind,
    Citizen.name,
    Citizen.place,
    Citizen.birth_year,
    Citizen.preferred_times,
    Citizen.language,
    Citizen.do_not_contact,
    Citizen.state,
    Citizen.merged_into_id,
).where(Citizen.id == _CITIZEN_ID)

_MATTER: Final = (
    Case.id,
    Case.number,
    Case.title,
    Case.category_id,
    Case.category_name,
    Case.status,
    Case.channel,
    Case.urgency,
    Case.opened_at,
    Case.closed_at,
    Case.sort_at,
    Case.on_time,
    Case.due_at,
    Case.warn_at,
    Case.is_paused,
    Case.is_provisional,
    Unit.name.label("unit_name"),
    Unit.name_en.label("unit_name_en"),
    Rating.level.label("rating"),
    Rating.at.label("rated_at"),
)


@lru_cache(maxsize=256)
def _matters(actor: Actor) -> tuple[Select[*tuple[Any, ...]], Select[*tuple[Any, ...]]]:
    own = (
        select(*_MATTER)
        .join(Unit, Unit.id == Case.unit_id)
        .outerjoin(Rating, Rating.case_id == Case.id)
        .where(Case.citizen_id == _CITIZEN_ID, visible_clause(actor))
    )
    recent = own.order_by(Case.opened_at.desc(), Case.id.desc()).limit(RECENT_MOST)
    waiting = own.where(Case.closed_at.is_(None)).order_by(Case.sort_at, Case.id).limit(OPEN_MOST)
    return recent, waiting


def _touches() -> Select[*tuple[Any, ...]]:
    """In touch without a conversation of the log: by a step or the portal, and by notices sent."""
    case_ids: BindParameter[Any] = bindparam("case_ids", expanding=True)
    acts = (
        select(
            CaseEvent.case_id,
            CaseEvent.at,
            type_coerce(CaseEvent.action, String).label("action"),
            Staff.display_name.label("staff_name"),
            cast(null(), String).label("channel"),
            cast(null(), Text).label("msgid"),
            cast(null(), Message.__table__.c.params.type).label("params"),
        )
        .outerjoin(Staff, Staff.id == CaseEvent.actor_id)
        .where(
            CaseEvent.case_id.in_(case_ids),
            or_(
                CaseEvent.action.in_(_BY_STEP),
                and_(CaseEvent.action == Action.CLOSE, CaseEvent.from_status == _CALLED_BACK),
            ),
        )
        .order_by(CaseEvent.at.desc(), CaseEvent.id.desc())
        .limit(CONTACTS_MOST)
    )
    notices = (
        select(
            Message.subject_id,
            Message.created_at,
            cast(null(), String),
            cast(null(), String),
            type_coerce(Message.channel, String),
            Message.msgid,
            Message.params,
        )
        .where(
            Message.subject_type == literal("case"),
            Message.subject_id.in_(case_ids),
            Message.status.not_in(_NOT_SENT),
        )
        .order_by(Message.id.desc())
        .limit(CONTACTS_MOST)
    )
    both = union_all(select(acts.subquery()), select(notices.subquery())).subquery()
    return select(both)


_BY_STEP: Final = (Action.SUPPLEMENT, Action.URGE, Action.ANSWER_QUESTION, Action.CONTACT)
_CALLED_BACK: Final = Status.CALLING_BACK
_NOT_SENT: Final = (MessageStatus.FAILED, MessageStatus.OFF, MessageStatus.SUPPRESSED)
_TOUCHES: Final = _touches()


def who(session: Session, citizen_id: int) -> Row[*tuple[Any, ...]]:
    """The citizen's own row.

    Raises:
        NotFoundError: there is none.
    """
    found = rows(session, _WHO, citizen_id=citizen_id)
    if not found:
        raise NotFoundError(mark("There is no such citizen."))
    return found[0]


def recent(session: Session, actor: Actor, citizen_id: int) -> Rows:
    """The newest matters of the citizen that the reader may see."""
    return rows(session, _matters(actor)[0], citizen_id=citizen_id)


def waiting(session: Session, actor: Actor, citizen_id: int, newest: Rows) -> Rows:
    """The open matters of the citizen that the reader may see, the most pressing first.

    Where the newest are all there are, nothing more is asked.
    """
    if len(newest) < RECENT_MOST:
        still_open = (row for row in newest if row.closed_at is None)
        return sorted(still_open, key=lambda row: (row.sort_at, row.id))
    return rows(session, _matters(actor)[1], citizen_id=citizen_id)


def touches(session: Session, case_ids: Sequence[int]) -> Rows:
    """The last times somebody was in touch about these matters, by step or by notice."""
    return rows(session, _TOUCHES, case_ids=list(case_ids))


def things(session: Session, actor: Actor, citizen_id: int, *, today: date) -> list[Thing]:
    """Everything that hangs on the citizen and that the reader may see."""
    found = rows(session, AROUND, citizen_id=citizen_id, unit_id=actor.unit_id, today=today)
    return [Thing(*row) for row in found]

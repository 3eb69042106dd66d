"""Reads of the repair desk: what is open, what each crew has in hand, what nobody has taken.

Lists begin from `visible_clause`; the load of a crew is counted over everything it has, and
tells numbers only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.rules import Actor
from app.cases.kinds import AT_WORK, Status
from app.cases.models import Case
from app.cases.queries.visibility import visible_clause
from app.cases.repair_models import Repair
from app.catalogue.rules import CaseKind
from app.departments.models import Unit
from app.kernel.db import rows
from app.kernel.paging import Order, Page, list_page
from app.repairs.labels import emergency_labels
from app.repairs.queries import FIRST, IS_EMERGENCY

Line: TypeAlias = Row[*tuple[Any, ...]]
# With the unit, before or while somebody works on it.
ASSIGNABLE: Final = frozenset({Status.DISPATCHED, *AT_WORK})
_IN_HAND: Final = tuple(sorted(ASSIGNABLE))


class Part(StrEnum):
    """The lists of the board, in the order a repair goes through them."""

    ALL = "all"
    TO_FILE = "to_file"
    TO_ASSIGN = "to_assign"
    AT_WORK = "at_work"
    TO_CHECK = "to_check"
    RESTING = "resting"


class Due(StrEnum):
    """Which limits a list shows."""

    LATE = "late"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the board; None or empty means: any."""

    part: Part = Part.ALL
    type_id: int | None = None
    crew_id: int | None = None
    region_code: str = ""
    only_danger: bool = False
    due: Due | None = None


_crew: Final = aliased(Unit)
_ORDER: Final = Order.by(FIRST, Case.sort_at, Case.id)
_COLUMNS: Final = (
    select(
        Case.id,
        Case.number,
        Case.title,
        Case.status,
        Case.urgency,
        Case.category_id,
        Case.category_name,
        Case.region_code,
        Case.place,
        Case.lon,
        Case.lat,
        Case.unit_id,
        Case.handler_id,
        Unit.name.label("unit_name"),
        Unit.name_en.label("unit_name_en"),
        Unit.path.label("unit_path"),
        Case.version,
        Case.is_confidential,
        Case.is_paused,
        Case.is_provisional,
        Case.due_at,
        Case.next_due_at,
        Case.next_warn_at,
        Repair.type_id,
        Repair.crew_id,
        Repair.is_danger,
        Repair.safety_done_at,
        Repair.on_site_at,
        _crew.name.label("crew_name"),
        _crew.name_en.label("crew_name_en"),
    )
    .join(Repair, Repair.case_id == Case.id)
    .join(Unit, Unit.id == Case.unit_id)
    .outerjoin(_crew, _crew.id == Repair.crew_id)
    .where(Case.kind == CaseKind.REPAIR, Case.closed_at.is_(None))
)
_PARTS: Final[Mapping[Part, ColumnElement[bool]]] = {
    Part.TO_FILE: Case.status == Status.REPORTED,
    Part.TO_ASSIGN: or_(
        Case.status == Status.VERIFIED,
        and_(Case.status.in_((Status.DISPATCHED, Status.SIGNED)), Repair.crew_id.is_(None)),
    ),
    Part.AT_WORK: and_(Case.status.in_(_IN_HAND), Repair.crew_id.is_not(None)),
    Part.TO_CHECK: Case.status.in_((Status.REPAIRED, Status.CHECKED)),
    Part.RESTING: Case.status.in_((Status.SUSPENDED, Status.RETURNING, Status.ADJUDICATING)),
}


def list_board(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    *,
    cursor: str | None,
    now: datetime,
    size: int = 30,
) -> Page[Line]:
    """One page of open repairs: emergencies first, then the most pressing limit."""
    statement = _COLUMNS.where(visible_clause(actor), *_conditions(wanted, now))
    return list_page(session, statement, _ORDER, cursor=cursor, size=size)


def find_line(session: Session, actor: Actor, case_id: int) -> Line | None:
    """The same line for one open repair the actor may see."""
    found = rows(session, _COLUMNS.where(visible_clause(actor), Case.id == case_id))
    return next(iter(found), None)


def hold(session: Session, case_id: int) -> None:
    """Read the matter anew, and keep it from everybody else until the end of the transaction."""
    locked = select(Case).where(Case.id == case_id).with_for_update()
    session.scalars(locked.execution_options(populate_existing=True)).one_or_none()


def _conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.part in _PARTS:
        found.append(_PARTS[wanted.part])
    if wanted.type_id is not None:
        found.append(Repair.type_id == wanted.type_id)
    if wanted.crew_id is not None:
        found.append(Repair.crew_id == wanted.crew_id)
    if wanted.region_code:
        found.append(Case.region_code.startswith(wanted.region_code, autoescape=True))
    if wanted.only_danger:
        found.append(Repair.is_danger.is_(True))
    return [*found, *_due(wanted.due, now)]


def _due(wanted: Due | None, now: datetime) -> list[ColumnElement[bool]]:
    if wanted is Due.LATE:
        return [Case.next_due_at < now, Case.is_paused.is_(False)]
    if wanted is Due.SOON:
        return [Case.next_warn_at <= now, Case.next_due_at >= now]
    return []


def count_parts(session: Session, actor: Actor) -> dict[Part, int]:
    """How many open repairs stand in each list of the board."""
    sums = [func.sum(case((clause, 1), else_=0)).label(part) for part, clause in _PARTS.items()]
    statement = (
        select(func.count().label(Part.ALL), *sums)
        .select_from(Case)
        .join(Repair, Repair.case_id == Case.id)
        .where(Case.kind == CaseKind.REPAIR, Case.closed_at.is_(None), visible_clause(actor))
    )
    row = rows(session, statement)[0]
    return {part: int(getattr(row, part) or 0) for part in Part}


_MOST_RINGING: Final = 20


def list_ringing(session: Session, actor: Actor) -> Sequence[Line]:
    """Emergencies (`repairs.IS_EMERGENCY`), the most pressing first; twenty at most."""
    statement = _COLUMNS.where(visible_clause(actor), IS_EMERGENCY)
    return rows(session, statement.order_by(Case.sort_at, Case.id).limit(_MOST_RINGING))


@dataclass(frozen=True, slots=True)
class Held:
    """One repair a crew has in hand; `why_first` says in words why it cannot wait."""

    case_id: int
    number: str
    title: str
    place: str
    status: Status
    at: tuple[float, float] | None
    due_at: datetime | None
    warn_at: datetime | None
    why_first: tuple[str, ...]
    is_paused: bool
    is_provisional: bool


_HELD: Final = (
    select(
        Repair.crew_id,
        Case.id,
        Case.number,
        Case.title,
        Case.place,
        Case.status,
        Case.urgency,
        Case.lon,
        Case.lat,
        Case.next_due_at,
        Case.next_warn_at,
        Case.is_paused,
        Case.is_provisional,
        Repair.is_danger,
        Repair.safety_done_at,
        Repair.on_site_at,
    )
    .join(Case, Case.id == Repair.case_id)
    .where(
        Repair.crew_id.in_(bindparam("ids", expanding=True)),
        Case.closed_at.is_(None),
        Case.status.in_(_IN_HAND),
    )
    .order_by(Case.sort_at, Case.id)
)
_DONE: Final = (
    select(Repair.crew_id, func.count().label("done"))
    .where(
        Repair.crew_id.in_(bindparam("ids", expanding=True)),
        Repair.repaired_at >= bindparam("since"),
    )
    .group_by(Repair.crew_id)
)


def held_by(session: Session, crew_ids: Sequence[int]) -> dict[int, list[Held]]:
    """What each of these crews has in hand, by crew."""
    found: dict[int, list[Held]] = {one: [] for one in crew_ids}
    for row in rows(session, _HELD, ids=list(crew_ids)):
        found[row.crew_id].append(_held(row))
    return found


def done_since(session: Session, crew_ids: Sequence[int], since: datetime) -> dict[int, int]:
    """How many repairs each of these crews has finished since then."""
    found = rows(session, _DONE, ids=list(crew_ids), since=since)
    return {row.crew_id: row.done for row in found}


def _held(row: Line) -> Held:
    return Held(
        case_id=row.id,
        number=row.number,
        title=row.title,
        place=row.place,
        status=row.status,
        at=place_of(row),
        due_at=row.next_due_at,
        warn_at=row.next_warn_at,
        why_first=emergency_labels(row),
        is_paused=row.is_paused,
        is_provisional=row.is_provisional,
    )


def place_of(row: Line) -> tuple[float, float] | None:
    """Where a repair is, if that is known."""
    if row.lon is None or row.lat is None:
        return None
    return float(row.lon), float(row.lat)

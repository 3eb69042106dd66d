"""What bulk work looks up: the matters chosen, one's own runs with their rows, and macros."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Actor
from app.cases.models import Case
from app.cases.queries import lists, visible_clause
from app.cases.queries.lists import Filter
from app.departments.models import Unit
from app.desk.bulk.rules import MOST, RowState
from app.desk.models import BulkRow, BulkRun, Macro
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.paging import Order, Page, list_page

Chosen = Sequence[Row[*tuple[Any, ...]]]
_BY_KEY: Final = Order.by(BulkRow.id)
_NEWEST: Final = Order.by(BulkRun.id, descending=True)


def of_filter(session: Session, actor: Actor, wanted: Filter, *, now: datetime) -> Chosen:
    """Key and version of the matters of a list, in its order; one more than a run takes."""
    whole = lists.whole(actor, wanted, now=now)
    chosen = whole.with_only_columns(Case.id, Case.version, maintain_column_froms=True)
    return session.execute(chosen.limit(MOST + 1)).all()


def of_numbers(session: Session, actor: Actor, numbers: Sequence[str]) -> Chosen:
    """The same for matters picked one by one; what one may not see is not among them."""
    wanted = select(Case.id, Case.version).where(Case.number.in_(numbers), visible_clause(actor))
    return session.execute(wanted.order_by(Case.sort_at, Case.id).limit(MOST + 1)).all()


def get_run(session: Session, run_id: int, actor: Actor, *, lock: bool = False) -> BulkRun:
    """A run of one's own; locked, a second press waits until the first is done.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    wanted = select(BulkRun).where(BulkRun.id == run_id, BulkRun.staff_id == actor.id)
    if lock:
        wanted = wanted.with_for_update()
    found = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFoundError(mark("There is no such run, or somebody else began it."))
    return found


_RUNS: Final = select(
    BulkRun.id,
    BulkRun.state,
    BulkRun.deed,
    BulkRun.created_at,
    select(func.count())
    .where(BulkRow.run_id == BulkRun.id)
    .correlate(BulkRun)
    .scalar_subquery()
    .label("many"),
    select(func.count())
    .where(BulkRow.run_id == BulkRun.id, BulkRow.state == RowState.REFUSED)
    .correlate(BulkRun)
    .scalar_subquery()
    .label("refused"),
)


def list_runs(session: Session, actor: Actor, *, cursor: str | None) -> Page[Row[*tuple[Any, ...]]]:
    """One's own runs, the newest first."""
    statement = _RUNS.where(BulkRun.staff_id == actor.id)
    return list_page(session, statement, _NEWEST, cursor=cursor)


def list_rows(
    session: Session, actor: Actor, run_id: int, *, cursor: str | None
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of a run's matters; of one that is out of sight by now only its number."""
    statement = (
        select(
            BulkRow.id,
            BulkRow.state,
            BulkRow.why,
            Case.number,
            Case.title,
            Case.status,
            visible_clause(actor).label("is_seen"),
        )
        .join(Case, Case.id == BulkRow.case_id)
        .where(BulkRow.run_id == run_id)
    )
    return list_page(session, statement, _BY_KEY, cursor=cursor, size=50)


_COUNTS: Final = (
    select(BulkRow.state, (BulkRow.why != "").label("has_why"), func.count())
    .where(BulkRow.run_id == bindparam("run_id"))
    .group_by(BulkRow.state, "has_why")
)


def counts(session: Session, run_id: int) -> dict[tuple[RowState, bool], int]:
    """How many rows there are of each state, with and without a reason."""
    found = session.execute(_COUNTS, {"run_id": run_id})
    return {(state, bool(has_why)): many for state, has_why, many in found}


def rows_of(
    session: Session, run_id: int, *, most: int = MOST, only_waiting: bool = True
) -> Sequence[BulkRow]:
    """The rows of a run, in their order."""
    wanted = select(BulkRow).where(BulkRow.run_id == run_id)
    if only_waiting:
        wanted = wanted.where(BulkRow.state == RowState.WAITING)
    return session.scalars(wanted.order_by(BulkRow.id).limit(most)).all()


def find_case(session: Session, case_id: int, actor: Actor) -> Case | None:
    """A matter one may still see."""
    wanted = select(Case).where(Case.id == case_id, visible_clause(actor))
    return session.scalars(wanted).one_or_none()


_MACROS: Final = (
    select(
        Macro.id,
        Macro.name,
        Macro.action,
        Macro.unit_id,
        Macro.staff_id,
        Macro.version,
        Unit.name.label("unit"),
        Unit.name_en.label("unit_en"),
        Staff.display_name.label("who"),
    )
    .outerjoin(Unit, Unit.id == Macro.unit_id)
    .join(Staff, Staff.id == Macro.staff_id)
    .where(
        or_(
            Macro.staff_id == bindparam("staff_id"),
            Macro.unit_id.in_(bindparam("units", expanding=True)),
        )
    )
    .order_by(Macro.name, Macro.id)
    .limit(200)
)


def list_macros(session: Session, actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """One's own macros and those of the units one stands in."""
    return rows(session, _MACROS, staff_id=actor.id, units=list(actor.line_ids))


def get_macro(session: Session, macro_id: int, actor: Actor) -> Macro:
    """A macro one may use.

    Raises:
        NotFoundError: there is none, or it is neither one's own nor one's unit's.
    """
    found = session.get(Macro, macro_id)
    if found is None or not (found.staff_id == actor.id or found.unit_id in actor.line_ids):
        raise NotFoundError(mark("There is no such macro, or it is not yours to use."))
    return found


def count_macros(session: Session, actor: Actor) -> int:
    """How many macros this person keeps."""
    held = select(func.count()).select_from(Macro).where(Macro.staff_id == actor.id)
    return session.scalar(held) or 0


def is_name_taken(session: Session, actor: Actor, name: str, *, but: int | None) -> bool:
    """Whether another macro of this person's has the name."""
    same = select(Macro.id).where(Macro.staff_id == actor.id, Macro.name == name)
    if but is not None:
        same = same.where(Macro.id != but)
    return session.scalar(same.limit(1)) is not None

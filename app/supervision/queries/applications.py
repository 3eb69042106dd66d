"""Counts and lists applications: in hand by lamp, received, decided, notices, stopped limits.

Figures with the same rows are counted by one statement; a list has exactly a figure's rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    func,
    literal_column,
    not_,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.orm import Session, aliased

from app.calendars.rules import LimitUnit
from app.cases.application_models import CaseApplication
from app.cases.kinds import Admission, Decision, Status
from app.cases.models import Case
from app.cases.queries.lists import Filter, conditions
from app.departments.models import Unit
from app.kernel.paging import Order, Page, list_page
from app.sla.models import Clock, ClockPause
from app.sla.rules import PROVISIONAL_GRACE, ClockKind, PauseKind, Subject
from app.supervision.queries.counting import Period, whole_seconds
from app.supervision.rules.applications import STOPS, Figure

PAGE_SIZE: Final = 30
_CASE: Final = Subject.case(0).type
_GRACE: Final = int(PROVISIONAL_GRACE.total_seconds())
_LIST: Final = (
    Case.number,
    Case.title,
    Case.status,
    Unit.name.label("unit_name"),
    Unit.name_en.label("unit_name_en"),
)
_PROMISED: Final = aliased(Clock, name="promised")
_LEGAL: Final = aliased(Clock, name="legal")
# As its index says it: without the literal SQLite does not see that the index holds enough.
_IS_ACCEPTED: Final = text("cases.kind = 'service_request' AND cases.accepted_at IS NOT NULL")
_IS_NOTICE: Final = Clock.kind == literal_column(f"'{ClockKind.ONE_TIME_NOTICE.value}'")

Clauses = list[Any]


@dataclass(frozen=True, slots=True, eq=False)
class _Source:
    """Rows several figures are counted from: where they stand, when they count, in which order."""

    joined: Select[*tuple[Any, ...]]
    at: Any
    order: Order
    clauses: tuple[Any, ...] = ()
    is_dated: bool = True

    def where(self, period: Period) -> Clauses:
        """What makes a row of this source one of the period."""
        if not self.is_dated:
            return list(self.clauses)
        return [*self.clauses, self.at >= period.start, self.at < period.end]


def _applied() -> Select[*tuple[Any, ...]]:
    return (
        select(literal_column("1"))
        .select_from(Case)
        .join(CaseApplication, CaseApplication.case_id == Case.id)
    )


def _clock_of(clock: Any, kind: ClockKind) -> ColumnElement[bool]:  # noqa: ANN401  # an alias
    return and_(
        clock.subject_type == _CASE,
        clock.subject_id == Case.id,
        clock.kind == kind,
        clock.met_at.is_not(None),
    )


def _dated(at: Any, key: Any) -> Order:  # noqa: ANN401  # columns of one of four tables
    return Order.by(at, key, descending=True)


_OPEN: Final = _Source(
    _applied(), Case.opened_at, Order.by(Case.sort_at, Case.id), (Case.closed_at.is_(None),), False
)
_RECEIVED: Final = _Source(_applied(), Case.opened_at, _dated(Case.opened_at, Case.id))
_ACCEPTED: Final = _Source(
    _applied(), Case.accepted_at, _dated(Case.accepted_at, Case.id), (_IS_ACCEPTED,)
)
_ENDED: Final = _Source(
    _applied(),
    Case.closed_at,
    _dated(Case.closed_at, Case.id),
    (CaseApplication.not_admitted.is_not(None),),
)
_LEFT: Final = _Source(
    _applied(),
    Case.closed_at,
    _dated(Case.closed_at, Case.id),
    (Case.status == Status.WITHDRAWN, CaseApplication.papers_promised > 0),
)
_DECIDED: Final = _Source(
    _applied()
    .outerjoin(_PROMISED, _clock_of(_PROMISED, ClockKind.RESOLVE))
    .outerjoin(_LEGAL, _clock_of(_LEGAL, ClockKind.LEGAL)),
    CaseApplication.decided_at,
    _dated(CaseApplication.decided_at, CaseApplication.case_id),
)
_NOTICE: Final = _Source(
    _applied().join(Clock, and_(Clock.subject_type == _CASE, Clock.subject_id == Case.id)),
    Clock.due_at,
    _dated(Clock.due_at, Clock.id),
    (_IS_NOTICE, Clock.cancelled_at.is_(None)),
)
_STOPPED: Final = _Source(
    _applied()
    .join(Clock, and_(Clock.subject_type == _CASE, Clock.subject_id == Case.id))
    .join(ClockPause, ClockPause.clock_id == Clock.id),
    ClockPause.from_at,
    _dated(ClockPause.from_at, ClockPause.id),
    (Clock.kind == ClockKind.RESOLVE, ClockPause.legal_type != PauseKind.SUSPENSION),
)
_SOURCES: Final[Mapping[Figure, _Source]] = {
    Figure.IN_HAND: _OPEN,
    Figure.GREEN: _OPEN,
    Figure.YELLOW: _OPEN,
    Figure.RED: _OPEN,
    Figure.PAUSED: _OPEN,
    Figure.RECEIVED: _RECEIVED,
    Figure.ACCEPTED: _ACCEPTED,
    Figure.DEEMED: _ACCEPTED,
    Figure.NOT_ADMITTED: _ENDED,
    Figure.DECIDED: _DECIDED,
    Figure.GRANTED: _DECIDED,
    Figure.REFUSED: _DECIDED,
    Figure.IN_TIME: _DECIDED,
    Figure.EARLY: _DECIDED,
    Figure.AFTER_PROMISED: _DECIDED,
    Figure.AFTER_LEGAL: _DECIDED,
    Figure.MEASURED: _DECIDED,
    Figure.NOTICES_DUE: _NOTICE,
    Figure.NOTICES_KEPT: _NOTICE,
    Figure.NOTICES_MISSED: _NOTICE,
    Figure.PAPERS_FOLLOW: _ACCEPTED,
    Figure.PAPERS_BROKEN: _LEFT,
    Figure.ON_TRUST: _DECIDED,
    Figure.LOOKED_AT: _DECIDED,
    Figure.UNTRUE: _DECIDED,
    Figure.PROCEDURES: _STOPPED,
    **dict.fromkeys(STOPS, _STOPPED),
}


def _is_late(clock: Any, at: Any) -> ColumnElement[bool]:  # noqa: ANN401  # an alias, a column
    # As `sla.rules.is_late`; the due second is on time to its end. Seconds are reckoned only
    # where the plain comparison leaves it open: on SQLite they are most of the work.
    grace = case((clock.provisional, _GRACE), else_=0)
    return func.coalesce(
        and_(at > clock.due_at, whole_seconds(clock.due_at, at) > grace),
        False,
    )


# Half of what was left of the time to the promised date, without what it stood still in between.
_STOOD: Final = func.coalesce(
    select(func.sum(whole_seconds(ClockPause.from_at, ClockPause.to_at)))
    .where(ClockPause.clock_id == _PROMISED.id)
    .correlate(_PROMISED)
    .scalar_subquery(),
    0,
)
_IS_LATE: Final = _is_late(_PROMISED, _PROMISED.met_at)
_IS_UNLAWFUL: Final = _is_late(_LEGAL, _LEGAL.met_at)
_IN_TIME: Final = and_(_PROMISED.id.is_not(None), not_(_IS_LATE), not_(_IS_UNLAWFUL))
_IN_DAYS: Final = and_(_PROMISED.unit == LimitUnit.WORK_DAY, _LEGAL.unit == LimitUnit.WORK_DAY)
_TAKEN: Final = whole_seconds(_PROMISED.opened_at, _PROMISED.met_at)
_GIVEN: Final = whole_seconds(_PROMISED.opened_at, _PROMISED.due_at)
_ON_TRUST: Final = and_(CaseApplication.is_on_promise, CaseApplication.decision == Decision.GRANTED)
_SETTLED: Final[Mapping[Figure, ColumnElement[bool]]] = {
    Figure.DEEMED: CaseApplication.admission == Admission.DEEMED,
    Figure.GRANTED: CaseApplication.decision == Decision.GRANTED,
    Figure.REFUSED: CaseApplication.decision == Decision.REFUSED,
    Figure.IN_TIME: _IN_TIME,
    Figure.EARLY: and_(_IN_DAYS, _IN_TIME, 2 * _TAKEN - _STOOD <= _GIVEN),
    Figure.AFTER_PROMISED: and_(_IS_LATE, not_(_IS_UNLAWFUL)),
    Figure.AFTER_LEGAL: _IS_UNLAWFUL,
    Figure.MEASURED: _IN_DAYS,
    Figure.PAPERS_FOLLOW: CaseApplication.admission == Admission.PAPERS_FOLLOW,
    Figure.ON_TRUST: _ON_TRUST,
    Figure.LOOKED_AT: and_(_ON_TRUST, CaseApplication.verified_at.is_not(None)),
    Figure.UNTRUE: and_(_ON_TRUST, CaseApplication.was_true.is_(False)),
    **{figure: ClockPause.legal_type == kind for figure, kind in STOPS.items()},
}


def _narrowed(figure: Figure, now: datetime) -> ColumnElement[bool]:
    """What makes a row of the source one of the figure's."""
    second = now.replace(microsecond=0)
    if _SOURCES[figure] is _OPEN:
        return _lamp(figure, now, second)
    if _SOURCES[figure] is _NOTICE:
        return _notice(figure, second)
    return _SETTLED.get(figure, true())


def _notice(figure: Figure, second: datetime) -> ColumnElement[bool]:
    kept = and_(Clock.met_at.is_not(None), not_(_is_late(Clock, Clock.met_at)))
    passed = and_(
        Clock.met_at.is_(None),
        or_(
            and_(Clock.due_at < second, Clock.provisional.is_(False)),
            Clock.due_at < second - PROVISIONAL_GRACE,
        ),
    )
    missed = or_(and_(Clock.met_at.is_not(None), _is_late(Clock, Clock.met_at)), passed)
    if figure is Figure.NOTICES_KEPT:
        return kept
    return missed if figure is Figure.NOTICES_MISSED else or_(kept, missed)


def _lamp(figure: Figure, now: datetime, second: datetime) -> ColumnElement[bool]:
    # The promised limit from acceptance to decision; before and after, the step that presses.
    is_other = or_(Case.due_at.is_(None), Case.on_time.is_not(None))
    due = case((is_other, Case.next_due_at), else_=Case.due_at)
    warn = case((is_other, Case.next_warn_at), else_=Case.warn_at)
    late = or_(and_(due < second, Case.is_provisional.is_(False)), due < second - PROVISIONAL_GRACE)
    bad, soon = func.coalesce(late, False), func.coalesce(warn <= now, False)
    runs = Case.is_paused.is_(False)
    match figure:
        case Figure.PAUSED:
            return Case.is_paused.is_(True)
        case Figure.RED:
            return and_(runs, bad)
        case Figure.YELLOW:
            return and_(runs, not_(bad), soon)
        case Figure.GREEN:
            return and_(runs, not_(bad), not_(soon))
        case _:
            return true()


def count_all(
    session: Session, base: Filter, period: Period, *, now: datetime
) -> dict[Figure, int]:
    """How many rows the list of each figure has; one statement for each source."""
    found: dict[Figure, int] = {}
    for source in dict.fromkeys(_SOURCES.values()):
        own = [figure for figure in Figure if _SOURCES[figure] is source]
        counts = [func.count().filter(_narrowed(figure, now)) for figure in own]
        wanted = source.joined.with_only_columns(*counts, maintain_column_froms=True)
        row = session.execute(wanted.where(*source.where(period), *conditions(base, now))).one()
        found |= dict(zip(own, row, strict=True))
    return found


def list_of(
    session: Session,
    figure: Figure,
    base: Filter,
    period: Period,
    *,
    cursor: str | None = None,
    now: datetime,
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of exactly the rows the figure counts; what is in hand with the most pressing first.

    The others with the latest first.
    """
    source = _SOURCES[figure]
    columns = source.joined.with_only_columns(
        *_LIST, source.at.label("at"), maintain_column_froms=True
    )
    wanted = columns.join(Unit, Unit.id == Case.unit_id).where(
        *source.where(period), *conditions(base, now), _narrowed(figure, now)
    )
    return list_page(session, wanted, source.order, cursor=cursor, size=PAGE_SIZE)


def measured(
    session: Session, base: Filter, period: Period, *, now: datetime
) -> list[Row[*tuple[Any, ...]]]:
    """The limits and the running time of every application the figure MEASURED counts."""
    wanted = _DECIDED.joined.with_only_columns(
        _PROMISED.budget - CaseApplication.extended_by,
        _LEGAL.budget - CaseApplication.extended_by,
        _PROMISED.spent,
        _PROMISED.running_since,
        _PROMISED.met_at,
        _PROMISED.unit_id,
        _PROMISED.region_code,
        maintain_column_froms=True,
    )
    clauses = [*_DECIDED.where(period), *conditions(base, now), _narrowed(Figure.MEASURED, now)]
    return list(session.execute(wanted.where(*clauses)).all())


def stopped(
    session: Session, base: Filter, period: Period, *, now: datetime
) -> list[Row[*tuple[Any, ...]]]:
    """Kind, beginning and end of every stop the figure PROCEDURES counts."""
    wanted = _STOPPED.joined.with_only_columns(
        ClockPause.legal_type, ClockPause.from_at, ClockPause.to_at, maintain_column_froms=True
    )
    found = wanted.where(*_STOPPED.where(period), *conditions(base, now))
    return list(session.execute(found).all())

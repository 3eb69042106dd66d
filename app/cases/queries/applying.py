"""Reads how far an application has come, and the limits it brought along."""

from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from app.cases.application_models import CaseApplication, CaseLimit
from app.cases.kinds import Action, Status
from app.cases.models import Case, CaseEvent
from app.cases.rules import NO_APPLICATION, Application, Deadline
from app.catalogue.rules import CaseKind, ChosenLimit
from app.kernel.db import rows
from app.service_items.models import ServiceItemVersion
from app.service_items.rules import Delivery, Procedure
from app.sla.models import Clock
from app.sla.rules import ClockKind, Subject

_NOTICE: Final = aliased(Clock)
_PAPERS: Final = aliased(Clock)
_TYPE: Final = Subject.case(0).type


def _open(clock: type[Clock], kind: ClockKind) -> Any:  # noqa: ANN401  # a condition of SQLAlchemy's
    return and_(
        clock.subject_type == _TYPE,
        clock.subject_id == CaseApplication.case_id,
        clock.kind == kind,
        clock.met_at.is_(None),
        clock.cancelled_at.is_(None),
    )


_APPLICATION: Final = (
    select(
        CaseApplication.is_instant,
        CaseApplication.is_on_promise,
        CaseApplication.notified_at,
        CaseApplication.papers_open,
        CaseApplication.papers_promised,
        CaseApplication.procedures,
        CaseApplication.extended_by,
        CaseApplication.admission,
        CaseApplication.decision,
        CaseApplication.makes_certificate,
        CaseApplication.wanted_delivery,
        ServiceItemVersion.deliveries,
        _NOTICE.due_at.label("notice_due"),
        _NOTICE.provisional.label("notice_moves"),
        _PAPERS.due_at.label("papers_due"),
    )
    .join(ServiceItemVersion, ServiceItemVersion.id == CaseApplication.item_version_id)
    .outerjoin(_NOTICE, _open(_NOTICE, ClockKind.ONE_TIME_NOTICE))
    .outerjoin(_PAPERS, _open(_PAPERS, ClockKind.LATE_PAPERS))
    .where(CaseApplication.case_id == bindparam("case_id"))
)
# Who worked on it under review: whoever only gave it to somebody or allowed more time did not.
_REVIEWING: Final = (
    Action.START_REVIEW,
    Action.END_PROCEDURE,
    Action.REQUEST_PROCEDURE,
    Action.REQUEST_EXTENSION,
    Action.REQUEST_TERMINATION,
)
_REVIEWERS: Final = (
    select(CaseEvent.actor_id)
    .where(CaseEvent.case_id == bindparam("case_id"), CaseEvent.action.in_(_REVIEWING))
    .distinct()
)
_LIMIT: Final = select(
    CaseLimit.code,
    CaseLimit.unit,
    CaseLimit.value,
    CaseLimit.minutes,
    CaseLimit.basis_text,
    CaseLimit.basis_level,
    CaseLimit.is_sample,
).where(CaseLimit.case_id == bindparam("case_id"), CaseLimit.clock_kind == bindparam("clock_kind"))


def application_of(session: Session, case: Case) -> Application:
    """How far the application has come; only matters of that kind have one."""
    if case.kind is not CaseKind.SERVICE_REQUEST:
        return NO_APPLICATION
    found = rows(session, _APPLICATION, case_id=case.id)
    if not found:
        return NO_APPLICATION
    is_judged = case.status is Status.REVIEWING
    return _application(found[0], _reviewers(session, case.id) if is_judged else frozenset())


def _reviewers(session: Session, case_id: int) -> frozenset[int]:
    found = rows(session, _REVIEWERS, case_id=case_id)
    return frozenset(row.actor_id for row in found if row.actor_id is not None)


def _application(row: Row[*tuple[Any, ...]], reviewed_by: frozenset[int]) -> Application:
    return Application(
        is_instant=row.is_instant or row.is_on_promise,
        was_notified=row.notified_at is not None,
        papers_open=row.papers_open,
        papers_promised=row.papers_promised,
        notice=Deadline(row.notice_due, row.notice_moves) if row.notice_due else None,
        papers=Deadline(row.papers_due) if row.papers_due else None,
        procedures=tuple(Procedure(one) for one in row.procedures),
        is_extended=row.extended_by > 0,
        admission=row.admission,
        decision=row.decision,
        makes_certificate=row.makes_certificate,
        wanted=row.wanted_delivery,
        deliveries=tuple(Delivery(one) for one in row.deliveries),
        reviewed_by=reviewed_by,
    )


def own_limit(session: Session, case: Case, clock_kind: str) -> ChosenLimit | None:
    """The limit the matter brought along for this clock; None where the catalogue chooses."""
    if case.kind is not CaseKind.SERVICE_REQUEST:
        return None
    found = rows(session, _LIMIT, case_id=case.id, clock_kind=clock_kind)
    if not found:
        return None
    row = found[0]
    return ChosenLimit(
        code=row.code,
        unit=row.unit,
        value=row.value,
        minutes=row.minutes,
        close_of_business=False,
        basis_text=row.basis_text,
        basis_level=row.basis_level,
        is_sample=row.is_sample,
        region_code=case.region_code,
    )

"""Reads what hangs on one complaint, and the measures of all that are open.

Statements are built once; the list of measures starts from `visible_clause`.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Staff
from app.accounts.rules import Actor
from app.cases.complaint_models import CaseComplaint, CaseInquiry, CaseMeasure, CaseRecusal
from app.cases.models import Attachment, Case
from app.cases.queries import visible_clause
from app.departments.models import Unit
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.paging import Order, Page, list_page

Rows = Sequence[Row[*tuple[Any, ...]]]
PAGE_SIZE: Final = 30
_SOONEST: Final = Order.by(CaseMeasure.late_from, CaseMeasure.id)
_ORDERED_BY: Final = aliased(Staff)

_INQUIRIES: Final = (
    select(
        CaseInquiry.id,
        CaseInquiry.event_id,
        CaseInquiry.kind,
        CaseInquiry.with_whom,
        CaseInquiry.held_on,
        CaseInquiry.words,
        CaseInquiry.written_at,
        Staff.display_name.label("writer"),
    )
    .outerjoin(Staff, Staff.id == CaseInquiry.written_by)
    .where(CaseInquiry.case_id == bindparam("case_id"))
    .order_by(CaseInquiry.id)
)
_MEASURES: Final = (
    select(
        CaseMeasure.id,
        CaseMeasure.what,
        CaseMeasure.due_on,
        CaseMeasure.late_from,
        CaseMeasure.proof,
        CaseMeasure.proved_at,
        CaseMeasure.proof_event_id,
    )
    .where(CaseMeasure.case_id == bindparam("case_id"))
    .order_by(CaseMeasure.id)
)
_RECUSALS: Final = (
    select(
        Staff.display_name.label("who"),
        CaseRecusal.declared_at,
        CaseRecusal.reason,
        _ORDERED_BY.display_name.label("ordered_by"),
    )
    .join(Staff, Staff.id == CaseRecusal.staff_id)
    .outerjoin(_ORDERED_BY, _ORDERED_BY.id == CaseRecusal.ordered_by)
    .where(CaseRecusal.case_id == bindparam("case_id"))
    .order_by(CaseRecusal.id)
)
_SUBJECT: Final = select(
    CaseComplaint.subject_kind,
    CaseComplaint.subject_name,
    CaseComplaint.finding,
    CaseComplaint.confirmed_at,
).where(CaseComplaint.case_id == bindparam("case_id"))
_FILES: Final = (
    select(Attachment.id, Attachment.event_id, Attachment.content_type)
    .where(Attachment.case_id == bindparam("case_id"), Attachment.is_sealed)
    .order_by(Attachment.id)
)


def inquiries_of(session: Session, case_id: int) -> Rows:
    """The lines of the investigation file, oldest first."""
    return rows(session, _INQUIRIES, case_id=case_id)


def measures_of(session: Session, case_id: int) -> Rows:
    """The measures of one complaint in the order they were laid down."""
    return rows(session, _MEASURES, case_id=case_id)


def recusals_of(session: Session, case_id: int) -> Rows:
    """Who stepped back from the matter, when, why and on whose order."""
    return rows(session, _RECUSALS, case_id=case_id)


def subject_of(session: Session, case_id: int) -> Row[*tuple[Any, ...]] | None:
    """What the complaint is about and what was found; None where nothing was written down."""
    found = rows(session, _SUBJECT, case_id=case_id)
    return found[0] if found else None


def files_of(session: Session, case_id: int) -> dict[int, list[tuple[int, bool]]]:
    """The sealed files by the line of history they came with: id, and whether it is a picture."""
    found: dict[int, list[tuple[int, bool]]] = {}
    for row in rows(session, _FILES, case_id=case_id):
        is_photo = row.content_type.startswith("image/")
        found.setdefault(row.event_id, []).append((row.id, is_photo))
    return found


def find_file(session: Session, case_id: int, file_id: int) -> Attachment:
    """One file of the investigation file.

    Raises:
        NotFoundError: the case has no such file in it.
    """
    wanted = select(Attachment).where(
        Attachment.id == file_id, Attachment.case_id == case_id, Attachment.is_sealed
    )
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFoundError(mark("There is no such file."))
    return found


def get_measure(session: Session, case_id: int, measure_id: int) -> CaseMeasure:
    """One measure of this complaint.

    Raises:
        NotFoundError: it has none with this id.
    """
    found = session.get(CaseMeasure, measure_id)
    if found is None or found.case_id != case_id:
        raise NotFoundError(mark("There is no such measure."))
    return found


def late_measures(
    session: Session, actor: Actor, *, cursor: str | None = None
) -> Page[Row[*tuple[Any, ...]]]:
    """Measures without proof on matters the actor may see; the longest overdue first."""
    return list_page(session, _open_for(actor), _SOONEST, cursor=cursor, size=PAGE_SIZE)


@lru_cache(maxsize=256)
def _open_for(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            CaseMeasure.id,
            CaseMeasure.what,
            CaseMeasure.due_on,
            CaseMeasure.late_from,
            Case.number,
            Unit.name.label("unit_name"),
            Unit.name_en.label("unit_name_en"),
        )
        .join(Case, Case.id == CaseMeasure.case_id)
        .join(Unit, Unit.id == CaseMeasure.unit_id)
        .where(CaseMeasure.proved_at.is_(None), visible_clause(actor))
    )

"""One version with its materials and questions, in three selects.

Answers with frozen values to copy; hands out no rows.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from app.catalogue.rules import Named
from app.departments.models import Unit
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.service_items.models import (
    ServiceItem,
    ServiceItemVersion,
    ServiceMaterial,
    ServiceQuestion,
)
from app.service_items.rules import (
    Condition,
    Content,
    Delivery,
    ItemVersion,
    Material,
    Option,
    Procedure,
    Question,
    Span,
)

_VERSION: Final = (
    select(
        *ServiceItemVersion.__table__.columns,
        ServiceItem.code,
        ServiceItem.basic_code,
        ServiceItem.is_sample,
        ServiceItem.is_active,
        Unit.code.label("unit_code"),
    )
    .join(ServiceItem, ServiceItem.id == ServiceItemVersion.item_id)
    .outerjoin(Unit, Unit.id == ServiceItemVersion.unit_id)
    .where(ServiceItemVersion.id == bindparam("version_id"))
)
_MATERIALS: Final = (
    select(*ServiceMaterial.__table__.columns)
    .where(ServiceMaterial.version_id == bindparam("version_id"))
    .order_by(ServiceMaterial.position)
)
_QUESTIONS: Final = (
    select(*ServiceQuestion.__table__.columns)
    .where(ServiceQuestion.version_id == bindparam("version_id"))
    .order_by(ServiceQuestion.position)
)


def get_version(session: Session, version_id: int) -> ItemVersion:
    """A version by its key: published, ended or still a draft.

    Raises:
        NotFoundError: there is none.
    """
    found = rows(session, _VERSION, version_id=version_id)
    if not found:
        raise NotFoundError(mark("There is no such service item."))
    row = found[0]
    return ItemVersion(
        id=row.id,
        item_id=row.item_id,
        code=row.code,
        basic_code=row.basic_code,
        number=row.number,
        is_sample=row.is_sample,
        is_active=row.is_active,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        unit_id=row.unit_id,
        content=_content(session, row),
        lock=row.version,
    )


def _content(session: Session, row: Row[*tuple[Any, ...]]) -> Content:
    return Content(
        name=Named(row.name, row.name_en),
        kind=row.kind,
        authority=Named(row.authority, row.authority_en),
        legal_basis=row.legal_basis,
        accepting_conditions=row.accepting_conditions,
        handling=row.handling,
        promised=Span(row.promised_unit, row.promised_value),
        legal=Span(row.legal_unit, row.legal_value) if row.legal_value else None,
        unit_code=row.unit_code or "",
        summary=Named(row.summary, row.summary_en),
        result=Named(row.result, row.result_en),
        procedures=tuple(Procedure(one) for one in row.procedures),
        fee=row.fee,
        deliveries=tuple(Delivery(one) for one in row.deliveries),
        visits=row.visits,
        may_defer=row.may_defer,
        may_promise=row.may_promise,
        is_joint=row.is_joint,
        place=row.place,
        phone=row.phone,
        materials=tuple(_material(m) for m in rows(session, _MATERIALS, version_id=row.id)),
        questions=tuple(_question(q) for q in rows(session, _QUESTIONS, version_id=row.id)),
    )


def _material(row: Row[*tuple[Any, ...]]) -> Material:
    return Material(
        key=row.key,
        name=Named(row.name, row.name_en),
        source=row.source,
        form=row.form,
        copies=row.copies,
        may_defer=row.may_defer,
        is_shared=row.is_shared,
        note=Named(row.note, row.note_en),
        sample=row.sample,
        condition=_condition(row.condition),
        id=row.id,
    )


def _question(row: Row[*tuple[Any, ...]]) -> Question:
    return Question(
        key=row.key,
        type=row.type,
        label=Named(row.label, row.label_en),
        hint=Named(row.hint, row.hint_en),
        is_required=row.is_required,
        options=tuple(
            Option(one["value"], Named(one["label"], one.get("label_en", "")))
            for one in row.options
        ),
        condition=_condition(row.condition),
        least=row.least,
        most=row.most,
        in_guide=row.in_guide,
    )


def _condition(stored: Mapping[str, Any] | None) -> Condition | None:
    return Condition(stored["question"], tuple(stored["values"])) if stored else None

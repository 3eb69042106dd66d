"""One version with its materials and questions, in three selects.

Answers with frozen values to copy; hands out no rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

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

Part: TypeAlias = Row[*tuple[Any, ...]]

_AT_ONCE: Final = 400
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
    .where(ServiceItemVersion.id.in_(bindparam("keys", expanding=True)))
    .order_by(ServiceItem.code, ServiceItemVersion.number)
)
_MATERIALS: Final = (
    select(*ServiceMaterial.__table__.columns)
    .where(ServiceMaterial.version_id.in_(bindparam("keys", expanding=True)))
    .order_by(ServiceMaterial.version_id, ServiceMaterial.position)
)
_QUESTIONS: Final = (
    select(*ServiceQuestion.__table__.columns)
    .where(ServiceQuestion.version_id.in_(bindparam("keys", expanding=True)))
    .order_by(ServiceQuestion.version_id, ServiceQuestion.position)
)


def get_version(session: Session, version_id: int) -> ItemVersion:
    """A version by its key: published, ended or still a draft.

    Raises:
        NotFoundError: there is none.
    """
    found = get_versions(session, [version_id])
    if not found:
        raise NotFoundError(mark("There is no such service item."))
    return found[0]


def get_versions(session: Session, keys: Sequence[int]) -> list[ItemVersion]:
    """The versions with these keys by the code of their item, some hundred with three selects."""
    found: list[ItemVersion] = []
    for start in range(0, len(keys), _AT_ONCE):
        several = list(keys[start : start + _AT_ONCE])
        materials = _by_version(rows(session, _MATERIALS, keys=several))
        questions = _by_version(rows(session, _QUESTIONS, keys=several))
        found += [
            _version(row, materials.get(row.id, []), questions.get(row.id, []))
            for row in rows(session, _VERSION, keys=several)
        ]
    return found


def sample_file(session: Session, version_id: int, material_id: int) -> tuple[str, str]:
    """The example kept with a material of this version: its SHA-256 and its type.

    Raises:
        NotFoundError: the material is not of this version, or has no example.
    """
    for row in rows(session, _MATERIALS, keys=[version_id]):
        if row.id == material_id and row.file:
            return row.file, row.file_type
    raise NotFoundError(mark("This file is no longer there."))


def files_known(session: Session, names: Sequence[str]) -> set[str]:
    """Which of these files are an example of some material."""
    known = select(ServiceMaterial.file).where(ServiceMaterial.file.in_(names))
    return set(session.scalars(known))


def _by_version(parts: Iterable[Part]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = {}
    for part in parts:
        found.setdefault(part.version_id, []).append(part)
    return found


def _version(row: Part, materials: Iterable[Part], questions: Iterable[Part]) -> ItemVersion:
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
        content=_content(row, materials, questions),
        lock=row.version,
    )


def _content(row: Part, materials: Iterable[Part], questions: Iterable[Part]) -> Content:
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
        materials=tuple(_material(one) for one in materials),
        questions=tuple(_question(one) for one in questions),
    )


def _material(row: Part) -> Material:
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
        file=row.file,
        file_type=row.file_type,
        condition=_condition(row.condition),
        id=row.id,
    )


def _question(row: Part) -> Question:
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

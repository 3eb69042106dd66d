"""Puts what a version says into its rows: columns, materials, questions.

Decides nothing; the callers have checked.
"""

import re
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.catalogue.rules import Named
from app.departments import queries as departments
from app.kernel import pinyin
from app.service_items.models import ServiceItemVersion, ServiceMaterial, ServiceQuestion
from app.service_items.rules import Condition, Content, Material, Question

_PLAIN: Final = (
    "kind",
    "legal_basis",
    "accepting_conditions",
    "handling",
    "fee",
    "visits",
    "may_defer",
    "may_promise",
    "is_joint",
    "place",
    "phone",
)
_NAMED: Final = ("name", "authority", "summary", "result")
_LONGEST_INITIALS: Final = 120
_LONGEST_PINYIN: Final = 800


def fill(session: Session, row: ServiceItemVersion, content: Content) -> None:
    """Set the columns of a version; a unit the house does not know is left out."""
    for name in _PLAIN:
        setattr(row, name, getattr(content, name))
    for name in _NAMED:
        text: Named = getattr(content, name)
        setattr(row, name, text.zh)
        setattr(row, f"{name}_en", text.en)
    row.initials, row.pinyin = spell(content.name.zh)
    unit = departments.find_by_code(session, content.unit_code) if content.unit_code else None
    row.unit_id = unit.id if unit else None
    row.legal_unit = content.legal.unit if content.legal else None
    row.legal_value = content.legal.value if content.legal else None
    row.promised_unit, row.promised_value = content.promised.unit, content.promised.value
    row.procedures = [str(one) for one in content.procedures]
    row.deliveries = [str(one) for one in content.deliveries]


def write_parts(session: Session, version_id: int, content: Content) -> None:
    """Put these materials and questions in the place of those the version has."""
    for table in (ServiceMaterial, ServiceQuestion):
        session.execute(delete(table).where(table.version_id == version_id))
    session.add_all(
        _material(version_id, position, material)
        for position, material in enumerate(content.materials, start=1)
    )
    session.add_all(
        _question(version_id, position, question)
        for position, question in enumerate(content.questions, start=1)
    )
    session.flush()


def spell(name: str) -> tuple[str, str]:
    """Pinyin initials and pinyin of a name, without blanks: ("jmsfzblb", "jumin…").

    The reading is the common one; a heteronym may come out wrong, which costs one more key.
    """
    kept = re.sub(r"[^\w]", "", name)
    initials = pinyin.initials(kept)[:_LONGEST_INITIALS]
    return initials, pinyin.pinyin(kept)[:_LONGEST_PINYIN]


def _material(version_id: int, position: int, material: Material) -> ServiceMaterial:
    return ServiceMaterial(
        version_id=version_id,
        position=position,
        key=material.key,
        name=material.name.zh,
        name_en=material.name.en,
        source=material.source,
        form=material.form,
        copies=material.copies,
        may_defer=material.may_defer,
        is_shared=material.is_shared,
        note=material.note.zh,
        note_en=material.note.en,
        sample=material.sample,
        file=material.file,
        file_type=material.file_type,
        condition=_condition(material.condition),
    )


def _question(version_id: int, position: int, question: Question) -> ServiceQuestion:
    return ServiceQuestion(
        version_id=version_id,
        position=position,
        key=question.key,
        type=question.type,
        label=question.label.zh,
        label_en=question.label.en,
        hint=question.hint.zh,
        hint_en=question.hint.en,
        is_required=question.is_required,
        in_guide=question.in_guide,
        options=[
            {"value": one.value, "label": one.label.zh, "label_en": one.label.en}
            for one in question.options
        ],
        condition=_condition(question.condition),
        least=question.least,
        most=question.most,
    )


def _condition(condition: Condition | None) -> dict[str, Any] | None:
    if condition is None:
        return None
    return {"question": condition.question, "values": list(condition.values)}

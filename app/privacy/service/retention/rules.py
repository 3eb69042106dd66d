"""The rules by which things are kept: the samples a new house starts with, and the city's own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.catalogue.rules import CaseKind
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.privacy import queries
from app.privacy.models import RetentionRule
from app.privacy.rules import MONTHS_MAX, MONTHS_MIN, RuleSubject

_SAMPLE: Final = "系统示例值，未引用任何规定，请按本市规定修改"
_SAMPLE_EN: Final = "Sample value of the system, no rule is quoted; set your city's own"
# [S] all of them: no law names months.
_MONTHS: Final = ((None, 36), (CaseKind.CONSULTATION, 24), (CaseKind.COMPLAINT, 60))
_TALK_MONTHS: Final = 12
_BASIS: Final = 300
_BASIS_EN: Final = 400


def seed(session: Session) -> None:
    """The sample rules a new house starts with; what it has set itself is left as it is."""
    known = queries.retention_rules(session)
    if not any(rule.subject is RuleSubject.CASE for rule in known):
        for kind, months in _MONTHS:
            session.add(
                RetentionRule(
                    case_kind=kind, months=months, basis_text=_SAMPLE, basis_text_en=_SAMPLE_EN
                )
            )
    if not any(rule.subject is RuleSubject.TALK for rule in known):
        session.add(
            RetentionRule(
                subject=RuleSubject.TALK,
                months=_TALK_MONTHS,
                basis_text=_SAMPLE,
                basis_text_en=_SAMPLE_EN,
            )
        )
    session.flush()


@dataclass(frozen=True, slots=True)
class Kept:
    """What a rule is about, for how many months, and on what ground, in both languages."""

    months: int
    basis_text: str
    basis_text_en: str = ""
    category_id: int | None = None
    case_kind: CaseKind | None = None
    subject: RuleSubject = RuleSubject.CASE


def set_rule(session: Session, given: Kept, *, by: Author, now: datetime) -> RetentionRule:
    """Say how long something is kept; a former rule about the same is changed.

    Raises:
        InvalidError: the months or the basis make no sense, or a conversation has a category.
    """
    _check(given)
    rule = queries.find_rule(session, given.category_id, given.case_kind, given.subject)
    before = rule.months if rule else None
    if rule is None:
        rule = RetentionRule(
            category_id=given.category_id, case_kind=given.case_kind, subject=given.subject
        )
        session.add(rule)
    rule.months, rule.is_sample, rule.is_active = given.months, False, True
    rule.basis_text = given.basis_text.strip()[:_BASIS]
    rule.basis_text_en = given.basis_text_en.strip()[:_BASIS_EN]
    session.flush()
    audit.note(
        session,
        by,
        "privacy:retention_rule",
        ("retention_rule", rule.id),
        at=now,
        details={"before": before, "after": given.months},
    )
    return rule


def _check(given: Kept) -> None:
    errors = {}
    if not MONTHS_MIN <= given.months <= MONTHS_MAX:
        errors["months"] = mark("Enter a number of months from 1 to 1200.")
    if not given.basis_text.strip():
        errors["basis_text"] = mark("Say on what ground.")
    if given.subject is RuleSubject.TALK and given.category_id is not None:
        errors["category_id"] = mark("Contacts that belong to nobody have no category.")
    if errors:
        raise InvalidError(fields=errors)

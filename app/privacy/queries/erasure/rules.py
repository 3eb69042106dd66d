"""Reads of the rules of retention: those in force, all of them, one of them.

What a rule means for a matter is decided in `privacy.rules.retention`.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.rules import CaseKind
from app.privacy.models import RetentionRule
from app.privacy.rules import RetentionLine, RuleSubject


def retention_lines(session: Session) -> list[RetentionLine]:
    """The rules for matters that are in force."""
    wanted = select(
        RetentionRule.id, RetentionRule.category_id, RetentionRule.case_kind, RetentionRule.months
    ).where(RetentionRule.is_active.is_(True), RetentionRule.subject == RuleSubject.CASE)
    return [RetentionLine(*row) for row in session.execute(wanted).all()]


def retention_rules(session: Session) -> Sequence[RetentionRule]:
    """Every rule, the general one first, the one for conversations last."""
    order = (RetentionRule.subject, RetentionRule.category_id.is_not(None), RetentionRule.id)
    return session.scalars(select(RetentionRule).order_by(*order)).all()


def find_rule(
    session: Session,
    category_id: int | None,
    case_kind: CaseKind | None,
    subject: RuleSubject = RuleSubject.CASE,
) -> RetentionRule | None:
    """The rule of exactly this category and kind."""
    same = (
        RetentionRule.subject == subject,
        RetentionRule.category_id.is_not_distinct_from(category_id),
        RetentionRule.case_kind.is_not_distinct_from(case_kind),
    )
    return session.scalars(select(RetentionRule).where(*same)).one_or_none()


def talk_rule(session: Session) -> RetentionRule | None:
    """The rule for conversations of nobody, if one is in force."""
    rule = find_rule(session, None, None, RuleSubject.TALK)
    return rule if rule is not None and rule.is_active else None

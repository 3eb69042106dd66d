"""The lists of the administration: everything, switched off or not, in its order.

For pages that edit; who only asks uses `asking`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.calendars.rules import LimitUnit
from app.catalogue.models import Category, DispatchRule, ReplyText, TimeLimit
from app.catalogue.rules import BasisLevel, CaseKind, Named, Place, ReplyPurpose, Urgency
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark

_RowT = TypeVar("_RowT", DispatchRule, TimeLimit, ReplyText)
_TERRITORIES = (UnitKind.DISTRICT, UnitKind.STREET)


@dataclass(frozen=True, slots=True)
class RuleListing:
    """One line of the directory; `line` is None while it is switched off."""

    id: int
    line: int | None
    category_code: str
    category: Named | None
    region_code: str
    region: Named
    unit: Named
    unit_is_active: bool
    basis: str
    is_active: bool
    version: int


@dataclass(frozen=True, slots=True)
class LimitListing:
    """One time limit with the names it needs on the screen."""

    id: int
    profile: str
    code: str
    clock_kind: str
    case_kind: CaseKind | None
    category: Named | None
    urgency: Urgency | None
    region: Named
    unit: LimitUnit
    value: int
    minutes: int
    basis_text: str
    basis_level: BasisLevel
    is_sample: bool
    valid_from: date | None
    valid_to: date | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class ReplyListing:
    """One reply text and whom it is for."""

    id: int
    code: str
    title: str
    body: str
    purpose: ReplyPurpose
    unit: Named | None
    is_active: bool


def list_regions(session: Session) -> list[Place]:
    """Districts and streets by code, districts before their streets."""
    rows = session.execute(
        select(Unit.region_code, Unit.name, Unit.name_en)
        .where(Unit.kind.in_(_TERRITORIES), Unit.is_active, Unit.region_code != "")
        .order_by(Unit.region_code, Unit.id)
    )
    found: dict[str, Place] = {}
    for row in rows:
        found.setdefault(row.region_code, Place(row.region_code, Named(row.name, row.name_en)))
    return list(found.values())


def list_rules(session: Session) -> list[RuleListing]:
    """The whole directory in its order."""
    regions = _region_names(session)
    rows = session.execute(
        select(DispatchRule, Category.code, Category.name, Category.name_en, Unit)
        .join(Unit, Unit.id == DispatchRule.unit_id)
        .outerjoin(Category, Category.id == DispatchRule.category_id)
        .order_by(DispatchRule.position, DispatchRule.id)
    )
    found: list[RuleListing] = []
    line = 0
    for rule, code, name, name_en, unit in rows:
        line += rule.is_active
        found.append(
            RuleListing(
                id=rule.id,
                line=line if rule.is_active else None,
                category_code=code or "",
                category=Named(name, name_en) if name else None,
                region_code=rule.region_code,
                region=regions.get(rule.region_code, Named(rule.region_code)),
                unit=Named(unit.name, unit.name_en),
                unit_is_active=unit.is_active,
                basis=rule.basis,
                is_active=rule.is_active,
                version=rule.version,
            )
        )
    return found


def list_limits(session: Session, profile: str) -> list[LimitListing]:
    """The limits of one profile by step, the general before the particular."""
    regions = _region_names(session)
    rows = session.execute(
        select(TimeLimit, Category.name, Category.name_en)
        .outerjoin(Category, Category.id == TimeLimit.category_id)
        .where(TimeLimit.profile == profile)
        .order_by(TimeLimit.clock_kind, TimeLimit.id)
    )
    return [_limit(row, regions) for row in rows]


def list_replies(session: Session) -> list[ReplyListing]:
    """All reply texts by purpose and title."""
    rows = session.execute(
        select(ReplyText, Unit.name, Unit.name_en)
        .outerjoin(Unit, Unit.id == ReplyText.unit_id)
        .order_by(ReplyText.purpose, ReplyText.title, ReplyText.id)
    )
    return [
        ReplyListing(
            id=reply.id,
            code=reply.code,
            title=reply.title,
            body=reply.body,
            purpose=reply.purpose,
            unit=Named(name, name_en) if name else None,
            is_active=reply.is_active,
        )
        for reply, name, name_en in rows
    ]


def get_rule(session: Session, rule_id: int) -> DispatchRule:
    """One line of the directory.

    Raises:
        NotFoundError: there is no such line.
    """
    return _got(session.get(DispatchRule, rule_id))


def get_limit(session: Session, limit_id: int) -> TimeLimit:
    """One time limit.

    Raises:
        NotFoundError: there is no such limit.
    """
    return _got(session.get(TimeLimit, limit_id))


def get_reply(session: Session, reply_id: int) -> ReplyText:
    """One reply text.

    Raises:
        NotFoundError: there is no such text.
    """
    return _got(session.get(ReplyText, reply_id))


def _got(row: _RowT | None) -> _RowT:
    if row is None:
        raise NotFoundError(mark("There is no such entry in the catalogue."))
    return row


def _region_names(session: Session) -> dict[str, Named]:
    return {place.code: place.name for place in list_regions(session)}


def _limit(row: Row[*tuple[Any, ...]], regions: dict[str, Named]) -> LimitListing:
    limit, name, name_en = row
    return LimitListing(
        id=limit.id,
        profile=limit.profile,
        code=limit.code,
        clock_kind=limit.clock_kind,
        case_kind=limit.case_kind,
        category=Named(name, name_en) if name else None,
        urgency=limit.urgency,
        region=regions.get(limit.region_code, Named(limit.region_code)),
        unit=limit.unit,
        value=limit.value,
        minutes=limit.minutes,
        basis_text=limit.basis_text,
        basis_level=limit.basis_level,
        is_sample=limit.is_sample,
        valid_from=limit.valid_from,
        valid_to=limit.valid_to,
        is_active=limit.is_active,
    )

"""All facility types as plain values, read once and kept until types or catalogue change.

A copy belongs to two tokens: that of the types and that of the catalogue they take names from.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.catalogue.queries import Snapshot, snapshot
from app.catalogue.rules import Named
from app.facilities.models import TYPES, FacilityType
from app.facilities.rules import Repeats, TypeView, read_danger, read_form, read_questions
from app.kernel import revisions
from app.kernel.db import rows

_KEPT: Final = 4
_TYPES: Final = select(*FacilityType.__table__.columns).order_by(FacilityType.code)


@dataclass(frozen=True, slots=True)
class Types:
    """The types in the order of their codes: things before events."""

    by_id: Mapping[int, TypeView]
    by_code: Mapping[str, TypeView]
    by_category: Mapping[int, TypeView]


_shelves: Final[OrderedDict[tuple[str, str], Types]] = OrderedDict()
_lock: Final = Lock()


def types(session: Session) -> Types:
    """The types as this transaction sees them."""
    catalogue = snapshot(session)
    tokens = (revisions.token_of(session, TYPES), catalogue.token)
    with _lock:
        kept = _shelves.get(tokens)
    if kept is None:
        found = [_view(row, catalogue) for row in rows(session, _TYPES)]
        kept = Types(
            {one.id: one for one in found},
            {one.code: one for one in found},
            {one.category_id: one for one in found},
        )
        if all(tokens):
            _keep(tokens, kept)
    return kept


def _keep(tokens: tuple[str, str], kept: Types) -> None:
    with _lock:
        _shelves[tokens] = kept
        while len(_shelves) > _KEPT:
            _shelves.popitem(last=False)


def _view(row: Row[*tuple[Any, ...]], catalogue: Snapshot) -> TypeView:
    entry = catalogue.categories[row.category_id]
    return TypeView(
        id=row.id,
        code=row.code,
        category_id=row.category_id,
        family=row.family,
        name=entry.name,
        hint=entry.hint,
        group=entry.parent_name or Named(""),
        owner=Named(row.owner, row.owner_en),
        filing=Named(row.filing, row.filing_en),
        forms=tuple(read_form(one) for one in row.forms),
        dangers=tuple(read_danger(one) for one in row.dangers),
        questions=read_questions(row.questions),
        urgency=entry.default_urgency,
        near_radius_m=row.near_radius_m,
        needs_before=row.needs_before,
        needs_after=row.needs_after,
        safety_minutes=row.safety_minutes,
        repeats=Repeats(row.repeat_count, row.repeat_days, row.repeat_in_district),
        is_public=row.is_public,
        is_home=row.is_home,
        is_filed_by_rule=row.is_filed_by_rule,
        is_active=entry.is_active,
        is_sample=row.is_sample,
        version=row.version,
        initials=entry.initials,
        pinyin=entry.pinyin,
    )

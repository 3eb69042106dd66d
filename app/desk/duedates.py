"""Says before a matter is saved by when it will have to be done, and on what ground."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.cases.rules import CaseClock
from app.catalogue import queries as catalogue
from app.catalogue.labels import basis_in
from app.catalogue.rules import CaseKind, CategoryEntry, Urgency
from app.departments import queries as departments


@dataclass(frozen=True, slots=True)
class Due:
    """The date a matter would get, and the limit behind it."""

    at: datetime
    is_provisional: bool
    basis: str
    is_sample: bool


def of(
    session: Session,
    category: CategoryEntry | None,
    values: Mapping[str, str],
    *,
    language: str,
    now: datetime,
) -> Due | None:
    """The date for what has been typed so far; None until there is a category."""
    if category is None:
        return None
    kind, urgency = values.get("kind"), values.get("urgency")
    calendar = calendars.load(session)
    limit = catalogue.choose_limit(
        session,
        clock_kind=CaseClock.RESOLVE,
        case_kind=CaseKind(kind) if kind in set(CaseKind) else category.kinds[0],
        category_id=category.id,
        urgency=Urgency(urgency) if urgency in set(Urgency) else category.default_urgency,
        region_code=values.get("region_code") or departments.home_region(session),
        on=calendar.statutory.local_date(now),
    )
    due = calendar.add(limit.unit, now, limit.budget, close_of_business=limit.close_of_business)
    return Due(due.at, due.provisional, basis_in(language, limit.basis_text), limit.is_sample)

"""The rule of `rules.emergency` as a condition of the database, and as read from a row."""

from typing import Any, Final

from sqlalchemy import Row, and_, case, or_

from app.cases.models import Case
from app.catalogue.rules import Urgency
from app.repairs.models import Repair
from app.repairs.rules.emergency import WAITING, Emergency, emergencies

IS_EMERGENCY: Final = and_(
    Case.status.in_(sorted(WAITING)),
    or_(
        and_(Repair.is_danger.is_(True), Repair.safety_done_at.is_(None)),
        and_(Case.urgency == Urgency.CRITICAL, Repair.on_site_at.is_(None)),
    ),
)
# Sorts what cannot wait before everything else.
FIRST: Final = case((IS_EMERGENCY, 0), else_=1)


def emergencies_of(row: Row[*tuple[Any, ...]]) -> tuple[Emergency, ...]:
    """Why a repair cannot wait.

    The row has `status`, `urgency`, `is_danger`, `safety_done_at` and `on_site_at`.
    """
    return emergencies(
        row.status,
        row.urgency,
        is_danger=bool(row.is_danger),
        is_safe=row.safety_done_at is not None,
        is_there=row.on_site_at is not None,
    )

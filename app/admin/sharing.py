"""What a unit's page says about how its work is shared; the acts stand in `unit_work`."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.departments.models import Unit
from app.dispatching.queries import work_of


def sharing_of(session: Session, unit: Unit | None, typed: Mapping[str, str]) -> dict[str, object]:
    """The version and the fields of the unit's way to share work; nothing for a new unit."""
    if unit is None:
        return {}
    work = work_of(session, unit.id)
    kept = {"cap": str(work.cap), "is_automatic": "on" if work.is_automatic else ""}
    return {"version": work.version, "values": {**kept, **typed}}

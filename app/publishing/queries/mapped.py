"""Released repairs on a map: gathered by cells of a grid, in the database.

The same conditions as the list, so that map and list never differ.
"""

from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.kernel.db import rows
from app.maps.grid import gathered
from app.maps.rules import Gathered
from app.publishing.models import Publication
from app.publishing.queries.released import Wanted, asking
from app.publishing.rules import PublicState

_IS_OPEN: Final = Publication.closed_at.is_(None)


@lru_cache(maxsize=256)
def _gathering(names: frozenset[str], state: PublicState | None) -> Select[*tuple[Any, ...]]:
    return gathered(
        asking(names, state), Publication.id, Publication.lon, Publication.lat, _IS_OPEN
    )


def cells(session: Session, wanted: Wanted, *, step: float, limit: int) -> list[Gathered]:
    """What is asked for, by cells of `step` degrees, the fullest first."""
    values = wanted.values()
    statement = _gathering(frozenset(values), wanted.state)
    values.pop("state", None)
    found = rows(session, statement, **values, step=Decimal(str(step)), most=limit)
    return [Gathered(*row) for row in found]

"""What was released as programs take it: in stretches, with a mark that says if anything changed.

However many there are, no more than a stretch of them is ever held; what is public is `released`.
"""

from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.catalogue.models import Category
from app.catalogue.queries.shelf import CATALOGUE
from app.departments.models import TREE
from app.kernel import revisions
from app.kernel.db import rows
from app.publishing.models import Publication
from app.publishing.queries.released import BY_REQUEST, Released, Wanted, asking

Cell = tuple[str, Decimal | None, Decimal | None]
_NEWEST: Final = tuple(BY_REQUEST.clauses(backwards=False))


def mark_of(session: Session, wanted: Wanted) -> str:
    """Another text as soon as anything of what is asked for changes, comes or goes.

    Counts and sums, because what is taken back leaves no later change behind; the names of units
    and types are told too.
    """
    told = (
        func.count(),
        func.max(Publication.changed_at),
        func.sum(Publication.id),
        func.sum(Publication.version),
    )
    asked = _asked(wanted).with_only_columns(*told, maintain_column_froms=True)
    (found,) = rows(session, asked)
    names = (revisions.token_of(session, name) for name in (TREE, CATALOGUE))
    return "|".join(str(each) for each in (*found, *names))


def stretch_of(
    session: Session, wanted: Wanted, *, after: Released | None, limit: int
) -> list[Released]:
    """The next of what is asked for behind this one, the newest requests first."""
    asked = _asked(wanted)
    if after is not None:
        asked = asked.where(BY_REQUEST.beyond((after.requested_at, after.id), backwards=False))
    return [Released(*row) for row in rows(session, asked.order_by(*_NEWEST).limit(limit))]


def cells_shared(session: Session, wanted: Wanted, *, least: int, most: int) -> frozenset[Cell]:
    """Type code and coarse position that at least so many of the newest `most` share."""
    some = (
        _asked(wanted)
        .with_only_columns(
            func.coalesce(Category.code, "").label("code"),
            Publication.lon,
            Publication.lat,
            Publication.is_coarse,
            maintain_column_froms=True,
        )
        .order_by(*_NEWEST)
        .limit(most)
        .subquery()
    )
    cell = (some.c.code, some.c.lon, some.c.lat)
    asked = select(*cell).where(some.c.is_coarse).group_by(*cell).having(func.count() >= least)
    return frozenset((row.code, row.lon, row.lat) for row in rows(session, asked))


def _asked(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    values = wanted.values()
    state = values.pop("state", None)
    return asking(frozenset(values), state).params(**values)

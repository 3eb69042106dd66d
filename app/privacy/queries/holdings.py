"""Turns the lines of `rules.holdings` into conditions on the tables they name.

Finds rows by owner; what is done with them is the service's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    select,
)
from sqlalchemy.orm import Session

from app.kernel.db import Model
from app.privacy.rules.holding import Holding, Owner


def table_of(holding: Holding) -> Table:
    """The table a line is about."""
    return Model.metadata.tables[holding.table]


def is_known(holding: Holding) -> bool:
    """Whether this installation has the table at all."""
    return holding.table in Model.metadata.tables


def rows_of(holding: Holding, ids: Sequence[int]) -> ColumnElement[bool]:
    """Which rows of the table belong to these owners."""
    table = table_of(holding)
    owner = holding.owner
    if owner is None:
        msg = f"rows of {holding.table} belong to nobody"
        raise ValueError(msg)
    own, _, way = holding.via.partition(">")
    if not way:
        return _owned(table, own, owner, ids)
    name, key, column = way.split(".")
    other = Model.metadata.tables[name]
    return table.c[own].in_(select(other.c[key]).where(_owned(other, column, owner, ids)))


def _owned(table: Table, column: str, owner: Owner, ids: Sequence[int]) -> ColumnElement[bool]:
    if column == "subject":
        return and_(table.c.subject_type == str(owner), table.c.subject_id.in_(ids))
    return table.c[column].in_(ids)


def read(session: Session, holding: Holding, ids: Sequence[int]) -> list[Mapping[str, Any]]:
    """The rows themselves, as stored, without what is withheld."""
    table = table_of(holding)
    columns = [each for each in table.columns if each.name not in holding.withheld]
    keys = list(table.primary_key.columns)
    found = session.execute(select(*columns).where(rows_of(holding, ids)).order_by(*keys))
    return [dict(row) for row in found.mappings()]

"""Gathers positions by the cells of a grid, in the database: a map draws hundreds, not thousands.

Changes a select of whatever has a position; which rows those are is the caller's.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Float, Numeric, Select, bindparam, case, cast, func
from sqlalchemy.orm import InstrumentedAttribute

_HALF: Final = 0.5
Column = ColumnElement[Any] | InstrumentedAttribute[Any]


def gathered(
    statement: Select[*tuple[Any, ...]],
    key: Column,
    lon: Column,
    lat: Column,
    is_open: ColumnElement[bool],
) -> Select[*tuple[Any, ...]]:
    """One row a cell, as `rules.Gathered`: needs `step` (degrees) and `most` when it runs.

    Cells of equal size, the fullest first; what has no position is left out.
    """
    step = bindparam("step", type_=Numeric(12, 9))
    # Rounding what is half a cell less means the same on both databases; floor does not exist
    # on every SQLite.
    column, row = (func.round(each / step - _HALF) for each in (lon, lat))
    return (
        statement.with_only_columns(
            func.count(),
            func.sum(case((is_open, 1), else_=0)),
            cast(func.avg(lon), Float),
            cast(func.avg(lat), Float),
            func.min(key),
            maintain_column_froms=True,
        )
        .where(lon.is_not(None), lat.is_not(None))
        .order_by(None)
        .group_by(column, row)
        .order_by(func.count().desc(), func.min(key))
        .limit(bindparam("most"))
    )

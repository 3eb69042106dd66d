"""Pages of long lists: from where the last page ended, never by counting rows away.

The cursor is opaque, but not secret: it holds sort values and may only be put on
lists whose sort values the reader sees anyway (times, numbers, urgency).
"""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, Never, TypeVar

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.kernel.db import UtcDateTime, rows
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

CAP = 1000
_LONGEST = 1000  # signs of a cursor; ours are far shorter

T = TypeVar("T")
Column = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items of a list and the ways on and back; None where the list ends."""

    items: Sequence[T]
    next_cursor: str | None
    prev_cursor: str | None

    def map(self, change: Callable[[T], Any]) -> "Page[Any]":
        """The same page of other things, e.g. of rows made ready for the screen."""
        items = [change(item) for item in self.items]
        return Page(items, self.next_cursor, self.prev_cursor)


@dataclass(frozen=True, slots=True)
class Order:
    """A sort order; its last column must be unique, and none of them may be NULL."""

    columns: tuple[Column, ...]
    descending: tuple[bool, ...]

    @classmethod
    def by(cls, *columns: Column, descending: bool | Sequence[bool] = False) -> "Order":
        """By these columns, all in one direction or each in its own."""
        flags = [descending] * len(columns) if isinstance(descending, bool) else descending
        return cls(columns, tuple(flags))

    def clauses(self, *, backwards: bool) -> list[ColumnElement[Any]]:
        """What goes into ORDER BY."""
        return [
            column.desc() if down != backwards else column.asc()
            for column, down in zip(self.columns, self.descending, strict=True)
        ]

    def beyond(self, values: Sequence[object], *, backwards: bool) -> ColumnElement[bool]:
        """What lies after these values, or before them."""
        falling = [down != backwards for down in self.descending]
        bound = [literal(value, c.type) for c, value in zip(self.columns, values, strict=True)]
        if len(set(falling)) == 1:  # one comparison of rows, which an index answers at once
            here, there = tuple_(*self.columns), tuple_(*bound)
            return here < there if falling[0] else here > there
        steps = []
        for i, (column, value) in enumerate(zip(self.columns, bound, strict=True)):
            same = [c == v for c, v in zip(self.columns[:i], bound[:i], strict=True)]
            steps.append(and_(*same, column < value if falling[i] else column > value))
        return or_(*steps)


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are, exact up to 1,000."""

    value: int
    is_capped: bool = False

    def __str__(self) -> str:
        return f"{self.value}+" if self.is_capped else str(self.value)


def count_capped(session: Session, statement: Select[*tuple[Any, ...]]) -> Count:
    """How many rows the statement has; stops counting after 1,000, whatever the table holds."""
    return capped(session.execute(select(count_up_to(statement))).scalar_one())


def count_up_to(statement: Select[*tuple[Any, ...]]) -> ScalarSelect[int]:
    """How many rows the statement has, up to one more than anybody is told; for `capped`."""
    some = statement.with_only_columns(literal(1).label("one"), maintain_column_froms=True)
    some = some.order_by(None).limit(CAP + 1)
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


def capped(found: int) -> Count:
    """What people are told of a number counted by `count_up_to`."""
    return Count(min(found, CAP), is_capped=found > CAP)


def list_page(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    order: Order,
    *,
    cursor: str | None = None,
    size: int = 30,
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of the statement's rows, from the cursor on or from the start.

    Raises:
        InvalidError: the cursor was not made here for this order.
    """
    backwards, values = _decode(cursor, order) if cursor else (False, ())
    asked = _asked(statement, order, size, backwards=backwards)
    if cursor:
        asked = asked.where(order.beyond(values, backwards=backwards))
    found = rows(session, asked)
    more, found = len(found) > size, found[:size]
    if backwards:
        found = found[::-1]
    has_next, has_prev = (True, more) if backwards else (more, cursor is not None)
    return _page(found, order, has_next=has_next, has_prev=has_prev)


@dataclass(frozen=True, slots=True)
class FirstPage:
    """The first page of a list that many people open: its statement is built once and kept."""

    order: Order
    size: int
    asked: Select[*tuple[Any, ...]]

    @classmethod
    def of(
        cls, statement: Select[*tuple[Any, ...]], order: Order, *, size: int = 30
    ) -> "FirstPage":
        """The first page of this statement's rows."""
        return cls(order, size, _asked(statement, order, size, backwards=False))

    def read(self, session: Session) -> Page[Row[*tuple[Any, ...]]]:
        """The page as it is now; the same as `list_page` without a cursor."""
        found = rows(session, self.asked)
        has_next = len(found) > self.size
        return _page(found[: self.size], self.order, has_next=has_next, has_prev=False)


def _asked(
    statement: Select[*tuple[Any, ...]], order: Order, size: int, *, backwards: bool
) -> Select[*tuple[Any, ...]]:
    keys = [column.label(f"cursor_{i}") for i, column in enumerate(order.columns)]
    ordered = statement.add_columns(*keys).order_by(None)
    # One more than is shown tells whether there is a next page.
    return ordered.order_by(*order.clauses(backwards=backwards)).limit(size + 1)


def _page(
    found: Sequence[Row[*tuple[Any, ...]]], order: Order, *, has_next: bool, has_prev: bool
) -> Page[Row[*tuple[Any, ...]]]:
    keys = len(order.columns)
    return Page(
        found,
        _encode("n", found[-1], keys) if found and has_next else None,
        _encode("p", found[0], keys) if found and has_prev else None,
    )


def _encode(way: str, row: Row[*tuple[Any, ...]], keys: int) -> str:
    values = [v.isoformat() if isinstance(v, date) else v for v in row[-keys:]]
    text = json.dumps([way, *values], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, order: Order) -> tuple[bool, list[object]]:
    try:
        if len(cursor) > _LONGEST:
            _refuse(cursor[:_LONGEST])
        text = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        way, *raw = json.loads(text)
        values = [_typed(c, value) for c, value in zip(order.columns, raw, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidError(mark("This link is damaged. Please open the list again.")) from error
    return way == "p", values


def _typed(column: Column, value: object) -> object:
    """The value as the column's own type, or a ValueError."""
    if isinstance(column.type, UtcDateTime):
        at = datetime.fromisoformat(str(value))
        return at.astimezone(UTC) if at.tzinfo else _refuse(value)
    wanted = column.type.python_type
    if issubclass(wanted, date):
        return date.fromisoformat(str(value))
    if issubclass(wanted, str) and isinstance(value, str):
        return wanted(value) if "\0" not in value else _refuse(value)
    is_number = wanted is type(value) and isinstance(value, int | float) and abs(value) < 2**63
    return value if is_number else _refuse(value)


def _refuse(value: object) -> Never:
    msg = f"not a value of this column: {value!r}"
    raise ValueError(msg)

"""Every list has an address: a filter written as a query string, and read back.

Board, workbench and kept lists all speak this language; it knows no page.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints
from urllib.parse import urlencode

from app.cases.queries.lists import Filter
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

LISTS: Final = "/desk"
# Never in an address: who a list is about is nobody's business on the way; and lists leave
# out by themselves what is about who reads them.
PRIVATE: Final = frozenset({"citizen_ids", "sparing"})
_PLAIN: Final = tuple(
    (part.name, part.default) for part in fields(Filter) if part.name not in PRIVATE
)


def address_of(wanted: Filter) -> str:
    """Where the list of exactly these cases is shown."""
    return f"{LISTS}?{to_query(wanted)}"


def to_query(wanted: Filter) -> str:
    """The filter as a query string; only what differs from the plain list of open matters.

    Never empty: without any parameter the workbench would show the person's own list.
    """
    pairs: list[tuple[str, str]] = []
    for name, plain in _PLAIN:
        value = getattr(wanted, name)
        if value != plain:
            pairs += [(name, text) for text in _written(value)]
    return urlencode(pairs or [("is_open", "yes")])


def _written(value: object) -> list[str]:
    if isinstance(value, tuple):
        return [str(one) for one in value]
    if isinstance(value, datetime):
        return [_instant(value)]
    if value is None:
        return ["any"]
    return ["yes" if value else "no"] if isinstance(value, bool) else [str(value)]


def _instant(at: datetime) -> str:
    # Short where it can be: a board holds hundreds of addresses.
    utc = at.astimezone(UTC)
    return utc.isoformat() if utc.microsecond else utc.strftime("%Y%m%dT%H%M%SZ")


def from_query(given: Mapping[str, list[str]]) -> Filter:
    """The filter a query string means; names that are no part of it are left alone.

    Raises:
        InvalidError: a value cannot be what its name asks for.
    """
    hints = get_type_hints(Filter)
    found: dict[str, Any] = {}
    for name, _plain in _PLAIN:
        if values := [value for value in given.get(name, []) if value]:
            found[name] = _read(values, hints[name])
    return Filter(**found)


def _read(values: list[str], hint: object) -> object:
    try:
        if get_origin(hint) is tuple:
            return tuple(_one(value, get_args(hint)[0]) for value in values)
        return _one(values[0], _core(hint))
    except (ValueError, KeyError) as error:
        raise InvalidError(mark("This link is damaged. Please open the list again.")) from error


def _core(hint: object) -> object:
    if get_origin(hint) in (Union, UnionType):
        return next(one for one in get_args(hint) if one is not type(None))
    return hint


def _one(value: str, hint: object) -> object:
    if hint is bool:
        return {"yes": True, "no": False, "any": None}[value]
    if hint is int:
        return int(value)
    if hint is datetime:
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError(value)
        return at
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(value)
    return value

"""A copy of somebody's data in words they understand: our codes by name, instants to the minute.

Only for reading; the JSON beside it stays as stored. What codes are called is said by the
wiring, for the features that know stand beside this one.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Enum
from sqlalchemy.orm import Session

from app.kernel.db import Model
from app.privacy import queries
from app.privacy.labels import COLUMNS, TABLES

_KEYS: Final = frozenset({"id", "version", "row_version"})
_INSTANT: Final = "+00:00"
_TO_THE_MINUTE: Final = 16


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a row; `is_msgid` where it is a word of ours."""

    label: str
    value: object
    is_msgid: bool = False


_wired: Final[dict[type, Mapping[Any, str]]] = {}


def wire(words: Mapping[type, Mapping[Any, str]]) -> None:
    """Say what codes are called, by their type; called once at start by the wiring."""
    _wired.clear()
    _wired.update(words)


def readable(session: Session, text: str, language: str) -> dict[str, object]:
    """A package as a page shows it: its tables by name, each row as entries."""
    content = json.loads(text)
    extras = {kind.code: kind.label(language) for kind in queries.every_kind(session)}
    tables = [
        (
            TABLES.get(each["table"], each["table"]),
            each["table"],
            [list(_entries(each["table"], row, extras)) for row in each["rows"]],
        )
        for each in content["holdings"]
    ]
    return {"content": content, "tables": tables}


def _entries(table: str, row: Mapping[str, Any], extras: Mapping[str, str]) -> Iterator[Entry]:
    columns = Model.metadata.tables[table].columns
    for name, value in row.items():
        if name in _KEYS or name.endswith("_id"):
            continue
        label = COLUMNS.get(name, name)
        words = _words_of(columns[name].type).get(value) if isinstance(value, str) else None
        if words:
            yield Entry(label, words, is_msgid=True)
        elif isinstance(value, str) and value.endswith(_INSTANT):
            yield Entry(label, value[:_TO_THE_MINUTE])
        else:
            yield Entry(label, extras.get(value, value) if name == "kind_code" else value)


def _words_of(kind: object) -> Mapping[str, str]:
    enum = kind.enum_class if isinstance(kind, Enum) else None
    if enum is None or not issubclass(enum, StrEnum):
        return {}
    return {str(each): words for each, words in _wired.get(enum, {}).items()}

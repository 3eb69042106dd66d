"""Loads any number of people into a founded city, sealed and findable as registration makes them.

Past the ORM: COPY on PostgreSQL, plain executemany on SQLite; tokens go in sorted, because
eleven million of them in no order would be written all over the file.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from app.citizens.jobs import CHANGED
from app.citizens.models import Citizen, CitizenToken, Contact, Identifier
from app.citizens.rules import CitizenState, ContactKind, IdentifierKind, PartyKind
from app.citizens.sealing import (
    IDENTIFIER,
    IDENTIFIER_PURPOSE,
    NAME,
    contact_columns,
    new_place,
    seal,
)
from app.citizens.service import quality, tokens
from app.kernel.db import Model
from app.kernel.vault import Vault, vault_of
from app.web.deps import Edge
from bench.city.names import Names, Someone

Row = dict[str, Any]
_SEED: Final = 23
_BATCH: Final = 20_000
_SAMPLES: Final = 400
_WITH_DOCUMENT: Final = 3  # of five


@dataclass(slots=True)
class Loaded:
    """Some of the people who were loaded, evenly spread, to be looked for."""

    people: list[tuple[int, Someone]] = field(default_factory=list)


def fill_people(edge: Edge, how_many: int, *, seed: int = _SEED) -> Loaded:
    """Add so many people; gives back some of them."""
    names = Names(Random(seed))  # noqa: S311  # invents, guards nothing
    loaded, digests, owners = Loaded(), array("q"), array("q")
    with edge.writing() as session:
        first = (session.scalar(select(func.max(Citizen.id))) or 0) + 1
        numbered = ((first + n, names.someone(n)) for n in range(how_many))
        every = max(1, how_many // _SAMPLES)
        while some := list(islice(numbered, _BATCH)):
            loaded.people += [one for one in some if (one[0] - first) % every == 0]
            _load(session, some, edge.now(), digests, owners)
    _load_tokens(edge, digests, owners)
    with edge.writing() as session:
        # They count as looked at: the walk over a million new people is not what is measured.
        quality.keep(session, CHANGED, at=edge.now(), figure=first + how_many)
    _settle(edge)
    return loaded


def _load(
    session: Session,
    some: Sequence[tuple[int, Someone]],
    now: datetime,
    digests: "array[int]",
    owners: "array[int]",
) -> None:
    vault = vault_of(session)
    rows: dict[type[Model], list[Row]] = {Citizen: [], Contact: [], Identifier: []}
    for citizen_id, one in some:
        found_by = tokens.tokens_of(vault, one.name, [one.phone], kind=one.kind)
        digests.extend(found_by)
        owners.extend([citizen_id] * len(found_by))
        rows[Citizen].append(_citizen(vault, citizen_id, one, found_by, now))
        contact = contact_columns(vault, citizen_id, ContactKind.MOBILE, one.phone, now=now)
        rows[Contact].append(contact | {"id": citizen_id})
        if citizen_id % 5 < _WITH_DOCUMENT:
            rows[Identifier].append(_document(vault, citizen_id, one, now))
    for model, new in rows.items():
        _copy(session.connection(), model, _defaults(model), new)


def _citizen(
    vault: Vault, citizen_id: int, one: Someone, found_by: Sequence[int], now: datetime
) -> Row:
    place = new_place()
    return {
        "id": citizen_id,
        "kind": one.kind,
        "state": CitizenState.ACTIVE,
        "name": seal(vault, NAME, one.name, place),
        "place": place,
        "birth_year": one.birth_year,
        "tokens": tokens.packed(found_by),
        "created_at": now,
        "updated_at": now,
        "version": 1,
    }


def _document(vault: Vault, citizen_id: int, one: Someone, now: datetime) -> Row:
    place = new_place()
    is_person = one.kind is PartyKind.PERSON
    return {
        "id": citizen_id,
        "citizen_id": citizen_id,
        "kind": IdentifierKind.RESIDENT_ID if is_person else IdentifierKind.USCC,
        "value": seal(vault, IDENTIFIER, one.document, place),
        "place": place,
        "exact_index": vault.blind.exact(IDENTIFIER_PURPOSE, one.document),
        "created_at": now,
    }


def _defaults(model: type[Model]) -> Row:
    """Every column, with what a new row has by itself."""
    columns = Model.metadata.tables[model.__tablename__].columns
    return {c.key: getattr(c.default, "arg", None) for c in columns}


def _copy(
    connection: Connection, model: type[Model], defaults: Row, rows: Iterable[Mapping[str, Any]]
) -> None:
    lines = (tuple({**defaults, **row}.values()) for row in rows)
    table, names = model.__tablename__, ", ".join(defaults)
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(defaults))
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # our own names
        cursor.executemany(statement, [tuple(map(_plain, line)) for line in lines])
    else:
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for line in lines:
                copy.write_row([str(v) if isinstance(v, str) else v for v in line])


def _plain(value: object) -> object:
    """As SQLAlchemy would write it into SQLite."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    return str(value) if isinstance(value, str) else value


def _load_tokens(edge: Edge, digests: "array[int]", owners: "array[int]") -> None:
    pairs: Iterator[tuple[int, int]] = zip(digests, owners, strict=True)
    table = CitizenToken.__tablename__
    with edge.writing() as session:
        connection = session.connection()
        if edge.settings.is_sqlite:
            # Sorted by SQLite itself, on disk: in Python they would take a gigabyte.
            connection.execute(text("CREATE TEMP TABLE loaded (token INTEGER, citizen_id INTEGER)"))
            cursor = connection.connection.cursor()
            while some := list(islice(pairs, _BATCH)):
                cursor.executemany("INSERT INTO loaded VALUES (?, ?)", some)
            connection.execute(
                text("INSERT INTO citizen_tokens SELECT * FROM loaded ORDER BY token, citizen_id")
            )
            connection.execute(text("DROP TABLE loaded"))
            return
        connection.execute(text("ALTER TABLE citizen_tokens DROP CONSTRAINT pk_citizen_tokens"))
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY {table} (token, citizen_id) FROM STDIN") as copy:
            for pair in pairs:
                copy.write_row(pair)
        connection.execute(
            text(
                "ALTER TABLE citizen_tokens ADD CONSTRAINT pk_citizen_tokens "
                "PRIMARY KEY (token, citizen_id)"
            )
        )


def _settle(edge: Edge) -> None:
    if not edge.settings.is_sqlite:
        with edge.writing() as session:
            for table in ("citizens", "contacts", "identifiers"):
                session.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "  # noqa: S608  # our own names
                        f"(SELECT MAX(id) FROM {table}))"
                    )
                )
    with edge.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ANALYZE" if edge.settings.is_sqlite else "VACUUM ANALYZE"))

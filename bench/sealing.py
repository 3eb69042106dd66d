"""`python -m bench.sealing`: how many people a second are sealed and made findable, by suite.

Measures the work of the processor alone, then the same written to a database file.
"""

import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final, get_args

from sqlalchemy import insert

from app import migrating
from app.citizens.models import Citizen, Contact, Identifier
from app.citizens.rules import ContactKind, IdentifierKind, PartyKind
from app.citizens.sealing import (
    IDENTIFIER,
    IDENTIFIER_PURPOSE,
    NAME,
    contact_columns,
    new_place,
    seal,
)
from app.citizens.service.tokens import packed, put, tokens_of
from app.keeping import rotating
from app.kernel.secrets import Keyring, Suite
from app.kernel.vault import Vault
from app.main import make_edge
from app.settings import Settings
from app.web.deps import Edge

PEOPLE: Final = 3_000
_NOW: Final = datetime(2026, 3, 2, 1, tzinfo=UTC)
_MASTER: Final = bytes(range(32))
_NEXT: Final = bytes(range(1, 33))
Rows = dict[str, object]


def main() -> None:
    """Print people a second for each suite."""
    for suite in get_args(Suite):
        vault = Vault.of(Keyring.from_master(_MASTER, suite))
        print(f"{suite:4} sealed and indexed    {_rate(partial(_sealed, vault)):8,.0f} people/s")
        with tempfile.TemporaryDirectory(prefix="bench-sealing-") as folder:
            edge = _edge(Path(folder), vault)
            rate = _rate(partial(_written, edge))
            print(f"{suite:4} and written to SQLite {rate:8,.0f} people/s")
            newer = Vault.of(Keyring.from_master({1: _MASTER, 2: _NEXT}, suite))
            began = perf_counter()
            turned = _edge(Path(folder), newer)
            done = rotating.rotate(turned, _Silent())
            rate = done.rows / (perf_counter() - began)
            print(f"{suite:4} rotated               {rate:8,.0f} rows/s")
            turned.engine.dispose()
            edge.engine.dispose()


class _Silent:
    def show(self, done: int, total: int) -> None:
        """Nothing is shown while it is measured."""


def _rate(work: Callable[[], int]) -> float:
    began = perf_counter()
    people = work()
    return people / (perf_counter() - began)


def _people(vault: Vault) -> Iterator[tuple[Rows, Rows, list[Rows], tuple[int, ...]]]:
    """A person with a name, a document, a telephone and an address."""
    for n in range(1, PEOPLE + 1):
        place, paper = new_place(), new_place()
        name, phone = f"林示例{n}", f"1790{n:07d}"
        number, tokens = f"99010119900307{n:04d}", tokens_of(vault, name, [phone])
        citizen: Rows = {
            "id": n,
            "kind": PartyKind.PERSON,
            "name": seal(vault, NAME, name, place),
            "place": place,
            "tokens": packed(tokens),
            "created_at": _NOW,
            "updated_at": _NOW,
            "version": 1,
        }
        document: Rows = {
            "citizen_id": n,
            "kind": IdentifierKind.OTHER,
            "value": seal(vault, IDENTIFIER, number, paper),
            "place": paper,
            "exact_index": vault.blind.exact(IDENTIFIER_PURPOSE, number),
            "created_at": _NOW,
        }
        ways = (
            (ContactKind.MOBILE, phone),
            (ContactKind.ADDRESS, f"示例市样板区光明街道幸福路{n}号"),
        )
        contacts = [contact_columns(vault, n, kind, told, now=_NOW) for kind, told in ways]
        yield citizen, document, contacts, tokens


def _sealed(vault: Vault) -> int:
    return sum(1 for _ in _people(vault))


def _written(edge: Edge) -> int:
    assert edge.vault is not None  # noqa: S101  # as made below
    people = list(_people(edge.vault))
    with edge.writing() as session:
        session.execute(insert(Citizen), [citizen for citizen, *_ in people])
        session.execute(insert(Identifier), [document for _, document, *_ in people])
        session.execute(insert(Contact), [way for *_, ways, _ in people for way in ways])
        for citizen, _, _, tokens in people:
            put(session, int(str(citizen["id"])), tokens)
    return len(people)


def _edge(folder: Path, vault: Vault) -> Edge:
    edge = make_edge(Settings(data_dir=folder), vault=vault)
    migrating.upgrade(edge.engine)
    return edge


if __name__ == "__main__":
    main()

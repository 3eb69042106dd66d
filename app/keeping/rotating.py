"""Seals every stored value anew under the newest key, while everybody goes on working.

One small transaction after the other; whoever stops it loses nothing, and the next run goes
on with what still waits, because a sealed value tells its own key.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Final, Protocol

from sqlalchemy import Row, bindparam, update
from sqlalchemy.orm import Session

from app.citizens.sealing import IDENTIFIER_PURPOSE, contact_indexes
from app.citizens.service import tokens
from app.keeping.queries import SealedTable, sealed_tables, waiting
from app.kernel import audit
from app.kernel.authors import MACHINE
from app.kernel.secrets import SealError
from app.kernel.vault import Vault, vault_of
from app.web.deps import Edge

BATCH: Final = 200
_PAUSE: Final = 0.02  # seconds
_KEY: Final = "rotated_key"


class Bar(Protocol):
    """Where progress is shown."""

    def show(self, done: int, total: int) -> None: ...


@dataclass(slots=True)
class Rotation:
    """What a run did: values sealed anew, and rows nobody can open, by table."""

    values: int = 0
    rows: int = 0
    unreadable: dict[str, int] = field(default_factory=dict)


def rotate(edge: Edge, bar: Bar, *, stop: Event | None = None, batch: int = BATCH) -> Rotation:
    """Seal anew whatever waits; safe to stop or kill at any moment and to run again.

    Once `stop` is set, nothing further is begun.

    Raises:
        UnavailableError: the database stayed busy or is gone; run again to go on.
    """
    done, stop = Rotation(), stop or Event()
    with edge.reading() as session:
        total = sum(waiting(session).values())
    for each in sealed_tables():
        after = 0
        while after >= 0 and not stop.is_set():
            with edge.writing() as session:
                after = _one_batch(session, each, after, batch, done)
            bar.show(done.rows, total)
            _let_others_write(edge, stop)
    if done.values:
        with edge.writing() as session:
            audit.note(
                session,
                MACHINE,
                "keys:rotate",
                ("key", vault_of(session).cipher.header[0]),
                at=edge.now(),
                details={"rows": done.rows, "values": done.values},
            )
    return done


def _let_others_write(edge: Edge, stop: Event) -> None:
    # SQLite has one writer, and who waits for it looks only now and then.
    if edge.settings.is_sqlite:
        stop.wait(_PAUSE)


def _one_batch(session: Session, each: SealedTable, after: int, limit: int, done: Rotation) -> int:
    """Seal some rows anew; the key to go on behind, or -1 when none is left."""
    vault = vault_of(session)
    rows = session.execute(each.next_rows(after, vault.cipher.header, limit)).all()
    changes = list(_changes(vault, each, rows, done))
    if changes:
        names = [name for name in changes[0] if name != _KEY]
        change = update(each.table).where(each.key == bindparam(_KEY))
        session.connection().execute(
            change.values({name: bindparam(f"new_{name}") for name in names}),
            [_named(values) for values in changes],
        )
        if each.table.name == "citizens":
            tokens.rewrite_many(session, [int(str(values[_KEY])) for values in changes])
    if not rows:
        return -1
    done.rows += len(rows)
    last: int = rows[-1]._mapping[each.key]  # noqa: SLF001  # SQLAlchemy's public name for it
    return last


def _named(values: Mapping[str, object]) -> dict[str, object]:
    return {name if name == _KEY else f"new_{name}": value for name, value in values.items()}


def _changes(
    vault: Vault, each: SealedTable, rows: Sequence[Row[*tuple[Any, ...]]], done: Rotation
) -> Iterator[dict[str, object]]:
    for row in rows:
        stored = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's public name for it
        try:
            opened = {
                name: vault.cipher.decrypt(stored[name], aad=bound.format_map(stored))
                for name, bound in each.bound.items()
                if stored[name] is not None
            }
        except SealError:
            # It stays as it is: a key that is found again may open it.
            name = each.table.name
            done.unreadable[name] = done.unreadable.get(name, 0) + 1
            continue
        done.values += len(opened)
        sealed = {
            name: vault.cipher.encrypt(opened[name], aad=bound.format_map(stored))
            if name in opened
            else None
            for name, bound in each.bound.items()
        }
        yield {_KEY: stored[each.key.name], **sealed, **_indexes(vault, each, stored, opened)}


def _indexes(
    vault: Vault, each: SealedTable, stored: Mapping[str, Any], opened: Mapping[str, str]
) -> dict[str, bytes | None]:
    """The digests that are made of the same value."""
    if each.table.name == "contacts":
        return contact_indexes(vault, stored["kind"], opened["value"])
    if each.table.name == "identifiers":
        return {"exact_index": vault.blind.exact(IDENTIFIER_PURPOSE, opened["value"])}
    return {}

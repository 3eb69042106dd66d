"""The audit log: append-only for the application, and a chain that shows any meddling."""

import pytest
from sqlalchemy import Connection, delete, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import audit
from app.kernel.audit import AuditEntry, AuditSeal
from app.kernel.authors import MACHINE
from app.kernel.guards import remove_guards
from app.kernel.secrets import Keyring
from app.kernel.vault import Vault, info_with
from tests.support.clock import MONDAY_9AM

Db = sessionmaker[Session]
VAULT = Vault.of(Keyring.from_master(b"k" * 32))
OTHER_VAULT = Vault.of(Keyring.from_master(b"x" * 32))


@pytest.fixture
def log(db: Db) -> Db:
    """Opens sessions that hold the key."""
    db.configure(info=info_with(VAULT))
    return db


def write(session: Session, count: int) -> None:
    for n in range(count):
        details = {"n": n, "名": "值", "nested": {"b": 1.5, "a": None}}
        audit.note(session, MACHINE, "test:done", ("thing", n), at=MONDAY_9AM, details=details)
    session.flush()


def unguarded(session: Session) -> Connection:
    """The connection of somebody who owns the database and has taken its guards away."""
    connection = session.connection()
    remove_guards(connection)
    return connection


def sealed(log: Db, *batches: int) -> None:
    for count in batches:
        with log.begin() as session:
            write(session, count)
            audit.seal(session, now=MONDAY_9AM)


def test_a_chain_nobody_touched_holds_and_counts_what_is_not_sealed(log: Db) -> None:
    sealed(log, 3, 4)
    with log.begin() as session:
        write(session, 2)

    with log() as session:
        report = audit.verify(session)

    assert report.is_whole
    assert (report.seals, report.sealed_entries, report.unsealed_entries) == (2, 7, 2)
    assert len(report.head) == 64


def test_sealing_stops_when_nothing_is_left(log: Db) -> None:
    with log.begin() as session:
        write(session, 5)

        seals = [audit.seal(session, now=MONDAY_9AM, limit=2) for _ in range(4)]

    assert [seal and seal.entries for seal in seals] == [2, 2, 1, None]


@pytest.mark.parametrize(
    "meddle",
    [
        update(AuditEntry).where(AuditEntry.id == 2).values(action="test:other"),
        update(AuditEntry).where(AuditEntry.id == 2).values(details={}),
        delete(AuditEntry).where(AuditEntry.id == 2),
        delete(AuditSeal).where(AuditSeal.id == 1),
        update(AuditSeal).where(AuditSeal.id == 1).values(last_id=2),
    ],
    ids=["changed", "emptied", "deleted", "unsealed", "shortened"],
)
def test_meddling_behind_the_application_shows(log: Db, meddle: object) -> None:
    sealed(log, 3, 4)
    with log.begin() as session:
        unguarded(session).execute(meddle)  # type: ignore[call-overload]  # an update or a delete

    with log() as session:
        report = audit.verify(session)

    assert not report.is_whole


def test_an_entry_slipped_in_between_shows(log: Db) -> None:
    sealed(log, 3)
    with log.begin() as session:
        unguarded(session).execute(text("UPDATE audit_entries SET id = id + 10 WHERE id = 3"))
        write(session, 1)

    with log() as session:
        assert not audit.verify(session).is_whole


def test_a_chain_made_with_another_key_is_not_believed(log: Db) -> None:
    sealed(log, 3)
    log.configure(info=info_with(OTHER_VAULT))

    with log() as session:
        assert audit.verify(session).broken_seal == 1


def test_the_application_itself_cannot_change_or_delete_an_entry(log: Db) -> None:
    sealed(log, 1)

    with pytest.raises(RuntimeError, match="append-only"), log.begin() as session:
        session.scalars(select(AuditEntry)).one().reason = "other"
    with pytest.raises(RuntimeError, match="append-only"), log.begin() as session:
        session.delete(session.scalars(select(AuditEntry)).one())

"""A database that is locked, gone or cut off in the middle: nothing is lost, nothing doubled."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, event, func, make_url, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from app.cases.models import Case
from tests.bad_input.conftest import Browsers, Matters
from tests.bad_input.doors import DESK, PORTAL, TYPED, assert_understood, speak
from tests.portal import walking
from tests.support.city import City
from tests.support.databases import Server
from tests.support.pages import PageClient

SQLITE = pytest.mark.parametrize("founded", ["sqlite"], indirect=True)
PG = pytest.mark.parametrize("founded", ["pg"], indirect=True)
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
FORMS = (*PORTAL[:3], *DESK[:3])


def impatient(app: FastAPI) -> None:
    """Wait a moment only for the lock, or the test would take seconds."""

    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.cursor().execute("PRAGMA busy_timeout=20")

    engine: Engine = app.state.edge.engine
    engine.dispose()
    event.listen(engine, "connect", prepare)


@contextmanager
def locked(engine: Engine) -> Iterator[None]:
    """Somebody else holds the database for themselves."""
    with engine.connect() as other:
        other.exec_driver_sql("ROLLBACK")
        other.exec_driver_sql("BEGIN EXCLUSIVE")
        yield
        other.exec_driver_sql("ROLLBACK")
        other.exec_driver_sql("BEGIN")


@contextmanager
def taken_away(engine: Engine) -> Iterator[None]:
    """The database's file is gone, and found again."""
    folder = Path(str(engine.url.database)).parent
    hidden = folder.rename(folder.with_name("elsewhere"))
    yield
    hidden.rename(folder)


@contextmanager
def stopped(server: Server, name: str) -> Iterator[None]:
    """The server throws everybody out of the database and lets nobody in."""
    admin = create_engine(server.url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        _throw_out(admin, name)
        yield
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    admin.dispose()


def _throw_out(admin: Engine, name: str) -> None:
    ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
    with admin.connect() as connection:
        connection.execute(text(ending), {"name": name})


@SQLITE
@LANGUAGES
def test_a_locked_database_gives_every_text_back_and_takes_it_later(
    app: FastAPI, browsers: Browsers, matters: Matters, engine: Engine, language: str
) -> None:
    impatient(app)
    for door in map(matters.at, FORMS):
        pages = browsers.at(door)
        speak(pages, language)
        form = door.form(pages)

        with locked(engine):
            refused = door.send(pages, door.filled(form), form)
        again = pages.submit(refused.form(field=door.field))

        assert_understood(refused, 503, typed=TYPED, language=language)
        assert refused.headers["retry-after"]
        assert again.status == 200
        if door.name in {"supplement", "note"}:
            assert TYPED in again.text


@SQLITE
def test_a_database_that_is_gone_gives_every_text_back_and_takes_it_later(
    app: FastAPI, browsers: Browsers, matters: Matters, engine: Engine
) -> None:
    for door in map(matters.at, FORMS):
        pages = browsers.at(door)
        form = door.form(pages)
        engine.dispose()

        with taken_away(app.state.edge.engine):
            refused = door.send(pages, door.filled(form), form)
            app.state.edge.engine.dispose()
            still = pages.submit(refused.form(field=door.field))
        again = pages.submit(still.form(field=door.field))

        assert_understood(refused, 503, typed=TYPED)
        assert_understood(still, 503, typed=TYPED)
        assert again.status == 200


@PG
def test_a_server_that_is_stopped_gives_every_text_back_and_takes_it_later(
    pg_server: Server, browsers: Browsers, matters: Matters, database_url: str
) -> None:
    name = str(make_url(database_url).database)
    for door in map(matters.at, FORMS):
        pages = browsers.at(door)
        form = door.form(pages)

        with stopped(pg_server, name):
            refused = door.send(pages, door.filled(form), form)
        again = pages.submit(refused.form(field=door.field))

        assert_understood(refused, 503, typed=TYPED)
        assert again.status == 200


@PG
def test_a_connection_cut_in_the_middle_of_sending_leaves_one_matter_after_sending_again(
    app: FastAPI, client: TestClient, pg_server: Server, database_url: str, city: City
) -> None:
    pages = PageClient(client)
    form = walking.to_check(pages).form(field="idempotency")
    admin = create_engine(pg_server.url, isolation_level="AUTOCOMMIT")
    name = str(make_url(database_url).database)
    cuts: list[str] = []

    def cut(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "INSERT INTO cases" in statement and not cuts:
            cuts.append(statement)
            _throw_out(admin, name)

    event.listen(app.state.edge.engine, "before_cursor_execute", cut)
    refused = pages.submit(form)
    slip = pages.submit(refused.form(field="idempotency"))
    admin.dispose()

    assert cuts
    assert_understood(refused, 503)
    assert_understood(slip, 200)
    assert slip.url.endswith("/slip")
    with city.db() as after:
        assert after.scalar(select(func.count()).select_from(Case)) == 1


@SQLITE
def test_a_report_that_meets_a_lock_at_the_last_step_is_sent_by_one_more_press(
    app: FastAPI, client: TestClient, engine: Engine, city: City
) -> None:
    pages = PageClient(client)
    form = walking.to_check(pages).form(field="idempotency")
    impatient(app)

    with locked(engine):
        refused = pages.submit(form)
        kept = pages.get("/report/details")
    slip = pages.submit(refused.form(field="idempotency"))

    assert_understood(refused, 503)
    assert walking.TEXT in kept.html
    assert slip.url.endswith("/slip")
    with city.db() as after:
        assert after.scalar(select(func.count()).select_from(Case)) == 1


@SQLITE
def test_signing_in_while_the_database_is_locked_keeps_the_text_too(
    app: FastAPI, browsers: Browsers, matters: Matters, engine: Engine
) -> None:
    impatient(app)
    door = matters.at(DESK[1])
    pages = browsers.enter(None)
    csrf = pages.get("/sign-in").form(field="password").values()["csrf"]
    shown = browsers.at(door)
    data = door.filled(door.form(shown)) | {"csrf": csrf}
    asked = pages.post(f"/cases/{matters.number}/steps", data)
    assert_understood(asked, 503, 401, typed=TYPED)

    with locked(engine):
        refused = pages.submit(asked.form(field="password"), username="clerk", password="x" * 12)

    assert_understood(refused, 503)
    assert TYPED in refused.html

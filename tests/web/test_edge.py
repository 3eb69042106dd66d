"""The one transaction of a request, when the database is well and when it is not."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, func, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from app.departments.models import Unit
from app.main import create_app
from app.settings import Settings
from app.web.deps import Edge
from app.web.models import RateCounter
from tests.support.clock import StoppedClock
from tests.web.conftest import Token

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TEXT = "水管爆了，\n请尽快来人。"


def with_pragma(app: FastAPI, pragma: str) -> None:
    """Every new connection of the application begins with this."""

    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.cursor().execute(f"PRAGMA {pragma}")

    engine: Engine = app.state.edge.engine
    engine.dispose()
    event.listen(engine, "connect", prepare)


def file_of(app: FastAPI) -> Path:
    return Path(str(app.state.edge.engine.url.database))


@SQLITE
def test_a_locked_database_gives_the_text_back(
    app: FastAPI, client: TestClient, token: Token, engine: Engine
) -> None:
    with_pragma(app, "busy_timeout=20")
    fresh = token()
    with engine.execution_options(writing=True).connect() as other:
        other.exec_driver_sql("UPDATE rate_counters SET count = 0")

        answer = client.post("/probe/form", data={"title": "水", "body": TEXT, "csrf": fresh})

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    assert TEXT in answer.text
    assert "系统正忙" in answer.text


@SQLITE
@pytest.mark.parametrize("is_open", [True, False])
def test_a_database_that_is_gone_gives_the_text_back(
    app: FastAPI, client: TestClient, token: Token, *, is_open: bool
) -> None:
    fresh = token()
    client.get("/readyz")
    if not is_open:
        app.state.edge.engine.dispose()
    shutil.rmtree(file_of(app).parent)

    answer = client.post("/probe/form", data={"title": "水", "body": TEXT, "csrf": fresh})

    assert answer.status_code == 503
    assert TEXT in answer.text


@SQLITE
def test_a_full_disk_is_said_plainly(app: FastAPI, client: TestClient, token: Token) -> None:
    pages = file_of(app).stat().st_size // 4096
    with_pragma(app, f"max_page_count={pages}")

    answers = [
        client.post("/probe/form", data={"title": "水", "body": f"{number:016}", "csrf": token()})
        for number in range(200)
    ]

    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert "服务器磁盘已满" in refused[0].text


@SQLITE
def test_a_failed_commit_is_never_answered_as_success(
    client: TestClient, token: Token, db: sessionmaker[Session]
) -> None:
    answer = client.post("/probe/uncommitted", data={"body": TEXT, "csrf": token()})

    assert answer.status_code == 500
    assert TEXT in answer.text
    with db() as after:
        assert after.scalar(select(func.count()).select_from(Unit)) == 0


def test_four_times_the_pool_at_once_are_all_answered(
    client: TestClient, token: Token, db: sessionmaker[Session]
) -> None:
    fresh = token()

    def send(number: int) -> int:
        data = {"body": f"{number:016}", "csrf": fresh}
        return client.post("/probe/look-and-write", data=data).status_code

    with ThreadPoolExecutor(64) as crowd:
        answers = list(crowd.map(send, range(64)))

    assert answers == [303] * 64
    with db() as after:
        assert after.scalar(select(func.count()).select_from(RateCounter)) == 64


@SQLITE
def test_what_is_changed_while_reading_is_forgotten(
    app: FastAPI, db: sessionmaker[Session]
) -> None:
    edge: Edge = app.state.edge

    with edge.reading() as session:
        session.add(RateCounter(bucket=b"x", ends_at=edge.now(), count=1))

    with db() as after:
        assert after.scalar(select(func.count()).select_from(RateCounter)) == 0


@SQLITE
def test_a_mistake_of_ours_is_not_called_a_busy_system(app: FastAPI) -> None:
    edge: Edge = app.state.edge

    # Not UnavailableError: nobody should wait for a typing error to go away.
    with pytest.raises(OperationalError, match="no such column"), edge.reading() as session:
        session.connection().exec_driver_sql("SELECT absent FROM units")


@SQLITE
def test_what_may_lag_is_asked_of_the_standby(
    settings: Settings, clock: StoppedClock, tmp_path: Path, sqlite_template: Path
) -> None:
    standby = tmp_path / "standby.db"
    shutil.copyfile(sqlite_template, standby)
    app = create_app(
        settings.model_copy(update={"replica_url": f"sqlite:///{standby}"}), clock=clock
    )
    edge: Edge = app.state.edge
    with edge.writing() as session:
        session.add(RateCounter(bucket=b"x", ends_at=edge.now(), count=1))

    with edge.reading() as here, edge.reading(may_lag=True) as there:
        counts = [len(session.scalars(select(RateCounter)).all()) for session in (here, there)]

    assert counts == [1, 0]
    edge.engine.dispose()
    edge.replica.dispose()

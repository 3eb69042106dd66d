"""Fixtures: a fresh database per test on SQLite and on PostgreSQL, a clock that stands still."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app import migrating
from app.kernel.db import make_engine
from app.kernel.vault import info_with
from tests.support.clock import StoppedClock
from tests.support.databases import Server, find_initdb, prepare, private_server
from tests.support.edges import a_vault

# A busy machine is no reason to fail: nothing here is judged by the time it takes.
# The gate tries the same examples each time, so that red means this change; `make explore`
# tries ten times as many, other ones each time, and what it finds becomes an example.
hall = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, database=None
)
settings.register_profile("hall", hall)
settings.register_profile("explore", hall, derandomize=False, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("CIVICWINDOW_EXAMPLES", "hall"))

# Thousands of databases are made and thrown away: where the machine lends memory as a disk,
# none of them waits for a real one. Whoever sets TMPDIR has chosen otherwise.
MEMORY = Path("/dev/shm")  # noqa: S108  # the place is Linux's; folders in it are made by tempfile
ROOM = 4 << 30
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

NO_SERVER = "PostgreSQL half skipped: install `postgresql`, or set TEST_PG_URL to a server"

pytest_plugins = ["tests.support.web"]


@pytest.fixture(scope="session")
def pg_server() -> Iterator[Server]:
    """One private server per test process, started only when a test asks for it."""
    prefix = f"t{os.getpid()}"
    if url := os.environ.get("TEST_PG_URL"):
        yield Server(url, prefix)
    elif initdb := find_initdb():
        with private_server(initdb) as url:
            yield Server(url, prefix)
    else:
        pytest.skip(NO_SERVER)


@pytest.fixture(scope="session")
def pg_template(pg_server: Server) -> Iterator[str]:
    """The name of a database with the whole schema, to be cloned."""
    with pg_server.database(name="tmpl") as url:
        prepare(url, migrating.upgrade)
        yield f"{pg_server.prefix}_tmpl"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the whole schema, to be copied."""
    path = tmp_path_factory.mktemp("schema") / "template.db"
    prepare(f"sqlite:///{path}", migrating.upgrade)
    return path


@pytest.fixture(params=["sqlite", "pg"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with an empty schema, this test's alone."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        template = request.getfixturevalue("pg_template")
        server: Server = request.getfixturevalue("pg_server")
        with server.database(template=template) as url:
            yield url


@pytest.fixture(params=["sqlite", "pg"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table, for migrations."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
    else:
        server: Server = request.getfixturevalue("pg_server")
        with server.database() as url:
            yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def db(engine: Engine) -> sessionmaker[Session]:
    """Opens a session with a vault; use a new one to look after acting, or you see the past."""
    return sessionmaker(
        engine.execution_options(writing=True), expire_on_commit=False, info=info_with(a_vault())
    )


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()

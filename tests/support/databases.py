"""Fresh databases for tests: a copied file on SQLite, a cloned template on PostgreSQL.

Knows how to start a private PostgreSQL server; knows nothing of the tables in it.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url, text

from app.kernel.db import make_engine

_ALONE = "-k {folder} -h ''"
_CARELESS = f"{_ALONE} -F -c synchronous_commit=off -c full_page_writes=off"


def find_initdb() -> Path | None:
    """The newest `initdb` of this machine, on the path or where Debian puts it."""
    if on_path := shutil.which("initdb"):
        return Path(on_path)
    return max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=None)


@contextmanager
def private_server(initdb: Path, *, durable: bool = False) -> Iterator[str]:
    """A PostgreSQL server of our own behind a socket, gone afterwards; yields its address.

    Without `durable` it would lose data in a power cut, and is quicker.
    """
    folder = tempfile.mkdtemp(prefix="pgt")  # short: a socket's path may have 107 bytes
    as_postgres: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres")
        as_postgres = ["runuser", "-u", "postgres", "--"]

    def run(tool: str, *words: str) -> None:
        subprocess.run(  # the words are ours
            [*as_postgres, str(initdb.parent / tool), "-D", f"{folder}/data", *words],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )

    run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    options = (_ALONE if durable else _CARELESS).format(folder=folder)
    run("pg_ctl", "-w", "-l", f"{folder}/log", "-o", options, "start")
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """A running PostgreSQL and the databases cloned in it."""

    def __init__(self, url: str, prefix: str) -> None:
        self.url = url
        self.prefix = prefix
        self._numbers = count(1)

    @contextmanager
    def database(self, *, template: str = "template1", name: str = "") -> Iterator[str]:
        """A database of its own; yields its address and drops it whoever is still inside."""
        name = f"{self.prefix}_{name or next(self._numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield make_url(self.url).set(database=name).render_as_string(hide_password=False)
        finally:
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _say(self, sentence: str) -> None:
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(sentence))
        engine.dispose()


def prepare(url: str, fill: Callable[[Engine], None]) -> None:
    """Let `fill` make the schema in the database at `url`, and let go of it."""
    engine = make_engine(url)
    fill(engine)
    engine.dispose()

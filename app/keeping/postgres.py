"""Runs PostgreSQL's own tools for back-up and restore; the password never stands in a command."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL, create_engine, inspect, make_url

from app.keeping.plainly import TroubleError


def dump(url: str, target: Path) -> None:
    """Write the whole database into a file, with `pg_dump`.

    Raises:
        TroubleError: the tool is missing, or says why it cannot.
    """
    parts = make_url(url)
    _run("pg_dump", parts, "--format=custom", "--no-owner", f"--file={target}")


def load(url: str, source: Path, *, replace: bool) -> None:
    """Fill the database from a file, all or nothing, with `pg_restore`.

    Raises:
        TroubleError: there are tables already, or the tool is missing or says why it cannot.
    """
    parts = make_url(url)
    engine = create_engine(parts)
    has_tables = bool(inspect(engine).get_table_names())
    engine.dispose()
    if has_tables and not replace:
        msg = f"The database {parts.database} has tables already. Add --replace to drop them first."
        raise TroubleError(msg)
    clean = ("--clean", "--if-exists") if has_tables else ()
    name = f"--dbname={parts.database}"
    _run("pg_restore", parts, *clean, "--no-owner", "--single-transaction", name, str(source))


def _run(tool: str, url: URL, *words: str) -> None:
    path = shutil.which(tool)
    if path is None:
        msg = (
            f"{tool} is needed for this; install PostgreSQL's client programs (postgresql-client)."
        )
        raise TroubleError(msg)
    done = subprocess.run(  # noqa: S603  # PostgreSQL's own tool with our own words
        [path, *words], env=_environment(url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        msg = f"{tool}: {(done.stderr.strip().splitlines() or ['failed without a word'])[0]}"
        raise TroubleError(msg)


def _environment(url: URL) -> dict[str, str]:
    query = {key: str(value) for key, value in url.query.items()}
    given = {
        "PGHOST": url.host or query.get("host"),
        "PGPORT": str(url.port) if url.port else query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password else None,
        "PGDATABASE": url.database,
        "PGSSLMODE": query.get("sslmode"),
    }
    return {**os.environ, **{name: value for name, value in given.items() if value}}

"""What must be there before the server starts; each missing thing is one sentence.

Looks only; making is the business of `make run` and of the wheel.
"""

import os
import socket
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from app.keeping.plainly import TroubleError
from app.settings import Settings

_DRIVERS: Final = frozenset({"sqlite", "sqlite+pysqlite", "postgresql+psycopg"})


def check_assets(folder: Path) -> None:
    """The browser's files are there.

    Raises:
        TroubleError: they were never built.
    """
    if not (folder / "manifest.json").is_file():
        msg = (
            f"The files for the browser are missing in {folder}. "
            "Run `make assets` (or `make run`, which does it)."
        )
        raise TroubleError(msg)


def check_folder(settings: Settings) -> None:
    """The data folder can be made and written to.

    Raises:
        TroubleError: it cannot.
    """
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        msg = (
            f"The data folder {folder.absolute()} cannot be written to: {error.strerror}. "
            "Set CIVICWINDOW_DATA_DIR to a folder of your own."
        )
        raise TroubleError(msg) from error


def check_port(host: str, port: int) -> None:
    """Nobody else listens there.

    Raises:
        TroubleError: somebody does, or the address is not one of this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        msg = (
            f"Cannot listen on {host}:{port}: {error.strerror}. "
            "Choose another port with PORT=… or another address with HOST=…"
        )
        raise TroubleError(msg) from error


def check_address(database_url: str) -> None:
    """The address names a database we speak to, with the driver we bring.

    Raises:
        TroubleError: it does not.
    """
    try:
        kind = make_url(database_url).drivername
    except ArgumentError:
        kind = ""
    if kind not in _DRIVERS:
        msg = (
            "CIVICWINDOW_DATABASE_URL is not usable: it must begin with sqlite:/// "
            "or postgresql+psycopg://"
        )
        raise TroubleError(msg)


def check_database(engine: Engine) -> None:
    """The database answers.

    Raises:
        TroubleError: it does not.
    """
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except DBAPIError as error:
        where = engine.url.render_as_string(hide_password=True)
        said = str(error.orig or error).strip().splitlines()
        msg = f"The database {where} does not answer: {said[0] if said else 'no reason given'}."
        raise TroubleError(msg) from error

"""The commands `civicwindow keys add` and `keys rotate`: read their words, say what came of it.

The work stands in `rotating` and the kernel's key file.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Annotated, TextIO

import typer

from app.keeping import rotating
from app.keeping.plainly import TroubleError, plainly, stop
from app.kernel.errors import UnavailableError
from app.kernel.keyfile import VARIABLE, add_master_key
from app.settings import Settings
from app.web.deps import Edge

_WIDTH = 30
_EVERY_SHARE = 0.1
_INTERRUPTED = 130  # what shells expect after Ctrl+C


def commands(open_edge: Callable[[], Edge]) -> typer.Typer:
    """The commands under `keys`; `open_edge` is called when one of them runs."""
    group = typer.Typer(no_args_is_help=True, help="Keys that seal what is stored of citizens.")

    @group.command()
    def add(
        file: Annotated[
            Path | None, typer.Option(help="another key file, to be copied to several machines")
        ] = None,
    ) -> None:
        """Add a new key, which seals from now on; older ones still open. Then `keys rotate`."""
        with plainly():
            settings = Settings()
            if VARIABLE in os.environ and file is None:
                msg = f"The keys are given in {VARIABLE}. Add a key there, or name a --file."
                raise TroubleError(msg)
            path = file or settings.key_file
            version = add_master_key(path)
        typer.echo(f"{path.absolute()}: key {version} seals from now on. Keep a copy of the file.")
        typer.echo("Now seal anew what is stored: civicwindow keys rotate")

    @group.command()
    def rotate() -> None:
        """Seal everything stored anew with the newest key and the configured suite.

        Serving goes on meanwhile. Stop it at any time; run it again to go on.
        """
        with plainly():
            bar, stop_now = Bar(), Event()
            for blow in (signal.SIGINT, signal.SIGTERM):
                signal.signal(blow, lambda *_: stop_now.set())
            try:
                done = rotating.rotate(open_edge(), bar, stop=stop_now)
            except UnavailableError as error:
                msg = f"{error} What was done stays; run it again to go on."
                raise TroubleError(msg) from error
            finally:
                bar.end()
        typer.echo(f"{done.values:,} values in {done.rows:,} rows were sealed anew.")
        if stop_now.is_set():
            typer.echo("Stopped. What was done stays; run it again to go on.", err=True)
            raise typer.Exit(_INTERRUPTED)
        if done.unreadable:
            told = ", ".join(f"{count} in {name}" for name, count in done.unreadable.items())
            stop(f"Rows no key here opens, left as they are: {told}.")

    return group


class Bar:
    """A bar on a terminal; a line for every tenth anywhere else."""

    def __init__(self, out: TextIO = sys.stderr) -> None:
        self._out = out
        self._last_share = -1.0

    def show(self, done: int, total: int) -> None:
        """So many of so many rows are done."""
        share = min(1.0, done / total) if total else 1.0
        words = f"{share:4.0%}  {done:,} of {total:,} rows"
        if self._out.isatty():
            full = round(share * _WIDTH)
            self._out.write(f"\r{'█' * full}{'░' * (_WIDTH - full)} {words} \x1b[K")
        elif share - self._last_share >= _EVERY_SHARE:
            self._last_share = share
            self._out.write(f"{words}\n")
        self._out.flush()

    def end(self) -> None:
        """Leave the line the bar stood on."""
        if self._out.isatty():
            self._out.write("\n")

"""Starts the real application, and the bare endpoint beside it, as processes of their own.

Waits until they answer and stops them afterwards; what they say goes into a file.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from app.settings import Settings
from bench import bare, meters

HOST: Final = "127.0.0.1"
_ROOT: Final = Path(__file__).resolve().parent.parent
_PATIENCE: Final = 300.0  # seconds
_COMMAND: Final = "from app.cli import main; main()"
# As `civicwindow serve` starts uvicorn, but without anything to do.
_BARE: Final = (
    "import sys, uvicorn; uvicorn.run('bench.bare:app', host=sys.argv[1], port=int(sys.argv[2]),"
    " workers=int(sys.argv[3]), log_config=None, server_header=False, proxy_headers=False)"
)


@dataclass(frozen=True, slots=True)
class Server:
    """Web processes that answer at one port."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """What the web processes have used so far."""
        return meters.cpu_seconds(meters.family([self.pid]))

    def largest_mb(self) -> float:
        """Memory of the largest of them, in MB."""
        return meters.largest_mb(meters.family([self.pid]))


@dataclass(frozen=True, slots=True)
class House:
    """The running application: its web processes and, where it is apart, its worker."""

    web: Server
    bare: Server
    worker: int | None = None


@contextmanager
def running(settings: Settings, *, processes: int) -> Iterator[House]:
    """The application and the bare endpoint under the same number of processes."""
    with ExitStack() as stack:
        port, bare_port = _free_ports()
        log = stack.enter_context((settings.data_dir / "server.log").open("ab"))
        known = os.environ | {
            "CIVICWINDOW_DATA_DIR": str(settings.data_dir),
            "CIVICWINDOW_DATABASE_URL": settings.database_url,
            "MALLOC_ARENA_MAX": "2",  # as `make run` and deploy/ set it
            "CIVICWINDOW_DEMO": str(settings.demo),  # the demo password opens nothing without
        }
        serve = ["serve", "--host", HOST, "--port", str(port), "--workers", str(processes)]
        web = stack.enter_context(_process(["-c", _COMMAND, *serve], known, log))
        worker = None
        if not settings.runs_worker_inside:
            worker = stack.enter_context(_process(["-c", _COMMAND, "worker"], known, log))
        plain = stack.enter_context(
            _process(["-c", _BARE, HOST, str(bare_port), str(processes)], known, log)
        )
        _wait_for(port, "/healthz", web)
        _wait_for(bare_port, bare.PATH, plain)
        yield House(
            Server(port, web.pid),
            Server(bare_port, plain.pid),
            worker.pid if worker else None,
        )


@contextmanager
def _process(
    words: list[str], environment: dict[str, str], log: object
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=_ROOT,
        env=environment,
        stdout=log,  # type: ignore[call-overload]  # an open file, as Popen takes it
        stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        connection = HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status < 500:  # noqa: PLR2004  # it answers at all
                return
        except (OSError, HTTPException):
            time.sleep(0.2)
        finally:
            connection.close()
    msg = f"the server on port {port} does not answer; see server.log"
    raise RuntimeError(msg)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind((HOST, 0))
        other.bind((HOST, 0))
        return one.getsockname()[1], other.getsockname()[1]

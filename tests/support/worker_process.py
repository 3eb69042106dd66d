"""A worker as a process of its own, for tests that kill it: `python -m … URL [TIME…]`.

Works off everything that is due at each of the times, then ends; without a
time it works until it is told to stop. Its one job
writes a row into the table `effects`, says so on standard output, and only
then goes on to its end: whoever reads the line can kill it in the middle.
"""

import sys
from datetime import datetime

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.db import make_engine
from app.kernel.jobs import Payload
from app.worker import Worker, run_until_told
from tests.support.clock import StoppedClock
from tests.support.edges import an_edge


def effect(session: Session, payload: Payload, **_: object) -> None:
    session.execute(text("INSERT INTO effects (n) VALUES (:n)"), {"n": payload["n"]})
    print(payload["n"], flush=True)  # noqa: T201  # the test reads it
    if payload.get("halts") and sys.stdin.readline() == "":
        raise SystemExit  # nobody is left who could let us go on


def main(url: str, *times: str) -> None:
    # Standard output belongs to the job's own words.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    engine = make_engine(url)
    clock = StoppedClock()
    worker = Worker(an_edge(engine, clock), {"effect": effect})
    for time in times:
        clock.at = datetime.fromisoformat(time)
        worker.drain()
    if not times:
        run_until_told(worker)
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])

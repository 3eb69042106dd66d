"""A worker that really sends, as a process of its own, for a test that kills it.

`python -m … URL GATEWAY TIME…` works off every message due at each of the times, through the
gateway at that address, then ends.
"""

import sys
from datetime import datetime

import structlog

from app.kernel import outbox
from app.kernel.db import make_engine
from app.kernel.outbox import Channel, Delivery
from app.notifications.gateway import SmsGateway
from app.notifications.letters import Writer
from app.worker import Worker
from tests.support.clock import StoppedClock
from tests.support.edges import an_edge


def main(url: str, gateway: str, *times: str) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    engine = make_engine(url)
    clock = StoppedClock()
    ways = {Channel.SMS: SmsGateway(gateway, timeout=60)}
    outbox.wire(Delivery(ways, Writer("https://window.example.org")))
    worker = Worker(an_edge(engine, clock), {outbox.JOB: outbox.ERRAND})
    for time in times:
        clock.at = datetime.fromisoformat(time)
        worker.drain()
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])

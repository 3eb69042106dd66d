"""Eight people at once: threads with one kept-alive connection each, and how long they waited.

Knows nothing of the application; a wrong answer ends the run.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import cycle, islice
from typing import Final

from bench.asking import NOBODY, Answer, Ask, Endpoint, Person, Speaks, UnexpectedAnswerError
from bench.servers import HOST, Server

AT_ONCE: Final = 8
_WAIT: Final = 60


@dataclass(frozen=True, slots=True)
class Run:
    """What so many requests took."""

    requests: int
    seconds: float
    waits: Sequence[float]  # sorted, in seconds
    cpu: float  # seconds, of the web processes

    @property
    def cpu_ms(self) -> float:
        """CPU time of one request, in milliseconds."""
        return 1000 * self.cpu / self.requests

    @property
    def per_second(self) -> float:
        """Requests answered in a second."""
        return self.requests / self.seconds

    def wait_ms(self, share: float) -> float:
        """What this share of the requests did not have to wait longer than, in milliseconds."""
        return 1000 * self.waits[min(len(self.waits) - 1, int(share * len(self.waits)))]


@contextmanager
def connection(server: Server) -> Iterator[Speaks]:
    """One connection, kept open."""
    line = HTTPConnection(HOST, server.port, timeout=_WAIT)

    def speak(ask: Ask) -> Answer:
        line.request(ask.method, ask.path, ask.body, dict(ask.headers))
        answer = line.getresponse()
        body = answer.read()
        return Answer(answer.status, answer.headers.get_all("Set-Cookie") or [], body)

    try:
        yield speak
    finally:
        line.close()


def drive(server: Server, endpoint: Endpoint, people: Sequence[Person], requests: int) -> Run:
    """Send so many requests, eight at a time.

    Raises:
        UnexpectedAnswerError: one was not answered as expected.
    """
    mine = [person for person in people if person.username in endpoint.people] or [NOBODY]
    share = -(-requests // AT_ONCE)
    askers = list(islice(cycle(mine), AT_ONCE))
    asks = [[endpoint.make(person) for _ in range(share)] for person in askers]
    before, begun = server.cpu_seconds(), time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waits = list(pool.map(lambda own: _one_after_another(server, endpoint, own), asks))
    seconds, cpu = time.perf_counter() - begun, server.cpu_seconds() - before
    return Run(share * AT_ONCE, seconds, sorted(wait for own in waits for wait in own), cpu)


def _one_after_another(server: Server, endpoint: Endpoint, asks: Sequence[Ask]) -> list[float]:
    waits = []
    with connection(server) as speak:
        for ask in asks:
            begun = time.perf_counter()
            answer = speak(ask)
            waits.append(time.perf_counter() - begun)
            if answer.status != endpoint.status:
                msg = f"{endpoint.name}: {answer.status} instead of {endpoint.status}"
                raise UnexpectedAnswerError(msg)
    return waits

"""Measures one city: rounds of every endpoint beside the bare one, medians of the rounds.

The bare endpoint is asked anew in every round, because a busy machine changes under us.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from sqlalchemy import select

from app.accounts.models import Staff
from app.cases.models import Case
from app.settings import Settings
from app.web.deps import Edge
from bench import asking, counting, meters
from bench.asking import BARE, PEOPLE, Endpoint
from bench.driving import Run, connection, drive
from bench.servers import House, Server, running

_NUMBERS: Final = 100
_IDLE: Final = 0.06  # of one core, over a second
_SETTLING: Final = 60  # seconds at most


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure."""

    rounds: int
    requests: int
    bare_requests: int


QUICK: Final = Effort(rounds=1, requests=160, bare_requests=3200)
WHOLE: Final = Effort(rounds=3, requests=200, bare_requests=4000)


@dataclass(frozen=True, slots=True)
class Figures:
    """One endpoint's medians over the rounds; `ratio` is to the bare endpoint of the round."""

    name: str
    per_second: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    ratio: float
    aim: float
    database_ms: float = 0.0
    statements: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What one city on one database showed."""

    title: str
    cases: int
    figures: Sequence[Figures]
    largest_mb: float
    worker_mb: float = 0.0
    absent: Sequence[str] = ()


@dataclass(slots=True)
class _Taken:
    runs: list[Run] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    database_ms: list[float] = field(default_factory=list)


def measure(
    title: str,
    edge: Edge,
    cases: int,
    effort: Effort,
    *,
    processes: int,
    database: int = 0,
    endpoints: Sequence[Endpoint] = (),
) -> Result:
    """Start everything, drive it, and give the figures; `database` is the pid of its server."""
    settings = edge.settings
    endpoints = endpoints or asking.endpoints(_numbers(edge))
    counted = counting.statements(quiet(settings), endpoints)
    with running(settings, processes=processes) as house:
        with connection(house.web) as speak:
            people = [asking.sign_in(speak, name) for name in PEOPLE]
        there = [endpoint for endpoint in endpoints if endpoint.name in counted]
        taken = {endpoint.name: _Taken() for endpoint in (BARE, *there)}
        for endpoint in (BARE, *there):  # nothing is measured cold
            server = house.bare if endpoint is BARE else house.web
            drive(server, endpoint, people, effort.requests)
        for _ in range(effort.rounds):
            _round(house, there, people, effort, taken, database)
        largest = house.web.largest_mb()
        worker_mb = meters.largest_mb([house.worker]) if house.worker else 0.0
    figures = [
        _figures(endpoint, taken[endpoint.name], counted.get(endpoint.name))
        for endpoint in (BARE, *there)
    ]
    absent = [endpoint.name for endpoint in endpoints if endpoint.name not in counted]
    return Result(title, cases, figures, largest, worker_mb, absent)


def quiet(settings: Settings) -> Settings:
    """The same, but without a line in the log for each request."""
    return settings.model_copy(update={"log_level": "error"})


def _round(
    house: House,
    endpoints: Sequence[Endpoint],
    people: Sequence[asking.Person],
    effort: Effort,
    taken: Mapping[str, _Taken],
    database: int,
) -> None:
    _let_settle(house.web)
    bare = drive(house.bare, BARE, people, effort.bare_requests)
    taken[BARE.name].runs.append(bare)
    for endpoint in endpoints:
        _let_settle(house.web)
        before = _database_cpu(database)
        run = drive(house.web, endpoint, people, effort.requests)
        one = taken[endpoint.name]
        one.runs.append(run)
        one.ratios.append(run.cpu_ms / bare.cpu_ms)
        one.database_ms.append(1000 * (_database_cpu(database) - before) / run.requests)


def _let_settle(server: Server) -> None:
    """Wait until the background work of what came before is done."""
    until = time.monotonic() + _SETTLING
    before = server.cpu_seconds()
    while time.monotonic() < until:
        time.sleep(1)
        now = server.cpu_seconds()
        if now - before < _IDLE:
            return
        before = now


def _database_cpu(pid: int) -> float:
    return meters.cpu_seconds(meters.family([pid])) if pid else 0.0


def _figures(endpoint: Endpoint, taken: _Taken, counted: int | None) -> Figures:
    runs = taken.runs
    return Figures(
        name=endpoint.name,
        per_second=median(run.per_second for run in runs),
        p50_ms=median(run.wait_ms(0.5) for run in runs),
        p95_ms=median(run.wait_ms(0.95) for run in runs),
        cpu_ms=median(run.cpu_ms for run in runs),
        ratio=median(taken.ratios) if taken.ratios else 1.0,
        aim=endpoint.aim,
        database_ms=median(taken.database_ms) if taken.database_ms else 0.0,
        statements=counted,
    )


def _numbers(edge: Edge) -> dict[str, list[str]]:
    """Matters each person may open: of the handler's own unit, or of anybody's; half in hand."""
    found: dict[str, list[str]] = {}
    with edge.reading() as session:
        for name in PEOPLE:
            own = select(Staff.unit_id).where(Staff.username == name).scalar_subquery()
            of_unit = [Case.unit_id == own] if name == "handler" else []
            plain = (Case.is_confidential.is_(False), *of_unit)
            found[name] = [
                number
                for condition in (Case.closed_at.is_(None), Case.closed_at.is_not(None))
                for number in session.scalars(
                    select(Case.number).where(condition, *plain).limit(_NUMBERS)
                )
            ]
    return found

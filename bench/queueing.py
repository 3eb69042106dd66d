"""`python -m bench.queueing`: 20 counters and a kiosk at once, on both databases; the truth.

Compares taking and calling a number with a transaction that writes one row; asserts nothing.
"""

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import migrating
from app.accounts.models import Appointment, Staff
from app.accounts.rules import Actor, Grant, Role, Scope
from app.calendars import service as calendars
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.kernel.authors import MACHINE
from app.main import make_edge
from app.queueing import service
from app.queueing.models import QueueRevision
from app.queueing.rules import Source
from app.queueing.service import NewTicket, setup
from app.queueing.service.setup import CounterDraft, HallRules, ServiceDraft
from app.settings import Settings
from app.web.deps import Edge
from bench import meters
from tests.support.databases import Server, find_initdb, private_server

_COUNTERS: Final = 20
_NUMBERS: Final = 300  # an hour of a busy hall
_HALL: Final = 1
_BARE: Final = 200


def main() -> None:
    """Measure each database that is here."""
    print(meters.machine())
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", f"sqlite:///{folder}/queue.db", Path(folder))
        if (initdb := find_initdb()) is None:
            sys.exit("PostgreSQL is not installed here: left out.")
        with (
            private_server(initdb, durable=True) as url,
            Server(url, "bench").database() as database,
        ):
            _measure("PostgreSQL", database, Path(folder))


def _measure(name: str, url: str, folder: Path) -> None:
    edge = make_edge(Settings(database_url=url, data_dir=folder, worker_inside=False))
    migrating.upgrade(edge.engine)
    now = edge.now()
    with edge.writing() as session:
        clerks, offered = _hall(session, now)
    began = process_time()
    for _ in range(_BARE):
        _bare(edge)
    bare = (process_time() - began) / _BARE
    times: list[float] = []
    waits: list[float] = []
    with ThreadPoolExecutor(_COUNTERS) as threads:
        began, cpu = perf_counter(), process_time()
        given = list(threads.map(lambda _: _take(edge, offered, times), range(_NUMBERS)))
        took, taking = perf_counter() - began, process_time() - cpu
    with ThreadPoolExecutor(_COUNTERS) as threads:
        began, cpu = perf_counter(), process_time()
        called = [
            ticket
            for some in threads.map(lambda clerk: _serve(edge, clerk, waits), clerks)
            for ticket in some
        ]
        served, calling = perf_counter() - began, process_time() - cpu
    twice = len(called) - len(set(called))
    print(
        f"{name}: {_NUMBERS} numbers taken in {took:.1f} s, called in {served:.1f} s by "
        f"{_COUNTERS} counters; given twice {len(given) - len(set(given))}, called twice {twice}, "
        f"lost {_NUMBERS - len(set(called))}"
    )
    for what, cpu, every in (("take", taking, times), ("call", calling, waits)):
        each = cpu / len(every)
        p50, p99 = quantiles(every, n=100)[49], quantiles(every, n=100)[98]
        print(
            f"  {what}: {each * 1000:.1f} ms CPU, {each / bare:.1f} times a bare write; "
            f"P50 {p50 * 1000:.0f} ms, P99 {p99 * 1000:.0f} ms with everybody at once"
        )
    edge.engine.dispose()


def _hall(session: Session, now: datetime) -> tuple[list[Actor], int]:
    """A hall of one service whose clerks all sit at their counters."""
    session.add(Unit(id=_HALL, code="HALL", name="大厅", kind=UnitKind.HALL, path="/1/"))
    session.flush()
    calendars.seed(session, now=now)
    setup.set_up(session, _HALL, HallRules(keeps_hours=False), version=0, by=MACHINE, now=now)
    draft = ServiceDraft("A", "综合")
    offered = setup.add_service(session, _HALL, draft, by=MACHINE, now=now).id
    return [_clerk(session, number, offered, now) for number in range(1, _COUNTERS + 1)], offered


def _clerk(session: Session, number: int, offered: int, now: datetime) -> Actor:
    staff = Staff(
        username=f"w{number}",
        display_name=f"W{number}",
        password_hash="!",  # noqa: S106  # nobody signs in with it
        unit_id=_HALL,
        must_change_password=False,
        password_changed_at=now,
        created_at=now,
    )
    session.add(staff)
    session.flush()
    session.add(
        Appointment(
            staff_id=staff.id,
            role=Role.CLERK,
            unit_id=_HALL,
            scope=Scope.UNIT,
            valid_from=now.date(),
            granted_at=now,
        )
    )
    grant = Grant(Role.CLERK, _HALL, "/1/", "", Scope.UNIT)
    clerk = Actor(staff.id, staff.username, staff.display_name, _HALL, "/1/", "", (grant,))
    made = CounterDraft(number, frozenset({offered}))
    counter = setup.add_counter(session, _HALL, made, by=MACHINE, now=now)
    service.sign_on(session, clerk, counter.id, now=now)
    return clerk


def _bare(edge: Edge) -> None:
    with edge.writing() as session:
        session.execute(update(QueueRevision).values(revision=QueueRevision.revision + 1))


def _take(edge: Edge, offered: int, times: list[float]) -> str:
    began = perf_counter()
    with edge.writing() as session:
        new = NewTicket(offered, Source.KIOSK)
        number = service.take(session, _HALL, new, now=edge.now()).number
    times.append(perf_counter() - began)
    return f"A{number}"


def _serve(edge: Edge, clerk: Actor, times: list[float]) -> list[int]:
    found: list[int] = []
    seen: int | None = None
    while True:
        began = perf_counter()
        with edge.writing() as session:
            ticket = service.call_next(session, clerk, seen=seen, now=edge.now()).ticket
            seen = ticket.id if ticket else None
        times.append(perf_counter() - began)
        if seen is None:
            return found
        found.append(seen)


if __name__ == "__main__":
    main()

"""`python -m bench.board [COUNT]`: the board of applications at 100,000 of them; asserts nothing.

Rows are written in bulk beside the services; the page is timed beside a bare endpoint of the
same process, and `--plans` prints how each database finds the rows.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

from fastapi.testclient import TestClient
from sqlalchemy import Connection, event, insert, select, text
from sqlalchemy.orm import sessionmaker

from app import migrating
from app.accounts.rules import Role
from app.accounts.service.hashing import hash_password
from app.cases.application_models import CaseApplication
from app.cases.models import Case
from app.main import create_app
from app.service_items.models import ServiceItemVersion
from app.settings import Settings
from app.sla.models import Clock
from app.sla.rules import ClockKind
from app.web.deps import Edge
from bench import bare, meters
from tests.service_requests.applying import an_item, applied, reviewed
from tests.support.city import City, a_city
from tests.support.databases import Server, find_initdb, private_server
from tests.support.pages import PASSWORD, PageClient

_COUNT: Final = 100_000
_ROUNDS: Final = 5
_BARE: Final = 200
_BATCH: Final = 5_000
_YEAR: Final = 365
_ASKED: Final = (
    "/board/applications",
    "/board/applications?days=90",
    "/board/applications/decided?days=90",
    "/board/applications/early?days=90",
    "/board/applications/in_hand",
)
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Bench:
    """What is filled in, what it is called, and which addresses are asked."""

    what: str
    fill: Callable[[Edge, int], None]
    asked: Sequence[str]
    table: str


def main() -> None:
    """Measure each database that is here."""
    measure(Bench("applications", _fill, _ASKED, "case_applications"), _COUNT)


def measure(bench: Bench, usual: int) -> None:
    """Print for each database that is here how long each address takes, the first look too."""
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    count = numbers[0] if numbers else usual
    print(meters.machine())
    with tempfile.TemporaryDirectory(prefix="bench-board-") as folder:
        _measure(bench, "SQLite", f"sqlite:///{folder}/bench.db", Path(folder), count)
        if (initdb := find_initdb()) is None:
            sys.exit("PostgreSQL is not installed here: left out.")
        with (
            private_server(initdb, durable=False) as url,
            Server(url, "bench").database() as database,
        ):
            _measure(bench, "PostgreSQL", database, Path(folder), count)


def _measure(bench: Bench, name: str, url: str, folder: Path, count: int) -> None:
    app = create_app(Settings(database_url=url, data_dir=folder, worker_inside=False))
    edge: Edge = app.state.edge
    migrating.upgrade(edge.engine)
    began = perf_counter()
    bench.fill(edge, count)
    print(f"\n{name}: {count:,} {bench.what} of a year, filled in {perf_counter() - began:.0f} s")
    least = _time(PageClient(TestClient(bare.app)), bare.PATH, _BARE)
    reader = PageClient(TestClient(app, follow_redirects=False))
    with redirect_stdout(StringIO()):  # what the application logs of every request
        reader.sign_in(Role.SUPERVISOR.value)
        # Boards are kept for a moment: the first look draws them up.
        first = {path: _time(reader, path, 1) for path in bench.asked}
        again = {path: _time(reader, path) for path in bench.asked}
    for path, seconds in again.items():
        print(
            f"  {path:44} first {first[path] * 1000:7.0f} ms, again {seconds * 1000:6.0f} ms: "
            f"{first[path] / least:7,.0f} and {seconds / least:6,.0f} times a bare answer"
        )
    if "--plans" in sys.argv:
        _explain(bench, edge, reader)
    edge.engine.dispose()


def _time(reader: PageClient, path: str, rounds: int = _ROUNDS) -> float:
    taken = []
    for _ in range(rounds):
        began = perf_counter()
        reader.http.get(path).raise_for_status()
        taken.append(perf_counter() - began)
    return median(taken[1:] or taken)


def _fill(edge: Edge, count: int) -> None:
    """Copies of one application through the services, each opened on a day of the last year."""
    db = sessionmaker(edge.engine.execution_options(writing=True), expire_on_commit=False)
    now = edge.now()
    city = a_city(db, now=now, password_hash=hash_password(PASSWORD), vault=edge.vault)
    cases, applications, clocks = _pattern(city, now)
    with edge.engine.execution_options(writing=True).begin() as connection:
        last = max(row["id"] for row in clocks)
        numbers = iter(range(1, count + 1))
        while batch := list(islice(numbers, _BATCH)):
            copies = [_Copy(number, now, count, last) for number in batch]
            connection.execute(insert(Case), [one.case(cases[0]) for one in copies])
            rows = [one.application(applications[0]) for one in copies]
            connection.execute(insert(CaseApplication), rows)
            connection.execute(insert(Clock), [row for one in copies for row in one.clocks(clocks)])
        connection.execute(text("ANALYZE"))


def _pattern(city: City, now: datetime) -> tuple[Rows, Rows, Rows]:
    with city.db.begin() as session:
        version = session.scalars(select(ServiceItemVersion.id)).first() or an_item(session, city)
        case = reviewed(session, city, applied(session, city, version, at=now), at=now)
        session.flush()
        found = [
            [dict(row) for row in session.execute(select(model.__table__)).mappings()]
            for model in (Case, CaseApplication, Clock)
        ]
        found[2] = [row for row in found[2] if row["subject_id"] == case.id]
    return found[0][-1:], found[1][-1:], found[2]


class _Copy:
    """One application of the year, by number: four in five were decided, after one to 25 days."""

    def __init__(self, number: int, now: datetime, count: int, last: int) -> None:
        self.id, self._last = 1_000_000 + number, last
        self._opened = now - timedelta(days=_YEAR) * (number / count) - timedelta(minutes=1)
        took = timedelta(days=1 + number % 25)
        end = self._opened + took
        self._decided = end if end < now and number % 5 else None
        self._limits = {ClockKind.RESOLVE: timedelta(days=14), ClockKind.LEGAL: timedelta(days=28)}

    def case(self, like: Mapping[str, Any]) -> dict[str, Any]:
        """Its matter."""
        due = self._opened + self._limits[ClockKind.RESOLVE]
        return {
            **like,
            "id": self.id,
            "number": f"B{self.id}",
            "token_digest": None,
            "opened_at": self._opened,
            "accepted_at": self._opened,
            "due_at": due,
            "sort_at": due,
            "closed_at": self._decided,
            "on_time": None if self._decided is None else self._decided <= due,
        }

    def application(self, like: Mapping[str, Any]) -> dict[str, Any]:
        """What it applies for."""
        return {
            **like,
            "case_id": self.id,
            "place": f"B{self.id}",
            "received_at": self._opened,
            "decided_at": self._decided,
            "decision": "granted" if self._decided else None,
        }

    def clocks(self, like: Rows) -> Iterator[dict[str, Any]]:
        """Its limits."""
        for place, row in enumerate(like):
            limit = self._limits.get(row["kind"], timedelta(days=7))
            is_told = row["kind"] == ClockKind.ONE_TIME_NOTICE
            yield {
                **row,
                "id": self._last + (self.id - 1_000_000) * len(like) + place,
                "subject_id": self.id,
                "opened_at": self._opened,
                "running_since": self._opened,
                "due_at": self._opened + limit,
                "met_at": self._opened if is_told else self._decided,
            }


def _explain(bench: Bench, edge: Edge, reader: PageClient) -> None:
    """How the database finds what the page and a list ask for, each statement once."""
    seen: dict[str, Any] = {}

    def note(_c: Connection, _cursor: object, sent: str, given: Any, *_rest: object) -> None:  # noqa: ANN401  # what the driver takes
        if bench.table in sent:
            seen.setdefault(sent, given)

    event.listen(edge.engine, "before_cursor_execute", note)
    for path in bench.asked[1:]:
        with redirect_stdout(StringIO()):
            reader.http.get(path)
    event.remove(edge.engine, "before_cursor_execute", note)
    how = "EXPLAIN QUERY PLAN " if edge.engine.dialect.name == "sqlite" else "EXPLAIN ANALYZE "
    with edge.engine.connect() as connection:
        for sent, given in seen.items():
            print("\n" + sent.split("WHERE")[-1][:200].replace("\n", " "))
            for row in connection.exec_driver_sql(how + sent, given):
                print("   ", row[-1])


if __name__ == "__main__":
    main()

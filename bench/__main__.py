"""`python -m bench`: loads cities, starts the application on both databases, prints the truth.

Asserts nothing; what it prints is also kept in `bench/out`.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Final
from urllib.parse import parse_qs, urlsplit

from app.main import make_edge
from app.settings import Settings
from app.web.deps import Edge
from bench import finding, meters, picturing, report
from bench.city import fill
from bench.city.million import fill_people
from bench.measuring import QUICK, WHOLE, Effort, Result, measure
from tests.support.databases import Server, find_initdb, private_server

_CASES_BESIDE: Final = 3000  # matters in the city where people are looked for
_OUT: Final = Path(__file__).resolve().parent / "out"
Say = Callable[[str], None]


def main() -> None:
    """Measure what was asked for, one city after the other."""
    asked = _asked()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to stop"))  # and stop the servers too
    _OUT.mkdir(exist_ok=True)
    name = f"{'quick' if asked.quick else 'whole'}-{asked.databases.replace(',', '-')}.txt"
    with (_OUT / name).open("w", encoding="utf-8") as kept:

        def say(line: str) -> None:
            print(line, flush=True)
            kept.write(line + "\n")

        say(meters.machine())
        say("8 connections at once; CPU of the web processes per request; medians of the rounds")
        results: list[Result] = []
        for database in asked.databases.split(","):
            results += _DATABASES[database](asked, say)
        for line in report.growth(results):
            say(line)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--cases", default="1000,100000", help="sizes of the cities")
    parser.add_argument("--databases", default="sqlite,pg", help="sqlite, pg or both")
    parser.add_argument("--people", type=int, default=0, help="to find one among, too")
    parser.add_argument("--quick", action="store_true", help="one short round of each")
    return parser.parse_args()


def _on_sqlite(asked: argparse.Namespace, say: Say) -> list[Result]:
    found = []
    for cases in _sizes(asked):
        with _settings() as settings:
            edge = _filled(settings, cases, say)
            result = measure("SQLite, one process", edge, cases, _effort(asked), processes=1)
            found.append(_told(result, say))
    if asked.people:
        with _settings() as settings:
            _find(asked, settings, say, "SQLite, one process", processes=1)
    return found


def _on_postgres(asked: argparse.Namespace, say: Say) -> list[Result]:
    initdb = find_initdb()
    if initdb is None:
        say("\nPostgreSQL is not installed here: left out.")
        return []
    found = []
    with private_server(initdb, durable=True) as url:
        server = Server(url, "bench")
        pid = _pid(url)
        for cases in _sizes(asked):
            with server.database() as database, _settings(database) as settings:
                edge = _filled(settings, cases, say)
                title = "PostgreSQL, two processes and a worker"
                result = measure(title, edge, cases, _effort(asked), processes=2, database=pid)
                found.append(_told(result, say))
        if asked.people:
            with server.database() as database, _settings(database) as settings:
                title = "PostgreSQL, two processes and a worker"
                _find(asked, settings, say, title, processes=2, database=pid)
    return found


def _find(
    asked: argparse.Namespace,
    settings: Settings,
    say: Say,
    title: str,
    *,
    processes: int,
    database: int = 0,
) -> None:
    """How dear it is to find one among so many people, and how many keys it takes."""
    edge = _filled(settings, _CASES_BESIDE, say)
    begun = perf_counter()
    loaded = fill_people(edge, asked.people)
    seconds = perf_counter() - begun
    say(
        f"{asked.people:,} people loaded in {seconds:.0f} s: {asked.people / seconds:,.0f} a second"
    )
    say(finding.keys_told(edge, loaded))
    known = picturing.fill_contacts(edge)
    edge.engine.dispose()
    result = measure(
        f"{title}, {asked.people:,} people to find one among",
        edge,
        _CASES_BESIDE,
        _effort(asked),
        processes=processes,
        database=database,
        endpoints=(*finding.endpoints(edge, loaded), *picturing.endpoints(known)),
    )
    _told(result, say)


_DATABASES: Final = {"sqlite": _on_sqlite, "pg": _on_postgres}


@contextmanager
def _settings(database_url: str = "") -> Iterator[Settings]:
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        yield Settings(data_dir=Path(folder), database_url=database_url, demo=True)


def _filled(settings: Settings, cases: int, say: Say) -> Edge:
    edge = make_edge(settings)
    begun = perf_counter()
    fill(edge, cases)
    say(f"\n{cases:,} matters loaded in {perf_counter() - begun:.0f} s")
    edge.engine.dispose()
    return edge


def _told(result: Result, say: Say) -> Result:
    for line in report.table(result):
        say(line)
    return result


def _pid(url: str) -> int:
    """The process that started this server, from the file it keeps in its folder."""
    folder = parse_qs(urlsplit(url).query)["host"][0]
    return int((Path(folder) / "data" / "postmaster.pid").read_text().splitlines()[0])


def _sizes(asked: argparse.Namespace) -> list[int]:
    return [int(size) for size in asked.cases.split(",") if size]


def _effort(asked: argparse.Namespace) -> Effort:
    return QUICK if asked.quick else WHOLE


if __name__ == "__main__":
    main()

"""`python -m bench.register [COUNT]`: what people look for among 200,000 registered facilities.

Rows are written in bulk beside the services; each search is timed beside the same question asked
by LIKE, which reads the register from its beginning. Asserts nothing.
"""

import sys
import tempfile
from statistics import median
from time import perf_counter
from typing import Any, Final

from sqlalchemy import Engine, insert, or_, select, text
from sqlalchemy.orm import Session

from app import migrating
from app.facilities import queries
from app.facilities.models import Asset
from app.facilities.queries import AssetFilter
from app.facilities.rules import AssetState
from app.facilities.rules.wording import words_of
from app.facilities.word_models import AssetWord
from app.kernel.db import make_engine
from bench import meters
from tests.catalogue.builders import NOW
from tests.facilities.builders import found
from tests.support.databases import Server, find_initdb, private_server

_COUNT: Final = 200_000
_BATCH: Final = 5_000
_ROUNDS: Final = 15
_ROADS: Final = tuple(
    f"{side}{tree}{kind}"
    for side in "东西南北中"
    for tree in "稻槐荫香樟桂松柏"
    for kind in ("大道", "路", "街", "巷")
)
# What nobody has, what one has, what some have, what all have.
_ASKED: Final = {
    "all": "",
    "the beginning of a code": "9901010120000",
    "a whole plate": "LD-000123",
    "the beginning of plates": "LD-00",
    "a type": "路灯",
    "a word of a thousandth": "珍宝亭",
    "a word of all": "路灯杆",
    "a road and a number": "东稻大道 12",
    "two words, never together": "珍宝亭 东槐",
    "a word of nobody": "无此物",
}


def main() -> None:
    """Measure each database that is here."""
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    count = numbers[0] if numbers else _COUNT
    print(meters.machine())
    with tempfile.TemporaryDirectory(prefix="bench-register-") as folder:
        _measure("SQLite", f"sqlite:///{folder}/bench.db", count)
    if (initdb := find_initdb()) is None:
        sys.exit("PostgreSQL is not installed here: left out.")
    with private_server(initdb, durable=False) as url, Server(url, "bench").database() as database:
        _measure("PostgreSQL", database, count)


def _measure(name: str, url: str, count: int) -> None:
    engine = make_engine(url)
    migrating.upgrade(engine)
    began = perf_counter()
    with Session(engine.execution_options(writing=True)) as session, session.begin():
        found(session)
        words = _fill(session, count)
    _tell_planner(engine)
    took = perf_counter() - began
    print(f"\n{name}: {count:,} facilities with {words:,} words, written in {took:.0f} s")
    with Session(engine) as session:
        for what, said in _ASKED.items():
            here, there, shown = _times(session, said)
            print(
                f"  {what:26} {here * 1000:7.2f} ms, {shown:2} shown; "
                f"by LIKE {there * 1000:7.2f} ms"
            )
    engine.dispose()


def _fill(session: Session, count: int) -> int:
    kinds = [queries.get_type_by_code(session, code) for code in ("0120", "0101")]
    written = 0
    for start in range(0, count, _BATCH):
        rows: list[dict[str, Any]] = []
        for n in range(start, min(start + _BATCH, count)):
            kind = kinds[n % 10 == 0]
            road, number = _ROADS[n % len(_ROADS)], n // len(_ROADS)
            rows.append({
                "code": f"990101{kind.code}{n + 1:06d}",
                "plate": f"LD-{n:06d}",
                "type_id": kind.id,
                "name": "" if n % 1000 else f"珍宝亭 {n} 号",
                "place": f"{road} {number} 号门前路灯杆",
                "region_code": "990101",
                "state": AssetState.IN_USE,
                "changed_at": NOW,
                "version": 1,
            })  # fmt: skip
        words = [
            {"word": word, "code": row["code"]}
            for row in rows
            for word in words_of(row["name"], row["place"], row["plate"])
        ]
        session.execute(insert(Asset), rows)
        session.execute(insert(AssetWord), words)
        written += len(words)
    return written


def _tell_planner(engine: Engine) -> None:
    """As the database does by itself after a while."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def _times(session: Session, said: str) -> tuple[float, float, int]:
    """Seconds of a page of the register, seconds of the same by LIKE, and how many are shown."""
    by_like = (
        select(Asset.code)
        .where(
            or_(Asset.place.contains(said), Asset.name.contains(said), Asset.plate.startswith(said))
        )
        .order_by(Asset.code)
        .limit(51)
    )
    here, there, shown = [], [], 0
    for _ in range(_ROUNDS):
        began = perf_counter()
        shown = len(queries.list_assets(session, AssetFilter(text=said)).items)
        here.append(perf_counter() - began)
        began = perf_counter()
        session.execute(by_like).all()
        there.append(perf_counter() - began)
    return median(here[1:]), median(there[1:]), shown


if __name__ == "__main__":
    main()

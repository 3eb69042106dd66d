"""Loads the invented city into an empty database: founds it, then writes rows in bulk.

A thousand matters to a transaction; afterwards the planner is told what is there.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Final, TypeVar

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app import migrating
from app.citizens.jobs import CHANGED
from app.citizens.models import Citizen, CitizenToken, Contact
from app.citizens.service import quality
from app.demo import founding
from app.kernel import search
from app.kernel.db import Model
from app.kernel.ids import NumberSeries
from app.web.deps import Edge
from bench.city.people import CASES_PER_CITIZEN, People, citizens
from bench.city.rows import Batch, Row, Writer
from bench.city.stories import HISTORY, stories
from bench.city.words import Words

_BATCH: Final = 1000
_SEED: Final = 7
T = TypeVar("T")


def fill(edge: Edge, cases: int) -> None:
    """Bring an empty database to a city with so many matters."""
    migrating.upgrade(edge.engine)
    now = edge.now()
    since = (now - HISTORY - timedelta(days=1)).date()
    with edge.writing() as session:
        founding.found_city(session, now=now, since=since, zone=edge.settings.zone)
    words = Words(Random(_SEED))  # noqa: S311  # invents, guards nothing
    _fill_citizens(edge, words, cases // CASES_PER_CITIZEN + 1, now)
    _fill_cases(edge, words, cases, now)
    _settle(edge)


def _fill_citizens(edge: Edge, words: Words, how_many: int, now: datetime) -> None:
    with edge.writing() as session:
        for some in _in_batches(citizens(session, words, how_many, now)):
            _insert(session, Citizen, [citizen for citizen, _, _ in some])
            _insert(session, Contact, [contact for _, contact, _ in some])
            _insert(session, CitizenToken, [token for _, _, found_by in some for token in found_by])
        # They count as looked at: what the worker does about new people is not what is measured.
        quality.keep(session, CHANGED, at=now, figure=how_many)


def _fill_cases(edge: Edge, words: Words, cases: int, now: datetime) -> None:
    with edge.reading() as looking:
        writer = Writer(looking, words, People(looking), now)
        for some in _in_batches(stories(cases, now)):
            batch = Batch()
            for story in some:
                writer.write(batch, story)
            with edge.writing() as session:
                for model, rows in batch.tables.items():
                    _insert(session, model, rows)
                search.put_many(session, batch.words)
    with edge.writing() as session:
        series = [{"series": name, "last": last} for name, last in writer.series.items()]
        _insert(session, NumberSeries, series)


def _insert(session: Session, model: type[Model], rows: Sequence[Row]) -> None:
    if rows:
        session.connection().execute(insert(model), rows)


def _settle(edge: Edge) -> None:
    """Let keys go on after ours, and the planner know how much there is."""
    is_sqlite = edge.settings.is_sqlite
    if not is_sqlite:
        with edge.writing() as session:
            models: list[type[Model]] = [*Batch().tables, Citizen, Contact]
            for model in models:
                _go_on(session, model.__tablename__)
    with edge.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ANALYZE" if is_sqlite else "VACUUM ANALYZE"))


def _go_on(session: Session, table: str) -> None:
    if "id" in Model.metadata.tables[table].c:
        session.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "  # noqa: S608  # our own names
                f"(SELECT COALESCE(MAX(id), 1) FROM {table}))"
            )
        )


def _in_batches(things: Iterator[T]) -> Iterator[list[T]]:
    while some := list(islice(things, _BATCH)):
        yield some

"""The edge of the application on a test's database, with a clock of the test's choice."""

from contextlib import nullcontext
from threading import Lock

from sqlalchemy import Engine

from app.kernel.clock import Clock
from app.settings import Settings
from app.web.deps import Edge


def an_edge(engine: Engine, clock: Clock) -> Edge:
    turn = Lock() if engine.dialect.name == "sqlite" else nullcontext()
    url = engine.url.render_as_string(hide_password=False)
    return Edge(engine, clock, turn, Settings(database_url=url), engine)

"""The edge of the application on a test's database, with a clock and keys of the test's choice."""

from contextlib import nullcontext
from threading import Lock

from sqlalchemy import Engine

from app.kernel.clock import Clock
from app.kernel.secrets import Keyring
from app.kernel.vault import Vault
from app.settings import Settings
from app.web.deps import Edge

MASTER_KEY = bytes(32)


def a_vault() -> Vault:
    """Keys that are the same in every test and secret in none."""
    return Vault.of(Keyring.from_master(MASTER_KEY))


def an_edge(engine: Engine, clock: Clock) -> Edge:
    turn = Lock() if engine.dialect.name == "sqlite" else nullcontext()
    url = engine.url.render_as_string(hide_password=False)
    return Edge(
        engine=engine,
        clock=clock,
        turn=turn,
        settings=Settings(database_url=url),
        replica=engine,
        vault=a_vault(),
    )

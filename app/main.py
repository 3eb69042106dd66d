"""Puts the parts together: the only place that makes an engine, reads keys and wires features.

`create_app` is given everything by argument, so that a test can give it something else.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from threading import Lock

import anyio.to_thread
from fastapi import FastAPI

from app import wiring
from app.desk.words import WORDS
from app.documents import jobs as document_jobs
from app.exports import jobs as export_jobs
from app.exports import sources
from app.keeping import sweeping
from app.kernel import events, outbox
from app.kernel.clock import Clock, SystemClock
from app.kernel.db import make_engine
from app.kernel.keyfile import open_keys
from app.kernel.secrets import Keyring
from app.kernel.vault import Vault
from app.notifications import channels
from app.notifications.service import consent
from app.privacy import copies
from app.privacy import jobs as privacy_jobs
from app.settings import Settings
from app.ways import NAV
from app.web import errors, i18n, logs
from app.web.assets import URL, HashedFiles
from app.web.deps import Edge
from app.web.i18n import Locale
from app.web.metrics import Metrics
from app.web.middleware import Frame
from app.worker import Worker, beside


def make_vault(settings: Settings) -> Vault:
    """The keys of this installation; the master key is made on the first start."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Vault.of(Keyring.from_master(open_keys(settings.key_file), settings.crypto_suite))


def make_edge(
    settings: Settings, *, vault: Vault | None = None, clock: Clock | None = None
) -> Edge:
    """The way to the database, for the web, the worker and the commands alike."""
    connections = settings.threads + 1  # one for the worker inside
    engine = make_engine(settings.database_url, pool_size=connections)
    turn: AbstractContextManager[object] = Lock() if settings.is_sqlite else nullcontext()
    replica = (
        make_engine(settings.replica_url, pool_size=connections) if settings.replica_url else engine
    )
    vault = vault or make_vault(settings)
    return Edge(engine, clock or SystemClock(), turn, settings, replica, vault)


def create_app(settings: Settings, *, clock: Clock | None = None) -> FastAPI:
    """A ready application.

    Raises:
        CatalogueMissingError: the Chinese texts were never compiled.
    """
    logs.configure(settings.log_level)
    i18n.catalogue(Locale.ZH)
    vault = make_vault(settings)
    edge = make_edge(settings, vault=vault, clock=clock)
    app = FastAPI(
        title="Civic Window",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.edge = edge
    app.state.signer = vault.signer
    app.state.nav = NAV
    app.state.metrics = Metrics(edge.engine)
    events.wire(wiring.SUBSCRIBERS)
    outbox.wire(channels.delivery(settings, wiring.LETTERS))
    consent.wire(wiring.CONSENT)
    sources.wire(wiring.EXPORTS)
    export_jobs.wire(edge)
    privacy_jobs.wire(edge)
    copies.wire(WORDS)
    sweeping.wire(settings.data_dir)
    document_jobs.wire(settings)
    for router in wiring.ROUTERS:
        app.include_router(router)
    app.mount(URL, HashedFiles(), name="static")
    errors.install(app)
    for install in wiring.INSTALLERS:
        install(app)
    app.add_middleware(Frame, settings=settings, metrics=app.state.metrics, signer=app.state.signer)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    edge: Edge = app.state.edge
    # As many threads as connections: a thread in the pool never waits for a connection.
    anyio.to_thread.current_default_thread_limiter().total_tokens = edge.settings.threads
    logs.silence_server()
    worker = Worker(edge, wiring.JOBS, wiring.SCHEDULE)
    with beside(worker) if edge.settings.runs_worker_inside else nullcontext():
        yield
    edge.engine.dispose()
    if edge.replica is not edge.engine:
        edge.replica.dispose()

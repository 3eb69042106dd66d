"""Fixtures that put the whole application behind a test client."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute

from app.main import create_app
from app.settings import Settings
from tests.support.clock import StoppedClock
from tests.support.pages import PageClient

_routes: list[BaseRoute] = []


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """This test's database and folder, no demo city, no worker inside."""
    return Settings(
        database_url=database_url, data_dir=tmp_path / "var", demo=False, worker_inside=False
    )


@pytest.fixture
def app(settings: Settings, clock: StoppedClock) -> Iterator[FastAPI]:
    """The whole application, with a stopped clock."""
    app = create_app(settings, clock=clock)
    # What each route depends on is worked out at the first request; no route knows its application.
    app.router.routes[:] = _routes or app.router.routes
    _routes[:] = app.router.routes
    yield app
    app.state.edge.engine.dispose()


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """Speaks HTTP to the application; its start and its end are run too."""
    with TestClient(app, follow_redirects=False) as http:
        yield http


@pytest.fixture
def pages(client: TestClient) -> PageClient:
    """Walks through pages and looks each one over."""
    return PageClient(client)

"""Fixtures that put the whole application behind a test client."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.support.clock import StoppedClock
from tests.support.pages import PageClient


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: StoppedClock) -> FastAPI:
    """The application on this test's database, with a stopped clock and no worker inside."""
    settings = import_module("app.settings").Settings(
        database_url=database_url, data_dir=tmp_path / "var", demo=False, worker_inside=False
    )
    made: FastAPI = import_module("app.main").create_app(settings, clock=clock)
    return made


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """Speaks HTTP to the application; its start and its end are run too."""
    with TestClient(app, follow_redirects=False) as http:
        yield http


@pytest.fixture
def pages(client: TestClient) -> PageClient:
    """Walks through pages and looks each one over."""
    return PageClient(client)

"""The application with the probe's routes, and a visitor who has seen its form."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.support.clock import StoppedClock
from tests.web import probe

_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')

Token = Callable[[], str]


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, data_dir=tmp_path / "var", worker_inside=False)


@pytest.fixture
def app(settings: Settings, clock: StoppedClock) -> FastAPI:
    app = create_app(settings, clock=clock)
    app.include_router(probe.router)
    return app


@pytest.fixture
def token(client: TestClient) -> Token:
    """A fresh form's token, as a browser would have it."""

    def fresh() -> str:
        found = _TOKEN.search(client.get("/probe/form").text)
        assert found is not None
        return found[1]

    return fresh

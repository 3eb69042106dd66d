"""The town of the tests about Open311, behind the whole application."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.settings import Settings
from tests.open311.town import Town, a_town


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The operator shows the public what was released."""
    return settings.model_copy(update={"public_reports": True})


@pytest.fixture
def town(app: FastAPI, client: TestClient) -> Town:
    return a_town(app, client)

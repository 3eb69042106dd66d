"""The town of the tests about Open311, behind the whole application."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.open311.town import Town, a_town


@pytest.fixture
def town(app: FastAPI, client: TestClient) -> Town:
    return a_town(app, client)

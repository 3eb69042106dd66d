"""A town for the tests of notices, and its people signed in to pages."""

from collections.abc import Callable
from functools import cache

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from tests.support.city import City, a_city
from tests.support.pages import PASSWORD_HASH, PageClient

Enter = Callable[[Role], PageClient]


@cache
def _hash() -> str:
    return PASSWORD_HASH


@pytest.fixture
def town(app: FastAPI, db: sessionmaker[Session]) -> City:
    """The town behind the application's pages."""
    return a_city(db, password_hash=_hash(), vault=app.state.edge.vault)


@pytest.fixture
def enter(app: FastAPI, town: City) -> Enter:  # noqa: ARG001  # the town must be there first
    """A browser in which somebody with this role has signed in."""

    def sign_in(role: Role) -> PageClient:
        pages = PageClient(TestClient(app, follow_redirects=False))
        assert pages.sign_in(role.value).status == 200
        return pages

    return sign_in

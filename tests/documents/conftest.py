"""The town of the tests; its centre writes documents."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from tests.desk.stepping import Enter
from tests.support.city import City, a_city
from tests.support.pages import PASSWORD_HASH, PageClient

Db = sessionmaker[Session]


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


@pytest.fixture
def town(app: FastAPI, db: Db) -> City:
    """The same town behind the whole application, so that its people can sign in."""
    return a_city(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)


@pytest.fixture
def person(app: FastAPI, town: City) -> Enter:  # noqa: ARG001  # the town must be there first
    """A browser in which somebody with this role has signed in."""

    def enter(role: Role) -> PageClient:
        pages = PageClient(TestClient(app, follow_redirects=False))
        assert pages.sign_in(role.value).status == 200
        return pages

    return enter

"""A town at the desk, and people of every seat signed in to it."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.desk.worklist import counts
from tests.desk.stepping import Enter
from tests.support.city import City, a_case, a_city
from tests.support.pages import PASSWORD_HASH, PageClient

Db = sessionmaker[Session]


@pytest.fixture
def city(app: FastAPI, db: Db) -> Iterator[City]:
    yield a_city(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)
    counts.forget_all()


@pytest.fixture
def number(city: City) -> str:
    with city.db.begin() as session:
        return a_case(session).number


@pytest.fixture
def person(app: FastAPI, city: City) -> Enter:  # noqa: ARG001  # the town must be there first
    """A browser in which somebody with this role has signed in."""

    def enter(role: Role) -> PageClient:
        pages = PageClient(TestClient(app, follow_redirects=False))
        assert pages.sign_in(role.value).status == 200
        return pages

    return enter

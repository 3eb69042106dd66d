"""A town with its knowledge base, and whoever is told of it wired up."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.kernel import events
from app.knowledge.events import RemarkClosed, RemarkMade, ReviewDue
from app.wiring import SUBSCRIBERS
from tests.support.city import City, a_city
from tests.support.pages import PASSWORD_HASH, PageClient

Enter = Callable[[Role], PageClient]


@pytest.fixture
def wired() -> Iterator[None]:
    events.wire({kind: SUBSCRIBERS[kind] for kind in (RemarkClosed, RemarkMade, ReviewDue)})
    yield
    events.wire({})


@pytest.fixture
def town(db: sessionmaker[Session], wired: None) -> City:  # noqa: ARG001  # who is told is wired
    return a_city(db)


@pytest.fixture
def city(app: FastAPI, db: sessionmaker[Session]) -> City:
    return a_city(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)


@pytest.fixture
def person(app: FastAPI, city: City) -> Enter:  # noqa: ARG001  # the town must be there first
    """A browser in which somebody with this role has signed in."""

    def enter(role: Role) -> PageClient:
        pages = PageClient(TestClient(app, follow_redirects=False))
        assert pages.sign_in(role.value).status == 200
        return pages

    return enter


@pytest.fixture
def citizen(app: FastAPI, city: City) -> PageClient:  # noqa: ARG001  # the town must be there first
    """A browser of somebody who never signs in."""
    return PageClient(TestClient(app, follow_redirects=False))

"""Fixtures: the application with a hall whose counters have clerks with passwords."""

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session, sessionmaker

from tests.queueing.halls import Hall, a_hall
from tests.support.city import a_city
from tests.support.pages import PASSWORD_HASH


@pytest.fixture
def served(app: FastAPI, db: sessionmaker[Session]) -> Hall:
    """The hall behind the application, with the application's own keys."""
    password_hash = PASSWORD_HASH
    city = a_city(db, password_hash=password_hash, vault=app.state.edge.vault)
    return a_hall(db, city=city, password_hash=password_hash)

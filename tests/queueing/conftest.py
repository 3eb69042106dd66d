"""Fixtures: the application with a hall whose counters have clerks with passwords."""

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.service.hashing import hash_password
from tests.queueing.halls import Hall, a_hall
from tests.support.city import a_city
from tests.support.pages import PASSWORD


@pytest.fixture
def served(app: FastAPI, db: sessionmaker[Session]) -> Hall:
    """The hall behind the application, with the application's own keys."""
    password_hash = hash_password(PASSWORD)
    city = a_city(db, password_hash=password_hash, vault=app.state.edge.vault)
    return a_hall(db, city=city, password_hash=password_hash)

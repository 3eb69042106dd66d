"""A database with the shipped catalogue."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.catalogue.service import (
    seed,
)
from tests.catalogue.builders import NOW


@pytest.fixture
def filled(db: sessionmaker[Session]) -> sessionmaker[Session]:
    with db.begin() as session:
        seed(session, now=NOW)
    return db

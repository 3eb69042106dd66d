"""The town of the tests, with two more people where complaints are looked into."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.support.city import City, a_city

Db = sessionmaker[Session]


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)

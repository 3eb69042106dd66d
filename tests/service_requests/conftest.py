"""The town of the tests, with the house's subscribers: steps of applications have followers."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.support.city import City, a_city

Db = sessionmaker[Session]


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)

"""A town whose features hear of each other, as in the application."""

from collections.abc import Iterator

import pytest

from app import wiring
from app.kernel import events
from tests.support.city import City, Db, a_city


@pytest.fixture
def city(db: Db) -> Iterator[City]:
    events.wire(wiring.SUBSCRIBERS)
    yield a_city(db)
    events.wire({})

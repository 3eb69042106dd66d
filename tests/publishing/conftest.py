"""The town of the tests about releasing, with everybody listening."""

from collections.abc import Iterator

import pytest

from tests.followups.town import wired
from tests.support.city import City, Db, a_city


@pytest.fixture
def city(db: Db) -> Iterator[City]:
    with wired():
        yield a_city(db)

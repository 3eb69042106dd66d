"""The town of the tests about following up, with everybody listening."""

from collections.abc import Iterator

import pytest

from tests.followups.town import a_town, wired
from tests.support.city import City, Db


@pytest.fixture
def city(db: Db) -> Iterator[City]:
    with wired():
        yield a_town(db)

"""The town of the tests with types of facilities, lamp posts, crews and an inspector."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app import wiring
from app.demo.year import silent
from app.kernel import events
from tests.repairs.mending import Works, the_works

Db = sessionmaker[Session]


@pytest.fixture
def works(db: Db) -> Iterator[Works]:
    """Everything that repairs need, all listeners wired but those who send to the outside."""
    events.wire(silent(wiring.SUBSCRIBERS))
    yield the_works(db)
    events.wire({})

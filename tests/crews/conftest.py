"""The town of the repairs, with two crews that mend street lamps."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app import wiring
from app.demo.year import silent
from app.kernel import events
from tests.crews.mending import skilled
from tests.repairs.mending import Works, the_works

Db = sessionmaker[Session]


@pytest.fixture
def works(db: Db) -> Iterator[Works]:
    """Everything that repairs need; both crews can do lamps, eight a day."""
    events.wire(silent(wiring.SUBSCRIBERS))
    yield skilled(the_works(db))
    events.wire({})

"""A founded demo city, with those listening who listen while it is made."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app import wiring
from app.demo import founding, year
from app.demo.year import Played, Progress, Size
from app.kernel import events
from app.kernel.files import FileStore

Db = sessionmaker[Session]
SMALL = Size(matters=60, citizens=90)


@pytest.fixture(autouse=True)
def _listeners() -> Iterator[None]:
    events.wire(year.silent(wiring.SUBSCRIBERS))
    yield
    events.wire({})


def make(
    db: Db, now: datetime, *, size: Size = SMALL, store: FileStore | None = None
) -> tuple[Played, list[Progress]]:
    """Found the city and play its year."""
    told: list[Progress] = []
    with db.begin() as session:
        since = (now - timedelta(days=366)).date()
        founding.found_city(session, now=now, since=since, zone="Asia/Shanghai")
        played = year.play_year(session, now=now, size=size, tell=told.append, store=store)
    return played, told

"""A founded demo city, with those listening who listen while it is made."""

from collections.abc import Hashable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app import wiring
from app.demo import founding, year
from app.demo.year import Played, Progress, Size
from app.kernel import events
from app.kernel.files import FileStore
from tests.support.snapshots import filled

Db = sessionmaker[Session]
SMALL = Size(matters=60, citizens=90)
# In office hours.
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_played: dict[Hashable, tuple[Played, list[Progress]]] = {}


@pytest.fixture(autouse=True)
def _listeners() -> Iterator[None]:
    events.wire(year.silent(wiring.SUBSCRIBERS))
    yield
    events.wire({})


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> FileStore:
    """Where the photos of every city made in this process lie."""
    return FileStore(tmp_path_factory.mktemp("photos of the demo"))


@pytest.fixture
def monday(db: Db, store: FileStore) -> tuple[Played, list[Progress]]:
    """The city as it stands on a Monday, played once and then copied."""
    return make(db, MONDAY, store)


def make(db: Db, now: datetime, store: FileStore) -> tuple[Played, list[Progress]]:
    """Found the city and play its year, or copy the one already played in this process."""
    name = ("a played city", now)
    key = (db.kw["bind"].dialect.name, name)

    def play(session: Session) -> None:
        told: list[Progress] = []
        since = (now - timedelta(days=366)).date()
        founding.found_city(session, now=now, since=since, zone="Asia/Shanghai")
        played = year.play_year(session, now=now, size=SMALL, tell=told.append, store=store)
        _played[key] = played, told

    with db.begin() as session:
        filled(session, play, name=name)
    return _played[key]

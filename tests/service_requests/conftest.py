"""The town of the tests, with those who listen to the steps of applications."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.cases.events import CaseMoved, CaseMoving
from app.kernel import events
from app.notifications import listening as notices
from app.service_requests import listening
from app.sla.events import ClockBreached
from tests.support.city import City, a_city

Db = sessionmaker[Session]


@pytest.fixture
def city(db: Db) -> Iterator[City]:
    events.wire(
        {
            CaseMoving: (listening.on_moving,),
            CaseMoved: (listening.on_moved, notices.on_moved),
            ClockBreached: (listening.on_breach,),
        }
    )
    yield a_city(db)
    events.wire({})

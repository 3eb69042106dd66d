"""A database with the shipped calendar, and everything its clocks tell."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from app.calendars import service as calendar_service
from app.calendars.events import CalendarChanged
from app.kernel import events
from app.sla import jobs
from app.sla.events import ClockBreached, ClockChanged
from tests.sla.running import MONDAY, Db


@pytest.fixture(autouse=True)
def told() -> Iterator[list[ClockChanged | ClockBreached]]:
    """What clocks published."""
    said: list[ClockChanged | ClockBreached] = []

    def note(_: Session, what: ClockChanged | ClockBreached) -> None:
        said.append(what)

    events.wire(
        {
            ClockChanged: [note],
            ClockBreached: [note],
            CalendarChanged: [jobs.on_calendar_changed],
        }
    )
    yield said
    events.wire({})


@pytest.fixture
def clocks(db: Db) -> Db:
    """A database with the shipped calendar."""
    with db.begin() as session:
        calendar_service.seed(session, now=MONDAY)
    return db

"""A town with two districts behind the application, its staff at hand."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session, sessionmaker

from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.kernel import outbox
from app.kernel.outbox import Channel, Delivery, Fate, Letter, Outcome
from app.kernel.vault import info_with
from app.notifications.letters import Writer
from tests.support.city import ROOT, City, Db, a_city

LAKE, LAKE_STREET, HILL = "990101", "990101001", "990102"
_PLACES = (
    (11, LAKE, "平湖区", "Lake District", UnitKind.DISTRICT, "/1/11/"),
    (12, LAKE_STREET, "样板街道", "Sample Street", UnitKind.STREET, "/1/11/12/"),
    (13, HILL, "青山区", "Hill District", UnitKind.DISTRICT, "/1/13/"),
)


def add_districts(session: Session) -> None:
    """Two districts, one with a street."""
    for unit_id, region, name, name_en, kind, path in _PLACES:
        session.add(
            Unit(
                id=unit_id,
                code=f"R{region}",
                name=name,
                name_en=name_en,
                kind=kind,
                parent_id=ROOT,
                path=path,
                region_code=region,
            )
        )


class Postman:
    """A way for letters to go."""

    def carry(self, _letter: Letter, /) -> Outcome:
        return Outcome(Fate.SENT)


@pytest.fixture
def by_mail(app: FastAPI) -> Iterator[None]:
    """The house can write e-mails."""
    assert app.state.settings.data_dir
    outbox.wire(Delivery({Channel.MAIL: Postman()}, Writer("")))
    yield
    outbox.wire(Delivery({}, Writer("")))


@pytest.fixture
def city(app: FastAPI, db: Db) -> City:
    """The town, in sessions that hold the application's own keys."""
    founded = a_city(db)
    with founded.db.begin() as session:
        add_districts(session)
    keys = info_with(app.state.edge.vault)
    same = sessionmaker(db.kw["bind"], expire_on_commit=False, info=keys)
    return City(same, founded.people)

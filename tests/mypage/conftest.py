"""A town whose messages fall into a box, and people with numbers of their own."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session, sessionmaker

from app import wiring
from app.citizens.models import Contact
from app.citizens.service import Person, register
from app.kernel import outbox
from app.kernel.outbox import Channel, Delivery, Fate, Letter, Outcome
from app.kernel.vault import info_with
from app.notifications.letters import Writer
from app.worker import Worker
from tests.support.city import City, Db, a_city
from tests.support.clock import MONDAY_9AM
from tests.support.pages import Page, PageClient

PHONE = "17900000001"
MAIL = "somebody@example.org"


@dataclass
class Box:
    """Takes every letter and keeps it."""

    letters: list[Letter] = field(default_factory=list)

    def carry(self, letter: Letter, /) -> Outcome:
        self.letters.append(letter)
        return Outcome(Fate.SENT)


@dataclass
class Town:
    """The city with its box; `worker` is who delivers."""

    city: City
    box: Box
    worker: Worker

    @property
    def db(self) -> Db:
        return self.city.db

    def code(self) -> str:
        """The digits of the newest message, delivered now."""
        self.worker.drain()
        return self.box.letters[-1].text[:6]

    def somebody(self, name: str, *, phone: str = PHONE, is_verified: bool = True) -> int:
        """Register a citizen."""
        with self.db.begin() as session:
            citizen_id = register(session, Person(name=name, phone=phone), now=MONDAY_9AM)
            if is_verified:
                verify_all(session, citizen_id)
        return citizen_id


def verify_all(session: Session, citizen_id: int) -> None:
    for contact in session.query(Contact).filter_by(citizen_id=citizen_id):
        contact.verified_at = MONDAY_9AM


@pytest.fixture
def town(app: FastAPI, db: Db) -> Iterator[Town]:
    founded = a_city(db)
    keys = info_with(app.state.edge.vault)
    same = sessionmaker(db.kw["bind"], expire_on_commit=False, info=keys)
    box = Box()
    writer = Writer("https://w.example.org", wiring.LETTERS)
    delivery = Delivery({Channel.SMS: box, Channel.MAIL: box}, writer)
    outbox.wire(delivery)
    yield Town(City(same, founded.people), box, Worker(app.state.edge, wiring.JOBS))
    outbox.wire(Delivery({}, Writer("")))


def ask(pages: PageClient, contact: str = PHONE) -> Page:
    """Have a code sent."""
    return pages.submit(pages.get("/my").form(field="contact"), contact=contact)


def enter(pages: PageClient, town: Town, contact: str = PHONE) -> Page:
    """Sign in with the code that came."""
    page = ask(pages, contact)
    return pages.submit(page.form(field="code"), code=town.code())

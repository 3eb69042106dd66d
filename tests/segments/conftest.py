"""A town with people of every sort, to be found by conditions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi import FastAPI

from app.accounts.rules import Role
from app.cases.models import Case
from app.citizens.models import Citizen, Contact, Mark, Tag
from app.citizens.rules import ContactKind, MarkKind, Visibility
from app.citizens.service import Person, register
from app.ratings.models import Rating
from app.ratings.rules import Source
from app.segments import queries
from app.segments.queries.conditions import Reader
from app.segments.rules import Condition, Rule
from tests.support.city import CENTRE, City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PASSWORD_HASH

TODAY = date(2026, 3, 2)


@dataclass
class People:
    """Registers people by name, and looks segments up."""

    city: City
    ids: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, **columns: object) -> int:
        """A citizen with a telephone of their own."""
        phone = f"1790000{len(self.ids):04d}"
        with self.city.db.begin() as session:
            citizen_id = register(session, Person(name=name, phone=phone), now=MONDAY_9AM)
            citizen = session.get_one(Citizen, citizen_id)
            for column, value in columns.items():
                setattr(citizen, column, value)
        self.ids[name] = citizen_id
        return citizen_id

    def found(
        self, *conditions: Condition, role: Role = Role.SUPERVISOR, **rule: object
    ) -> set[str]:
        """The names of those who meet the conditions now."""
        wanted = Rule(tuple(conditions), **rule)  # type: ignore[arg-type]  # keywords of Rule
        reader = Reader(self.city[role], MONDAY_9AM, TODAY)
        with self.city.db() as session:
            page = queries.list_members(session, wanted.checked(), reader)
            counted = queries.count(session, wanted, reader)
        names = {number: name for name, number in self.ids.items()}
        assert counted.value == len(page.items)
        return {names[row.id] for row in page.items}

    def matter(self, name: str, *, days_ago: int = 0, **columns: object) -> int:
        """A matter of this person, opened so long ago."""
        with self.city.db.begin() as session:
            case = a_case(session, now=MONDAY_9AM - timedelta(days=days_ago))
            case.citizen_id = self.ids[name]
            for column, value in columns.items():
                setattr(case, column, value)
            return case.id

    def rate(self, case_id: int, level: int, *, days_ago: int = 0) -> None:
        at = MONDAY_9AM - timedelta(days=days_ago)
        with self.city.db.begin() as session:
            session.add(Rating(case_id=case_id, level=level, source=Source.ACTIVE, at=at))

    def mark(self, name: str, kind: MarkKind, *, until: date | None = None) -> None:
        with self.city.db.begin() as session:
            session.add(
                Mark(citizen_id=self.ids[name], kind=kind, valid_until=until, created_at=MONDAY_9AM)
            )

    def tag(self, name: str, word: str, visibility: Visibility = Visibility.EVERYONE) -> None:
        with self.city.db.begin() as session:
            session.add(
                Tag(
                    citizen_id=self.ids[name],
                    word=word,
                    visibility=visibility,
                    unit_id=CENTRE,
                    created_at=MONDAY_9AM,
                )
            )

    def live(self, name: str, region_code: str, *, ended: bool = False) -> None:
        with self.city.db.begin() as session:
            session.add(
                Contact(
                    citizen_id=self.ids[name],
                    kind=ContactKind.ADDRESS,
                    value=b"",
                    place="x",
                    exact_index=bytes(16),
                    region_code=region_code,
                    created_at=MONDAY_9AM,
                    ended_at=datetime(2026, 1, 1, tzinfo=UTC) if ended else None,
                )
            )


@pytest.fixture
def people(app: FastAPI, db: Db) -> People:
    city = a_city(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)
    return People(city)


Change = Callable[[Case], None]

"""`python -m bench.repairs [COUNT]`: the board of repairs at 58,251 or 1,000,000; asserts nothing.

Rows are written in bulk beside the services, over five years, twenty types, squares of a city.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import sessionmaker

from app import wiring
from app.accounts.models import Staff
from app.accounts.service.hashing import hash_password
from app.cases.models import Case
from app.cases.repair_models import Repair
from app.catalogue.models import Category
from app.demo.year import silent
from app.facilities.models import FacilityType
from app.kernel import events
from app.kernel.geo import cell
from app.web.deps import Edge
from bench.board import Bench, measure
from tests.repairs.mending import Works, a_repair, dispatched, the_works
from tests.support.pages import PASSWORD

_COUNT: Final = 58_251  # as many as the city of Boston had in half a year
_BATCH: Final = 5_000
_YEARS: Final = timedelta(days=5 * 365)
_SIDE: Final = 60
_ASKED: Final = (
    "/board/repairs",
    "/board/repairs?days=90",
    "/board/repairs?since=2026-01-01&until=2026-12-31",
    "/board/repairs/reported?days=90",
    "/board/repairs/missed?days=90",
    "/board/repairs/in_hand?days=30",
)


Spot = Callable[[int], tuple[Decimal, Decimal]]


def main() -> None:
    """Measure each database that is here."""
    measure(Bench("repairs", fill, _ASKED, "repairs"), _COUNT)


def fill(edge: Edge, count: int, spot: Spot | None = None) -> None:
    """Copies of one repair through the services, nineteen in twenty of them closed.

    `spot` says where each lies, by its number: in the squares of a small town if nothing is said.
    """
    db = sessionmaker(edge.engine.execution_options(writing=True), expire_on_commit=False)
    events.wire(silent(wiring.SUBSCRIBERS))
    works = the_works(db, vault=edge.vault)
    now = edge.now()
    case, repair, types = _pattern(works, now)
    with edge.engine.execution_options(writing=True).begin() as connection:
        numbers = iter(range(1, count + 1))
        while batch := list(islice(numbers, _BATCH)):
            copies = [_Copy(number, now, count, spot or _square) for number in batch]
            connection.execute(insert(Case), [one.case(case, types) for one in copies])
            connection.execute(insert(Repair), [one.repair(repair, types) for one in copies])
        connection.execute(text("ANALYZE"))


def _square(number: int) -> tuple[Decimal, Decimal]:
    lon = Decimal(83) + Decimal(number * 7 % _SIDE) / 500
    return lon, Decimal(39) + Decimal(number * 11 % _SIDE) / 500


def _pattern(
    works: Works, now: datetime
) -> tuple[dict[str, Any], dict[str, Any], list[tuple[int, int, str]]]:
    with works.city.db.begin() as session:
        session.execute(update(Staff).values(password_hash=hash_password(PASSWORD)))
        case = dispatched(session, works, a_repair(session, works, now=now), at=now)
        session.flush()
        wanted = select(FacilityType.id, Category.id, Category.name).join(
            Category, Category.id == FacilityType.category_id
        )
        types = [(row[0], row[1], row[2]) for row in session.execute(wanted)]
        rows = [
            dict(session.execute(select(model.__table__).where(key == case.id)).mappings().one())
            for model, key in ((Case, Case.id), (Repair, Repair.case_id))
        ]
    return rows[0], rows[1], types


class _Copy:
    """One repair of the years, by number; mended after one to forty hours, checked a day later."""

    def __init__(self, number: int, now: datetime, count: int, spot: Spot) -> None:
        self._spot = spot
        self.number, self.id = number, 1_000_000 + number
        self.opened = now - _YEARS * (number / count) - timedelta(minutes=1)
        self.due = self.opened + timedelta(hours=30)
        fixed = self.opened + timedelta(hours=1 + number % 40)
        self.fixed = fixed if fixed < now and number % 20 else None
        self.closed = self.fixed + timedelta(days=1) if self.fixed else None

    def case(self, like: Mapping[str, Any], types: list[tuple[int, int, str]]) -> dict[str, Any]:
        """Its matter."""
        _, category_id, name = types[self.number % len(types)]
        lon, lat = self._spot(self.number)
        return {
            **like,
            "id": self.id,
            "number": f"B{self.id}",
            "token_digest": None,
            "category_id": category_id,
            "category_name": name,
            "lon": lon,
            "lat": lat,
            "cell": cell(float(lon), float(lat)),
            "opened_at": self.opened,
            "first_response_at": self.fixed,
            "due_at": self.due,
            "sort_at": self.due,
            "closed_at": self.closed,
            "status": "closed" if self.closed else like["status"],
            "on_time": None if self.fixed is None else self.fixed <= self.due,
        }

    def repair(self, like: Mapping[str, Any], types: list[tuple[int, int, str]]) -> dict[str, Any]:
        """What it has besides."""
        type_id, _, _ = types[self.number % len(types)]
        return {
            **like,
            "case_id": self.id,
            "type_id": type_id,
            "filed_at": self.opened,
            "dispatched_at": self.opened,
            "on_site_at": self.fixed,
            "repaired_at": self.fixed,
            "checked_at": self.closed,
            "rework_count": int(self.number % 9 == 0),
            "cost": self.number % 500,
        }


if __name__ == "__main__":
    main()

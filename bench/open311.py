"""`python -m bench.open311 [COUNT]`: lists of released requests among 100,000; asserts nothing.

Rows are written in bulk beside the services: one a minute back from now, nine in ten closed, an
answer to every third.
"""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from sqlalchemy import insert, select, text
from sqlalchemy.orm import sessionmaker

from app.accounts.rules import Role
from app.accounts.service.hashing import hash_password
from app.cases.models import Case
from app.catalogue.rules import CaseKind
from app.publishing import service
from app.publishing.models import Publication, PublishedUpdate
from app.publishing.service import Release
from app.web.deps import Edge
from bench.board import Bench, measure
from tests.support.city import a_case, a_city
from tests.support.pages import PASSWORD

_COUNT: Final = 100_000
_BATCH: Final = 5_000
_BASE: Final = "/open311/v2"
_ASKED: Final = (
    f"{_BASE}/requests.json",
    f"{_BASE}/requests.xml",
    f"{_BASE}/requests.json?extensions=true",
    f"{_BASE}/requests.json?page=60",
    f"{_BASE}/requests.json?status=open&page_size=50",
    f"{_BASE}/requests.json?service_code=0120,0206",
    f"{_BASE}/servicerequestupdates.json",
)


def main() -> None:
    """Measure each database that is here."""
    os.environ["CIVICWINDOW_PUBLIC_REPORTS"] = "true"
    measure(Bench("released requests", _fill, _ASKED, "publications"), _COUNT)


def _fill(edge: Edge, count: int) -> None:
    """Copies of one released matter."""
    db = sessionmaker(edge.engine.execution_options(writing=True), expire_on_commit=False)
    now = edge.now()
    city = a_city(db, now=now, password_hash=hash_password(PASSWORD), vault=edge.vault)
    with city.db.begin() as session:
        case = a_case(session, now=now)
        case.kind = CaseKind.REPAIR
        session.flush()
        what = Release("路面坑洼", words=case.body, place=case.place)
        service.release(session, case, what, actor=city[Role.REVIEWER], now=now)
        session.flush()
        like = [
            dict(session.execute(select(model.__table__)).mappings().first() or {})
            for model in (Case, Publication)
        ]
    with edge.engine.execution_options(writing=True).begin() as connection:
        numbers = iter(range(1, count + 1))
        while batch := list(islice(numbers, _BATCH)):
            copies = [_Copy(number, now) for number in batch]
            connection.execute(insert(Case), [one.case(like[0]) for one in copies])
            connection.execute(insert(Publication), [one.publication(like[1]) for one in copies])
            connection.execute(
                insert(PublishedUpdate), [one.update() for one in copies if not one.id % 3]
            )
        connection.execute(text("ANALYZE"))


class _Copy:
    """One released request, by number of minutes ago."""

    def __init__(self, number: int, now: datetime) -> None:
        self.id = 1_000_000 + number
        self._at = now - timedelta(minutes=number)
        self._closed = self._at + timedelta(seconds=30) if number % 10 else None

    def case(self, like: Mapping[str, Any]) -> dict[str, Any]:
        """Its matter."""
        named = {"id": self.id, "number": f"B{self.id}", "token_digest": None}
        return {**like, **named, "opened_at": self._at, "closed_at": self._closed}

    def publication(self, like: Mapping[str, Any]) -> dict[str, Any]:
        """What the public sees of it."""
        named = {"id": self.id, "case_id": self.id, "public_no": f"B{self.id}"}
        times = {"requested_at": self._at, "changed_at": self._at, "closed_at": self._closed}
        return {**like, **named, **times}

    def update(self) -> dict[str, Any]:
        """The answer to it."""
        return {
            "publication_id": self.id,
            "status": "verified",
            "words": "已安排维修，结果会在这里公布。",
            "happened_at": self._at,
            "published_at": self._at,
        }


if __name__ == "__main__":
    main()

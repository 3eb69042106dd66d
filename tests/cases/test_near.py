"""What is open near a point is found, the nearest first; what is closed, far or secret is not."""

from decimal import Decimal

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app import migrating
from app.accounts.rules import Role
from app.cases.models import Case
from app.cases.queries.near import near_for_public, near_for_staff
from app.catalogue.rules import CaseKind
from app.kernel.geo import Point, cell
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM

HERE = Point(104.70001, 36.15)


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def report(session: Session, lon: float, lat: float, **given: object) -> Case:
    where = {"lon": Decimal(f"{lon:.6f}"), "lat": Decimal(f"{lat:.6f}")}
    case = a_case(session, **{"kind": CaseKind.HELP, **where, **given})  # type: ignore[arg-type]  # keywords of NewCase
    session.flush()
    return case


def test_the_nearest_come_first_and_nothing_beyond_the_radius(city: City) -> None:
    with city.db.begin() as session:
        beside = report(session, 104.70001, 36.1509)  # 100 m
        here = report(session, 104.70001, 36.15)
        report(session, 104.70001, 36.1530)  # 330 m
        closed = report(session, 104.70001, 36.15)
        session.execute(update(Case).where(Case.id == closed.id).values(closed_at=MONDAY_9AM))
        report(session, 104.70001, 36.15, is_confidential=True)
        report(session, 104.70001, 36.15, kind=CaseKind.SUGGESTION)

        found = near_for_public(session, HERE, metres=250, kind=CaseKind.HELP)
        seen = near_for_staff(session, city[Role.SUPERVISOR], HERE, metres=250, kind=CaseKind.HELP)
        elsewhere = near_for_public(
            session, HERE, metres=250, kind=CaseKind.HELP, category_id=10**9
        )

    assert [(one.id, one.metres) for one in found] == [(here.id, 0), (beside.id, 100)]
    assert {one.id for one in found} <= {one.id for one in seen}
    assert elsewhere == []


def test_a_position_is_never_written_without_its_cell(city: City) -> None:
    with city.db.begin() as session:
        placed = report(session, 104.123456, 36.654321)
        report(session, -71.058901, 42.360099)
        a_case(session)

        kept = session.execute(select(Case.id, Case.lon, Case.lat, Case.cell)).all()
        # The way up gives older matters the same cells as the program does.
        session.execute(update(Case).values(cell=None))
        scripts = ScriptDirectory.from_config(migrating.configuration())
        session.execute(text(scripts.get_revision("cell").module._BACKFILL))  # noqa: SLF001  # the very words of the migration
        filled = session.execute(select(Case.id, Case.lon, Case.lat, Case.cell)).all()

    assert {row.id: row.cell for row in kept}[placed.id] == cell(104.123456, 36.654321)
    assert sorted(map(tuple, filled)) == sorted(map(tuple, kept))
    assert sum(row.cell is None for row in kept) == 1

"""Builders for plans and rounds in the town of the tests."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.catalogue.service import Edit
from app.departments import queries as departments
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.facilities import queries as facilities
from app.facilities import service as facilities_service
from app.facilities.rules.register import AssetDraft
from app.inspections import service
from app.inspections.rules import Rhythm
from app.inspections.service import PlanDraft
from tests.support.city import DISTRICT_CODE, ROOT
from tests.support.clock import MONDAY_9AM

SYSTEM = Edit(now=MONDAY_9AM, actor=None)
TODAY = date(2026, 3, 2)


def lamps(session: Session, number: int = 3, *, owner_unit_id: int | None = None) -> list[str]:
    """So many lamps along a street of the district; gives their codes."""
    if not departments.is_region(session, DISTRICT_CODE):
        district = Unit(
            id=90, code="D1", name="样板区", kind=UnitKind.DISTRICT, parent_id=ROOT,
            path="/1/90/", region_code=DISTRICT_CODE,
        )  # fmt: skip
        session.add(district)
        session.flush()
    kind = facilities.get_type_by_code(session, "0120")
    codes = []
    for n in range(number):
        draft = AssetDraft(
            type_id=kind.id,
            plate=f"LD-{n:04}",
            place=f"样板路 {n} 号",
            region_code=DISTRICT_CODE,
            lon=83.0 + n / 1000,
            lat=39.0,
            owner_unit_id=owner_unit_id,
        )
        asset = facilities_service.add_asset(session, draft, bounds=None, today=TODAY, edit=SYSTEM)
        codes.append(asset.code)
    return codes


def plan(session: Session, unit_id: int, **given: Any) -> int:  # noqa: ANN401  # fields of a draft
    """A weekly plan for all lamps, from today on."""
    fields = {
        "name": "路灯周检",
        "unit_id": unit_id,
        "starts_on": TODAY,
        "rhythm": Rhythm.WEEK,
        "type_id": facilities.get_type_by_code(session, "0120").id,
        **given,
    }
    return service.add_plan(session, PlanDraft(**fields), edit=SYSTEM)

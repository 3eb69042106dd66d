"""Builders for the register; every argument has a harmless default."""

from typing import Any

from sqlalchemy.orm import Session

from app.catalogue import service as catalogue
from app.catalogue.service import Edit
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.facilities import queries, service
from app.facilities.models import Asset
from app.facilities.rules.register import AssetDraft
from app.kernel.geo import Bounds
from tests.catalogue.builders import NOW, TODAY, put_unit

CITY = Bounds(82.8, 38.8, 83.3, 39.2)
SYSTEM = Edit(now=NOW, actor=None)


def found(session: Session) -> Unit:
    """Types, and a district whose lamps belong to the lighting centre."""
    catalogue.seed(session, now=NOW)
    put_unit(session, "D1", kind=UnitKind.DISTRICT, region_code="990101")
    lighting = put_unit(session, "LIGHT")
    service.seed(session, now=NOW)
    return lighting


def put_asset(session: Session, *, type_code: str = "0120", **given: Any) -> Asset:  # noqa: ANN401  # fields of a draft
    """A facility in the register, by the way everybody takes."""
    draft = AssetDraft(
        type_id=queries.get_type_by_code(session, type_code).id,
        **{"place": "槐荫路 1 号门前", "region_code": "990101", **given},
    )
    return service.add_asset(session, draft, bounds=CITY, today=TODAY, edit=SYSTEM)

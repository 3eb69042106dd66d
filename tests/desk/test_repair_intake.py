"""A repair is taken in at the desk: the type asks, what is open of the facility is shown, once."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.accounts.rules import Role
from app.cases.models import Case
from app.cases.repair_models import Repair
from app.catalogue.rules import CaseKind
from app.facilities import service as facilities
from app.facilities.models import Asset, FacilityType
from app.facilities.rules import AssetState
from tests.desk.stepping import Enter
from tests.support.city import CITY_CODE, City
from tests.support.clock import MONDAY_9AM


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """These are pages: what they call is tried on both databases elsewhere."""
    path = tmp_path / "test.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def town(city: City) -> City:
    with city.db.begin() as session:
        facilities.seed(session, now=MONDAY_9AM)
        lamp = session.scalars(select(FacilityType.id).where(FacilityType.code == "0120")).one()
        session.add(
            Asset(
                code="9901010120000001",
                plate="LD-0001",
                type_id=lamp,
                place="样板路 12 号对面",
                region_code=CITY_CODE,
                state=AssetState.IN_USE,
                changed_at=MONDAY_9AM,
            )
        )
    return city


def test_a_clerk_takes_a_repair_in_by_initials_and_plate(town: City, person: Enter) -> None:
    clerk = person(Role.CLERK)
    clerk.http.headers["accept-language"] = "en"
    empty = clerk.get("/desk/new/repair").form(field="type")

    several = clerk.submit(empty, type="井盖")
    nowhere = clerk.submit(empty, type="0120")
    strange = clerk.submit(empty, type="0120", facility="LD-9")
    asked = clerk.submit(empty, press="look", type="路灯", facility="ld-0001")
    silent = clerk.submit(asked.form(field="danger"), body="三盏都不亮")
    form = silent.form(field="danger")
    calling = clerk.submit(form, press="look", danger="live")
    taken = clerk.submit(form, how="dark", danger="live", name="测试甲", phone="17900001234")
    again = clerk.submit(form, how="dark", danger="live", name="测试甲", phone="17900001234")
    next_one = clerk.submit(empty, press="look", type="0120", facility="LD-0001")

    assert several.status == nowhere.status == strange.status == silent.status == 422
    assert "Several types fit" in several.text
    assert "Say where it is" in nowhere.text
    assert "no facility with this number" in strange.text
    assert asked.status == 200
    assert "Would be due on" in asked.text
    assert "tick what is dangerous" in silent.text
    assert form.values()["body"] == ["三盏都不亮"]
    assert "tel:119" in calling.links.values()
    assert taken.url == again.url
    with town.db() as session:
        case = session.scalars(select(Case)).one()
        repair = session.get_one(Repair, case.id)
        assert session.scalar(select(func.count()).select_from(Repair)) == 1
    assert taken.url == f"/cases/{case.number}"
    assert (case.kind, case.place) == (CaseKind.REPAIR, "样板路 12 号对面")
    assert repair.is_danger
    assert repair.asset_id is not None
    assert case.number in next_one.links

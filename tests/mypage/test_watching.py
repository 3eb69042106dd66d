"""Whoever is signed in and says "me too" finds the report on their own page, and can stop there."""

from sqlalchemy import select

from app.cases.kinds import Channel
from app.facilities import service as facilities
from app.facilities.models import FacilityType
from app.repairs.service import NewRepair, open_repair
from app.watching.models import Watcher
from tests.mypage.conftest import Town, enter
from tests.support.city import DISTRICT_CODE
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PageClient


def test_a_report_of_others_stands_on_ones_own_page_until_one_stops(
    pages: PageClient, town: Town
) -> None:
    with town.db.begin() as session:
        facilities.seed(session, now=MONDAY_9AM)
        lamp = session.scalars(select(FacilityType.id).where(FacilityType.code == "0120")).one()
        new = NewRepair(
            type_id=lamp,
            body="张三家门口的灯不亮",
            channel=Channel.PORTAL,
            region_code=DISTRICT_CODE,
            place="样板路 12 号",
            is_anonymous=True,
        )
        number = open_repair(session, new, now=MONDAY_9AM).number
    somebody = town.somebody("李四")
    mine = enter(pages, town)
    token = mine.form(action="/my/sign-out").values()

    watched = pages.post("/my/too", {**token, "same": number})
    page = pages.get("/my")
    gone = pages.post("/my/too", {**token, "same": "RX99010120260302999999"})
    stopped = pages.submit(page.form(action="/my/watching/stop"))

    assert watched.url.startswith("/w/")
    assert number in page.text
    assert "张三" not in page.text
    assert gone.status == 404
    assert number not in stopped.text
    with town.db() as session:
        row = session.scalars(select(Watcher)).one()
        assert row.citizen_id == somebody
        assert row.ended_at is not None

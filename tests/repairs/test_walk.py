"""One repair through every hand, page by page: plate, report, board, crew, photos, check, close."""

from collections.abc import Callable
from io import BytesIO

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.cases.kinds import Status
from app.cases.models import Case
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.kernel.jobs import Job
from app.repairs import queries
from app.repairs.models import Repair
from app.watching.service.telling import TELL
from tests.crews.mending import settle
from tests.desk.stepping import step
from tests.repairs.mending import Works, a_repair, the_works
from tests.support.city import DISTRICT_CODE, ROOT
from tests.support.pages import PASSWORD_HASH, Files, Form, Page, PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLATE = "/f/9901010120000001"
NAME, PHONE = "夔示例", "17900006603"


@pytest.fixture
def works(app: FastAPI, db: sessionmaker[Session]) -> Works:
    works = the_works(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)
    with db.begin() as session:
        for crew_id in works.crew_ids:
            settle(session, crew_id)
    return works


@pytest.fixture
def enter(app: FastAPI, works: Works) -> Callable[..., PageClient]:  # noqa: ARG001  # the town must be there first
    def somebody(name: str = "") -> PageClient:
        pages = PageClient(TestClient(app, follow_redirects=False))
        assert not name or pages.sign_in(name).status == 200
        return pages

    return somebody


def a_shot(field: str, shade: int) -> Files:
    held = BytesIO()
    Image.new("RGB", (64, 48), (shade, 80, 90)).save(held, "JPEG")
    return {field: ("IMG.jpg", held.getvalue(), "image/jpeg")}


def reported(citizen: PageClient, words: str) -> Page:
    """From the plate on the lamp post to the slip; nothing of the dangers is ticked."""
    photo = citizen.submit(citizen.get(PLATE).form(action="/f/"))
    shot = a_shot("photos", 10)
    danger = citizen.submit(photo.form(field="photos"), press="next", files=shot)
    more = citizen.submit(danger.form(field="how"), how="dark", danger="none")
    call = citizen.submit(more.form(field="body"), body=words)
    contact = citizen.submit(call.form(action="/call"))
    form = contact.form(field="phone")
    check = citizen.submit(form, anonymous="no", name=NAME, phone=PHONE)
    return citizen.submit(check.form(field="idempotency"))


def pressed(crew: PageClient, number: str, action: str, shade: int = 0, **typed: str) -> Page:
    """A button of the card, as a phone without script sends it."""
    card = crew.get(f"/crew/{number}")
    form = next(f for f in card.forms if f.values().get("action") == [action])
    files = a_shot("photos", shade) if shade else None
    return crew.submit(form, files=files, **typed)


def test_what_a_plate_reports_rings_is_given_mended_checked_and_closed(
    enter: Callable[..., PageClient], works: Works
) -> None:
    slip = reported(enter(), "灯杆漏电,刚才有人触电了")
    with works.city.db() as session:
        case = session.scalars(select(Case)).one()
        case_id, number = case.id, case.number
        assert case.status is Status.REPORTED  # of a known lamp, but a person looks at danger
    other = enter()
    voice = other.submit(other.get(PLATE).form(action="/my/too"))
    dispatcher, inspector = enter(Role.DISPATCHER), enter("inspector")
    crew, stranger = enter("mender0"), enter("mender1")

    assert number in slip.text
    assert voice.url.startswith("/w/")
    assert number in dispatcher.get("/repairs/bar").text
    step(inspector, number, "file")
    form = dispatcher.get(f"/repairs/give/{case_id}").form(field="crew_id")
    given = dispatcher.submit(form, crew_id=str(works.crew_ids[0]), note="")
    assert "已派给抢修 0 班" in given.text
    assert "有危险" in dispatcher.get("/repairs/bar").text
    assert number in crew.get("/crew").text
    assert stranger.get(f"/crew/{number}").status == 404
    pressed(crew, number, "sign")
    arrived = pressed(crew, number, "arrive", 20)
    assert number in dispatcher.get("/repairs/bar").text  # somebody is there, the spot not safe
    assert NAME not in arrived.text
    assert PHONE not in arrived.text
    pressed(crew, number, "secure", 30, note="已设围挡")
    assert number not in dispatcher.get("/repairs/bar").text
    pressed(crew, number, "fix", 40, note="已更换灯头", hours="1.5")
    step(inspector, number, "check")
    step(inspector, number, "close", text="已修复，请放心使用。")

    with works.city.db() as session:
        row, done = session.get_one(Repair, case_id), session.get_one(Case, case_id)
        told = session.scalars(select(Job.payload).where(Job.name == TELL)).all()
        stages = [str(one.stage) for one in queries.photos_of(session, case_id)]
    assert (done.status, row.asset_id, row.is_danger) == (Status.CLOSED, works.lamp_id, True)
    assert row.safety_due_at is not None
    assert stages == ["before", "before", "safety", "after"]
    assert {one["status"] for one in told} >= {"verified", "dispatched", "repaired", "closed"}


def open_form(pages: PageClient, number: str, action: str) -> Form:
    """The form of this step as it stands on the matter's page."""
    forms = pages.get(f"/cases/{number}").forms
    return next(form for form in forms if form.values().get("action") == [action])


def test_an_inspector_may_name_another_facility_and_the_street_coordinates_what_nobody_owns(
    enter: Callable[..., PageClient], works: Works
) -> None:
    with works.city.db.begin() as session:
        street = Unit(id=60, code="ST", name="样板街道办事处", kind=UnitKind.STREET, parent_id=ROOT)
        street.path, street.region_code = "/1/60/", DISTRICT_CODE
        session.add(street)
        case = a_repair(session, works)
        lamps = str(case.category_id)
    inspector, dispatcher = enter("inspector"), enter(Role.DISPATCHER)

    form = open_form(inspector, case.number, "file")
    offered = [one.text for one in form.element.all("select", name="category_id")[0].all("option")]
    step(inspector, case.number, "file")
    coordinate = open_form(dispatcher, case.number, "coordinate")

    assert form.values()["category_id"] == [lamps]
    assert "公用设施 · 污水井盖" in offered
    assert not any("物业" in text for text in offered)
    assert coordinate.values()["unit_id"] == [str(street.id)]

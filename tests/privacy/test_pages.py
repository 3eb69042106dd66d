"""The pages of the privacy officer and of the portal, as people walk them."""

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from app.accounts.rules import Role
from app.cases.kinds import Status
from app.cases.models import Case
from app.citizens.models import Citizen
from app.citizens.rules import CitizenState, number_of
from app.citizens.service import Person, register
from app.kernel.outbox import Message
from app.privacy import service
from app.privacy.models import DataRequest, LegalHold, RetentionBatch
from app.privacy.rules import (
    BatchState,
    RequestKind,
    RequestStatus,
    Source,
    TombstoneGround,
)
from app.privacy.service import answering
from app.privacy.service.consents import SURVEY
from app.privacy.service.erasing import Order, erase_case
from tests.accounts.builders import a_person
from tests.portal import walking
from tests.portal.conftest import city
from tests.privacy.town import LATER, OFFICER, a_whole_matter, officer, prepared, work
from tests.support.city import City, a_case
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.pages import PASSWORD, PageClient

__all__ = ["city"]


@pytest.fixture
def person(city: City) -> str:
    """The number of somebody known."""
    prepared(city)
    with city.db.begin() as session:
        return number_of(register(session, Person("张三丰", walking.PHONE), now=MONDAY_9AM))


@pytest.fixture
def desk(client: TestClient, city: City) -> PageClient:
    """The officer at their desk."""
    return officer(client, city)


def test_a_clerk_records_a_consent_and_takes_it_back_with_one_press_each(
    client: TestClient, city: City, person: str
) -> None:
    pages = officer(client, city, Role.CLERK)
    address = f"/privacy/citizens/{person}"

    given = pages.submit(pages.get(address).form(action="consents"), press="yes")
    taken = pages.submit(given.form(action="consents"), press="no")

    assert "已同意" in given.text
    assert "已同意" not in taken.text.split("额外事项")[1].split("历史")[0].split("公开")[0]
    with city.db() as session:
        citizen_id = session.scalars(select(Citizen.id)).one()
        history = [line.is_given for line in service.history_of(session, citizen_id)]
    assert history == [False, True]


def test_a_request_taken_in_waits_with_its_lamp(desk: PageClient, person: str) -> None:
    form = desk.get(f"/privacy/citizens/{person}").form(action="requests")

    desk.submit(form, kind="explanation", text="请说明")

    overview = desk.get("/privacy")
    assert overview.tree.all("span", cls="lamp") or "剩" in overview.text
    assert "R000001" in overview.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"kind": "", "text": "请说明"}, "kind"), ({"kind": "correction", "text": ""}, "text")],
)
def test_a_request_without_sense_comes_back_with_its_words(
    desk: PageClient, person: str, typed: dict[str, Any], field: str
) -> None:
    form = desk.get(f"/privacy/citizens/{person}").form(action="requests")

    refused = desk.submit(form, **typed)

    assert refused.status == 422
    assert refused.tree.all("span", id=f"f-{field}-err")
    assert refused.form(action="requests").values()["text"] == [typed["text"]]


@pytest.mark.parametrize("typed", ["", "王小明", "C12", "RX0000-0", "9" * 40])
def test_nonsense_finds_nobody_and_stays_typed(desk: PageClient, typed: str) -> None:
    refused = desk.submit(desk.get("/privacy").form(action="find"), number=typed)

    assert refused.status in {404, 422}
    if refused.status == 422:
        assert refused.form(action="find").values()["number"] == [typed]


def test_an_officer_goes_to_a_person_by_the_number_of_a_matter(
    desk: PageClient, city: City, person: str
) -> None:
    with city.db.begin() as session:
        known = Person("张三丰", walking.PHONE)
        number = a_case(session, is_anonymous=False, person=known).number

    page = desk.submit(desk.get("/privacy").form(action="find"), number=number)

    assert page.url == f"/privacy/citizens/{person}"


def test_an_answer_walks_from_who_is_asking_to_the_end(
    desk: PageClient, city: City, person: str
) -> None:
    form = desk.get(f"/privacy/citizens/{person}").form(action="requests")
    desk.submit(form, kind="explanation", text="请说明")
    page = desk.get("/privacy/requests/1")
    too_early = desk.submit(page.form(action="/answer"), answer="您的电话只转给了市政工程局。")

    page = desk.submit(desk.get("/privacy/requests/1").form(action="identify"), how="document")
    empty = desk.submit(page.form(action="/answer"), answer=" ")
    done = desk.submit(page.form(action="/answer"), answer="您的电话只转给了市政工程局。")

    assert (too_early.status, empty.status, done.status) == (409, 422, 200)
    assert "已办结" in done.text
    with city.db() as session:
        assert session.scalars(select(DataRequest.status)).one() is RequestStatus.DONE


def test_a_restriction_is_pressed_and_lifted(desk: PageClient, city: City, person: str) -> None:
    address = f"/privacy/citizens/{person}"

    restricted = desk.submit(desk.get(address).form(action="restriction"), press="restrict")
    desk.submit(restricted.form(action="restriction"), press="lift")

    assert "仅个人信息保护负责人" in restricted.text
    with city.db() as session:
        assert session.scalars(select(Citizen.state)).one() is CitizenState.ACTIVE


@pytest.mark.parametrize("role", [Role.HANDLER, Role.SUPERVISOR, Role.AUDITOR])
def test_others_do_not_come_in(client: TestClient, city: City, person: str, role: Role) -> None:
    pages = officer(client, city, role)
    ways = ("", "/notices", "/retention", "/retention/dry-run", "/holds", "/register")

    answers = {pages.get(f"/privacy{way}").status for way in ways}

    assert answers == {403}
    assert pages.get(f"/privacy/citizens/{person}").status == 403


def test_a_batch_goes_from_the_dry_run_over_a_second_person_to_the_register(
    app: FastAPI,
    client: TestClient,
    city: City,
    clock: StoppedClock,
) -> None:
    prepared(city)
    with city.db.begin() as session:
        case = a_case(session)
        ended = update(Case).where(Case.id == case.id)
        session.execute(ended.values(closed_at=MONDAY_9AM, status=Status.CLOSED))
        a_person(session, "privacy2", Role.PRIVACY)
        number = case.number
    clock.at = LATER
    first = officer(client, city)
    batch = first.submit(first.get("/privacy/retention/dry-run").form(action="batches"))
    own = [button.text for form in batch.forms for button in form.buttons]
    first.post("/sign-out", {"csrf": batch.form(action="decision").values()["csrf"]})
    second = PageClient(client)
    second.sign_in("privacy2", PASSWORD)

    second.submit(second.get(batch.url).form(action="decision"), press="approve")
    work(app)

    assert "批准并清除" not in own
    with city.db() as session:
        assert session.scalars(select(RetentionBatch.state)).one() is BatchState.DONE
    assert number in second.get("/privacy/register").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"number": "C000000099x", "reason": "诉讼"}, "number"),
        ({"number": "", "reason": "诉讼"}, "number"),
        ({"number": "person", "reason": ""}, "reason"),
        ({"number": "person", "reason": "诉讼", "until": "昨天"}, "until"),
    ],
)
def test_a_hold_without_sense_comes_back(
    desk: PageClient, city: City, person: str, typed: dict[str, Any], field: str
) -> None:
    words: dict[str, Any] = {**typed, "number": typed["number"].replace("person", person)}

    refused = desk.submit(desk.get("/privacy/holds").form(field="reason"), **words)

    assert refused.status == 422
    assert refused.tree.all("span", id=f"f-{field}-err")
    with city.db() as session:
        assert session.scalars(select(LegalHold)).all() == []


def test_a_hold_is_placed_and_lifted(desk: PageClient, city: City, person: str) -> None:
    form = desk.get("/privacy/holds").form(field="reason")

    placed = desk.submit(form, number=person, reason="行政复议")
    desk.submit(placed.form(action="lift"))

    with city.db() as session:
        assert session.scalars(select(LegalHold.lifted_at)).one() == MONDAY_9AM


@pytest.mark.parametrize(("months", "basis"), [("", "办法"), ("一年", "办法"), ("12", "")])
def test_a_rule_without_sense_comes_back(desk: PageClient, months: str, basis: str) -> None:
    form = desk.get("/privacy/retention").form(field="months")

    refused = desk.submit(form, months=months, basis_text=basis)

    assert refused.status == 422
    assert refused.form(field="months").values()["months"] == [months]


@pytest.mark.usefixtures("person")
def test_the_days_of_an_answer_are_set_for_what_comes_from_now_on(
    desk: PageClient, city: City
) -> None:
    form = desk.get("/privacy/retention").form(field="work_days")

    desk.submit(form, kind="access", work_days="10", more_days="5", ground="本市办法")

    with city.db.begin() as session:
        citizen_id = session.scalars(select(Citizen.id)).one()
        service.open_request(
            session,
            citizen_id,
            RequestKind.ACCESS,
            source=Source.PORTAL,
            by=OFFICER,
            now=MONDAY_9AM,
        )
    assert "本市办法" in desk.get("/privacy/requests/1").text


@pytest.mark.parametrize("agrees", [True, False])
def test_only_who_agreed_is_asked_by_text_message_how_it_went(
    pages: PageClient, city: City, *, agrees: bool
) -> None:
    prepared(city)
    token = walking.reported(pages)
    if agrees:
        with city.db.begin() as session:
            citizen_id = session.scalars(select(Citizen.id)).one()
            service.give(
                session, citizen_id, SURVEY, source=Source.PORTAL, by=OFFICER, now=MONDAY_9AM
            )

    walking.to_closed(city, token)

    with city.db() as session:
        sentences = session.scalars(select(Message.msgid)).all()
    assert any("How satisfied are you" in each for each in sentences) is agrees
    assert any("is closed" in each for each in sentences)


def test_a_whole_matter_can_still_be_read_by_staff_once_erased(
    app: FastAPI, client: TestClient, pages: PageClient, city: City
) -> None:
    a_whole_matter(pages, city)
    with city.db() as session:
        number = session.scalars(select(Case.number)).one()
    with city.db.begin() as session:
        order = Order(TombstoneGround.RETENTION, OFFICER)
        erase_case(session, session.scalars(select(Case.id)).one(), order, now=LATER)
    work(app)

    page = officer(client, city, Role.CLERK).get(f"/cases/{number}")

    assert page.status == 200
    assert "内容已按规定清除" in page.text


@pytest.mark.usefixtures("person")
def test_of_a_restricted_person_a_clerk_sees_that_they_are_and_no_way_to_reach_them(
    client: TestClient, city: City
) -> None:
    clerk = officer(client, city, Role.CLERK)
    search = clerk.get("/desk").form(field="q")
    before = clerk.submit(search, q=walking.PHONE)

    with city.db.begin() as session:
        citizen_id = session.scalars(select(Citizen.id)).one()
        answering.restrict(session, citizen_id, by=OFFICER, now=MONDAY_9AM)

    after = clerk.submit(search, q=walking.PHONE)
    assert "****1234" in before.text
    assert "****1234" not in after.text
    assert "限制" in after.text

"""Who has no way to be written to is told by hand: how, when and by whom is on the ticket."""

from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.citizens.models import Citizen, Contact
from app.citizens.rules import CitizenState
from app.citizens.service import Person, register
from app.kernel.audit import AuditEntry
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.outbox import Channel, Message, MessageStatus
from app.privacy import queries
from app.privacy.models import DataRequest
from app.privacy.rules import RefusalGround, RequestKind, RequestStatus, Told
from app.privacy.service import answering, telling
from tests.portal.conftest import city as portal_city
from tests.privacy.asked import ask, do, version_of
from tests.privacy.town import COLLEAGUE, OFFICER, officer, prepared
from tests.support.city import City, Db, a_city
from tests.support.clock import MONDAY_9AM

ADDRESS = "示例市甲区样板路 12 号 3 栋"
TODAY = MONDAY_9AM.date()
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

__all__ = ["portal_city"]


@pytest.fixture
def city(db: Db) -> City:
    founded = a_city(db)
    prepared(founded)
    return founded


def somebody(city: City, **ways: str) -> int:
    with city.db.begin() as session:
        return register(session, Person("测试甲", **ways), now=MONDAY_9AM)


def told(city: City, request_id: int) -> tuple[Told | None, date | None, int | None]:
    with city.db() as session:
        request = session.get_one(DataRequest, request_id)
        return request.told_how, request.told_on, request.told_by_id


def messages(city: City) -> list[Channel]:
    with city.db() as session:
        sent = select(Message.channel).where(Message.status != MessageStatus.SUPPRESSED)
        return list(session.scalars(sent))


@pytest.mark.parametrize(
    ("ways", "channel"),
    [
        ({"phone": "17900001234", "email": "a@example.invalid"}, Channel.SMS),
        ({"email": "a@example.invalid"}, Channel.MAIL),
    ],
)
def test_an_answer_is_announced_by_whatever_way_there_is(
    city: City, ways: dict[str, str], channel: Channel
) -> None:
    request_id = ask(city, somebody(city, **ways), RequestKind.EXPLANATION)

    do(city, answering.answer, request_id, "只转给了市政工程局。")

    assert messages(city) == [channel]
    assert told(city, request_id) == (Told.MESSAGE, TODAY, None)


def test_without_a_way_the_answer_waits_to_be_told_and_a_letter_is_written_down(
    city: City,
) -> None:
    request_id = ask(city, somebody(city, address=ADDRESS), RequestKind.EXPLANATION, known=False)
    do(city, answering.refuse, request_id, RefusalGround.NOT_IDENTIFIED, "请带身份证来窗口。")
    with city.db() as session:
        assert queries.counts(session, now=MONDAY_9AM)["untold"] == 1
    assert told(city, request_id) == (None, None, None)

    do(city, telling.write_down, request_id, Told.LETTER, TODAY)

    assert messages(city) == []
    assert told(city, request_id) == (Told.LETTER, TODAY, OFFICER.id)
    with city.db() as session:
        assert queries.counts(session, now=MONDAY_9AM)["untold"] == 0


def test_nobody_is_erased_before_they_were_told(city: City) -> None:
    citizen_id = somebody(city, address=ADDRESS)
    request_id = ask(city, citizen_id, RequestKind.DELETION)
    do(city, answering.propose_erasure, request_id)
    with pytest.raises(ConflictError):
        do(city, answering.approve_erasure, request_id, "已删除。", by=COLLEAGUE)

    do(city, telling.write_down, request_id, Told.COUNTER, TODAY)
    do(city, answering.approve_erasure, request_id, "已删除。", by=COLLEAGUE)

    assert told(city, request_id) == (Told.COUNTER, TODAY, OFFICER.id)
    with city.db() as session:
        assert session.get_one(Citizen, citizen_id).state is CitizenState.ANONYMISED
        assert session.get_one(DataRequest, request_id).status is RequestStatus.DONE
        assert session.scalars(select(Contact)).all() == []


def test_what_was_told_of_an_erasure_that_was_not_approved_is_told_anew(city: City) -> None:
    request_id = ask(city, somebody(city, address=ADDRESS), RequestKind.DELETION)
    do(city, answering.propose_erasure, request_id)
    do(city, telling.write_down, request_id, Told.PHONE, TODAY)

    do(city, answering.send_back, request_id, by=COLLEAGUE)

    assert told(city, request_id) == (None, None, None)


@pytest.mark.parametrize(
    ("how", "on", "field"),
    [
        (Told.MESSAGE, TODAY, "told_how"),
        (Told.LETTER, None, "told_on"),
        (Told.LETTER, TODAY + timedelta(days=1), "told_on"),
        (Told.LETTER, TODAY - timedelta(days=1), "told_on"),
    ],
)
def test_nobody_is_told_by_a_message_by_hand_or_on_a_day_that_cannot_be(
    city: City, how: Told, on: date | None, field: str
) -> None:
    request_id = ask(city, somebody(city), RequestKind.EXPLANATION)
    do(city, answering.answer, request_id, "已说明。")

    with pytest.raises(InvalidError) as refusal:
        do(city, telling.write_down, request_id, how, on)

    assert set(refusal.value.fields) == {field}


def test_what_was_not_answered_yet_cannot_be_told(city: City) -> None:
    request_id = ask(city, somebody(city), RequestKind.EXPLANATION)

    with pytest.raises(ConflictError):
        do(city, telling.write_down, request_id, Told.LETTER, TODAY)


@ONE_DATABASE
def test_the_letter_has_name_and_address_and_its_opening_is_written_down(
    client: TestClient, portal_city: City
) -> None:
    prepared(portal_city)
    citizen_id = somebody(portal_city, address=ADDRESS)
    request_id = ask(portal_city, citizen_id, RequestKind.EXPLANATION)
    do(portal_city, answering.answer, request_id, "您的地址只转给了市政工程局。")
    pages = officer(client, portal_city)
    page = pages.get(f"/privacy/requests/{request_id}")

    letter = pages.submit(page.form(action=f"/privacy/requests/{request_id}/letter"))
    form = pages.get(f"/privacy/requests/{request_id}").form(field="told_how")
    after = pages.submit(form, told_how="letter", told_on=TODAY.isoformat())

    assert "测试甲" not in page.text
    assert "测试甲" in letter.text
    assert ADDRESS in letter.text
    assert "您的地址只转给了市政工程局。" in letter.text
    assert "信函已寄出" in after.text
    assert version_of(portal_city, request_id) > 2
    with portal_city.db() as session:
        actions = set(session.scalars(select(AuditEntry.action)))
        assert {"privacy:letter_opened", "privacy:request_told"} <= actions

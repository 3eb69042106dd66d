"""A gateway tells what became of a message; only with its key, and as often as it likes."""

import json

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from app.citizens.service import Person
from app.kernel.outbox import Message, MessageStatus
from app.notifications.rules.receipts import signature
from app.settings import Settings
from tests.support.city import City, a_case

# What a receipt does to its message is tested on both databases in tests/kernel/test_outbox.py.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEY = "0123456789abcdef"
URL = "/messages/receipts"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"sms_gateway_key": KEY})


@pytest.fixture
def ref(town: City) -> str:
    with town.db.begin() as session:
        a_case(session, person=Person(name="测试", phone="17900000001"))
        message = session.scalars(select(Message)).one()
        message.status = MessageStatus.SENT
        return message.ref


def tell(client: TestClient, *, key: str = KEY, **said: object) -> Response:
    body = json.dumps(said).encode()
    headers = {"X-Civicwindow-Signature": signature(key, body)}
    return client.post(URL, content=body, headers=headers)


def status_of(town: City) -> MessageStatus:
    with town.db() as session:
        return session.scalars(select(Message.status)).one()


def test_a_receipt_is_believed_once_and_again(client: TestClient, town: City, ref: str) -> None:
    answers = [tell(client, id=ref, status="delivered").status_code for _ in range(2)]
    late = tell(client, id=ref, status="failed", reason="no_such_number").status_code

    assert [*answers, late] == [204, 204, 204]
    assert status_of(town) is MessageStatus.DELIVERED


def test_a_message_that_did_not_arrive_is_shown_so(
    client: TestClient, town: City, ref: str
) -> None:
    assert tell(client, id=ref, status="failed", reason="switched_off").status_code == 204
    assert status_of(town) is MessageStatus.FAILED


def test_who_has_not_the_key_is_not_believed(client: TestClient, town: City, ref: str) -> None:
    wrong = tell(client, key="another key of sixteen", id=ref, status="delivered")
    without = client.post(URL, json={"id": ref, "status": "delivered"})

    assert (wrong.status_code, without.status_code) == (403, 403)
    assert status_of(town) is MessageStatus.SENT


@pytest.mark.usefixtures("town")
def test_what_makes_no_sense_is_refused_in_words_for_programs(client: TestClient) -> None:
    refused: list[tuple[dict[str, str], int]] = [
        ({"id": "nobody", "status": "delivered"}, 404),
        ({"id": "nobody", "status": "perhaps"}, 422),
        ({"status": "delivered"}, 422),
        ({"id": "x" * 44, "status": "delivered"}, 422),
        ({"id": "nobody", "status": "failed", "reason": "Liebe Grüße"}, 422),
        ({"id": "nobody", "status": "delivered", "more": "x" * 5000}, 413),
    ]

    answers = [tell(client, **said) for said, _ in refused]

    assert [answer.status_code for answer in answers] == [status for _, status in refused]
    kinds = {answer.headers["content-type"] for answer in answers}
    assert kinds == {"application/problem+json"}


@pytest.mark.usefixtures("town")
def test_without_a_key_there_is_no_such_door(app: FastAPI, client: TestClient) -> None:
    app.state.settings = app.state.settings.model_copy(update={"sms_gateway_key": ""})

    assert tell(client, key="", id="x", status="delivered").status_code == 404

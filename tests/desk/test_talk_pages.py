"""Conversations as pages: begun, switched, written down; a matter taken in during one."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases.kinds import Channel
from app.cases.models import Case
from app.citizens import service as citizens
from app.citizens.rules import number_of
from app.citizens.service import Person
from app.interactions.models import IncomingCall, Interaction, InteractionCase, Promise
from app.interactions.rules import TalkState
from app.settings import Settings
from tests.desk.stepping import Enter
from tests.support.city import City
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.pages import Page, PageClient

KEY = "a key of the telephone system"
NUMBER = "17900000001"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"telephone_key": KEY})


def known(city: City, name: str, phone: str = NUMBER) -> int:
    with city.db.begin() as session:
        return citizens.register(session, Person(name=name, phone=phone), now=MONDAY_9AM)


def told(
    app: FastAPI, body: Mapping[str, object], *, key: str = KEY, late: timedelta = timedelta()
) -> Response:
    raw = json.dumps({"call": "a-1", "extension": "clerk", **body}).encode()
    stamp = str(int((MONDAY_9AM - late).timestamp()))
    signed = hmac.new(key.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-Civicwindow-Timestamp": stamp,
        "X-Civicwindow-Signature": signed,
    }
    return TestClient(app).post("/desk/incoming", content=raw, headers=headers)


def begun(pages: PageClient, **typed: str) -> Page:
    form = pages.get("/desk/talks").form(field="medium")
    filled: dict[str, Any] = {"medium": "window", **typed}
    return pages.submit(form, **filled)


def talks(city: City) -> list[Interaction]:
    with city.db() as session:
        return list(session.scalars(select(Interaction).order_by(Interaction.id)))


def test_a_conversation_is_begun_with_somebody_known_and_written_down(
    person: Enter, city: City
) -> None:
    key, pages = known(city, "测试甲"), person(Role.CLERK)

    page = begun(pages, citizen=number_of(key))
    assert "测*甲" in page.text
    ended = pages.submit(page.form(field="summary"), summary="问路灯的事。")

    assert ended.url == "/desk/talks"
    (talk,) = talks(city)
    assert (talk.citizen_id, talk.state) == (key, TalkState.ENDED)


def test_the_same_form_sent_twice_begins_one_conversation(person: Enter, city: City) -> None:
    pages = person(Role.CLERK)
    form = pages.get("/desk/talks").form(field="medium")

    urls = {pages.submit(form, medium="window").url for _ in range(2)}

    assert len(urls) == 1
    assert len(talks(city)) == 1


def test_a_number_nobody_has_is_said_beside_the_field(person: Enter, city: City) -> None:
    page = begun(person(Role.CLERK), citizen="C000099999")

    assert page.status == 422
    assert page.form(field="citizen").values()["citizen"] == ["C000099999"]
    assert talks(city) == []


def test_ending_without_a_word_keeps_the_page_and_asks_for_some(person: Enter, city: City) -> None:
    pages = person(Role.CLERK)
    page = begun(pages)

    refused = pages.submit(page.form(field="summary"), summary=" ")

    assert refused.status == 422
    assert talks(city)[0].state is TalkState.OPEN


def test_what_was_begun_to_be_written_outlives_signing_out(person: Enter, city: City) -> None:
    pages = person(Role.CLERK)
    page = begun(pages)
    ref = talks(city)[0].ref
    values = page.form(field="summary").values() | {"summary": ["写到一半"]}
    pages.post(f"/desk/drafts/talk/{ref}", {name: text[0] for name, text in values.items()})

    again = person(Role.CLERK).get(f"/desk/talks/{ref}")

    assert again.form(field="summary").values()["summary"] == ["写到一半"]


def test_a_matter_taken_in_during_a_conversation_carries_who_and_how(
    person: Enter, city: City
) -> None:
    key, pages = known(city, "测试甲"), person(Role.CLERK)
    begun(pages, citizen=number_of(key), medium="phone")
    ref = talks(city)[0].ref

    intake = pages.get("/desk/new", params={"talk": [ref]}).form(field="body")
    assert "phone" not in intake.names
    case_page = pages.submit(intake, category="0103", body="楼下路灯坏了三天。")

    number = case_page.url.removeprefix("/cases/")
    with city.db() as session:
        case = session.scalars(select(Case).where(Case.number == number)).one()
        assert (case.citizen_id, case.channel) == (key, Channel.PHONE)
        assert session.scalars(select(InteractionCase.case_id)).all() == [case.id]
    assert number in pages.get(f"/desk/talks/{ref}").text


def test_a_colleagues_conversation_is_not_there(person: Enter, city: City) -> None:
    begun(person(Role.CLERK))
    ref = talks(city)[0].ref
    reviewer = person(Role.REVIEWER)

    assert reviewer.get(f"/desk/talks/{ref}").status == 404
    assert reviewer.get("/desk/talks").status == 200
    assert person(Role.HANDLER).get("/desk/talks").status == 403


def test_a_promise_is_made_shown_and_kept(person: Enter, city: City) -> None:
    key, pages = known(city, "测试甲"), person(Role.CLERK)
    page = begun(pages, citizen=number_of(key))
    day = str(MONDAY_9AM.date())

    refused = pages.submit(page.form(field="promise"), promise="", due_on="2020-01-01")
    assert refused.status == 422
    pages.submit(page.form(field="promise"), promise="周三前回电。", due_on=day)
    listed = pages.get("/desk/promises")
    assert "周三前回电。" in listed.text
    pages.submit(listed.form(action="/keep"))

    with city.db() as session:
        promise = session.scalars(select(Promise)).one()
        assert promise.kept_at == MONDAY_9AM
        assert promise.citizen_id == key
    assert "周三前回电。" not in pages.get("/desk/promises").text


def test_a_ringing_telephone_shows_who_it_is_and_is_taken(
    app: FastAPI, person: Enter, city: City
) -> None:
    known(city, "测试甲")
    pages = person(Role.CLERK)

    answer = told(app, {"from": "+8617900000001"})
    strip = pages.get("/desk/talks/bar")
    taken = pages.submit(strip.form(action="/desk/talks/"), press="take")

    assert set(answer.json()) == {"id"}
    assert "测*甲" in strip.text
    assert taken.url.endswith(answer.json()["id"])
    assert talks(city)[0].state is TalkState.OPEN


def test_two_people_share_a_number_and_the_clerk_says_which(
    app: FastAPI, person: Enter, city: City
) -> None:
    father, daughter = known(city, "测试父"), known(city, "测试女")
    pages = person(Role.CLERK)
    ref = told(app, {"from": NUMBER}).json()["id"]

    page = pages.get(f"/desk/talks/{ref}")
    assert number_of(father) in page.text
    pages.submit(page.form(action="/who"), press=number_of(daughter))

    assert talks(city)[0].citizen_id == daughter


def test_an_unknown_caller_is_registered_with_the_number_of_the_call(
    app: FastAPI, person: Enter, city: City
) -> None:
    pages = person(Role.CLERK)
    ref = told(app, {"from": NUMBER}).json()["id"]

    page = pages.get(f"/desk/talks/{ref}")
    assert NUMBER not in page.html
    pages.submit(page.form(field="name"), name="测试丙")

    (talk,) = talks(city)
    with city.db() as session:
        assert talk.citizen_id
        found = citizens.person_of(session, talk.citizen_id)
        stored = session.scalars(select(IncomingCall.number)).one()
    assert (found.name, found.phone) == ("测试丙", NUMBER)
    assert stored
    assert NUMBER.encode() not in stored


def test_only_who_holds_the_key_rings_and_only_just_now(app: FastAPI, city: City) -> None:
    assert told(app, {}, key="another key of that length").status_code == 403
    assert told(app, {}, late=timedelta(minutes=6)).status_code == 403
    assert TestClient(app).post("/desk/incoming", content=b"{}").status_code == 403
    assert talks(city) == []


@pytest.mark.parametrize(
    "body",
    [
        {"call": ""},
        {"call": "x" * 101},
        {"event": "answered"},
        {"extension": "nobody"},
        {"call": None},
        {"from": 17900000001},
    ],
)
def test_what_cannot_be_understood_is_told_as_json(
    app: FastAPI, city: City, body: dict[str, object]
) -> None:
    answer = told(app, body)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "17900000001" not in answer.text
    assert talks(city) == []


def test_a_call_is_hung_up_by_its_own_name(app: FastAPI, city: City) -> None:
    ref = told(app, {"from": NUMBER}).json()["id"]

    ended = told(app, {"event": "ended"})
    unknown = told(app, {"event": "ended", "call": "never"})

    assert ended.json() == {"id": ref}
    assert unknown.status_code == 404
    assert talks(city)[0].state is TalkState.ENDED


def test_a_message_too_long_for_any_telephone_is_not_read(app: FastAPI, city: City) -> None:
    assert told(app, {"from": "1" * 5000}).status_code == 413
    assert talks(city) == []


def test_a_broken_promise_stands_in_the_strip(
    person: Enter, city: City, clock: StoppedClock
) -> None:
    pages = person(Role.CLERK)
    page = begun(pages)
    day = str(MONDAY_9AM.date())
    pages.submit(page.form(field="promise"), promise="今天回电。", due_on=day)
    with city.db.begin() as session:
        promise = session.scalars(select(Promise)).one()
        promise.broken_at = clock.at

    strip = pages.get("/desk/talks/bar")

    assert "/desk/promises" in strip.links.values()

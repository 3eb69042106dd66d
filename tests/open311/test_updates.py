"""Updates in both directions, what leaks, and what no parameter may bring about."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases import service as cases
from app.cases.kinds import Action, Status
from app.cases.models import CaseEvent, CaseText
from app.cases.rules import SYSTEM, StepInput
from app.citizens.models import Citizen
from app.citizens.rules import CitizenState
from app.open311.models import GeoUpdate
from app.publishing import service as publishing
from app.publishing.service import Release
from tests.open311.town import (
    BASE,
    FORMATS,
    HOLE,
    NAME,
    PERSON,
    STAMP,
    Town,
    a_report,
    descriptions,
    leaks,
    read,
    texts,
)
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.web.papers import picture

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ALLOWED = {200, 400, 403, 404}
UPDATE = {
    "update_id": "4711",
    "updated_datetime": "2026-03-02T10:00:00 08:00",
    "status": "open",
    "description": "仍然没有修好",
}


def test_a_report_is_brought_in_released_followed_and_answered(
    town: Town, clock: StoppedClock
) -> None:
    """The whole story, on both databases."""
    photo = {"photo1": ("a.jpg", picture(), "image/jpeg")}
    fields = {**a_report(**PERSON), "api_key": town.keys["all"]}
    posted = town.http.post(f"{BASE}/requests.xml", data=fields, files=photo)
    name = read(posted)[0]["service_request_id"]
    town.release(name)
    clock.advance(timedelta(hours=2))
    first = town.post("servicerequestupdates.xml", {**UPDATE, "service_request_id": name})
    again = town.post("servicerequestupdates.xml", {**UPDATE, "service_request_id": name})
    with town.city.db.begin() as session:
        case = town.case_of(session, name)
        given = StepInput(Action.FILE, case.version)
        cases.take_step(session, case, given, doer=SYSTEM, now=clock.now())
    window = {
        "start_date": "2026-03-02T11:00:00+08:00",
        "end_date": "2026-03-02T11:00:00+08:00",
        "api_key": "whatever",
    }
    told = {f: read(town.get(f"servicerequestupdates.{f}", **window)) for f in FORMATS}
    before = town.get("servicerequestupdates.json", start_date="2026-03-01", end_date="2026-03-01")
    ever = town.get("servicerequestupdates.json").json()
    listed = town.get("requests.json", status="open", service_code=HOLE).json()

    assert posted.status_code == 200
    assert first.status_code == again.status_code == 200
    assert NAME.fullmatch(read(first)[0]["update_id"])
    assert read(first) == read(again)
    (one,) = told["json"]
    assert texts(told["json"]) == told["xml"]
    assert [*one] == [
        *("update_id", "service_request_id", "status", "updated_datetime", "description"),
        "media_url",
    ]
    assert NAME.fullmatch(one["update_id"])
    assert (one["service_request_id"], one["status"]) == (name, "INVESTIGATING")
    assert one["updated_datetime"] == "2026-03-02T11:00:00+08:00"
    assert before.json() == []
    assert ever == [one]
    assert [each["service_request_id"] for each in listed] == [name]
    assert listed[0]["updated_datetime"] == one["updated_datetime"]
    with town.city.db() as session:
        case = town.case_of(session, name)
        wanted = select(CaseEvent, CaseText).join(CaseText).where(CaseEvent.case_id == case.id)
        ((line, words),) = session.execute(wanted).all()
        assert len(session.scalars(select(GeoUpdate)).all()) == 1
    assert case.status is Status.VERIFIED
    assert case.citizen_id is not None
    assert (line.action, line.is_public) == (Action.SUPPLEMENT, False)
    assert words.public_text == ""
    assert words.internal_text == "示例市民应用 · OPEN\n仍然没有修好"


@ONE_DATABASE
def test_an_update_is_refused_as_the_contract_says(town: Town) -> None:
    name = town.report()
    good = {**UPDATE, "service_request_id": name}
    rows: dict[str, tuple[dict[str, str], str, int]] = {
        "no key": (good, "", 403),
        "no such right": (good, "reader", 403),
        "another service": (good, "lamps", 403),
        "unknown": ({**good, "service_request_id": "nothing"}, "all", 404),
        **{
            f"no {field}": ({k: v for k, v in good.items() if k != field}, "all", 400)
            for field in good
        },
        "no status of theirs": ({**good, "status": "sleeping"}, "all", 400),
        "no time": ({**good, "updated_datetime": "now"}, "all", 400),
        "too long": ({**good, "description": "长" * 4001}, "all", 400),
        "a name too long": ({**good, "update_id": "9" * 101}, "all", 400),
        "another jurisdiction": ({**good, "jurisdiction_id": "x"}, "all", 404),
        "words in a photo": ({**good, "description": "", "media_url": "https://a.invalid/1"},
                             "all", 200),
        "with a person": ({**good, **PERSON, "update_id": "5", "title": "先生"}, "all", 200),
        "status in capitals": ({**good, "update_id": "6", "status": "NO_FURTHER_ACTION"},
                               "all", 200),
    }  # fmt: skip
    wrong = []
    for ending in FORMATS:
        for says, (body, key, status) in rows.items():
            answer = town.post(f"servicerequestupdates.{ending}", body, key=key)
            if answer.status_code != status:
                wrong.append((says, ending, answer.status_code, answer.text))
            if status == 400:
                missing = says.removeprefix("no ")
                assert missing not in good or missing in descriptions(answer)
    assert wrong == []


@ONE_DATABASE
def test_an_update_to_what_has_ended_is_written_down_and_changes_nothing(town: Town) -> None:
    name = town.report()
    with town.city.db.begin() as session:
        case = town.case_of(session, name)
        given = StepInput(Action.WITHDRAW, case.version)
        cases.take_step(session, case, given, doer=SYSTEM, now=MONDAY_9AM)

    answer = town.post("servicerequestupdates.json", {**UPDATE, "service_request_id": name})
    shown = town.get(f"requests/{name}.json").json()

    assert answer.status_code == 200
    assert shown[0]["status"] == "closed"


@ONE_DATABASE
def test_nothing_of_the_person_is_ever_read_back(town: Town) -> None:
    said = f"请联系欧阳试甲，电话{PERSON['phone']}，邮箱{PERSON['email']}"
    name = town.report(description=f"路中间有坑。{said}", **PERSON)
    town.post("servicerequestupdates.json", {**UPDATE, "service_request_id": name, **PERSON})
    pages = [
        *(f"requests/{name}.{f}" for f in FORMATS),
        *(f"requests.{f}?extensions=true" for f in FORMATS),
        *(f"requests.{f}?service_request_id={name}" for f in FORMATS),
        *(f"servicerequestupdates.{f}" for f in FORMATS),
        *(f"tokens/{name}.{f}" for f in FORMATS),
    ]

    unreleased = {page: list(leaks(town.get(page).text)) for page in pages}
    with_another_key = town.get(f"requests/{name}.json", api_key=town.keys["lamps"]).text
    town.release(
        name, Release("路面坑洼", words=f"路中间有坑，电话{PERSON['phone']}，{PERSON['email']}")
    )
    released = {page: list(leaks(town.get(page).text)) for page in pages}

    assert {page: found for page, found in unreleased.items() if found} == {}
    assert list(leaks(with_another_key)) == []
    assert "路中间有坑" in town.get(f"requests/{name}.json").text
    assert {page: found for page, found in released.items() if found} == {}


@ONE_DATABASE
def test_what_a_person_takes_back_is_read_nowhere_and_only_its_name_is_known(town: Town) -> None:
    name = town.report(address_string="样板路 12 号")
    town.release(name, Release("路面坑洼", "路中间有坑", "样板路口", answer="明天上午修。"))
    pages = [
        *(f"requests/{name}.{f}?extensions=true" for f in FORMATS),
        *(f"requests.{f}?extensions=true" for f in FORMATS),
        *(f"servicerequestupdates.{f}" for f in FORMATS),
    ]
    before = [town.get(page).text for page in pages]
    with town.city.db.begin() as session:
        actor = town.city[Role.REVIEWER]
        publishing.revoke(session, town.case_of(session, name), actor=actor, now=MONDAY_9AM)

    after = [town.get(page).text for page in pages]

    assert all("明天上午修。" in text for text in before)
    for text in after:
        assert not any(
            words in text for words in ("明天上午修。", "坑洼", "有坑", "样板路", "31.2")
        )
    assert town.get("requests.json").json() == []
    assert town.get(f"requests/{name}.json").json()[0]["service_request_id"] == name


@ONE_DATABASE
def test_what_is_taken_back_or_not_shown_at_all_is_not_read_here_either(
    town: Town, app: FastAPI
) -> None:
    name, restricted = town.report(), town.report(**PERSON)
    town.release(name)
    shown = town.get("requests.json").json()
    edge = app.state.edge
    off = edge.settings.model_copy(update={"public_reports": False})
    app.state.edge = replace(edge, settings=off)
    switched_off = [town.get(p).json() for p in ("requests.json", "servicerequestupdates.json")]
    app.state.edge = edge
    with town.city.db.begin() as session:
        town.case_of(session, name).is_confidential = True
        person = session.get_one(Citizen, town.case_of(session, restricted).citizen_id)
        person.state = CitizenState.RESTRICTED

    assert len(shown) == 1
    assert switched_off == [[], []]
    assert town.get("requests.json").json() == []
    assert town.get("servicerequestupdates.json").json() == []
    for each in (name, restricted):
        (hidden,) = town.get(f"requests/{each}.json", api_key=town.keys["all"]).json()
        assert [hidden[one] for one in ("description", "lat", "address")] == [None] * 3


WORDS = st.text(max_size=12) | st.sampled_from(
    ["0", "-1", "2026-03-02T09:00:00+08:00", "open", "1e999", "%", "\x00", "9" * 40, "路"]
)
NAMES = st.sampled_from(
    [
        *("start_date", "end_date", "status", "service_code", "service_request_id", "page"),
        *("page_size", "updated_after", "jurisdiction_id", "extensions", "lat", "long"),
        *("description", "address_string", "attribute[size]", "attribute[depth]", "email"),
        *("attribute[since]", "attribute[risk][]", "media_url", "update_id", "updated_datetime"),
    ]
)
METHODS = st.sampled_from(["GET", "POST"])
PATHS = st.sampled_from(
    [
        *("requests.xml", "requests.json", "services.xml", "discovery.json", "services/{}.xml"),
        *("requests/{}.json", "tokens/{}.xml", "servicerequestupdates.json", "{}", "{}/{}.json"),
    ]
)


@ONE_DATABASE
def test_no_parameters_bring_about_another_status_or_a_page(town: Town) -> None:
    seen: set[int] = set()

    @settings(max_examples=60)
    @given(PATHS, WORDS, st.lists(st.tuples(NAMES, WORDS), max_size=4), METHODS)
    def ask(path: str, word: str, pairs: list[tuple[str, str]], method: str) -> None:
        address = f"{BASE}/{path.replace('{}', quote(word.replace('/', ''), safe=''))}"
        if method == "POST":
            answer = town.post(path.replace("{}", "x"), {**a_report(), **dict(pairs)})
        else:
            query = "&".join(f"{quote(k)}={quote(v, errors='replace')}" for k, v in pairs)
            answer = town.http.get(f"{address}?{query}")
        seen.add(answer.status_code)
        assert answer.status_code in ALLOWED
        assert "html" not in answer.headers["content-type"]
        said: Any = answer.content and texts(
            read(answer) if address.endswith((".json", ".xml")) else ""
        )
        assert said is not None

    ask()

    assert {200, 400, 404} <= seen


def test_an_instant_is_written_as_all_clients_read_it() -> None:
    assert STAMP.fullmatch("2026-03-02T11:00:00+08:00")
    assert not STAMP.fullmatch("2026-03-02 11:00:00.5+0800")

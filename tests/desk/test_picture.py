"""The picture of a citizen: what is on it, for whom, and what it costs."""

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases import service as cases
from app.cases.kinds import Action, Channel
from app.cases.models import Case
from app.cases.rules import StepInput, staff
from app.citizens import service as citizens
from app.citizens.models import Citizen, Mark, Representation
from app.citizens.rules import CitizenState, Ground, MarkKind, number_of
from app.citizens.service import Person
from app.interactions import service
from app.interactions.rules import Medium
from app.interactions.service import Given, NewTalk
from app.ratings import service as ratings
from app.ratings.rules import Level
from tests.desk.stepping import Enter
from tests.support.city import City, a_case
from tests.support.clock import MONDAY_9AM
from tests.support.counting import statements_of

NAME, PHONE = "测试甲", "17900000001"
HOME = "示例市样板区东风街道样板路 12 号 401 室"
DAY = timedelta(days=1)
SELF = Person(name=NAME, phone=PHONE, address=HOME)


@pytest.fixture
def known(city: City) -> int:
    with city.db.begin() as session:
        return citizens.register(session, SELF, now=MONDAY_9AM)


def opened(session: Session, **given: object) -> Case:
    theirs: dict[str, Any] = {"person": SELF, "is_anonymous": False, **given}
    return a_case(session, **theirs)


def test_name_telephone_and_address_are_masked_and_the_title_is_a_number(
    person: Enter, known: int
) -> None:
    page = person(Role.CLERK).get(f"/citizens/{number_of(known)}")

    assert page.status == 200
    assert "测*甲" in page.text
    assert "179****0001" in page.text
    for secret in (NAME, PHONE, "401 室"):
        assert secret not in page.html


def test_matters_marks_promises_and_words_stand_on_one_page(
    person: Enter, city: City, known: int
) -> None:
    clerk = city[Role.CLERK]
    with city.db.begin() as session:
        session.add(Mark(citizen_id=known, kind=MarkKind.DISABLED, created_at=MONDAY_9AM))
        number = opened(session, body="楼道灯不亮。", title="楼道灯").number
        new = NewTalk(Medium.WINDOW, citizen_id=known)
        talk = service.start(session, clerk, new, now=MONDAY_9AM)
        given = Given("周三前回电。", MONDAY_9AM.date(), known, talk.id)
        service.promise(session, clerk, given, now=MONDAY_9AM)
        service.write_down(session, talk, "问楼道灯何时修好。", now=MONDAY_9AM)

    pages = person(Role.CLERK)
    pages.http.cookies.set("lang", "en")
    page = pages.get(f"/citizens/{number_of(known)}")

    for words in ("Disabled", "楼道灯", number, "周三前回电。", "问楼道灯何时修好。"):
        assert words in page.text
    assert "1 matter in 90 days, 1 open" in page.text


def test_the_line_speaks_of_a_bad_rating_until_it_is_rectified(
    person: Enter, city: City, known: int
) -> None:
    clerk = city[Role.CLERK]
    with city.db.begin() as session:
        case = opened(session)
        given = StepInput(Action.ANSWER_ON_SPOT, case.version, text="已修好。")
        cases.take_step(session, case, given, doer=staff(clerk), now=MONDAY_9AM)
        ratings.rate(session, case, Level.DISSATISFIED, now=MONDAY_9AM)

    pages = person(Role.CLERK)
    pages.http.cookies.set("lang", "en")
    page = pages.get(f"/citizens/{number_of(known)}")

    assert "1 matter in 90 days, last bad rating not put right yet" in page.text


def test_a_matter_the_reader_may_not_know_of_leaves_no_trace(
    person: Enter, city: City, known: int
) -> None:
    clerk = city[Role.CLERK]
    with city.db.begin() as session:
        secret = opened(session, body="举报内容保密。", is_confidential=True)
        number = secret.number
        new = NewTalk(Medium.PHONE, citizen_id=known)
        talk = service.start(session, clerk, new, now=MONDAY_9AM)
        service.link_case(session, talk, secret)
        service.write_down(session, talk, "谈了举报的事。", now=MONDAY_9AM)

    page = person(Role.CLERK).get(f"/citizens/{number_of(known)}")

    assert number not in page.html
    assert "举报" not in page.html


def test_what_was_promised_about_a_matter_the_reader_may_not_know_of_is_not_told(
    person: Enter, city: City, known: int
) -> None:
    clerk = city[Role.CLERK]
    with city.db.begin() as session:
        secret, plain = opened(session, is_confidential=True), opened(session)
        number = plain.number
        talks = []
        for case in (secret, plain):
            new = NewTalk(Medium.PHONE, citizen_id=known)
            talks.append(service.start(session, clerk, new, now=MONDAY_9AM))
            service.link_case(session, talks[-1], case)
        for text, talk in zip(("举报周三有答复。", "路灯周四修好。"), talks, strict=True):
            given = Given(text, MONDAY_9AM.date(), known, talk.id)
            service.promise(session, clerk, given, now=MONDAY_9AM)

    pages = person(Role.CLERK)
    whole, short = pages.get(f"/citizens/{number_of(known)}"), pages.get(f"/cases/{number}/picture")

    for page in (whole, short):
        assert "路灯周四修好。" in page.text
        assert "举报" not in page.html


def test_who_is_related_and_who_shares_a_way_is_named(
    person: Enter, city: City, known: int
) -> None:
    with city.db.begin() as session:
        sister = citizens.register(session, Person("测试女", PHONE), now=MONDAY_9AM)
        mother = citizens.register(session, Person("测试母", "17900000002"), now=MONDAY_9AM)
        session.add(
            Representation(
                principal_id=mother,
                agent_id=known,
                ground=Ground.AGENT,
                valid_from=date(2026, 1, 1),
                created_at=MONDAY_9AM,
            )
        )

    pages = person(Role.CLERK)
    pages.http.cookies.set("lang", "en")
    page = pages.get(f"/citizens/{number_of(known)}")

    assert f"/citizens/{number_of(sister)}" in page.links.values()
    assert "has the same telephone" in page.text
    assert f"/citizens/{number_of(mother)}" in page.links.values()
    assert "is represented by this citizen" in page.text


def test_the_number_of_somebody_merged_leads_to_who_they_became_part_of(
    person: Enter, city: City, known: int
) -> None:
    with city.db.begin() as session:
        other = citizens.register(session, Person("测试丁", "17900000004"), now=MONDAY_9AM)
        merged = update(Citizen).where(Citizen.id == other)
        session.execute(merged.values(state=CitizenState.MERGED, merged_into_id=known))

    page = person(Role.CLERK).get(f"/citizens/{number_of(other).lower()}")

    assert page.url == f"/citizens/{number_of(known)}"


def test_of_somebody_restricted_only_the_number_is_told(
    person: Enter, city: City, known: int
) -> None:
    with city.db.begin() as session:
        opened(session, title="限制后看不到的诉求")
        session.get_one(Citizen, known).state = CitizenState.RESTRICTED

    page = person(Role.CLERK).get(f"/citizens/{number_of(known)}")

    assert number_of(known) in page.text
    assert "测*甲" not in page.text
    assert "179****0001" not in page.text
    assert "限制后看不到的诉求" not in page.text


@pytest.mark.parametrize("number", ["C000099999", "nobody", "C1", "C" + "9" * 12])
def test_a_number_nobody_has_is_nowhere(person: Enter, number: str) -> None:
    assert person(Role.CLERK).get(f"/citizens/{number}").status == 404


def test_a_handler_sees_a_citizen_only_through_a_matter(
    person: Enter, city: City, known: int
) -> None:
    with city.db.begin() as session:
        case = opened(session)
        case.unit_id = city[Role.HANDLER].unit_id
        number = case.number
    pages = person(Role.HANDLER)

    whole = pages.get(f"/citizens/{number_of(known)}")
    beside = pages.get(f"/cases/{number}/picture")

    assert whole.status == 404
    assert beside.status == 200
    assert f"/citizens/{number_of(known)}" not in beside.html
    assert NAME not in beside.html


def test_a_nameless_matter_has_no_picture(person: Enter, number: str) -> None:
    assert person(Role.CLERK).get(f"/cases/{number}/picture").status == 404


def test_what_came_through_the_portal_is_a_contact_once(
    person: Enter, city: City, known: int
) -> None:
    with city.db.begin() as session:
        case = opened(session, channel=Channel.PORTAL)
        cases.supplement(session, case, "灯杆号 12。", now=MONDAY_9AM + DAY)

    pages = person(Role.CLERK)
    pages.http.cookies.set("lang", "en")
    page = pages.get(f"/citizens/{number_of(known)}")

    assert page.text.count("brought a matter") == 1
    assert page.text.count("added something") == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_long_history_asks_the_database_no_oftener(
    app: FastAPI, person: Enter, city: City, known: int
) -> None:
    clerk, counts = city[Role.CLERK], []
    pages = person(Role.CLERK)
    for rows in (2, 40):
        with city.db.begin() as session:
            for n in range(rows):
                opened(session, title=f"第 {n} 件")
                new = NewTalk(Medium.LETTER, citizen_id=known)
                talk = service.start(session, clerk, new, now=MONDAY_9AM)
                service.promise(
                    session, clerk, Given("回信。", MONDAY_9AM.date(), known), now=MONDAY_9AM
                )
                service.write_down(session, talk, "来信一封。", now=MONDAY_9AM)
                citizens.register(session, Person(f"测试{n}", PHONE), now=MONDAY_9AM)
        pages.get(f"/citizens/{number_of(known)}")
        with statements_of(app.state.edge.engine) as seen:
            assert pages.get(f"/citizens/{number_of(known)}").status == 200
        counts.append(len(seen))

    # Only whether there are older ones than the newest thirty is asked besides.
    assert counts[0] <= counts[1] <= counts[0] + 1

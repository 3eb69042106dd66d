"""A package holds what is the person's own and nothing of anybody else, sealed, for a month."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.models import Case, CaseAccused
from app.cases.service import drafts
from app.citizens.models import CitizenAccess
from app.citizens.rules.access import AccessField
from app.citizens.service import Person, register
from app.departments.models import Unit
from app.interactions.models import Interaction, InteractionCase
from app.interactions.rules import Direction, Medium, TalkState
from app.kernel.audit import AuditEntry
from app.kernel.errors import ConflictError, ForbiddenError
from app.kernel.ids import random_token
from app.kernel.jobs import Job
from app.mypage.models import LinkedCase
from app.privacy import copies, jobs
from app.privacy.models import DataRequest
from app.privacy.rules import (
    RequestKind,
)
from app.privacy.service.packaging import for_officer, hand_over
from tests.portal import walking
from tests.portal.conftest import city
from tests.privacy.asked import ask, drain, somebody
from tests.privacy.town import OFFICER, files_in, officer
from tests.support.city import City
from tests.support.clock import MONDAY_9AM, StoppedClock

__all__ = ["city", "somebody"]


def test_the_package_holds_everything_and_lies_sealed(
    app: FastAPI, city: City, somebody: int
) -> None:
    request_id = ask(city, somebody, RequestKind.COPY)

    drain(app)

    with city.db.begin() as session:
        name, key = hand_over(session, request_id, by=OFFICER, now=MONDAY_9AM)
    text = b"".join(jobs.packages(app.state.settings).pieces(name, key)).decode()
    for words in ("测试甲", walking.PHONE, "连续三晚不亮", "路灯已经修好", "来得很快", "补充一句"):
        assert words in text
    sealed = b"".join(each.read_bytes() for each in files_in(app, jobs.FOLDER))
    assert "测试甲".encode() not in sealed
    names = {each["table"] for each in json.loads(text)["holdings"]}
    assert {"citizens", "contacts", "cases", "case_texts", "attachments", "rating_words"} <= names


def made(app: FastAPI, city: City, citizen_id: int) -> dict[str, list[dict[str, object]]]:
    """The rows of a package by table."""
    request_id = ask(city, citizen_id, RequestKind.COPY)
    drain(app)
    with city.db.begin() as session:
        name, key = hand_over(session, request_id, by=OFFICER, now=MONDAY_9AM)
    text = b"".join(jobs.packages(app.state.settings).pieces(name, key)).decode()
    return {each["table"]: each["rows"] for each in json.loads(text)["holdings"]}


def a_talk(session: Session, city: City, citizen_id: int | None, case_id: int) -> int:
    clerk = city[Role.CLERK]
    talk = Interaction(
        ref=random_token()[:26],
        citizen_id=citizen_id,
        medium=Medium.PHONE,
        direction=Direction.IN,
        staff_id=clerk.id,
        unit_id=session.scalars(select(Unit.id)).first(),
        state=TalkState.ENDED,
        began_at=MONDAY_9AM,
        place=random_token()[:40],
    )
    session.add(talk)
    session.flush()
    session.add(InteractionCase(interaction_id=talk.id, case_id=case_id))
    return talk.id


def test_what_somebody_else_said_about_the_same_matter_is_not_in_the_package(
    app: FastAPI, city: City, somebody: int
) -> None:
    with city.db.begin() as session:
        case_id = session.scalars(select(Case.id)).one()
        other = register(session, Person("测试乙", "17900005678"), now=MONDAY_9AM)
        own = a_talk(session, city, somebody, case_id)
        a_talk(session, city, other, case_id)
        a_talk(session, city, None, case_id)

    rows = made(app, city, somebody)

    assert [each["id"] for each in rows["interactions"]] == [own]


def test_unsent_words_of_staff_and_who_looked_are_not_in_the_package(
    app: FastAPI, city: City, somebody: int
) -> None:
    with city.db.begin() as session:
        number = session.scalars(select(Case.number)).one()
        clerk = city[Role.CLERK].id
        owner = drafts.owner_of_staff(clerk)
        drafts.save(session, owner, f"{number}/note", {"text": "内部草稿"}, now=MONDAY_9AM)
        session.add(
            CitizenAccess(
                at=MONDAY_9AM,
                on_day=MONDAY_9AM.date(),
                staff_id=clerk,
                citizen_id=somebody,
                field=next(iter(AccessField)),
                reason_code="callback",
                ip="192.0.2.7",
                is_out_of_hours=False,
                is_own_surname=False,
                is_without_case=False,
            )
        )

    rows = made(app, city, somebody)

    assert "内部草稿" not in json.dumps(rows, ensure_ascii=False)
    assert not {"staff_id", "ip"} & set(rows["citizen_accesses"][0])


def test_an_officer_does_not_see_what_the_person_tied_to_their_own_page(
    app: FastAPI, city: City, somebody: int
) -> None:
    with city.db.begin() as session:
        case_id = session.scalars(select(Case.id)).one()
        session.add(LinkedCase(citizen_id=somebody, case_id=case_id, linked_at=MONDAY_9AM))
    request_id = ask(city, somebody, RequestKind.COPY)
    drain(app)
    with city.db.begin() as session:
        name, key = hand_over(session, request_id, by=OFFICER, now=MONDAY_9AM)
    text = b"".join(jobs.packages(app.state.settings).pieces(name, key)).decode()

    seen = for_officer(text)

    assert '"linked_cases"' in text
    assert '"linked_cases"' not in seen
    assert '"table":"contacts"' in seen


def test_nobody_hands_over_a_matter_about_themselves(
    app: FastAPI, city: City, somebody: int
) -> None:
    request_id = ask(city, somebody, RequestKind.COPY)
    drain(app)
    officer_here, clerk = city[Role.PRIVACY], city[Role.CLERK]
    with city.db.begin() as session:
        case = session.scalars(select(Case)).one()
        session.add(
            CaseAccused(
                case_id=case.id,
                unit_id=case.unit_id,
                staff_id=officer_here.id,
                named_at=MONDAY_9AM,
            )
        )

    with pytest.raises(ForbiddenError), city.db.begin() as session:
        hand_over(session, request_id, by=OFFICER, now=MONDAY_9AM, officer=officer_here)
    with city.db.begin() as session:
        assert hand_over(session, request_id, by=OFFICER, now=MONDAY_9AM, officer=clerk)


def test_nothing_is_handed_over_before_it_is_known_who_asks(
    app: FastAPI, city: City, somebody: int
) -> None:
    request_id = ask(city, somebody, RequestKind.ACCESS, known=False)
    drain(app)

    with pytest.raises(ConflictError), city.db.begin() as session:
        hand_over(session, request_id, by=OFFICER, now=MONDAY_9AM)


def test_a_package_is_gone_after_a_month(
    app: FastAPI, city: City, somebody: int, clock: StoppedClock
) -> None:
    request_id = ask(city, somebody, RequestKind.COPY)
    drain(app)
    clock.advance(timedelta(days=31))

    with city.db.begin() as session:
        jobs.sweep(session, {}, now=clock.now())
    drain(app)

    assert files_in(app, jobs.FOLDER) == []
    with city.db() as session:
        assert session.get_one(DataRequest, request_id).package_key is None


def test_handing_over_is_written_down_and_the_zip_opens(
    app: FastAPI, client: TestClient, city: City, somebody: int
) -> None:
    request_id = ask(city, somebody, RequestKind.COPY)
    drain(app)
    pages = officer(client, city)
    form = pages.get(f"/privacy/requests/{request_id}").form(action="hand-over")

    answer = client.post(form.action, data={**form.values(), "as": "zip"})

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {"index.html", "data.json"} <= set(archive.namelist())
        assert any(each.startswith("files/") for each in archive.namelist())
        assert "测试甲" in archive.read("index.html").decode()
    with city.db() as session:
        actions = session.scalars(select(AuditEntry.action)).all()
    assert "privacy:package_handed_over" in actions


def test_payloads_of_jobs_hold_ids_only(city: City, somebody: int) -> None:
    ask(city, somebody, RequestKind.COPY)

    with city.db() as session:
        payloads = session.scalars(select(Job.payload).where(Job.name.startswith("privacy:"))).all()

    assert payloads == [{"request": 1}]


@pytest.mark.usefixtures("somebody")
def test_what_people_read_of_themselves_names_our_codes(city: City) -> None:
    rows = [{"id": 1, "kind": "mobile", "verified_at": "2026-03-02 01:00:00+00:00", "value": "1"}]
    consents = [{"kind_code": "sms_survey", "is_given": True, "source": "portal"}]
    holdings = [{"table": "contacts", "rows": rows}, {"table": "consents", "rows": consents}]
    text = json.dumps({"holdings": holdings})

    with city.db() as session:
        tables = copies.readable(session, text, "zh_CN")["tables"]

    [contact], [consent] = (rows for _, _, rows in tables)  # type: ignore[attr-defined]  # as listed
    assert {(each.value, each.is_msgid) for each in contact} == {
        ("Mobile", True),
        ("2026-03-02 01:00", False),
        ("1", False),
    }
    assert [each.value for each in consent] == ["短信回访与评价邀请", True, "Portal"]

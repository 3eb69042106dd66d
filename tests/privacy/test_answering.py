"""Who is asking comes first; what cannot be taken back needs two; each answer ends the clock."""

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
from app.citizens.models import Citizen, CitizenAccess
from app.citizens.rules import CitizenState
from app.citizens.rules.access import AccessField
from app.citizens.service import Person, register
from app.departments.models import Unit
from app.interactions.models import Interaction, InteractionCase
from app.interactions.rules import Direction, Medium, TalkState
from app.kernel.audit import AuditEntry
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.ids import random_token
from app.kernel.jobs import Job
from app.kernel.outbox import Message
from app.mypage.models import LinkedCase
from app.notifications.letters import Writer
from app.privacy import jobs, service
from app.privacy.models import DataRequest, Tombstone
from app.privacy.rules import (
    IdentityProof,
    RefusalGround,
    RequestKind,
    RequestStatus,
    Source,
    number_of_request,
)
from app.privacy.service import answering, asking, holding
from app.privacy.service.packaging import for_officer, hand_over
from app.sla.models import Clock
from app.wiring import JOBS
from app.worker import Worker
from tests.portal import walking
from tests.portal.conftest import city
from tests.privacy.town import COLLEAGUE, OFFICER, a_whole_matter, files_in, officer, prepared
from tests.support.city import City
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.pages import PageClient

__all__ = ["city"]

CITIZEN = Author(None, "citizen")


@pytest.fixture
def somebody(pages: PageClient, city: City) -> int:
    """A person with a whole matter behind them."""
    prepared(city)
    a_whole_matter(pages, city)
    with city.db() as session:
        return session.scalars(select(Citizen.id)).one()


def ask(city: City, citizen_id: int, kind: RequestKind, *, known: bool = True) -> int:
    with city.db.begin() as session:
        request = asking.open_request(
            session, citizen_id, kind, "请办理", source=Source.PORTAL, by=CITIZEN, now=MONDAY_9AM
        )
        if known:
            answering.identify(
                session, request.id, IdentityProof.DOCUMENT, version=1, by=OFFICER, now=MONDAY_9AM
            )
        return request.id


def version_of(city: City, request_id: int) -> int:
    with city.db() as session:
        return session.get_one(DataRequest, request_id).version


def do(city: City, deed: object, request_id: int, *words: object, by: Author = OFFICER) -> None:
    version = version_of(city, request_id)
    with city.db.begin() as session:
        deed(session, request_id, *words, version=version, by=by, now=MONDAY_9AM)  # type: ignore[operator]  # one of the service's deeds


def drain(app: FastAPI) -> None:
    Worker(app.state.edge, JOBS).drain()


def test_an_answer_ends_the_clock_and_can_be_read(city: City, somebody: int) -> None:
    request_id = ask(city, somebody, RequestKind.EXPLANATION)

    do(city, answering.answer, request_id, "您的电话只转给了市政工程局。")

    with city.db() as session:
        request = session.get_one(DataRequest, request_id)
        clock = session.scalars(select(Clock).where(Clock.subject_type == "data_request")).one()
        assert request.status is RequestStatus.DONE
        assert clock.met_at == MONDAY_9AM
        assert service.words_of(session, request)[1] == "您的电话只转给了市政工程局。"


def test_nobody_is_answered_before_it_is_known_who_asks(city: City, somebody: int) -> None:
    request_id = ask(city, somebody, RequestKind.EXPLANATION, known=False)

    with pytest.raises(ConflictError):
        do(city, answering.answer, request_id, "好的")


@pytest.mark.parametrize("text", [" ", "长" * 2001])
def test_an_answer_has_words_and_an_end(city: City, somebody: int, text: str) -> None:
    request_id = ask(city, somebody, RequestKind.EXPLANATION)

    with pytest.raises(InvalidError):
        do(city, answering.answer, request_id, text)


def test_a_refusal_names_its_ground(city: City, somebody: int) -> None:
    request_id = ask(city, somebody, RequestKind.DELETION, known=False)

    do(city, answering.refuse, request_id, RefusalGround.LAW_KEEPS, "依法须保存。可以投诉。")

    with city.db() as session:
        request = session.get_one(DataRequest, request_id)
        assert (request.status, request.refusal_ground) == (
            RequestStatus.REFUSED,
            RefusalGround.LAW_KEEPS,
        )


def test_more_time_is_taken_once_with_a_reason_and_within_the_limit(
    city: City, somebody: int
) -> None:
    request_id = ask(city, somebody, RequestKind.EXPLANATION)
    with pytest.raises(InvalidError):
        do(city, answering.extend, request_id, 16, "需要核对")
    with pytest.raises(InvalidError):
        do(city, answering.extend, request_id, 5, " ")

    do(city, answering.extend, request_id, 5, "需要核对多个单位的记录")

    with city.db() as session:
        clock = session.scalars(select(Clock).where(Clock.subject_type == "data_request")).one()
        assert clock.budget == 20
    with pytest.raises(ConflictError):
        do(city, answering.extend, request_id, 5, "再延")


def test_an_erasure_needs_two_people(city: City, somebody: int) -> None:
    request_id = ask(city, somebody, RequestKind.DELETION)
    with pytest.raises(ConflictError):
        do(city, answering.answer, request_id, "删了")
    do(city, answering.propose_erasure, request_id)

    with pytest.raises(ForbiddenError):
        do(city, answering.approve_erasure, request_id, "已删除。", by=OFFICER)
    do(city, answering.approve_erasure, request_id, "已删除。", by=COLLEAGUE)

    with city.db() as session:
        assert session.get_one(Citizen, somebody).state is CitizenState.ANONYMISED
        stones = session.scalars(select(Tombstone.request_id)).all()
        assert stones == [request_id, request_id]
        request = session.get_one(DataRequest, request_id)
        assert service.words_of(session, request) == ("", "已删除。", "")


def test_who_is_to_be_erased_is_told_while_they_can_be_reached(city: City, somebody: int) -> None:
    request_id = ask(city, somebody, RequestKind.DELETION)

    do(city, answering.propose_erasure, request_id)

    with city.db() as session:
        wanted = select(Message).where(Message.subject_type == "citizen")
        message = session.scalars(wanted).one()
        letter = Writer("https://example.invalid")(session, message)
        assert letter is not None
        assert letter.address == walking.PHONE
        assert number_of_request(request_id) in letter.text


def test_a_proposal_can_be_sent_back(city: City, somebody: int) -> None:
    request_id = ask(city, somebody, RequestKind.ACCOUNT_CLOSE)
    do(city, answering.propose_erasure, request_id)

    do(city, answering.send_back, request_id, by=COLLEAGUE)

    with city.db() as session:
        assert session.get_one(DataRequest, request_id).status is RequestStatus.OPEN


def test_a_hold_stops_an_erasure_even_after_it_was_proposed(city: City, somebody: int) -> None:
    request_id = ask(city, somebody, RequestKind.DELETION)
    do(city, answering.propose_erasure, request_id)
    with city.db.begin() as session:
        case_id = session.scalars(select(Case.id)).one()
        holding.place(
            session, case_id=case_id, reason="诉讼", until=None, by=OFFICER, now=MONDAY_9AM
        )

    with pytest.raises(ConflictError):
        do(city, answering.approve_erasure, request_id, "已删除。", by=COLLEAGUE)

    with city.db() as session:
        assert session.get_one(Citizen, somebody).state is CitizenState.ACTIVE


def test_open_matters_come_to_their_end_first(pages: PageClient, city: City, somebody: int) -> None:
    walking.reported(pages)  # the same name and number
    request_id = ask(city, somebody, RequestKind.DELETION)

    with pytest.raises(ConflictError):
        do(city, answering.propose_erasure, request_id)


def test_a_restriction_is_in_force_with_the_answer_and_lifts_again(
    city: City, somebody: int
) -> None:
    request_id = ask(city, somebody, RequestKind.RESTRICTION)

    do(city, answering.answer, request_id, "已限制处理。")
    with city.db.begin() as session:
        restricted = session.get_one(Citizen, somebody).state
        answering.lift_restriction(session, somebody, by=OFFICER, now=MONDAY_9AM)

    assert restricted is CitizenState.RESTRICTED
    with city.db() as session:
        assert session.get_one(Citizen, somebody).state is CitizenState.ACTIVE


def test_a_screen_that_is_stale_changes_nothing(city: City, somebody: int) -> None:
    request_id = ask(city, somebody, RequestKind.EXPLANATION)

    with pytest.raises(ConflictError), city.db.begin() as session:
        answering.answer(session, request_id, "旧", version=1, by=OFFICER, now=MONDAY_9AM)


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

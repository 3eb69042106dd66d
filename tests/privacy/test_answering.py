"""Who is asking comes first; what cannot be taken back needs two; each answer ends the clock."""

import pytest
from sqlalchemy import select

from app.cases.models import Case
from app.citizens.models import Citizen
from app.citizens.rules import CitizenState
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.outbox import Letter, Message
from app.notifications.letters import Writer
from app.privacy import service
from app.privacy.models import DataRequest, Tombstone
from app.privacy.rules import (
    RefusalGround,
    RequestKind,
    RequestStatus,
    number_of_request,
)
from app.privacy.service import answering, holding
from app.sla.models import Clock
from tests.portal import walking
from tests.portal.conftest import city
from tests.privacy.asked import ask, do, somebody
from tests.privacy.town import COLLEAGUE, OFFICER
from tests.support.city import City
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PageClient

__all__ = ["city", "somebody"]


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
        letter = Writer("https://example.invalid")(session, message, MONDAY_9AM)
        assert isinstance(letter, Letter)
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

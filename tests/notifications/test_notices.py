"""From a step to the words on a citizen's telephone."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select, update

from app.accounts.rules import Role
from app.cases.events import CaseMoved, CaseOpened
from app.cases.kinds import Action
from app.cases.models import CaseEvent
from app.cases.rules import Facts
from app.cases.workflows.order import STEPS
from app.citizens.models import Contact
from app.citizens.service import Person
from app.kernel import events, outbox
from app.kernel.outbox import (
    Channel,
    Delivery,
    Fate,
    Letter,
    Message,
    MessageStatus,
    Outcome,
    Ready,
)
from app.notifications import channels, listening
from app.notifications.console import Console
from app.notifications.gateway import SmsGateway
from app.notifications.letters import Writer
from app.notifications.mail import MailServer
from app.notifications.rules.deciding import Reason
from app.settings import Settings
from tests.cases.walking import take
from tests.support.city import City, Db, a_case, a_city, first_category
from tests.support.clock import MONDAY_9AM

PHONE = "17900000001"


@pytest.fixture
def city(db: Db) -> Iterator[City]:
    events.wire({})
    outbox.wire(Delivery({}, Writer("https://window.example.org/")))
    yield a_city(db)
    events.wire({})


@pytest.fixture
def _listening(city: City) -> None:  # noqa: ARG001  # founded in silence
    events.wire({CaseOpened: (listening.on_opened,), CaseMoved: (listening.on_moved,)})


def messages(city: City) -> list[Message]:
    with city.db() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def letter_of(city: City, message: Message, *, now: datetime = MONDAY_9AM) -> Ready:
    with city.db() as session:
        return Writer("https://window.example.org/")(session, message, now)


@pytest.mark.usefixtures("_listening")
def test_a_citizen_with_a_mobile_number_is_told_of_arrival_and_of_steps(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session, person=Person(name="测试", phone=PHONE))
        category = Facts(category_id=first_category(session))
        take(session, case, Action.ACCEPT, city[Role.CLERK], facts=category)
        number = case.number

    told = messages(city)
    letter = letter_of(city, told[1])

    assert [message.status for message in told] == [MessageStatus.OFF] * 2
    assert [message.params for message in told] == [{"number": number}] * 2
    assert isinstance(letter, Letter)
    assert letter.address == PHONE
    assert number in letter.text
    assert "https://window.example.org/c/" in letter.text


@pytest.mark.usefixtures("_listening")
def test_nobody_is_written_to_about_a_matter_without_a_name(city: City) -> None:
    with city.db.begin() as session:
        a_case(session, person=Person())

    assert messages(city) == []


@pytest.mark.usefixtures("_listening")
def test_of_who_left_no_number_for_messages_it_is_shown_that_nothing_was_sent(city: City) -> None:
    with city.db.begin() as session:
        a_case(session, person=Person(name="测试", phone="059100000001"))

    told = messages(city)

    assert [message.status for message in told] == [MessageStatus.SUPPRESSED]
    assert told[0].trouble == Reason.NO_CONTACT


@pytest.mark.parametrize("is_confidential", [True, False])
def test_a_notice_names_the_unit_unless_the_matter_is_confidential(
    city: City, *, is_confidential: bool
) -> None:
    step = next(step for step in STEPS if step.notice and "%(unit)s" in step.notice)
    with city.db.begin() as session:
        case = a_case(session, person=Person(name="测试", phone=PHONE))
        case.is_confidential = is_confidential
        listening.on_moved(session, CaseMoved(case, step, CaseEvent(), MONDAY_9AM))

    letter = letter_of(city, messages(city)[0])

    assert isinstance(letter, Letter)
    assert ("12345 中心" in letter.text) is not is_confidential
    assert case.number in letter.text


@pytest.mark.usefixtures("_listening")
def test_a_contact_that_is_gone_cannot_be_written_to(city: City) -> None:
    with city.db.begin() as session:
        a_case(session, person=Person(name="测试", phone=PHONE))
    message = messages(city)[0]
    with city.db.begin() as session:
        session.execute(update(Contact).values(ended_at=MONDAY_9AM))

    assert letter_of(city, message) == Outcome(Fate.HELD, Reason.NO_CONTACT)


@pytest.mark.usefixtures("_listening")
def test_a_message_about_something_else_has_no_link(city: City) -> None:
    with city.db.begin() as session:
        a_case(session, person=Person(name="测试", phone=PHONE))
        session.execute(update(Message).values(subject_type="other"))

    letter = letter_of(city, messages(city)[0])

    assert isinstance(letter, Letter)
    assert "http" not in letter.text


@pytest.mark.parametrize(
    ("url", "smtp", "ways_out"),
    [
        ("", "", {}),
        ("http://sms.example.org", "", {Channel.SMS: SmsGateway}),
        ("", "smtp://mail.example.org", {Channel.MAIL: MailServer}),
    ],
)
def test_the_ways_out_are_those_of_the_settings(
    url: str, smtp: str, ways_out: dict[Channel, type]
) -> None:
    settings = Settings(sms_gateway_url=url, smtp_url=smtp, mail_sender="hall@example.org")

    carriers = channels.delivery(settings).carriers

    assert {channel: type(carrier) for channel, carrier in carriers.items()} == ways_out


def test_the_demo_city_sends_nothing_and_prints_instead() -> None:
    settings = Settings(
        sms_gateway_url="http://x", smtp_url="smtp://x", mail_sender="hall@example.org", demo=True
    )

    carriers = channels.delivery(settings).carriers

    assert {type(carrier) for carrier in carriers.values()} == {Console}


def test_an_outcome_says_what_became_of_it() -> None:
    assert Outcome(Fate.SENT).trouble == ""

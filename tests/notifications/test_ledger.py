"""What was sent to whom stands beside each matter, in the very words, until it is erased."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from app.accounts.rules import Role
from app.cases.events import CaseOpened
from app.cases.models import Case
from app.citizens.models import Citizen, Contact
from app.citizens.rules import ContactKind
from app.citizens.service import Person, contacts
from app.citizens.service.contacts import GivenContact
from app.desk.noticed import noticed
from app.kernel import events, outbox
from app.kernel.authors import MACHINE
from app.kernel.outbox import Channel, Delivery, Fate, Letter, Message, MessageStatus, Outcome
from app.notifications import listening
from app.notifications.letters import Writer
from app.notifications.models import LedgerEntry
from app.notifications.rules.deciding import Policy, Purpose, Reason
from app.notifications.rules.quiet import Stretch
from app.notifications.rules.words import ARRIVED, INVITATION, NEWS
from app.notifications.service import consent, editing, ledger, receiving, writing
from app.notifications.service.editing import Draft
from app.notifications.service.ledger import Line
from app.privacy.rules import TombstoneGround
from app.privacy.service import erasing
from app.privacy.service.erasing import Order
from app.worker import Worker
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import an_edge

PHONE, MAIL = "17900000001", "ceshi@example.org"
NIGHT = MONDAY_9AM + timedelta(hours=13)
ACCEPTED = "Your matter %(number)s has been accepted and is being passed on."


@dataclass
class Postman:
    """Keeps what it was given to carry."""

    carried: list[Letter] = field(default_factory=list)
    fate: Fate = Fate.SENT

    def carry(self, letter: Letter, /) -> Outcome:
        self.carried.append(letter)
        return Outcome(self.fate)


@dataclass
class Town:
    """A city whose messages go to a postman, and the matter of somebody with a telephone."""

    city: City
    postman: Postman
    worker: Worker
    case_id: int

    def say(
        self,
        msgid: str = ACCEPTED,
        *,
        purpose: Purpose = Purpose.NOTICE,
        now: datetime = MONDAY_9AM,
    ) -> None:
        with self.city.db.begin() as session:
            case = session.get_one(Case, self.case_id)
            writing.write_about(session, case, msgid, purpose=purpose, now=now)

    def lines(self) -> list[Line]:
        with self.city.db() as session:
            return list(ledger.about(session, ("case", self.case_id)))

    def change(self, **values: object) -> None:
        with self.city.db.begin() as session:
            session.execute(update(Citizen).values(**values))

    @property
    def said(self) -> list[str]:
        return [letter.text for letter in self.postman.carried]


@pytest.fixture
def town(db: Db, clock: StoppedClock) -> Iterator[Town]:
    events.wire({})
    postman = Postman()
    ways = {Channel.SMS: postman, Channel.MAIL: postman}
    city = a_city(db)
    edge = an_edge(db.kw["bind"], clock)
    outbox.wire(Delivery(ways, Writer("https://w.example.org")))
    consent.wire(lambda _session, _citizen: False)
    with city.db.begin() as session:
        case_id = a_case(session, person=Person(name="测试", phone=PHONE)).id
    yield Town(city, postman, Worker(edge, {outbox.JOB: outbox.ERRAND}), case_id)
    outbox.wire(Delivery({}, Writer("")))


def test_the_ledger_holds_the_very_words_and_a_masked_address(town: Town) -> None:
    town.say()
    town.worker.drain()

    line = town.lines()[0]

    assert (line.status, line.channel) == (MessageStatus.SENT, Channel.SMS)
    assert line.words == town.said[0]
    assert line.words.startswith("【市民之窗】")
    assert "https://w.example.org/c/" in line.words
    assert line.address == "179****0001"
    with town.city.db() as session:
        stored = session.scalars(select(LedgerEntry)).one()
        assert stored.words is not None
        assert b"w.example.org" not in stored.words


def test_words_published_meanwhile_hold_for_what_happens_afterwards(town: Town) -> None:
    town.say()
    with town.city.db.begin() as session:
        draft = Draft({"zh_CN": "新:{number}。"}, 0)
        by = town.city[Role.ADMIN].author()
        later = MONDAY_9AM + timedelta(seconds=1)
        editing.publish(session, "accepted", draft, by=by, now=later)
    town.say(now=MONDAY_9AM + timedelta(seconds=2))

    town.worker.drain()

    assert len(town.said) == 1
    assert "新:" not in town.said[0]


def test_the_words_that_hold_are_those_of_the_moment_it_happened(
    town: Town, clock: StoppedClock
) -> None:
    with town.city.db.begin() as session:
        draft = Draft({"zh_CN": "看这里 {link} ,编号 {number}。"}, 0)
        by = town.city[Role.ADMIN].author()
        editing.publish(session, "accepted", draft, by=by, now=MONDAY_9AM)
    clock.advance(timedelta(minutes=1))
    town.say(now=clock.now())

    town.worker.drain()

    assert town.said[0].startswith("【市民之窗】看这里 https://w.example.org/c/")
    assert town.said[0].count("https://") == 1


def test_at_night_a_message_waits_for_the_morning(town: Town, clock: StoppedClock) -> None:
    clock.advance(NIGHT - MONDAY_9AM)
    town.say(now=clock.now())
    town.worker.drain()
    at_night = (town.said, town.lines()[0].send_after)

    clock.advance(timedelta(hours=10))
    town.worker.drain()

    assert at_night == ([], MONDAY_9AM + timedelta(hours=23))
    assert len(town.said) == 1


def test_danger_to_life_wakes_people(town: Town, clock: StoppedClock) -> None:
    with town.city.db.begin() as session:
        session.execute(update(Case).values(urgency="critical"))
    clock.advance(NIGHT - MONDAY_9AM)

    town.say(now=clock.now())
    town.worker.drain()

    assert len(town.said) == 1


def test_quiet_hours_that_were_changed_meanwhile_hold_for_what_waits(
    town: Town, clock: StoppedClock
) -> None:
    town.say()
    policy = Policy(quiet=Stretch(time(8), time(20)))
    with town.city.db.begin() as session:
        by = town.city[Role.ADMIN].author()
        editing.decide_policy(session, policy, version=0, by=by, now=clock.now())

    town.worker.drain()

    assert town.said == []
    assert town.lines()[0].status is MessageStatus.PENDING


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"do_not_contact": True}, Reason.DO_NOT_CONTACT),
        ({"state": "restricted"}, Reason.RESTRICTED),
        ({"state": "anonymised"}, Reason.GONE),
    ],
)
@pytest.mark.parametrize("is_before", [True, False])
def test_who_may_not_be_written_to_is_not_and_the_ledger_says_why(
    town: Town, change: dict[str, object], reason: Reason, *, is_before: bool
) -> None:
    if is_before:
        town.change(**change)
    town.say()
    if not is_before:
        town.change(**change)

    town.worker.drain()

    line = town.lines()[0]
    assert (line.status, line.trouble) == (MessageStatus.SUPPRESSED, reason)
    assert town.said == []


def test_an_invitation_needs_consent_and_its_withdrawal_counts_until_the_end(town: Town) -> None:
    consent.wire(lambda _session, _citizen: True)
    town.say(INVITATION, purpose=Purpose.SURVEY)
    consent.wire(lambda _session, _citizen: False)

    town.worker.drain()

    assert town.said == []
    assert town.lines()[0].trouble == Reason.NO_CONSENT


def test_a_matter_that_became_confidential_is_not_spoken_of(town: Town) -> None:
    town.say()
    with town.city.db.begin() as session:
        session.execute(update(Case).values(is_confidential=True))

    town.worker.drain()

    assert "新进展" in town.said[0]
    assert "受理" not in town.said[0]


def test_of_a_confidential_matter_only_that_there_is_news_is_kept(town: Town) -> None:
    with town.city.db.begin() as session:
        session.execute(update(Case).values(is_confidential=True))

    town.say("%(unit)s has taken on your matter %(number)s.")

    assert town.lines()[0].msgid == NEWS
    assert set(town.lines()[0].params) == {"number"}


def test_who_prefers_mail_gets_mail(town: Town) -> None:
    with town.city.db.begin() as session:
        citizen = session.scalars(select(Citizen)).one()
        given = GivenContact(ContactKind.EMAIL, MAIL, is_preferred=True)
        contacts.add(session, citizen, given, now=MONDAY_9AM)

    town.say()
    town.worker.drain()

    letter = town.postman.carried[0]
    assert (letter.channel, letter.address) == (Channel.MAIL, MAIL)
    assert not letter.text.startswith("【")


def test_more_than_a_day_holds_waits_for_tomorrow(town: Town) -> None:
    with town.city.db.begin() as session:
        by = town.city[Role.ADMIN].author()
        editing.decide_policy(session, Policy(most_a_day=2), version=0, by=by, now=MONDAY_9AM)
    for _ in range(3):
        town.say()
        town.worker.drain()

    states = [line.status for line in town.lines()]

    assert len(town.said) == 2
    assert states.count(MessageStatus.PENDING) == 1


def test_a_dead_number_is_not_written_to_again(town: Town) -> None:
    town.say()
    town.worker.drain()
    with town.city.db.begin() as session:
        ref = session.scalars(select(Message.ref)).one()
        receiving.receive(session, ref, arrived=False, reason="no_such_number", now=MONDAY_9AM)

    town.say()
    town.worker.drain()

    newest, first = town.lines()
    assert (newest.status, newest.trouble) == (MessageStatus.SUPPRESSED, Reason.BAD_CONTACT)
    assert (first.status, first.trouble) == (MessageStatus.FAILED, "receipt no_such_number")
    with town.city.db() as session:
        assert session.scalars(select(Contact.failed_at)).one() == MONDAY_9AM


def test_what_was_erased_meanwhile_is_not_sent(town: Town) -> None:
    town.say()
    with town.city.db.begin() as session:
        session.delete(session.scalars(select(LedgerEntry)).one())

    town.worker.drain()

    assert town.said == []
    assert town.lines()[0].trouble == Reason.GONE


def test_an_english_reader_gets_english(town: Town) -> None:
    town.change(language="en")

    town.say(ARRIVED)
    town.worker.drain()

    assert town.said[0].startswith("[Civic Window] Your matter ")


def test_a_unit_is_named_in_the_language_of_the_reader(town: Town) -> None:
    town.change(language="en")
    msgid = "Your matter %(number)s is now with %(unit)s."
    with town.city.db.begin() as session:
        case = session.get_one(Case, town.case_id)
        names = {"unit": "市政工程局", "unit_en": "Works"}
        writing.write_about(session, case, msgid, params=names, now=MONDAY_9AM)

    town.worker.drain()

    assert "is now with Works." in town.said[0]


def test_opening_a_matter_writes_to_its_citizen(town: Town) -> None:
    events.wire({CaseOpened: (listening.on_opened,)})
    with town.city.db.begin() as session:
        a_case(session, person=Person(name="测试", phone="17900000002"))

    town.worker.drain()

    assert [letter.address for letter in town.postman.carried] == ["17900000002"]
    events.wire({})


def test_the_words_go_with_the_matter_and_that_something_was_sent_stays(town: Town) -> None:
    town.say()
    town.worker.drain()
    order = Order(TombstoneGround.RETENTION, by=MACHINE)

    with town.city.db.begin() as session:
        erasing.erase_case(session, town.case_id, order, now=MONDAY_9AM)

    line = town.lines()[0]
    assert (line.status, line.words, line.address, line.params) == (MessageStatus.SENT, "", "", {})
    with town.city.db() as session:
        assert session.scalars(select(LedgerEntry)).all() == []


def test_where_a_confidential_complainant_is_reached_is_shown_to_nobody_unnamed(
    town: Town,
) -> None:
    town.say()
    town.worker.drain()
    with town.city.db.begin() as session:
        case = session.get_one(Case, town.case_id)
        before = noticed(session, town.city[Role.SUPERVISOR], case)
        case.is_identity_secret = True
        session.flush()

        after = noticed(session, town.city[Role.SUPERVISOR], case)

    assert [one.address for one in before] == ["179****0001"]
    assert [one.address for one in after] == [""]
    assert after[0].words == before[0].words

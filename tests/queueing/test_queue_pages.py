"""The pages of the queue for one visitor: kiosk, telephone, counter."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.citizens import service as citizens
from app.citizens.models import Citizen
from app.citizens.rules import MarkKind, number_of
from app.citizens.rules.identity import check_sign
from app.citizens.service import Person, marks
from app.citizens.service.marks import GivenMark
from app.interactions import service as talks
from app.interactions.models import Interaction
from app.interactions.rules import MOST_AT_ONCE, Medium, TalkState
from app.queueing import service
from app.queueing.models import QueueCounter, Ticket
from app.queueing.rules import Need, Source, TicketState
from tests.citizens.bare import a_document
from tests.queueing.halls import Hall
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.pages import Page, PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

_SEVENTEEN = "99010119500101001"
SENIOR_CARD = _SEVENTEEN + check_sign(_SEVENTEEN)


def the_ticket(hall: Hall) -> Ticket:
    with hall.db() as session:
        return session.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()


def known_person(hall: Hall, *, phone: str = "17900000001") -> int:
    with hall.db.begin() as session:
        return citizens.register(session, Person("测试甲", phone), now=MONDAY_9AM)


def sit_down(pages: PageClient, hall: Hall, clerk: int = 1) -> Page:
    pages.sign_in(f"window{clerk}")
    page = pages.get("/desk/counter")
    return pages.submit(page.form(action="sign-on"), press=str(hall.counters[clerk]))


def test_a_number_at_the_kiosk_takes_one_touch(pages: PageClient, served: Hall) -> None:
    page = pages.get("/kiosk/hall")

    given = pages.submit(page.form(action="/kiosk"), press=str(served.services["B"]))

    assert given.url.startswith("/kiosk/HALL/")
    assert "B001" in given.text
    assert the_ticket(served).source is Source.KIOSK


def test_the_same_touch_twice_gives_one_number(pages: PageClient, served: Hall) -> None:
    form = pages.get("/kiosk/HALL").form(action="/kiosk")

    urls = {pages.submit(form, press=str(served.services["A"])).url for _ in range(2)}

    assert len(urls) == 1
    assert the_ticket(served).number == 1


def test_a_card_on_the_reader_links_in_silence_and_is_not_given_back(
    pages: PageClient, served: Hall
) -> None:
    person = known_person(served)
    with served.db.begin() as session:
        a_document(session, person, SENIOR_CARD)
    form = pages.get("/kiosk/HALL").form(action="/kiosk")

    given = pages.submit(form, press=str(served.services["A"]), card=SENIOR_CARD)
    refused = pages.submit(pages.get("/kiosk/HALL").form(action="/kiosk"), card=SENIOR_CARD)

    assert (the_ticket(served).citizen_id, the_ticket(served).need) == (person, Need.SENIOR)
    assert refused.status == 422
    for page in (given, refused):
        assert SENIOR_CARD not in page.html
        assert "测试" not in page.html


def test_a_typed_card_number_tells_nobody_what_is_known_of_its_owner(
    pages: PageClient, served: Hall
) -> None:
    person = known_person(served)
    with served.db.begin() as session:
        a_document(session, person, SENIOR_CARD)
        disabled = GivenMark(MarkKind.DISABLED)
        marks.add(session, session.get_one(Citizen, person), disabled, by_id=None, now=MONDAY_9AM)
    form = pages.get("/kiosk/HALL").form(action="/kiosk")

    given = pages.submit(form, press=str(served.services["A"]), card=SENIOR_CARD)
    own = pages.get(f"/ticket/{given.url.rpartition('/')[2]}")

    assert the_ticket(served).need is Need.DISABLED
    for page in (given, own):
        assert "A001" in page.text
        assert "残疾" not in page.text


def test_a_card_counts_at_the_kiosk_only(pages: PageClient, served: Hall) -> None:
    person = known_person(served)
    with served.db.begin() as session:
        a_document(session, person, SENIOR_CARD)
    form = pages.get("/take/HALL").form(action="/take/HALL")
    sent = form.values() | {"service": [str(served.services["A"])], "card": [SENIOR_CARD]}

    pages.post(form.action, sent)

    assert (the_ticket(served).citizen_id, the_ticket(served).need) == (None, Need.NONE)


def test_a_closed_hall_says_when_it_opens(
    pages: PageClient, served: Hall, clock: StoppedClock
) -> None:
    form = pages.get("/take/HALL").form(action="/take/HALL")
    clock.advance(timedelta(hours=12))

    page = pages.get("/take/HALL")
    late = pages.submit(form, service=str(served.services["A"]))

    assert "09:00–12:00, 13:00–17:00" in page.text
    assert late.status == 422
    assert "大厅现在不开放" in late.text


def test_a_number_on_the_telephone_shows_its_place_and_comes_back(
    pages: PageClient, served: Hall
) -> None:
    page = pages.get("/take")
    page = pages.get(page.links["政务服务大厅"])
    ticket = pages.submit(page.form(action="/take/HALL"), service=str(served.services["A"]))
    with served.db.begin() as session:
        clerk = served.sits(session, 0, 1, now=MONDAY_9AM)
        called = service.call_next(session, clerk, seen=None, now=MONDAY_9AM).ticket
        assert called is not None
        key = called.id

    at_counter = pages.get(ticket.url)
    with served.db.begin() as session:
        for _ in range(2):
            service.recall(session, clerk, key, now=MONDAY_9AM)
        service.pass_over(session, clerk, key, now=MONDAY_9AM)
    passed = pages.get(ticket.url)
    back = pages.submit(passed.form(action="/back"))

    assert "下一位就是您" in ticket.text
    assert "请到 1 号窗口" in at_counter.text
    assert "下一位就是您" in back.text
    assert back.headers["x-robots-tag"].startswith("noindex")


@pytest.mark.usefixtures("served")
def test_nobody_is_asked_for_more_than_a_choice(pages: PageClient) -> None:
    page = pages.submit(pages.get("/take/HALL").form(action="/take/HALL"))

    assert page.status == 422
    assert "请选择要办理的业务。" in page.text


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("path", ["/kiosk/NONE", "/take/CITY", "/queue/nowhere", "/ticket/x"])
def test_what_does_not_exist_is_not_found(pages: PageClient, path: str) -> None:
    assert pages.get(path).status == 404


def test_a_known_visitor_is_called_and_their_picture_opens(pages: PageClient, served: Hall) -> None:
    person = known_person(served)
    with served.db.begin() as session:
        served.take(session, citizen_id=person)
    page = sit_down(pages, served)

    called = pages.submit(page.form(action="/call"))

    assert called.url.startswith("/desk/talks/")
    assert number_of(person) in called.text
    with served.db() as session:
        talk = session.scalars(select(Interaction)).one()
        assert (talk.medium, talk.state, talk.citizen_id) == (Medium.WINDOW, TalkState.OPEN, person)


def test_a_known_visitor_is_named_where_nine_conversations_are_under_way(
    pages: PageClient, served: Hall
) -> None:
    person = known_person(served)
    with served.db.begin() as session:
        served.take(session, citizen_id=person)
        for _ in range(MOST_AT_ONCE):
            talks.start(session, served.clerks[0], talks.NewTalk(Medium.WINDOW), now=MONDAY_9AM)
    page = sit_down(pages, served)

    called = pages.submit(page.form(action="/call"))

    assert called.url == "/desk/counter"
    assert f"/citizens/{number_of(person)}" in called.links.values()
    assert "已有九个接谈" in called.text


def test_the_next_call_ends_the_conversation_with_a_word_of_the_service(
    pages: PageClient, served: Hall
) -> None:
    person = known_person(served)
    with served.db.begin() as session:
        served.take(session, citizen_id=person)
        served.take(session)
    pages.submit(sit_down(pages, served).form(action="/call"))

    page = pages.submit(pages.get("/desk/counter").form(action="/call"))

    assert page.url == "/desk/counter"
    assert "A002" in page.text
    with served.db() as session:
        talk = session.scalars(select(Interaction)).one()
        assert talk.state is TalkState.ENDED
        assert talk.summary
    assert "窗口办理：社会保障" in pages.get(f"/citizens/{number_of(person)}").text


def test_a_visitor_without_a_name_is_found_and_their_picture_opens(
    pages: PageClient, served: Hall
) -> None:
    person = known_person(served)
    with served.db.begin() as session:
        served.take(session)
    page = pages.submit(sit_down(pages, served).form(action="/call"))

    found = pages.submit(page.form(action="/find"), q="17900000001")
    opened = pages.submit(found.form(action="/who"), press=number_of(person))

    assert opened.url.startswith("/desk/talks/")
    assert the_ticket(served).citizen_id == person


def test_whoever_has_a_number_of_today_is_found_by_four_digits_and_comes_first(
    pages: PageClient, served: Hall
) -> None:
    other, person = (known_person(served, phone=f"1790000{n}0001") for n in (1, 2))
    sit_down(pages, served)
    alone = pages.post("/citizens", {"q": "0001", **csrf(pages)})
    with served.db.begin() as session:
        served.take(session, citizen_id=person)

    today = pages.post("/citizens", {"q": "0001", **csrf(pages)})
    named = pages.post("/citizens", {"q": "0001 c", **csrf(pages)})

    assert number_of(person) not in alone.text
    assert today.url == f"/citizens/{number_of(person)}"
    assert re.findall(r"C\d{9}", named.text)[:2] == [number_of(person), number_of(other)]


def csrf(pages: PageClient) -> dict[str, str]:
    form = pages.get("/citizens").form(action="/citizens")
    return {name: values[0] for name, values in form.values().items() if name == "csrf"}


def test_everything_at_a_counter_can_be_done_by_its_buttons(
    pages: PageClient, served: Hall
) -> None:
    with served.db.begin() as session:
        for letter in "AAB":
            served.take(session, letter)
    page = sit_down(pages, served)

    page = pages.submit(page.form(action="/call"))
    for _ in range(2):
        page = pages.submit(page.form(action="/recall"))
    page = pages.submit(page.form(action="/skip"))
    page = pages.submit(page.form(action="/back/"))
    page = pages.submit(page.form(action="/call"))
    page = pages.submit(page.form(action="/serve"))
    page = pages.submit(page.form(action="/onward"), service=str(served.services["C"]))
    page = pages.submit(page.form(action="/call"))
    page = pages.submit(page.form(action="/finish"))
    page = pages.submit(page.form(action="/pause"), press="break")
    refused = pages.post("/desk/counter/call", csrf(pages))
    page = pages.submit(page.form(action="/resume"))
    page = pages.submit(page.form(action="/sign-off"))

    assert refused.status == 422
    assert "您今天在哪个窗口" in page.text
    with served.db() as session:
        states = list(session.scalars(select(Ticket.state).order_by(Ticket.id)))
        assert TicketState.TRANSFERRED in states or TicketState.DONE in states
        assert TicketState.NO_SHOW not in states
        assert session.scalars(select(QueueCounter.staff_id)).all() == [None] * 3


def test_a_number_given_at_the_desk_is_for_the_citizen_one_named(
    pages: PageClient, served: Hall
) -> None:
    person = known_person(served)
    sit_down(pages, served)
    form = pages.get(f"/desk/counter?citizen={number_of(person)}").form(action="/give")

    wrong = pages.submit(form, service=str(served.services["A"]), citizen="C999999999")
    slip = pages.submit(form, service=str(served.services["A"]))

    assert wrong.status == 422
    assert "C999999999" in wrong.html
    assert slip.url.startswith("/ticket/")
    assert (the_ticket(served).source, the_ticket(served).citizen_id) == (Source.DESK, person)


def test_the_strip_on_every_page_calls_the_next_one_too(pages: PageClient, served: Hall) -> None:
    with served.db.begin() as session:
        served.take(session)
    sit_down(pages, served)

    strip = pages.get("/desk/counter/bar")
    called = pages.submit(strip.form(action="/call"))

    assert "1 人等候" in strip.text
    assert called.url == "/desk/counter"
    assert "A001" in called.text

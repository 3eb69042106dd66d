"""A citizen signs in with a code: the same words for everybody, one use, few tries."""

from datetime import timedelta
from email import message_from_string

import pytest
from fastapi import FastAPI
from sqlalchemy import delete, select

from app import wiring
from app.citizens.models import Citizen, Contact, Identifier
from app.citizens.rules import ContactKind, IdentifierKind
from app.citizens.rules.joining import Field
from app.citizens.sealing import IDENTIFIER, new_place, seal
from app.citizens.service import contacts
from app.citizens.service.contacts import GivenContact
from app.citizens.service.merging import Pair, merge, unmerge
from app.kernel import outbox
from app.kernel.audit import AuditEntry
from app.kernel.authors import Author
from app.kernel.jobs import Job
from app.kernel.outbox import Message
from app.kernel.vault import vault_of
from app.mypage.models import CitizenSession, ContactCode
from app.mypage.rules import MOST_NAMES, PROOF_GOOD_FOR
from app.mypage.service import sessions
from app.notifications import channels
from app.portal.me import MY_COOKIE
from app.settings import Settings
from app.web.models import RateCounter
from app.worker import Worker
from tests.mypage.conftest import MAIL, PHONE, Town, ask, enter
from tests.notifications.test_mail import a_post_office
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.pages import PageClient


def test_a_right_code_opens_the_page(pages: PageClient, town: Town) -> None:
    town.somebody("测试甲")

    page = enter(pages, town)

    assert (page.url, page.heading) == ("/my", "我的页面")
    assert pages.http.cookies.get(MY_COOKIE)


@pytest.mark.parametrize(
    "typed", ["179 0000 0001", "＋８６ １７９-００００-０００１", "0086 17900000001"]
)
def test_a_number_is_taken_in_any_spelling(pages: PageClient, town: Town, typed: str) -> None:
    town.somebody("测试甲")

    assert enter(pages, town, typed).url == "/my"


def test_an_unknown_number_gets_the_same_answer_and_no_message(
    pages: PageClient, town: Town
) -> None:
    town.somebody("测试甲")

    known = ask(pages)
    other = ask(pages, "17900000002")
    town.worker.drain()

    assert other.text.replace("179****0002", "179****0001") == known.text
    assert [letter.address for letter in town.box.letters] == [PHONE]
    refused = pages.submit(other.form(field="code"), code="000000")
    assert refused.status == 422


def test_a_code_is_good_for_one_use_only(pages: PageClient, town: Town) -> None:
    town.somebody("测试甲")
    asked = ask(pages).form(field="code")
    code = town.code()
    ref = pages.http.cookies.get("cw_my_code")

    first = pages.submit(asked, code=code)
    pages.http.cookies.set("cw_my_code", str(ref), path="/my")
    second = pages.submit(asked, code=code)

    assert first.url == "/my"
    assert second.status == 422


def test_the_sixth_try_is_not_compared_even_if_it_is_right(pages: PageClient, town: Town) -> None:
    town.somebody("测试甲")
    asked = ask(pages).form(field="code")
    code = town.code()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert pages.submit(asked, code=wrong).status == 422

    sixth = pages.submit(asked, code=code)

    assert sixth.status == 422
    assert "验证码已失效" in sixth.text


def test_a_code_ends_after_ten_minutes(pages: PageClient, town: Town, clock: StoppedClock) -> None:
    town.somebody("测试甲")
    asked = ask(pages).form(field="code")
    code = town.code()
    clock.advance(timedelta(minutes=10))

    late = pages.submit(asked, code=code)

    assert late.status == 422


def test_a_code_belongs_to_the_browser_that_asked(pages: PageClient, town: Town) -> None:
    town.somebody("测试甲")
    asked = ask(pages).form(field="code")
    code = town.code()
    pages.http.cookies.delete("cw_my_code")

    elsewhere = pages.submit(asked, code=code)

    assert (elsewhere.url, elsewhere.heading) == ("/my", "登录“我的页面”")


def test_many_codes_for_one_number_are_refused_wherever_they_are_asked_from(
    pages: PageClient, town: Town
) -> None:
    town.somebody("测试甲")

    answers = []
    for _ in range(5):
        pages.http.cookies.clear()
        answers.append(ask(pages).status)

    assert answers[:3] == [200, 200, 200]
    assert answers[-1] == 429


def test_people_who_share_a_number_are_told_apart_by_their_names_alone(
    pages: PageClient, town: Town
) -> None:
    town.somebody("测试甲")
    wife = town.somebody("测试乙")

    asked = enter(pages, town)
    stranger = pages.submit(asked.form(field="name"), name="测试丙")
    inside = pages.submit(stranger.form(field="name"), name=" 测试 乙 ")

    assert asked.url == "/my/name"
    assert "测试甲" not in asked.html + stranger.html
    assert (stranger.status, inside.url) == (422, "/my")
    with town.db() as session:
        found = sessions.find(session, str(pages.http.cookies.get(MY_COOKIE)), now=MONDAY_9AM)
    assert found is not None
    assert found.people == (wife,)


def test_names_cannot_be_guessed_for_long(pages: PageClient, town: Town) -> None:
    town.somebody("测试甲")
    town.somebody("测试乙")
    page = enter(pages, town)
    for _ in range(5):
        page = pages.submit(page.form(field="name"), name="别人")

    after = pages.submit(page.form(field="name"), name="测试甲")

    assert (after.url, after.heading) == ("/my", "登录“我的页面”")


def test_a_number_never_proved_before_asks_for_the_name(pages: PageClient, town: Town) -> None:
    town.somebody("阿卜杜拉·买买提", is_verified=False)

    asked = enter(pages, town)
    inside = pages.submit(asked.form(field="name"), name="阿卜杜拉•买买提")

    assert (asked.url, inside.url) == ("/my/name", "/my")
    with town.db() as session:
        assert session.scalars(select(Contact.verified_at)).one() is not None


def test_the_end_of_an_identity_number_names_somebody_too(pages: PageClient, town: Town) -> None:
    town.somebody("测试甲")
    other = town.somebody("测试乙")
    with town.db.begin() as session:
        place, vault = new_place(), vault_of(session)
        session.add(
            Identifier(
                citizen_id=other,
                kind=IdentifierKind.RESIDENT_ID,
                value=seal(vault, IDENTIFIER, "99010119900101123X", place),
                place=place,
                exact_index=bytes(16),
                created_at=MONDAY_9AM,
            )
        )

    inside = pages.submit(enter(pages, town).form(field="name"), name="１２３x")

    assert inside.url == "/my"


def test_half_an_hour_of_doing_nothing_ends_the_session(
    pages: PageClient, town: Town, clock: StoppedClock
) -> None:
    town.somebody("测试甲")
    enter(pages, town)
    clock.advance(timedelta(minutes=29))
    still = pages.get("/my/contacts").url
    clock.advance(timedelta(minutes=29))
    again = pages.get("/my/contacts").url
    clock.advance(timedelta(minutes=30))

    ended = pages.get("/my/contacts")

    assert (still, again, ended.url) == ("/my/contacts", "/my/contacts", "/my")
    assert "请重新登录" in ended.text


def test_signing_in_again_gives_a_new_session_and_ends_the_old_one(
    pages: PageClient, town: Town
) -> None:
    town.somebody("测试甲")
    enter(pages, town)
    old = str(pages.http.cookies.get(MY_COOKIE))
    with town.db.begin() as session:
        session.execute(delete(RateCounter))
    page = pages.post("/my/code", {**pages.get("/my").forms[0].values(), "contact": [PHONE]})
    pages.submit(page.form(field="code"), code=town.code())

    new = str(pages.http.cookies.get(MY_COOKIE))

    assert new != old
    with town.db() as session:
        assert sessions.find(session, old, now=MONDAY_9AM) is None
        assert sessions.find(session, new, now=MONDAY_9AM) is not None


def test_signing_out_ends_it_on_the_server(pages: PageClient, town: Town) -> None:
    town.somebody("测试甲")
    page = enter(pages, town)
    token = str(pages.http.cookies.get(MY_COOKIE))

    pages.submit(page.form(action="/my/sign-out"))

    with town.db() as session:
        assert sessions.find(session, token, now=MONDAY_9AM) is None


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_pages(
    pages: PageClient, town: Town
) -> None:
    town.somebody("测试甲")
    asked = ask(pages).form(field="code")
    data = asked.values() | {"code": [town.code()]}

    answer = pages.http.post(asked.action, data=data, follow_redirects=False)

    cookie = next(line for line in answer.headers.get_list("set-cookie") if MY_COOKIE in line)
    assert {"HttpOnly", "Path=/my", "SameSite=lax"} <= set(cookie.split("; "))


def test_nothing_stored_tells_the_code_the_token_or_the_number(
    pages: PageClient, town: Town
) -> None:
    town.somebody("测试甲")
    asked = ask(pages).form(field="code")
    with town.db() as session:
        jobs = [str(job.payload) for job in session.scalars(select(Job))]
        kept = [str(message.params) for message in session.scalars(select(Message))]
    code = town.code()
    pages.submit(asked, code=code)

    with town.db() as session:
        row = session.scalars(select(ContactCode)).one()
        opened = session.scalars(select(CitizenSession)).one()
        log = [str(entry.details) for entry in session.scalars(select(AuditEntry))]
    stored = b"|".join([row.code_digest, row.ref_digest, row.value, opened.token_digest])
    told = "".join([*jobs, *kept, *log])
    assert code.encode() not in stored
    assert PHONE.encode() not in stored
    assert code not in told
    assert PHONE not in told


def test_a_code_by_mail_arrives_through_a_real_mail_server(
    pages: PageClient, town: Town, app: FastAPI
) -> None:
    citizen_id = town.somebody("测试甲")
    with town.db.begin() as session:
        citizen = session.get_one(Citizen, citizen_id)
        given = GivenContact(ContactKind.EMAIL, MAIL)
        contact_id = contacts.add(session, citizen, given, now=MONDAY_9AM)
        contacts.verify(session, citizen, contact_id, now=MONDAY_9AM)
    with a_post_office() as office:
        url = f"smtp://127.0.0.1:{office.port}"
        settings = Settings(smtp_url=url, mail_sender="hall@example.org", demo=False)
        outbox.wire(channels.delivery(settings, wiring.LETTERS))
        asked = ask(pages, "Somebody@Example.ORG").form(field="code")
        Worker(app.state.edge, wiring.JOBS).drain()
    mail = message_from_string("\n".join(office.lines[office.lines.index("data") + 1 :]))
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)

    page = pages.submit(asked, code=body.decode()[:6])

    assert (mail["To"], page.url) == (MAIL, "/my")


def test_codes_and_sessions_of_yesterday_are_forgotten(
    pages: PageClient, town: Town, clock: StoppedClock
) -> None:
    town.somebody("测试甲")
    enter(pages, town)
    clock.advance(timedelta(days=2))
    with town.db.begin() as session:
        sessions.sweep(session, {}, now=clock.now())

    with town.db() as session:
        assert session.scalars(select(ContactCode)).all() == []
        assert session.scalars(select(CitizenSession)).all() == []


def test_a_number_proved_long_ago_may_have_a_new_owner_so_the_name_is_asked(
    pages: PageClient, town: Town
) -> None:
    citizen_id = town.somebody("测试甲")
    with town.db.begin() as session:
        for contact in session.query(Contact).filter_by(citizen_id=citizen_id):
            contact.verified_at = MONDAY_9AM - PROOF_GOOD_FOR - timedelta(seconds=1)

    asked = enter(pages, town)

    assert asked.url == "/my/name"


def test_the_name_behind_a_number_is_guessed_at_ten_times_a_day_over_all_codes(
    pages: PageClient, town: Town
) -> None:
    town.somebody("测试甲")
    town.somebody("测试乙")
    for _ in range(MOST_NAMES // 5):
        page = enter(pages, town)
        for _ in range(5):
            page = pages.submit(page.form(field="name"), name="别人")

    page = enter(pages, town)
    after = pages.submit(page.form(field="name"), name="测试甲")

    assert (after.status, after.url) == (422, "/my/name")
    assert "测试甲" not in after.text


def test_two_people_taken_for_one_are_signed_out_when_it_is_undone(
    pages: PageClient, town: Town
) -> None:
    one = town.somebody("测试甲")
    other = town.somebody("测试乙", phone="17900000009")
    with town.db.begin() as session:
        people = (session.get_one(Citizen, each) for each in (one, other))
        pair = Pair(*(part for each in people for part in (each.id, each.version)))
        by = Author(1, "staff")
        take: frozenset[Field] = frozenset()
        merge_id = merge(session, pair, take=take, reason="同一人", by=by, now=MONDAY_9AM)
    enter(pages, town, "17900000009")
    inside = pages.get("/my")

    with town.db.begin() as session:
        unmerge(session, merge_id, reason="弄错了", by=by, now=MONDAY_9AM)

    after = pages.get("/my")
    assert inside.heading == "我的页面"
    assert after.tree.all("input", name="contact")  # asked for a telephone again
    with town.db() as session:
        assert session.scalars(select(CitizenSession.ended_at)).all() == [MONDAY_9AM]

"""A citizen looks at their own matter and acts on it; the token is the only key."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases.kinds import Action, DoerKind, Status
from app.cases.models import Attachment, Case, CaseEvent
from app.kernel.files import FileStore
from tests.portal import walking
from tests.support.city import City
from tests.support.clock import StoppedClock
from tests.support.pages import PageClient

pytestmark = pytest.mark.usefixtures("city")


def status_of(city: City, token: str) -> Status:
    with city.db() as session:
        return walking.case_of(session, token).status


def test_the_page_says_where_it_stands_without_names_of_staff(
    pages: PageClient, city: City
) -> None:
    token = walking.reported(pages)
    walking.to_handling(city, token)
    walking.staff_takes(city, token, Action.CONTACT, Role.HANDLER, note="内部电话记录")

    page = pages.get(f"/c/{token}")

    assert page.heading == "办理中"
    assert "市政工程局" in page.text
    assert "Handler" not in page.text
    assert "内部电话记录" not in page.html
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in page.headers["x-robots-tag"]


def test_a_reply_is_read_only_once_it_is_approved(pages: PageClient, city: City) -> None:
    token = walking.reported(pages)
    walking.to_replied(city, token, reply="路灯已经换好新灯泡。")

    before = pages.get(f"/c/{token}").html
    walking.staff_takes(city, token, Action.APPROVE_REPLY, Role.REVIEWER)
    after = pages.get(f"/c/{token}")

    assert "路灯已经换好新灯泡" not in before
    assert "路灯已经换好新灯泡" in after.text


def test_a_question_is_answered_with_words_and_a_photo(pages: PageClient, city: City) -> None:
    token = walking.reported(pages)
    walking.to_handling(city, token)
    walking.staff_takes(city, token, Action.ASK_CITIZEN, Role.HANDLER, text="是几号路灯?")
    form = pages.get(f"/c/{token}").form(field="answer")

    empty = pages.submit(form)
    photo = {"photos": ("a.jpg", walking.a_photo(), "image/jpeg")}
    page = pages.submit(empty.form(field="answer"), answer="12 号", files=photo)

    assert empty.status == 422
    assert "12 号" in page.text
    assert status_of(city, token) is Status.HANDLING
    assert page.tree.all("img")


def test_an_answer_to_a_page_on_which_something_was_missing_shows_both(
    pages: PageClient, city: City
) -> None:
    token = walking.reported(pages)
    walking.to_handling(city, token)
    walking.staff_takes(city, token, Action.ASK_CITIZEN, Role.HANDLER, text="是几号路灯?")
    form = pages.get(f"/c/{token}").form(field="answer")
    walking.staff_takes(city, token, Action.GO_ON, Role.HANDLER, note="已自行查明")
    walking.staff_takes(city, token, Action.ASK_CITIZEN, Role.HANDLER, text="有几盏不亮?")

    conflict = pages.submit(form, answer="12 号")
    sent = pages.submit(conflict.form(field="answer"))

    assert conflict.status == 409
    assert conflict.form(field="answer").values()["answer"] == ["12 号"]
    assert "12 号" in sent.text
    assert status_of(city, token) is Status.HANDLING


def test_an_internal_line_is_no_conflict_for_the_citizen(pages: PageClient, city: City) -> None:
    token = walking.reported(pages)
    walking.to_handling(city, token)
    form = pages.get(f"/c/{token}/withdraw").form(field="version")
    walking.staff_takes(city, token, Action.CONTACT, Role.HANDLER, note="打过电话")

    page = pages.submit(form, reason="自己解决了")

    assert page.status == 200
    assert status_of(city, token) is Status.WITHDRAWN


def test_withdrawing_asks_first_and_a_link_alone_changes_nothing(
    pages: PageClient, city: City
) -> None:
    token = walking.reported(pages)

    asked = pages.get(f"/c/{token}/withdraw")
    before = status_of(city, token)
    page = pages.submit(asked.form(field="reason"))
    again = pages.get(f"/c/{token}/withdraw")

    assert before is Status.SUBMITTED
    assert page.heading == "您已撤回"
    assert not [form for form in again.forms if "reason" in form.names]


def test_a_supplement_needs_words_or_a_photo_and_joins_the_history(pages: PageClient) -> None:
    token = walking.reported(pages)
    form = pages.get(f"/c/{token}").form(field="more")

    empty = pages.submit(form)
    words = pages.submit(form, more="今晚又有两盏不亮")
    again = pages.submit(form, more="今晚又有两盏不亮")
    photo = {"photos": ("a.jpg", walking.a_photo(), "image/jpeg")}
    picture = pages.submit(again.form(field="more"), files=photo)

    assert empty.status == 422
    assert words.text.count("今晚又有两盏不亮") == again.text.count("今晚又有两盏不亮") == 1
    assert len(picture.tree.all("img")) == 1


def test_a_refused_file_keeps_the_words_of_a_supplement(pages: PageClient) -> None:
    token = walking.reported(pages)
    form = pages.get(f"/c/{token}").form(field="more")

    bad = {"photos": ("a.jpg", b"PK\x03\x04zip", "image/jpeg")}
    refused = pages.submit(form, more="见照片", files=bad)

    assert refused.status == 422
    assert refused.form(field="more").values()["more"] == ["见照片"]


def test_urging_again_is_thanked_and_counted_and_says_from_when_on_the_unit_is_told_anew(
    pages: PageClient, city: City, clock: StoppedClock
) -> None:
    token = walking.reported(pages)
    form = pages.get(f"/c/{token}").form(action="/urge")
    in_another_window = pages.get(f"/c/{token}").form(action="/urge")

    told = pages.submit(form)
    pressed_twice = pages.submit(form)
    again = pages.submit(in_another_window)
    clock.advance(timedelta(hours=25))
    next_day = pages.submit(pages.get(f"/c/{token}").form(action="/urge"))

    assert "已转告" in told.text
    assert pressed_twice.status == 200
    assert "不再重复提醒" in again.text
    assert "已转告" in next_day.text
    with city.db() as session:
        assert walking.case_of(session, token).urge_count == 3


def test_a_closed_matter_is_reopened_at_once_within_fifteen_days(
    pages: PageClient, city: City
) -> None:
    token = walking.reported(pages)
    walking.to_closed(city, token)
    form = pages.get(f"/c/{token}").form(field="why")

    empty = pages.submit(form)
    page = pages.submit(form, why="只亮了一天又坏了")

    assert empty.status == 422
    assert page.status == 200
    assert status_of(city, token) is Status.HANDLING


def test_later_a_supervisor_is_asked(pages: PageClient, city: City, clock: StoppedClock) -> None:
    token = walking.reported(pages)
    walking.to_closed(city, token)
    clock.advance(timedelta(days=16))
    form = pages.get(f"/c/{token}").form(field="why")

    page = pages.submit(form, why="又坏了")

    assert page.status == 200
    assert status_of(city, token) is Status.CLOSED
    assert not [f for f in page.forms if "why" in f.names]


def test_files_are_served_to_the_holder_of_the_token_only(
    pages: PageClient, client: TestClient
) -> None:
    token, other = walking.reported(pages), walking.reported(pages)
    photo = {"photos": ("a.jpg", walking.a_photo(), "image/jpeg")}
    page = pages.submit(pages.get(f"/c/{token}").form(field="more"), files=photo)
    address = page.tree.all("img")[0].attrs["src"].split("?")[0]

    mine = client.get(address)
    foreign = client.get(address.replace(token, other))
    unknown = client.get(address.replace(token, "x" * 26))

    assert mine.status_code == 200
    assert mine.headers["content-type"] == "image/jpeg"
    assert mine.headers["referrer-policy"] == "no-referrer"
    assert foreign.status_code == unknown.status_code == 404


@pytest.mark.parametrize(("is_public", "seen"), [(True, 200), (False, 404)])
def test_a_units_file_is_seen_when_it_is_public(
    pages: PageClient, client: TestClient, city: City, app: FastAPI, *, is_public: bool, seen: int
) -> None:
    token = walking.reported(pages)
    sha = FileStore(app.state.settings.data_dir / "files").put(walking.a_photo())
    with city.db.begin() as session:
        case = walking.case_of(session, token)
        line = session.scalars(select(CaseEvent.id).where(CaseEvent.case_id == case.id)).one()
        file = Attachment(
            case_id=case.id,
            event_id=line,
            sha256=sha,
            content_type="image/jpeg",
            size=900,
            by_kind=DoerKind.STAFF,
            at=case.opened_at,
            is_public=is_public,
        )
        session.add(file)
        session.flush()
        file_id = file.id

    answer = client.get(f"/c/{token}/files/{file_id}")

    assert answer.status_code == seen


def test_an_unknown_token_says_what_may_be_wrong(pages: PageClient) -> None:
    page = pages.get("/c/aaaaaaaaaaaaaaaaaaaaaaaaaa")

    assert page.status == 404


def test_a_declined_matter_shows_its_reason_and_takes_nothing_more(
    pages: PageClient, city: City
) -> None:
    token = walking.reported(pages)
    form = pages.get(f"/c/{token}").form(field="more")
    walking.staff_takes(
        city,
        token,
        Action.DECLINE,
        Role.CLERK,
        text="这是法院正在审理的事,请等判决。",
        decline_reason="other_procedure",
    )

    page = pages.get(f"/c/{token}")
    refused = pages.submit(form, more="再说一句")

    assert "法院正在审理" in page.text
    assert not [f for f in page.forms if "more" in f.names]
    assert refused.status == 409
    assert "再说一句" in refused.html


def test_number_and_code_lead_to_the_page_in_any_spelling(pages: PageClient, city: City) -> None:
    token = walking.reported(pages)
    with city.db() as session:
        case = session.scalars(select(Case)).one()
        number, code = case.number, walking.code_of(session, case)
    form = pages.get("/track").form(field="number")
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number.lower())

    page = pages.submit(
        form, number=f" {wide[:8]} {wide[8:]} ", code=f"{code[:4].lower()}-{code[4:]}"
    )

    assert page.url == f"/c/{token}"


def test_a_wrong_code_tells_nothing_keeps_what_was_typed_and_is_counted(
    pages: PageClient, city: City
) -> None:
    walking.reported(pages)
    with city.db() as session:
        number = session.scalars(select(Case.number)).one()
    form = pages.get("/track").form(field="number")

    wrong_code = pages.submit(form, number=number, code="22222222")
    wrong_number = pages.submit(form, number="RX99010120260302999999", code="22222222")
    for _ in range(8):
        pages.submit(form, number=number, code="33333333")
    limited = pages.submit(form, number=number, code="33333333")

    assert wrong_code.status == wrong_number.status == 422
    assert wrong_code.form(field="number").values()["number"] == [number]
    assert limited.status == 429


def test_the_slip_can_be_printed_again_and_holds_nothing_personal(pages: PageClient) -> None:
    token = walking.reported(pages)

    slip = pages.get(f"/c/{token}/slip")

    assert "测试甲" not in slip.html
    assert walking.PHONE not in slip.html
    assert [b for b in slip.tree.all("button") if "data-print" in b.attrs]


def test_the_page_reads_in_english(pages: PageClient) -> None:
    token = walking.reported(pages)
    pages.http.cookies.set("lang", "en")

    page = pages.get(f"/c/{token}")

    assert page.heading == "We have received it"
    assert "Lake District" in page.text

"""The pages of following up as people use them: without script, nothing typed lost."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from io import BytesIO

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases.kinds import CallbackResult, Status
from app.cases.models import Attachment, Case
from app.cases.queries import public_token
from app.catalogue import service as catalogue
from app.catalogue.models import ReviewItem
from app.desk.worklist import counts
from app.followups.models import CallbackTry
from app.kernel.vault import vault_of
from tests.desk.stepping import Enter, step
from tests.followups.town import approve, in_hand, reply, to_be_called
from tests.support.city import City, Db, a_city
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.pages import PASSWORD_HASH, PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@cache
def _hash() -> str:
    return PASSWORD_HASH


@pytest.fixture
def city(app: FastAPI, db: Db) -> Iterator[City]:
    made = a_city(db, password_hash=_hash(), vault=app.state.edge.vault)
    with made.db.begin() as session:
        catalogue.seed_closing(session, now=MONDAY_9AM)
    yield made
    counts.forget_all()


@pytest.fixture
def person(app: FastAPI, city: City) -> Enter:  # noqa: ARG001  # the town must be there first
    def enter(role: Role) -> PageClient:
        pages = PageClient(TestClient(app, follow_redirects=False))
        assert pages.sign_in(role.value).status == 200
        return pages

    return enter


@pytest.fixture
def called(city: City) -> str:
    """The number of a matter whose citizen is to be called back."""
    with city.db.begin() as session:
        return to_be_called(session, city).number


def status_of(city: City, number: str) -> Status:
    with city.db() as session:
        return session.scalars(select(Case.status).where(Case.number == number)).one()


def token_of(city: City, number: str) -> str:
    with city.db() as session:
        case = session.scalars(select(Case).where(Case.number == number)).one()
        return public_token(vault_of(session), case)


def a_photo() -> bytes:
    data = BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "JPEG")
    return data.getvalue()


def test_a_reply_without_its_photo_comes_back_with_all_that_was_typed(
    city: City, person: Enter
) -> None:
    with city.db.begin() as session:
        number = in_hand(session, city).number

    page = step(person(Role.HANDLER), number, "reply", text="已修好。", outcome="resolved")

    assert page.status == 422
    assert "请附上办理结果的照片" in page.text
    assert "已修好。" in page.text
    assert status_of(city, number) is Status.HANDLING


def test_the_photo_is_attached_in_the_same_form_and_stays_inside(city: City, person: Enter) -> None:
    with city.db.begin() as session:
        number = in_hand(session, city).number
    handler = person(Role.HANDLER)
    forms = handler.get(f"/cases/{number}").forms
    form = next(f for f in forms if f.values().get("action") == ["reply"])

    files = {"proof_photo": ("after.jpg", a_photo(), "image/jpeg")}
    handler.submit(form, press="", files=files, text="已修好。", outcome="resolved")

    with city.db() as session:
        file = session.scalars(select(Attachment)).one()
    assert (file.is_public, status_of(city, number)) == (False, Status.REPLIED)


def test_the_reviewer_reads_the_reason_and_the_marks_and_ticks_each_point(
    city: City, person: Enter
) -> None:
    with city.db.begin() as session:
        number = reply(session, city, in_hand(session, city)).number
    reviewer = person(Role.REVIEWER)

    seen = reviewer.get(f"/cases/{number}")
    refused = step(reviewer, number, "approve_reply", points="answers")

    assert "夜间作业，不便拍照。" in seen.text
    assert refused.status == 422
    assert 'value="answers" id="f-approve_reply-points" checked' in refused.html
    assert status_of(city, number) is Status.REPLIED


def test_a_reply_sent_back_shows_the_handler_which_points_failed(city: City, person: Enter) -> None:
    with city.db.begin() as session:
        number = reply(session, city, in_hand(session, city)).number

    step(person(Role.REVIEWER), number, "return_reply", points="who_when", note="写明时间")
    page = person(Role.HANDLER).get(f"/cases/{number}")

    assert "写明了由谁办理、何时办理或何时办结" in page.text
    assert "写明时间" in page.text


def test_a_try_is_written_down_from_the_list(city: City, person: Enter, called: str) -> None:
    reviewer = person(Role.REVIEWER)
    assert called in reviewer.get("/desk/callbacks").text

    page = reviewer.get(f"/desk/callbacks/{called}")
    reviewer.submit(page.form(field="answer"), press="", answer="no_answer")

    with city.db() as session:
        assert session.scalars(select(CallbackTry.number)).all() == [1]
    assert called not in reviewer.get("/desk/callbacks").text
    assert called in reviewer.get("/desk/callbacks?when=later").text


def test_a_call_without_an_answer_chosen_keeps_what_was_said(person: Enter, called: str) -> None:
    reviewer = person(Role.REVIEWER)

    form = reviewer.get(f"/desk/callbacks/{called}").form(field="answer")
    page = reviewer.submit(form, press="", note="说还有一盏不亮")

    assert page.status == 422
    assert "请选择回访结果。" in page.text
    assert "说还有一盏不亮" in page.text


def test_pressed_twice_a_call_counts_once(city: City, person: Enter, called: str) -> None:
    reviewer = person(Role.REVIEWER)
    form = reviewer.get(f"/desk/callbacks/{called}").form(field="answer")
    reviewer.submit(form, press="", answer="solved")

    again = reviewer.submit(form, press="", answer="solved")

    assert again.status == 409
    assert status_of(city, called) is Status.CLOSED


def test_a_handler_has_no_call_back_list(person: Enter) -> None:
    assert person(Role.HANDLER).get("/desk/callbacks").status == 403


def test_the_citizen_answers_by_link_and_a_look_alone_changes_nothing(
    city: City, client: TestClient, called: str
) -> None:
    visitor, token = PageClient(client), token_of(city, called)
    page = visitor.get(f"/solved/{token}")
    assert status_of(city, called) is Status.CALLING_BACK

    answered = visitor.submit(page.form(field="answer"), press="", answer="partly")

    with city.db() as session:
        result = session.scalars(select(Case.callback_result)).one()
    assert result is CallbackResult.PARTLY
    assert "谢谢，您的答复已收到。" in answered.text


def test_not_solved_by_link_needs_words_and_keeps_the_choice(
    city: City, client: TestClient, called: str
) -> None:
    visitor, token = PageClient(client), token_of(city, called)
    form = visitor.get(f"/solved/{token}").form(field="answer")

    refused = visitor.submit(form, press="", answer="not_solved")
    assert refused.status == 422
    assert 'value="not_solved" checked' in refused.html
    visitor.submit(refused.form(field="answer"), press="", answer="not_solved", words="还是不亮")

    assert status_of(city, called) is Status.HANDLING


def test_the_link_answered_twice_counts_once(city: City, client: TestClient, called: str) -> None:
    visitor, token = PageClient(client), token_of(city, called)
    form = visitor.get(f"/solved/{token}").form(field="answer")
    visitor.submit(form, press="", answer="solved")

    again = visitor.submit(form, press="", answer="solved")

    assert again.status == 200  # the same form once more is thanked, and does nothing
    late = visitor.get(f"/solved/{token}")
    assert "您的答复已收到" in late.text


def test_nobody_elses_token_opens_the_question(city: City, client: TestClient) -> None:
    with city.db.begin() as session:
        in_hand(session, city)

    assert PageClient(client).get("/solved/nobodys-token").status == 404


def test_the_citizens_own_page_leads_to_the_question(
    city: City, client: TestClient, called: str
) -> None:
    token = token_of(city, called)

    assert f"/solved/{token}" in PageClient(client).get(f"/c/{token}").html


def test_the_catalogue_keeps_the_checklist_and_the_numbers(city: City, person: Enter) -> None:
    admin = person(Role.ADMIN)
    listed = admin.get("/admin/catalogue/review")
    admin.submit(listed.form(field="attempts"), press="save", attempts="5")
    form = admin.get("/admin/catalogue/review/new").form(field="code")
    admin.submit(form, press="save", code="p.later", kind="phrase", name="以后再说")

    again = admin.get("/admin/catalogue/review")

    assert 'value="5"' in again.html
    assert "以后再说" in again.text
    with city.db() as session:
        added = session.scalars(select(ReviewItem).where(ReviewItem.code == "p.later")).one()
    page = admin.get(f"/admin/catalogue/review/{added.id}")
    admin.submit(page.form(action=f"/admin/catalogue/review/{added.id}/switch"), press="")
    assert "已停用" in admin.get("/admin/catalogue/review").text


def test_a_number_out_of_bounds_comes_back_with_one_sentence(person: Enter) -> None:
    admin = person(Role.ADMIN)
    form = admin.get("/admin/catalogue/review").form(field="attempts")

    page = admin.submit(form, press="save", attempts="0")

    assert page.status == 422
    assert "数字超出允许范围。" in page.text


def test_the_board_of_closing_counts_and_leads_to_its_lists(
    city: City, clock: StoppedClock, person: Enter, called: str
) -> None:
    reviewer = person(Role.REVIEWER)
    form = reviewer.get(f"/desk/callbacks/{called}").form(field="answer")
    reviewer.submit(form, press="", answer="solved")
    with city.db.begin() as session:
        other = approve(session, city, reply(session, city, in_hand(session, city))).number
    form = reviewer.get(f"/desk/callbacks/{other}").form(field="answer")
    reviewer.submit(form, press="", answer="not_solved", note="没修好")
    clock.advance(timedelta(hours=1))
    supervisor = person(Role.SUPERVISOR)

    board = supervisor.get("/board/closing")
    lists = {
        name: supervisor.get(f"/board/closing/{name}?days=30").text
        for name in ("said_solved", "said_unsolved", "clear", "resolved")
    }

    assert board.status == 200
    assert (called in lists["said_solved"], other in lists["said_solved"]) == (True, False)
    assert (called in lists["said_unsolved"], other in lists["said_unsolved"]) == (False, True)
    assert called in lists["clear"]
    assert other in lists["clear"]
    assert called in lists["resolved"]

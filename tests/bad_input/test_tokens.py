"""Forms of another browser, of a session that is over, sent twice, or seen too long ago."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.accounts.rules import Role
from app.cases.kinds import Status
from app.cases.models import Case, CaseEvent
from app.ratings.models import Rating
from tests.bad_input.conftest import Browsers, Matters
from tests.bad_input.doors import DESK, PORTAL, TYPED, Door, assert_understood, speak, step_form
from tests.portal import walking
from tests.support.city import City, a_case
from tests.support.clock import StoppedClock
from tests.support.pages import PASSWORD, PageClient

SQLITE = pytest.mark.parametrize("founded", ["sqlite"], indirect=True)
BOTH = pytest.mark.parametrize("founded", ["sqlite", "pg"], indirect=True)
ALL = pytest.mark.parametrize("door", [*PORTAL, *DESK], ids=str)


@SQLITE
@ALL
def test_a_form_with_a_wrong_token_gives_everything_back_and_goes_through_the_next_time(
    browsers: Browsers, matters: Matters, door: Door
) -> None:
    door, pages = matters.at(door), browsers.at(door)
    form = door.form(pages)

    for csrf, language in (([], "zh"), (["é.é"], "en")):
        speak(pages, language)
        without = door.send(pages, door.filled(form) | {"csrf": csrf}, form)
        assert_understood(without, 403, typed=TYPED, language=language)
    refused = door.send(pages, door.filled(form) | {"csrf": ["a.b", "\x00"]}, form)
    again = pages.submit(refused.form(field=door.field))

    assert again.status in {200, 422}  # 422: no such number, no such words
    assert again.heading != refused.heading


@SQLITE
@pytest.mark.parametrize("door", DESK, ids=str)
def test_a_session_that_ends_in_the_middle_of_a_long_text_loses_not_a_word(
    browsers: Browsers, matters: Matters, door: Door, clock: StoppedClock
) -> None:
    door, pages = matters.at(door), browsers.at(door)
    text = TYPED if door.field in {"q", "name"} else f"{TYPED}\n第二行\n" * 60
    photo = walking.a_photo()
    files = {door.takes_files: ("灯.jpg", photo, "image/jpeg")} if door.takes_files else None
    form = door.form(pages)
    clock.advance(timedelta(minutes=20))

    asked = door.send(pages, door.filled(form, text), form, files)
    assert_understood(asked, 401, typed=text.strip())
    name = door.role or Role.CLERK
    kept = pages.submit(asked.form(field="password"), username=name.value, password=PASSWORD)
    assert_understood(kept, 200, typed=text.strip())
    if files:
        assert "灯.jpg" in kept.text
        assert "请返回上一页重新选择" in kept.text
    sent = pages.submit(kept.form(field=door.field))

    assert sent.status == 200 or door.name == "search"


@SQLITE
def test_a_wrong_password_in_between_keeps_the_text_for_the_next_try(
    browsers: Browsers, matters: Matters, clock: StoppedClock
) -> None:
    door = matters.at(DESK[1])
    pages = browsers.at(door)
    form = door.form(pages)
    clock.advance(timedelta(minutes=20))

    asked = door.send(pages, door.filled(form), form)
    again = pages.submit(asked.form(field="password"), username="clerk", password=PASSWORD[::-1])

    assert_understood(again, 422, typed=TYPED)


@BOTH
def test_a_report_sent_twice_at_the_same_moment_is_one_matter_and_one_slip(
    app: FastAPI, client: TestClient, city: City
) -> None:
    pages = PageClient(client)
    form = walking.to_check(pages).form(field="idempotency")
    cookies = dict(client.cookies)

    def press(_: int) -> tuple[int, str]:
        http = TestClient(app, follow_redirects=False, cookies=cookies)
        answer = http.post(form.action, data=form.values())
        return answer.status_code, answer.headers.get("location", "")

    with ThreadPoolExecutor(4) as fingers:
        answers = set(fingers.map(press, range(4)))

    assert len(answers) == 1
    assert answers.pop()[0] == 303
    with city.db() as after:
        assert after.scalar(select(func.count()).select_from(Case)) == 1


@BOTH
def test_an_intake_sent_twice_at_the_same_moment_is_one_matter(
    app: FastAPI, browsers: Browsers, city: City
) -> None:
    door = DESK[0]
    pages = browsers.at(door)
    form = door.form(pages)
    data, cookies = door.filled(form), dict(pages.http.cookies)

    def press(_: int) -> tuple[int, str]:
        http = TestClient(app, follow_redirects=False, cookies=cookies)
        answer = http.post(form.action, data=data)
        return answer.status_code, answer.headers.get("location", "")

    with ThreadPoolExecutor(4) as fingers:
        answers = set(fingers.map(press, range(4)))

    assert len(answers) == 1
    assert answers.pop()[0] == 303
    with city.db() as after:
        assert after.scalar(select(func.count()).select_from(Case)) == 1


@BOTH
def test_one_step_taken_by_two_at_the_same_moment_is_taken_once(
    app: FastAPI, browsers: Browsers, matters: Matters, city: City
) -> None:
    door = matters.at(DESK[1])
    pages = browsers.at(door)
    form = door.form(pages)
    data, cookies = door.filled(form), dict(pages.http.cookies)

    def press(_: int) -> int:
        http = TestClient(app, follow_redirects=False, cookies=cookies)
        return http.post(form.action, data=data).status_code

    with ThreadPoolExecutor(3) as fingers:
        answers = sorted(fingers.map(press, range(3)))

    assert answers == [303, 409, 409]
    with city.db() as after:
        lines = select(func.count()).select_from(CaseEvent)
        assert after.scalar(lines.where(CaseEvent.to_status == Status.ANSWERED)) == 1


@BOTH
def test_a_matter_rated_twice_keeps_its_first_rating(
    browsers: Browsers, matters: Matters, city: City
) -> None:
    door = matters.at(PORTAL[2])
    first, second = browsers.at(door), browsers.at(door)
    form, other = door.form(first), door.form(second)

    thanks = door.send(first, door.filled(form), form)
    again = door.send(first, door.filled(form), form)
    late = door.send(second, door.filled(other, "换了主意") | {"score": ["1"]}, other)

    assert (thanks.status, again.status) == (200, 200)
    assert_understood(late, 409, typed="换了主意")
    with city.db() as after:
        assert after.scalars(select(Rating.level)).all() == [3]


@SQLITE
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_step_on_a_former_screen_shows_both_texts_and_can_be_sent_on_purpose(
    browsers: Browsers, matters: Matters, language: str
) -> None:
    door = matters.at(DESK[1])
    pages, colleague = browsers.at(door), browsers.enter(Role.MANAGER)
    speak(pages, language)
    form = door.form(pages)
    accept = step_form(colleague.get(door.page), "accept")
    colleague.submit(accept, note="已核实 100% 属实")

    refused = door.send(pages, door.filled(form), form)

    assert_understood(refused, 409, typed=TYPED, language=language)
    assert "已核实 100% 属实" in refused.text


@SQLITE
def test_a_version_that_is_nonsense_never_overwrites(
    browsers: Browsers, matters: Matters, city: City
) -> None:
    door = matters.at(DESK[1])
    pages = browsers.at(door)
    form = door.form(pages)

    for version in ("", "abc", "-1", "0", str(10**30), "9" * 5000, "1.5", "½"):
        answer = door.send(pages, door.filled(form) | {"version": [version]}, form)
        assert_understood(answer, 409, 422, typed=TYPED)

    with city.db() as after:
        case = after.scalars(select(Case).where(Case.number == matters.number)).one()
        assert case.status is Status.SUBMITTED


@SQLITE
def test_a_citizen_who_did_not_see_the_last_line_is_shown_it_first(
    browsers: Browsers, matters: Matters, city: City
) -> None:
    pages = browsers.at(PORTAL[1])
    form = pages.get(f"/c/{matters.token}/withdraw").form(field="reason")
    with city.db() as session:
        assert walking.case_of(session, matters.token).status is Status.SUBMITTED
    walking.to_handling(city, matters.token)

    refused = pages.submit(form, reason=TYPED)

    assert_understood(refused, 409, typed=TYPED)


@SQLITE
def test_a_form_whose_own_number_was_meddled_with_is_a_sentence(
    browsers: Browsers, matters: Matters
) -> None:
    for door in (matters.at(PORTAL[1]), matters.at(DESK[0]), matters.at(PORTAL[2])):
        pages = browsers.at(door)
        form = door.form(pages)
        for token in ("", "short", "\x00"):
            answer = door.send(pages, door.filled(form) | {"idempotency": [token]}, form)
            assert_understood(answer, 422, typed=TYPED)
        for token in ("x" * 5000, "🙂" * 20):
            answer = door.send(pages, door.filled(form) | {"idempotency": [token]}, form)
            assert_understood(answer, 200, 409)


@SQLITE
def test_what_was_kept_through_the_sign_in_may_be_meddled_with_and_harms_nobody(
    browsers: Browsers, city: City
) -> None:
    with city.db.begin() as session:
        a_case(session)
    stranger = browsers.enter(None)
    spoilt = (
        "[" * 100_000,
        '{"url": 1}',
        json.dumps({"url": "//evil.example/", "fields": [["a", "%(x)s", "b", 1]], "carried": []}),
        "null",
        "\x00",
        "9" * 5000,
    )

    for kept in spoilt:
        form = stranger.get("/sign-in").form(field="password")
        sent = form.values() | {"username": ["clerk"], "password": [PASSWORD], "kept": [kept]}
        answer = stranger.post("/sign-in", sent)
        assert answer.status == 200
        assert "evil.example" not in answer.html
        stranger.http.cookies.delete("cw_session")

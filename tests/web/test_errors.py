"""Every refusal: its status, its words, what it keeps."""

import pytest
from fastapi.testclient import TestClient

from tests.support.pages import PageClient
from tests.web.conftest import Token

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("forbidden", 403, "您没有权限做这项操作"),
        ("not_found", 404, "没有找到这个页面"),
        ("conflict", 409, "已有人先您一步修改"),
        ("invalid", 422, "有内容需要修改"),
    ],
)
def test_each_refusal_has_its_status_and_its_words(
    pages: PageClient, token: Token, kind: str, status: int, words: str
) -> None:
    page = pages.post(f"/probe/refused/{kind}", {"body": "x", "csrf": token()})

    assert page.status == status
    assert page.heading == words


def test_a_conflict_shows_both_texts_and_can_be_sent_again_on_purpose(
    pages: PageClient, token: Token
) -> None:
    typed = {"reply": "我写的答复", "version": "7", "csrf": token()}

    page = pages.post("/probe/refused/conflict", typed)

    form = page.form(action="/probe/refused/conflict")
    assert "what is stored" in page.text
    assert form.values()["reply"] == ["我写的答复"]
    assert form.values()["version"] == ["8"]


def test_programs_get_problem_json(client: TestClient, token: Token) -> None:
    answer = client.post(
        "/probe/refused/invalid",
        data={"csrf": token()},
        headers={"accept": "application/json", "accept-language": "en"},
    )

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "status": 422,
        "code": "invalid",
        "title": "Something needs to be changed",
        "detail": "Not like this.",
        "fields": {"title": "Give it a title."},
    }


def test_a_part_of_a_page_is_answered_with_a_part(client: TestClient, token: Token) -> None:
    answer = client.post(
        "/probe/refused/forbidden", data={"csrf": token()}, headers={"hx-request": "true"}
    )

    assert answer.status_code == 403
    assert "<html" not in answer.text
    assert answer.headers["hx-retarget"] == "#main"


def test_an_unknown_address_gets_advice(pages: PageClient) -> None:
    page = pages.get("/no/such/page")

    assert page.status == 404
    assert "请核对网址或编号是否输错" in page.text


def test_a_wrong_method_says_what_it_accepts(client: TestClient) -> None:
    answer = client.get("/prefs")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert "这个地址不接受这种操作" in answer.text


def test_a_number_that_is_none_is_an_unknown_page(pages: PageClient) -> None:
    page = pages.get("/probe/number/seven")

    assert page.status == 404


def test_our_own_fault_keeps_the_text_and_says_nothing_of_its_cause(
    pages: PageClient, token: Token
) -> None:
    page = pages.post("/probe/broken", {"body": "写了很久的内容", "csrf": token()})

    assert page.status == 500
    assert page.form(action="/probe/broken").values()["body"] == ["写了很久的内容"]
    assert "broke over" not in page.html


def test_the_page_of_an_expired_form_is_in_order(pages: PageClient) -> None:
    page = pages.post("/probe/echo", {"title": "标题", "body": "一\n二", "odd": "说明 文字"})

    assert page.status == 403
    assert page.tree.all("title")[0].text.startswith("错误：")


def test_what_the_script_asks_in_the_background_never_replaces_the_page(
    client: TestClient, token: Token
) -> None:
    answer = client.post(
        "/probe/refused/conflict",
        data={"csrf": token()},
        headers={"hx-request": "true", "x-background": "1"},
    )

    assert answer.status_code == 409
    assert "hx-retarget" not in answer.headers
    assert answer.headers["content-type"] == "application/problem+json"

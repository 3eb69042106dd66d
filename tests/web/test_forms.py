"""What arrives in a form: its token, its cleaning, its size."""

import pytest
from fastapi.testclient import TestClient

from tests.web.conftest import Token

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LONG_TEXT = "路灯不亮已经三天了，\n晚上很危险。" * 20


def test_a_form_without_its_token_is_refused_and_the_text_is_given_back(
    client: TestClient,
) -> None:
    answer = client.post("/probe/echo", data={"body": LONG_TEXT, "version": "3"})

    assert answer.status_code == 403
    assert LONG_TEXT in answer.text
    assert 'name="version" value="3"' in answer.text
    assert "请再提交一次" in answer.text


def test_the_page_that_gives_text_back_can_be_sent_again_at_once(
    client: TestClient, token: Token
) -> None:
    client.post("/probe/echo", data={"body": "灯", "csrf": "forged"})
    fresh = token()

    answer = client.post("/probe/echo", data={"body": "灯", "csrf": fresh})

    assert answer.status_code == 200


def test_another_visitors_token_is_refused(client: TestClient, token: Token) -> None:
    stolen = token()
    client.cookies.clear()
    token()

    answer = client.post("/probe/echo", data={"body": "x", "csrf": stolen})

    assert answer.status_code == 403


def test_a_token_made_before_signing_in_is_refused_afterwards(
    client: TestClient, token: Token
) -> None:
    before = token()
    client.cookies.set("cw_session", "somebody")

    answer = client.post("/probe/echo", data={"body": "x", "csrf": before})

    assert answer.status_code == 403


def test_a_forged_visitor_cookie_is_replaced(client: TestClient) -> None:
    client.cookies.set("cw_visitor", "a" * 22 + "." + "b" * 26)

    answer = client.get("/probe/form")

    assert answer.headers["set-cookie"].startswith("cw_visitor=")


def test_passwords_and_tokens_are_never_given_back(client: TestClient) -> None:
    answer = client.post("/probe/echo", data={"body": "正文", "password": "Secret-1234"})

    assert "正文" in answer.text
    assert "Secret-1234" not in answer.text


def test_files_cannot_be_kept_and_are_named(client: TestClient) -> None:
    files = {"photos": ("灯.jpg", b"not really", "image/jpeg")}

    answer = client.post("/probe/echo", data={"body": "正文"}, files=files)

    assert answer.status_code == 403
    assert "灯.jpg" in answer.text


def test_emoji_and_chinese_punctuation_survive_control_characters_do_not(
    client: TestClient, token: Token
) -> None:
    typed = "路灯\x00不亮\x1b[31m，家里有👨‍👩‍👧 和 ☎️！\r\n第二行\u202e反"

    answer = client.post("/probe/echo", data={"body": typed, "csrf": token()})

    assert answer.json()["values"]["body"] == "路灯不亮[31m，家里有👨‍👩‍👧 和 ☎️！\n第二行反"


def test_a_password_is_taken_as_it_was_typed(client: TestClient, token: Token) -> None:
    typed = " a b "

    answer = client.post("/probe/echo", data={"password": typed, "csrf": token()})

    assert answer.json()["values"]["password"] == typed


def test_several_values_and_files_of_one_name_all_arrive(client: TestClient, token: Token) -> None:
    files = [("photos", (name, b"x", "image/jpeg")) for name in ("1.jpg", "2.jpg")]
    data = {"tags": ["a", "b"], "csrf": token()}

    said = client.post("/probe/echo", data=data, files=files).json()

    assert said["lists"]["tags"] == ["a", "b"]
    assert said["files"] == ["1.jpg", "2.jpg"]


@pytest.mark.parametrize("is_declared", [True, False])
def test_ten_megabytes_of_text_get_a_sentence(
    client: TestClient, token: Token, *, is_declared: bool
) -> None:
    body = f"csrf={token()}&body=".encode() + b"a" * 10_000_000
    content = body if is_declared else iter([body[:5_000_000], body[5_000_000:]])
    headers = {"content-type": "application/x-www-form-urlencoded"}

    answer = client.post("/probe/echo", content=content, headers=headers)

    assert answer.status_code == 413
    assert "您提交的内容太大" in answer.text


def test_an_endless_upload_is_refused_with_a_sentence(client: TestClient, token: Token) -> None:
    fresh = token()
    head = b'--b\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
    chunks = (head if number == 0 else b"x" * 1_000_000 for number in range(70))
    headers = {"content-type": "multipart/form-data; boundary=b", "x-csrf": fresh}

    answer = client.post("/probe/echo", content=chunks, headers=headers)

    assert answer.status_code == 413
    assert "您提交的内容太大" in answer.text


def test_a_body_that_is_no_form_at_all_is_refused_politely(client: TestClient) -> None:
    headers = {"content-type": "multipart/form-data; boundary=b"}

    answer = client.post("/probe/echo", content=b"\xff\xfe nonsense", headers=headers)

    assert answer.status_code == 422
    assert "系统没有看懂这次提交" in answer.text

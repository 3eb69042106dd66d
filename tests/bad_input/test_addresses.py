"""Addresses, methods and headers nobody would type: guessed, damaged, endless, injected."""

import base64
import json

import pytest
from fastapi.testclient import TestClient

from app.accounts.rules import Role
from tests.bad_input.conftest import Browsers, Matters
from tests.bad_input.doors import DESK, PORTAL, TYPED, assert_understood, speak
from tests.portal import walking
from tests.support.city import City
from tests.support.pages import PASSWORD

SQLITE = pytest.mark.parametrize("founded", ["sqlite"], indirect=True)
BOTH = pytest.mark.parametrize("founded", ["sqlite", "pg"], indirect=True)
HUGE = ("-1", "0", str(2**31), str(2**63), str(10**30), "9" * 3000, "%00", "a%00b", "%ff", "🙂")

PROOFS = (
    '{"algorithm":"SHA-256","challenge":"x","number":1,"salt":"a?expires=99999999999","signature":""}',
    '{"algorithm":"SHA-256","challenge":"x","number":1,"salt":"a?expires=999999999999","signature":""}',
    '{"algorithm":"SHA-256","challenge":"x","number":1e999,"salt":"?","signature":""}',
    '{"algorithm":"SHA-256","challenge":1,"number":"' + "9" * 1000 + '","salt":[],"signature":{}}',
    "[" * 1400, "[]", "1", "null", '"SHA-256"',
)  # fmt: skip


def cursor(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


WRONG: tuple[object, ...] = (
    0, -1, 2**31, 2**63, 10**30, "", "a\x00b", None, True, 1.5, [], {}, "x" * 500,
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-03-02",
)  # fmt: skip
DAMAGED = (
    "x", "%", "\x00", "=" * 9, "🙂", "A" * 9999, cursor(), cursor("n"), cursor(1, 2, 3),
    base64.urlsafe_b64encode(b"[" * 700).decode(),
    base64.urlsafe_b64encode(b"[" * 40_000).decode(),
    base64.urlsafe_b64encode(b'["n",NaN,Infinity,-Infinity]').decode(),
    base64.urlsafe_b64encode(b'["n",1' + b"0" * 5000 + b"]").decode(),
    *(cursor("n", *[value] * many) for many in range(1, 5) for value in WRONG),
)  # fmt: skip


@BOTH
@pytest.mark.usefixtures("matters")
def test_a_damaged_cursor_is_a_sentence_on_every_list_that_turns_pages(browsers: Browsers) -> None:
    lists = (
        (Role.CLERK, "/desk?view=open"),
        (Role.AUDITOR, "/admin/audit"),
        (Role.SECURITY, "/admin/staff"),
    )
    for number, (role, address) in enumerate(lists):
        pages = browsers.enter(role)
        for damaged in DAMAGED[number::3]:
            page = pages.get(address, params={"cursor": [damaged], "view": ["open"]})
            assert_understood(page, 200, 422)


@BOTH
def test_an_address_with_a_number_that_cannot_be_is_not_found(
    browsers: Browsers, matters: Matters
) -> None:
    admin, clerk, visitor = map(browsers.enter, (Role.ADMIN, Role.CLERK, None))
    for huge in HUGE:
        for page in (
            admin.get(f"/admin/units/{huge}"),
            admin.get(f"/admin/catalogue/replies/{huge}"),
            clerk.get(f"/cases/{huge}"),
            clerk.get(f"/cases/{matters.number}/files/{huge}"),
            clerk.get(f"/desk?unit_id={huge}"),
            clerk.get(f"/desk?region_code={huge}"),
            visitor.get(f"/c/{huge}"),
            visitor.get(f"/rate/{huge}"),
            visitor.get(f"/report/files/{huge}"),
            visitor.get(f"/report/what?group={huge}"),
        ):
            assert_understood(page, 200, 404, 422)


@BOTH
def test_guessed_tokens_open_nothing_and_say_what_may_be_wrong(
    browsers: Browsers, matters: Matters
) -> None:
    pages = browsers.enter(None)
    own = matters.token
    guesses = (
        own[:-1],
        own + "a",
        own[::-1],
        own.upper(),
        "a" * 26,
        "a" * 5000,
        "%2e%2e",
        matters.number,
    )

    for language in ("zh", "en"):
        speak(pages, language)
        for guess in guesses:
            for way in ("/c/{}", "/c/{}/slip", "/c/{}/withdraw", "/rate/{}", "/c/{}/files/1"):
                assert_understood(pages.get(way.format(guess)), 404, language=language)


@BOTH
def test_a_guesser_of_codes_is_slowed_down_and_then_stopped(
    browsers: Browsers, matters: Matters, city: City
) -> None:
    door = PORTAL[3]
    guesser = browsers.at(door)
    form = door.form(guesser)
    tries = [
        door.send(guesser, door.filled(form, matters.number) | {"code": [f"AAAA{n:04}"]}, form)
        for n in range(40)
    ]
    with city.db() as session:
        code = walking.code_of(session, walking.case_of(session, matters.token))
    spoilt = (
        *(base64.b64encode(text.encode()).decode() for text in PROOFS), "9" * 3000, "%", "\x00",
        f"{'9' * 30}.1.a.b", "1.2.3.é", "....",
    )  # fmt: skip
    other = browsers.at(door)
    others = door.form(other)
    for proof in ["", *[""] * 10, *spoilt]:
        proofs = {"altcha": [proof], "wait_token": [proof]}
        page = door.send(other, door.filled(others, "RX1") | proofs, others)
        assert_understood(page, 422, 429)
    right = door.send(guesser, door.filled(form, matters.number) | {"code": [code]}, form)

    assert [page.status for page in tries[:10]] == [422] * 10
    assert {page.status for page in tries[10:]} == {429}
    assert_understood(tries[10], 429, typed=matters.number)
    assert_understood(right, 429, typed=matters.number)
    assert f"/c/{matters.token}" not in right.html
    assert tries[-1].headers["retry-after"]


@SQLITE
def test_every_method_is_answered_in_words(client: TestClient, matters: Matters) -> None:
    addresses = (
        "/", "/report", "/report/check", f"/c/{matters.token}", "/track", "/desk", "/admin",
        f"/cases/{matters.number}/steps", "/sign-in", "/healthz", "/static/x", "/none",
    )  # fmt: skip

    for address in addresses:
        for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW", "CONNECT"):
            answer = client.request(method, address)
            assert answer.status_code < 500
            if method == "HEAD":
                assert answer.content == b""
            elif answer.status_code == 405 and "html" in answer.headers["content-type"]:
                assert "<h1>" in answer.text


@SQLITE
def test_head_says_what_get_would_say(client: TestClient, matters: Matters) -> None:
    for address in ("/", f"/c/{matters.token}", "/c/nobody", "/healthz", "/desk"):
        head, get = client.head(address), client.get(address)
        assert head.status_code == get.status_code
        assert head.headers.get("content-type") == get.headers.get("content-type")
        assert head.headers["content-security-policy"]


@SQLITE
def test_endless_addresses_are_answered(browsers: Browsers, matters: Matters) -> None:
    clerk, visitor = browsers.enter(Role.CLERK), browsers.enter(None)
    many = "&".join(f"a{n}={n}" for n in range(3000))

    for pages, address in (
        (clerk, f"/desk?{many}"),
        (clerk, f"/desk?view={'x' * 20_000}"),
        (clerk, f"/cases/{matters.number}?{many}"),
        (visitor, f"/report/what?group={'灯' * 5000}"),
        (visitor, f"/c/{matters.token}?done={'x' * 20_000}"),
        (visitor, f"/sign-in?next=/{'x' * 20_000}"),
        (visitor, "/" + "x/" * 5000),
    ):
        assert_understood(pages.get(address), 200, 404, 422)


@SQLITE
def test_nothing_is_injected_through_the_way_back(browsers: Browsers) -> None:
    ways = (
        "/x\r\nSet-Cookie: evil=1", "/x%0d%0aSet-Cookie: evil=1", "//evil.example",
        "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/\t/evil.example",
        "\x00/", "/灯?q=🙂", "", "/" + "x" * 9000, "/..//evil.example/", "/%2f/evil.example",
    )  # fmt: skip
    visitor, clerk = browsers.enter(None), browsers.enter(None)
    csrf = visitor.get("/sign-in").form(field="password").values()["csrf"][0]

    for back in ways:
        chosen = visitor.http.post("/prefs", data={"csrf": csrf, "theme": "dark", "back": back})
        form = clerk.get("/sign-in").form(field="password").values()
        typed = {"username": ["clerk"], "password": [PASSWORD], "next": [back]}
        entered = clerk.http.post("/sign-in", data=form | typed)
        for answer in (chosen, entered):
            assert answer.status_code == 303
            assert "evil" not in answer.cookies
            assert answer.headers["location"].startswith("/")
            assert not answer.headers["location"].startswith(("//", "/\\"))


@SQLITE
def test_a_kept_lists_query_leads_nowhere_else(browsers: Browsers) -> None:
    clerk = browsers.enter(Role.CLERK)
    form = clerk.get("/desk?urgency=normal").form(field="query")

    for query in ("x\r\nSet-Cookie: evil=1", "//evil.example", "%00", "灯", "urgency=" + "x" * 580):
        sent = form.values() | {"name": ["清单"], "query": [query]}
        answer = clerk.http.post(form.action, data=sent)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/desk?")
        assert "evil" not in answer.cookies
        assert clerk.get(answer.headers["location"]).status in {200, 404, 422}
    refused = clerk.post(form.action, form.values() | {"name": [TYPED * 3], "query": ["x" * 601]})
    assert_understood(refused, 422, typed=TYPED * 3)


@SQLITE
def test_headers_full_of_nonsense_change_nothing(client: TestClient, matters: Matters) -> None:
    nonsense = (
        {"host": "["}, {"host": "[::1"}, {"host": "a b"}, {"host": ""}, {"host": "x:99999999"},
        {"accept-language": "\xff;q=x,,;;--"}, {"accept-language": "en" * 5000}, {"accept": "\xff"},
        {"referer": "http://[/"}, {"referer": "\xff"}, {"range": "bytes=9-1,x"},
        {"cookie": "lang=\xff; theme=\x01; cw_visitor=\xff; cw_session=\xff.\xff; elder=="},
        {"x-request-id": "é"}, {"x-forwarded-for": "nonsense, , [::"}, {"hx-request": "\xff"},
        {"content-type": "multipart/form-data"}, {"user-agent": "🙂".encode().decode("latin-1")},
        {"content-type": "multipart/form-data; boundary=" + "x" * 400},
    )  # fmt: skip
    token = matters.token

    for headers in nonsense:
        sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        for address in (
            "/",
            "/report/place",
            f"/c/{token}",
            "/desk",
            "/none",
            f"/c/{token}/files/1",
        ):
            assert client.get(address, headers=sent).status_code < 500, headers
        for address in ("/track", "/sign-in", f"/cases/{matters.number}/steps", f"/c/{token}/urge"):
            answer = client.post(address, content=b"more=1&csrf=a.b", headers=sent)
            assert 400 <= answer.status_code < 500, headers


@SQLITE
def test_bodies_that_are_no_forms_are_refused_in_words(
    browsers: Browsers, matters: Matters
) -> None:
    pages = browsers.at(DESK[1])
    bodies = (
        (b"", "application/x-www-form-urlencoded"), (b"%", "application/x-www-form-urlencoded"),
        (b"\xff\xfe=\xff&%ff=%ff", "application/x-www-form-urlencoded"),
        (b"a=1&" * 5000, "application/x-www-form-urlencoded"), (b'{"a": 1}', "application/json"),
        (b"--b\r\n\r\n", "multipart/form-data; boundary=b"), (b"x", "text/plain"),
        (b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
         "multipart/form-data; boundary=b"),
        (b"x", "multipart/form-data; boundary="), (b"x", "\xff"),
    )  # fmt: skip

    for body, kind in bodies:
        for address in (f"/cases/{matters.number}/steps", f"/c/{matters.token}/urge", "/track"):
            answer = pages.http.post(
                address, content=body, headers=[(b"content-type", kind.encode("latin-1"))]
            )
            assert 400 <= answer.status_code < 500
            assert "<h1>" in answer.text

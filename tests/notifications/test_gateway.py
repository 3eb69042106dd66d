"""The SMS adapter against a real HTTP server on this machine."""

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app.kernel.outbox import Channel, Fate, Letter
from app.notifications.gateway import SmsGateway

LETTER = Letter("ref-1", Channel.SMS, "17900000001", "您的事项已答复。")


@contextmanager
def a_gateway(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            """Keep the test's output quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/sms?tenant=1"
        server.shutdown()
        thread.join()


def replying(status: int) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.rfile.read(int(handler.headers["Content-Length"]))
        handler.send_response(status)
        handler.end_headers()

    return answer


def test_a_message_arrives_with_its_stable_name_and_nothing_else() -> None:
    seen: dict[str, object] = {}

    def keep(handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        seen.update(body=json.loads(body), path=handler.path, headers=dict(handler.headers))
        handler.send_response(202)
        handler.end_headers()

    with a_gateway(keep) as url:
        outcome = SmsGateway(url, token="secret").carry(LETTER)  # noqa: S106  # of this test

    assert outcome.fate is Fate.SENT
    assert seen["body"] == {"id": "ref-1", "to": "17900000001", "text": "您的事项已答复。"}
    assert seen["path"] == "/sms?tenant=1"
    headers = seen["headers"]
    assert isinstance(headers, dict)
    assert "X-Civicwindow-Signature" not in headers
    assert (headers["Idempotency-Key"], headers["Authorization"]) == ("ref-1", "Bearer secret")


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (200, Fate.SENT),
        (400, Fate.REFUSED),
        (422, Fate.REFUSED),
        (429, Fate.NOT_NOW),
        (503, Fate.NOT_NOW),
        (500, Fate.UNKNOWN),
        (302, Fate.UNKNOWN),
    ],
)
def test_what_the_gateway_says_decides(status: int, fate: Fate) -> None:
    with a_gateway(replying(status)) as url:
        assert SmsGateway(url).carry(LETTER).fate is fate


def test_a_gateway_that_does_not_answer_in_time_leaves_an_unknown_outcome() -> None:
    enough = threading.Event()

    def fall_silent(_handler: BaseHTTPRequestHandler) -> None:
        enough.wait(10)

    with a_gateway(fall_silent) as url:
        outcome = SmsGateway(url, timeout=0.2).carry(LETTER)
        enough.set()

    assert (outcome.fate, outcome.trouble) == (Fate.UNKNOWN, "TimeoutError")


def test_a_line_that_breaks_after_the_request_leaves_an_unknown_outcome() -> None:
    def hang_up(handler: BaseHTTPRequestHandler) -> None:
        handler.rfile.read(int(handler.headers["Content-Length"]))
        handler.connection.shutdown(socket.SHUT_RDWR)

    with a_gateway(hang_up) as url:
        outcome = SmsGateway(url).carry(LETTER)

    assert outcome.fate is Fate.UNKNOWN


def test_a_gateway_that_cannot_be_reached_has_certainly_sent_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    outcome = SmsGateway(f"http://127.0.0.1:{port}/").carry(LETTER)

    assert (outcome.fate, outcome.trouble) == (Fate.NOT_NOW, "ConnectionRefusedError")


def test_what_goes_to_the_gateway_is_signed_over_its_very_bytes() -> None:
    seen: dict[str, str] = {}

    def keep(handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        expected = hmac.new(b"0123456789abcdef", body, hashlib.sha256).hexdigest()
        seen.update(given=handler.headers["X-Civicwindow-Signature"], expected=expected)
        handler.send_response(200)
        handler.end_headers()

    with a_gateway(keep) as url:
        SmsGateway(url, key="0123456789abcdef").carry(LETTER)

    assert seen["given"] == seen["expected"]


def test_garbage_for_an_answer_leaves_an_unknown_outcome() -> None:
    def mumble(handler: BaseHTTPRequestHandler) -> None:
        handler.rfile.read(int(handler.headers["Content-Length"]))
        handler.wfile.write(b"\x00\xff not a word of HTTP\r\n\r\n")
        handler.close_connection = True

    with a_gateway(mumble) as url:
        outcome = SmsGateway(url).carry(LETTER)

    assert outcome.fate is Fate.UNKNOWN


def test_an_answer_that_comes_late_but_in_time_counts() -> None:
    asked, may_answer = threading.Event(), threading.Event()

    def take_time(handler: BaseHTTPRequestHandler) -> None:
        handler.rfile.read(int(handler.headers["Content-Length"]))
        asked.set()
        may_answer.wait(10)
        handler.send_response(200)
        handler.end_headers()

    with a_gateway(take_time) as url, ThreadPoolExecutor(1) as pool:
        carrying = pool.submit(SmsGateway(url).carry, LETTER)
        asked.wait(10)
        is_open_still = not carrying.done()
        may_answer.set()
        outcome = carrying.result()

    assert is_open_still
    assert outcome.fate is Fate.SENT


def test_a_gateway_that_drips_its_answer_does_not_hold_the_worker_for_ever() -> None:
    enough = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            while not enough.wait(0.02):
                handler.wfile.write(b"H")

    with a_gateway(drip) as url:
        outcome = SmsGateway(url, timeout=0.2).carry(LETTER)
        enough.set()

    assert outcome.fate is Fate.UNKNOWN


def test_an_encrypted_gateway_is_not_trusted_without_a_known_certificate() -> None:
    with a_gateway(replying(200)) as url:
        outcome = SmsGateway(url.replace("http:", "https:"), timeout=2).carry(LETTER)

    assert outcome.fate is Fate.NOT_NOW

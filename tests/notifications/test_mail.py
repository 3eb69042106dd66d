"""The mail adapter against a real, very small SMTP server on this machine."""

import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_string

import pytest

from app.kernel.outbox import Channel, Fate, Letter
from app.notifications.mail import MailServer

LETTER = Letter("ref-1", Channel.MAIL, "a@example.org", "您的事项已答复。")
_USUAL = {"": b"220 hello", "EHLO": b"250 hello", "DATA": b"354 go on", ".": b"250 taken"}


@dataclass
class PostOffice:
    """Where it listens and what it was told; `answers` replace the usual ones, None hangs up."""

    answers: Mapping[str, bytes | None]
    port: int = 0
    lines: list[str] = field(default_factory=list)

    def answer(self, word: str) -> bytes | None:
        return self.answers.get(word, _USUAL.get(word, b"250 fine"))


@contextmanager
def a_post_office(**answers: bytes | None) -> Iterator[PostOffice]:
    office = PostOffice(answers)

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            in_letter, word = False, ""
            while (
                said := office.answer(word) if not in_letter or word == "." else b""
            ) is not None:
                if said:
                    self.wfile.write(said + b"\r\n")
                    in_letter = word == "DATA" and said.startswith(b"354")
                line = self.rfile.readline().decode()
                if not line:
                    return
                office.lines.append(line.rstrip("\r\n"))
                word = line.split()[0].upper() if line.split() else "-"

    with socketserver.TCPServer(("127.0.0.1", 0), Conversation) as server:
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield office
        server.shutdown()
        thread.join()


def a_server(office: PostOffice) -> MailServer:
    url = f"smtp://127.0.0.1:{office.port}"
    return MailServer(url, sender="hall@example.org", subject="市民之窗", timeout=2)


def test_a_mail_arrives_with_a_stable_name() -> None:
    with a_post_office() as office:
        outcome = a_server(office).carry(LETTER)

    assert outcome.fate is Fate.SENT
    assert "Message-ID: <ref-1@example.org>" in office.lines
    assert "To: a@example.org" in office.lines


@pytest.mark.parametrize(
    ("word", "said", "fate"),
    [
        ("", b"421 too busy", Fate.NOT_NOW),
        ("RCPT", b"550 nobody here", Fate.REFUSED),
        ("RCPT", b"450 later", Fate.NOT_NOW),
        ("MAIL", b"550 who are you", Fate.REFUSED),
        ("MAIL", None, Fate.NOT_NOW),
        ("RCPT", None, Fate.NOT_NOW),
        ("DATA", b"554 no", Fate.REFUSED),
        (".", b"451 later", Fate.NOT_NOW),
        (".", None, Fate.UNKNOWN),
    ],
)
def test_what_the_server_says_decides(word: str, said: bytes | None, fate: Fate) -> None:
    with a_post_office(**{word: said}) as office:
        assert a_server(office).carry(LETTER).fate is fate


def test_a_server_that_cannot_be_reached_has_certainly_sent_nothing() -> None:
    with a_post_office() as office:
        pass

    assert a_server(office).carry(LETTER).fate is Fate.NOT_NOW


def test_the_words_arrive_whole_and_on_one_line_each() -> None:
    with a_post_office() as office:
        a_server(office).carry(LETTER)

    sent = "\n".join(office.lines[office.lines.index("data") + 1 : office.lines.index(".")])
    body = message_from_string(sent).get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().strip() == LETTER.text


def test_an_address_no_server_understands_is_refused() -> None:
    with a_post_office() as office:
        fate = a_server(office).carry(replace(LETTER, address="某人@example.org")).fate

    assert fate is Fate.REFUSED
    assert office.lines == []


def test_a_password_never_travels_in_clear() -> None:
    with a_post_office() as office:
        url = f"smtp://hall:pass%20word@127.0.0.1:{office.port}"
        outcome = MailServer(url, sender="hall@example.org", subject="x", timeout=2).carry(LETTER)

    assert outcome.fate is Fate.NOT_NOW
    assert not [line for line in office.lines if line.startswith("AUTH")]

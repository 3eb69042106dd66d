"""A real process is killed while the gateway has its message in hand: nothing is sent twice."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import Engine, select

from app.citizens.service import Person
from app.kernel import events, jobs, outbox
from app.kernel.outbox import Channel, Delivery, Fate, Letter, Message, MessageStatus, Outcome
from app.notifications.letters import Writer
from app.notifications.service import ledger, writing
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM

AFTER_THE_LEASE = MONDAY_9AM + jobs.LEASE + timedelta(minutes=1)
LATER = AFTER_THE_LEASE + timedelta(minutes=10)

pytestmark = pytest.mark.slow


@dataclass
class Gateway:
    """Says when it has a message in hand, and answers only when it is let."""

    url: str = ""
    seen: list[str] = field(default_factory=list)
    has_one: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)


class Elsewhere:
    """A way out that the test itself never uses."""

    def carry(self, letter: Letter, /) -> Outcome:
        return Outcome(Fate.REFUSED, letter.ref)


@contextmanager
def a_slow_gateway() -> Iterator[Gateway]:
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            gateway.seen.append(json.loads(body)["id"])
            gateway.has_one.set()
            gateway.may_answer.wait(60)
            self.send_response(200)
            self.end_headers()

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True  # who asked is dead

        def log_message(self, *_: object) -> None:
            """Keep the test's output quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        gateway.url = f"http://127.0.0.1:{server.server_port}/sms"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield gateway
        gateway.may_answer.set()
        server.shutdown()
        thread.join()


def a_sender(url: str, gateway: Gateway, *times: datetime) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", "tests.support.sending_process", url, gateway.url]
    return subprocess.Popen([*words, *(time.isoformat() for time in times)])


@pytest.fixture
def city(db: Db) -> Iterator[City]:
    events.wire({})
    outbox.wire(Delivery({Channel.SMS: Elsewhere()}, Writer("")))
    yield a_city(db)
    outbox.wire(Delivery({}, Writer("")))


def test_a_sender_killed_while_the_gateway_has_the_message_leaves_it_unknown_and_it_goes_out_once(
    city: City, engine: Engine
) -> None:
    with city.db.begin() as session:
        case = a_case(session, person=Person(name="测试", phone="17900000001"))
        writing.write_about(session, case, "Your matter %(number)s.", now=MONDAY_9AM)
        case_id = case.id
    url = engine.url.render_as_string(hide_password=False)

    with a_slow_gateway() as gateway:
        doomed = a_sender(url, gateway, MONDAY_9AM)
        reached = gateway.has_one.wait(60)
        doomed.kill()
        doomed.wait()
        gateway.may_answer.set()
        heir = a_sender(url, gateway, AFTER_THE_LEASE, LATER)
        end = heir.wait()

    with city.db() as session:
        message = session.scalars(select(Message)).one()
        line = ledger.about(session, ("case", case_id))[0]
    assert (reached, end) == (True, 0)
    assert gateway.seen == [message.ref]
    assert (message.status, message.trouble) == (MessageStatus.UNKNOWN, "worker vanished")
    assert line.words.startswith("【市民之窗】Your matter RX")

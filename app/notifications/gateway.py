"""Sends text messages through an HTTP gateway of the operator's choice.

Speaks one small protocol (docs/sms-gateway.md: a signed POST of JSON with an idempotency
key); a gateway that speaks another is put behind a translator, not into this file.
"""

import json
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from typing import Final
from urllib.parse import urlsplit

from app.kernel.outbox import Fate, Letter, Outcome
from app.notifications.rules.receipts import signature

SIGNATURE: Final = "X-Civicwindow-Signature"
_OK = range(200, 300)
_REFUSED = range(400, 500)
_NOT_NOW = {408, 425, 429, 503}  # the gateway says itself that it did not take the message


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """One gateway; `timeout` in seconds counts for reaching it and for each word of its answer.

    The whole answer may take twice as long.

    Where the line breaks decides what is known: before the request was out,
    certainly nothing was sent; afterwards nobody can tell.
    """

    url: str
    token: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    timeout: float = 10.0

    def carry(self, letter: Letter, /) -> Outcome:
        """Hand one message over; the gateway drops a second one with the same key."""
        connection = self._connection()
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            return Outcome(Fate.NOT_NOW, type(error).__name__)
        # A gateway that answers one letter at a time must not hold the worker for ever.
        last_call = Timer(2 * self.timeout, _hang_up, (connection,))
        last_call.start()
        try:
            return _judged(self._status(connection, letter))
        except (OSError, HTTPException) as error:
            return Outcome(Fate.UNKNOWN, type(error).__name__)
        finally:
            last_call.cancel()
            connection.close()

    def _connection(self) -> HTTPConnection:
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        if parts.scheme == "https":
            context = ssl.create_default_context()
            return HTTPSConnection(host, parts.port, timeout=self.timeout, context=context)
        return HTTPConnection(host, parts.port, timeout=self.timeout)

    def _status(self, connection: HTTPConnection, letter: Letter) -> int:
        parts = urlsplit(self.url)
        headers = {"Content-Type": "application/json", "Idempotency-Key": letter.ref}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        body = json.dumps({"id": letter.ref, "to": letter.address, "text": letter.text}).encode()
        if self.key:
            headers[SIGNATURE] = signature(self.key, body)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body=body, headers=headers)
        return connection.getresponse().status  # its words do not matter, so nobody waits for them


def _hang_up(connection: HTTPConnection) -> None:
    with suppress(OSError):
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)


def _judged(status: int) -> Outcome:
    trouble = "" if status in _OK else f"HTTP {status}"
    if status in _OK:
        return Outcome(Fate.SENT)
    if status in _NOT_NOW:
        return Outcome(Fate.NOT_NOW, trouble)
    return Outcome(Fate.REFUSED if status in _REFUSED else Fate.UNKNOWN, trouble)

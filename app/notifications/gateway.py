"""Sends text messages through an HTTP gateway of the operator's choice.

Speaks one small protocol (POST of JSON with an idempotency key); a gateway
that speaks another is put behind a translator, not into this file.
"""

import json
import ssl
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from app.kernel.outbox import Fate, Letter, Outcome

_OK = range(200, 300)
_REFUSED = range(400, 500)
_NOT_NOW = {408, 425, 429, 503}  # the gateway says itself that it did not take the message


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """One gateway; `timeout` in seconds counts for reaching it and again for its answer.

    Where the line breaks decides what is known: before the request was out,
    certainly nothing was sent; afterwards nobody can tell.
    """

    url: str
    token: str = field(default="", repr=False)
    timeout: float = 10.0

    def carry(self, letter: Letter, /) -> Outcome:
        """Hand one message over; the gateway drops a second one with the same key."""
        connection = self._connection()
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            return Outcome(Fate.NOT_NOW, type(error).__name__)
        try:
            return _judged(self._status(connection, letter))
        except (OSError, HTTPException) as error:
            return Outcome(Fate.UNKNOWN, type(error).__name__)
        finally:
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
        body = json.dumps({"id": letter.ref, "to": letter.address, "text": letter.text})
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body=body.encode(), headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def _judged(status: int) -> Outcome:
    trouble = "" if status in _OK else f"HTTP {status}"
    if status in _OK:
        return Outcome(Fate.SENT)
    if status in _NOT_NOW:
        return Outcome(Fate.NOT_NOW, trouble)
    return Outcome(Fate.REFUSED if status in _REFUSED else Fate.UNKNOWN, trouble)

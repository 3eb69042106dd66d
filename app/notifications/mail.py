"""Sends mail through the operator's mail server.

Plain text to one person at a time; no attachments, no lists.
"""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from app.kernel.outbox import Fate, Letter, Outcome

_TAKEN = range(200, 300)
_TEMPORARY = range(400, 500)
_SUBMISSION_PORT = 587


@dataclass(frozen=True, slots=True)
class MailServer:
    """One server, as `smtp://user:password@host:port`; `smtps://` is encrypted from the start."""

    url: str = field(repr=False)
    sender: str
    subject: str
    timeout: float = 10.0

    def carry(self, letter: Letter, /) -> Outcome:
        """Hand one message over under a stable Message-ID.

        Where the line breaks decides what is known: before the words were begun, certainly
        nothing was sent; afterwards nobody can tell.
        """
        if not letter.address.isascii():
            return Outcome(Fate.REFUSED, "address")
        try:
            server = self._connected()
        except smtplib.SMTPResponseException as error:
            return _judged(error.smtp_code)
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Fate.NOT_NOW, type(error).__name__)
        try:
            return self._addressed(server, letter) or self._said(server, letter)
        finally:
            server.close()  # a farewell that fails must not spoil what was said before

    def _addressed(self, server: smtplib.SMTP, letter: Letter) -> Outcome | None:
        """None once the server would take a mail for this address."""
        try:
            server.ehlo_or_helo_if_needed()
            replies = [server.mail(parseaddr(self.sender)[1])]
            replies += [server.rcpt(letter.address)] if replies[0][0] in _TAKEN else []
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Fate.NOT_NOW, type(error).__name__)
        code = replies[-1][0]
        return None if code in _TAKEN else _judged(code)

    def _said(self, server: smtplib.SMTP, letter: Letter) -> Outcome:
        mail = self._written(letter)
        try:
            code, _ = server.data(mail.as_bytes(policy=mail.policy.clone(linesep="\r\n")))
        except smtplib.SMTPResponseException as error:
            return _judged(error.smtp_code)
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Fate.UNKNOWN, type(error).__name__)
        return Outcome(Fate.SENT) if code in _TAKEN else _judged(code)

    def _connected(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "", parts.port or _SUBMISSION_PORT
        if parts.scheme == "smtps":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=self.timeout, context=context
            )
        else:
            server = smtplib.SMTP(host, port, timeout=self.timeout)
        try:
            if parts.username:
                if parts.scheme != "smtps":  # a password never travels in clear
                    server.starttls(context=ssl.create_default_context())
                server.login(unquote(parts.username), unquote(parts.password or ""))
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server

    def _written(self, letter: Letter) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, letter.address, self.subject
        mail["Message-ID"] = f"<{letter.ref}@{self.sender.rpartition('@')[2]}>"
        mail.set_content(letter.text, cte="base64")  # passes servers that know seven bits only
        return mail


def _judged(code: int) -> Outcome:
    fate = Fate.NOT_NOW if code in _TEMPORARY else Fate.REFUSED
    return Outcome(fate, f"SMTP {code}")

"""What went wrong with a message, in a sentence for people.

Pure. The ways out note it in a word or a code for those who look after them; nobody else is
to read these. What is not known here is said to be unknown.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from app.kernel.messages import mark
from app.notifications.rules.receipts import DEAD


class Plain(NamedTuple):
    """A marked sentence and what stands in its places."""

    msgid: str
    params: Mapping[str, str]


_STOPPED: Final = mark("The program stopped while the message was going out.")
_LATE: Final = mark("No answer came in time.")
_NO_LINE: Final = mark("No connection to the sending service.")
_BROKE: Final = mark("The line broke before the answer came.")
_ADDRESS: Final = mark("The number or address cannot be written to.")
_GONE: Final = mark("There is no number or address any more.")
_DEAD: Final = mark("The number does not exist any more.")
_NOT_ARRIVED: Final = mark("The sending service reports that it did not arrive.")
_REFUSED: Final = mark("The sending service did not take it (code %(code)s).")
_OUT_OF_ORDER: Final = mark("The sending service was out of order (code %(code)s).")
_NO_REASON: Final = mark("No reason is known.")

_WORDS: Final[Mapping[str, str]] = {
    "worker vanished": _STOPPED,
    "TimeoutError": _LATE,
    "ConnectionRefusedError": _NO_LINE,
    "gaierror": _NO_LINE,
    "SSLCertVerificationError": _NO_LINE,
    "SMTPConnectError": _NO_LINE,
    "address": _ADDRESS,
    "no address any more": _GONE,
} | {f"receipt {reason}": _DEAD for reason in DEAD}
_CODE: Final = re.compile(r"(HTTP|SMTP) (\d{3})")
_A_BREAK: Final = re.compile(r"\w*(Error|Disconnected|Read|Exception|StatusLine)")
# Whose fault a code is: with HTTP the server's from 500, with SMTP the server's below 500.
_SERVERS_OWN: Final = {"HTTP": lambda code: code >= "500", "SMTP": lambda code: code < "500"}


def plainly(trouble: str) -> Plain | None:
    """The sentence for what a way out noted; None where it noted nothing."""
    if not trouble:
        return None
    if (code := _CODE.fullmatch(trouble)) is not None:
        is_their_own = _SERVERS_OWN[code[1]](code[2])
        return Plain(_OUT_OF_ORDER if is_their_own else _REFUSED, {"code": code[2]})
    if trouble.startswith("receipt"):
        return Plain(_WORDS.get(trouble, _NOT_ARRIVED), {})
    guess = _BROKE if _A_BREAK.fullmatch(trouble) else _NO_REASON
    return Plain(_WORDS.get(trouble, guess), {})

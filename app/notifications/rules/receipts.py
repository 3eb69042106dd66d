"""How a gateway's messages are signed, and what its receipts mean; docs/sms-gateway.md.

Pure: bytes and keys in, words out.
"""

import hashlib
import hmac
from typing import Final

# Reasons in a receipt that mean the number itself is dead, not just this message.
DEAD: Final = frozenset({"no_such_number", "number_closed"})


def signature(key: str, body: bytes) -> str:
    """What stands beside a message to the gateway: HMAC-SHA256 over the body, in hex.

    It needs no time: the message's stable name makes sending the same body again harmless.
    """
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def is_genuine(key: str, body: bytes, given: str) -> bool:
    """Whether these very bytes were signed with the key; equally long either way."""
    return hmac.compare_digest(signature(key, body).encode(), given.lower().encode())

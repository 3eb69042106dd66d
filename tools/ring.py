"""Rings the desk as a telephone system would: one signed message to `POST /desk/incoming`.

Also the example behind docs/telephone.md; needs nothing but Python.
`python -m tools.ring --to clerk --from 17900000001 [--hang-up] [--call NAME] [--url …]`
"""

import argparse
import hashlib
import hmac
import json
import os
import time
from secrets import token_hex
from urllib.request import Request, urlopen


def main() -> None:
    """Tell of one call, and print what it is called."""
    asked = _asked()
    event = "ended" if asked.hang_up else "ringing"
    told = {"event": event, "call": asked.call, "extension": asked.to, "from": asked.number}
    body = json.dumps(told).encode()
    stamp = str(int(time.time()))
    signed = hmac.new(asked.key.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    headers = {
        "Content-Type": "application/json",
        "X-Civicwindow-Timestamp": stamp,
        "X-Civicwindow-Signature": signed.hexdigest(),
    }
    request = Request(f"{asked.url}/desk/incoming", body, headers)  # noqa: S310  # an address of one's own
    with urlopen(request, timeout=10) as answer:  # noqa: S310  # as above
        print(asked.call, json.load(answer)["id"])


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.ring", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--to", default="clerk", help="account whose telephone rings")
    parser.add_argument("--from", dest="number", default="", help="number of the caller")
    parser.add_argument("--call", default=token_hex(8), help="name of the call, to hang it up by")
    parser.add_argument("--hang-up", action="store_true")
    key = os.environ.get("CIVICWINDOW_TELEPHONE_KEY", "only-for-the-demo-city")
    parser.add_argument("--key", default=key, help="the demo city's where none is set")
    return parser.parse_args()


if __name__ == "__main__":
    main()

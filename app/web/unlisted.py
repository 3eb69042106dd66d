"""Keeps addresses that carry a citizen's token out of search engines and of other hosts' logs.

Headers only; who may see such a page is decided by the token itself.
"""

from typing import TypeVar

from fastapi.responses import Response

R = TypeVar("R", bound=Response)


def unlisted(response: R) -> R:
    """The same answer, marked: not to be indexed, its address told to nobody."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response

"""Every other address below ours, and every other method: answered as the standard wants it.

Stands behind all routes of the interface. Without it wrong methods and slashes too many would be
answered by rules made for pages.
"""

import re
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.open311.answering import BASE, PREFIX, allowed

_RESOURCES: Final = re.compile(
    BASE
    + r"/(?:(?P<writable>requests|servicerequestupdates)|discovery|services"
    + r"|(?:services|requests|tokens)/[^/]+)\.(?:xml|json)"
)
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
router = APIRouter(include_in_schema=False)


@router.api_route(PREFIX + "{rest:path}", methods=list(_METHODS))
def answer_elsewhere(request: Request, rest: str) -> Response:
    """What may be done at an address, if that is asked.

    Raises:
        NotFoundError: there is nothing at this address.
        InvalidError: there is, but it cannot be done to it.
    """
    known = _RESOURCES.fullmatch(PREFIX + rest)
    if known is None:
        raise NotFoundError(mark("There is nothing at this address."))
    if request.method == "OPTIONS":
        return allowed(posts=bool(known["writable"]))
    raise InvalidError(mark("This address does not accept that."))

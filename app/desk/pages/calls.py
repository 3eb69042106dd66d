"""The door for telephone systems: a call rings or is hung up; signed, answered with an opaque name.

The contract is `docs/telephone.md`. Nothing of the caller is ever in an address or an answer.
"""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.interactions import service
from app.interactions.rules import is_genuine
from app.interactions.service import Ring
from app.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.settings import Settings
from app.web.deps import Edge, EdgeDep
from app.web.forms import TooLargeError

router = APIRouter(prefix="/desk")

STAMP: Final = "x-civicwindow-timestamp"
SIGNATURE: Final = "x-civicwindow-signature"
_MOST_BYTES: Final = 4096
_UNREADABLE: Final = mark("This could not be understood.")


class Told(BaseModel):
    """What a telephone system tells of a call."""

    model_config = ConfigDict(extra="ignore")

    event: Literal["ringing", "ended"] = "ringing"
    call: Annotated[str, Field(min_length=1, max_length=100)]
    extension: Annotated[str, Field(max_length=40)] = ""
    number: Annotated[str, Field(max_length=40, alias="from")] = ""


async def _body(request: Request) -> bytes:
    """The body as it came, for its signature is over these very bytes.

    Raises:
        TooLargeError: no message of a telephone system is as long.
    """
    found = b""
    async for piece in request.stream():
        found += piece
        if len(found) > _MOST_BYTES:
            raise TooLargeError(mark("What you sent is too large."))
    return found


BodyDep = Annotated[bytes, Depends(_body)]


@router.post("/incoming", include_in_schema=False)
def incoming(request: Request, edge: EdgeDep, body: BodyDep) -> Response:
    """A call rings, or its caller is gone."""
    told = _heard(request, edge, body)
    with edge.writing() as session:
        if told.event == "ended":
            ref = service.hang_up(session, told.call, now=edge.now())
        else:
            ring = Ring(told.call, told.extension, told.number)
            ref = service.ring(session, ring, now=edge.now())
    if ref is None:
        raise NotFoundError(mark("There is no such call."))
    return JSONResponse({"id": ref})


def _heard(request: Request, edge: Edge, body: bytes) -> Told:
    """What was said, if it was said by who holds the key, and just now.

    Raises:
        NotFoundError: no telephone system is set up.
        ForbiddenError: the signature is wrong, or too old.
        InvalidError: it cannot be understood.
    """
    settings: Settings = request.app.state.settings
    if not settings.telephone_key:
        raise NotFoundError(mark("There is nothing at this address."))
    stamp, given = request.headers.get(STAMP, ""), request.headers.get(SIGNATURE, "")
    if not is_genuine(settings.telephone_key, stamp, body, given, now=edge.now()):
        raise ForbiddenError(mark("The signature is wrong or too old."))
    try:
        return Told.model_validate_json(body)
    except ValidationError as error:
        places = [str(one["loc"][0]) for one in error.errors(include_input=False) if one["loc"]]
        raise InvalidError(_UNREADABLE, fields=dict.fromkeys(places, _UNREADABLE)) from None

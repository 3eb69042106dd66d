"""The door for the gateway's receipts: what became of a message it had taken; signed.

The contract is `docs/sms-gateway.md`. A receipt names a message by its stable name only, so
nothing of the citizen is in the address, the body or the answer.
"""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.notifications.gateway import SIGNATURE
from app.notifications.rules.receipts import is_genuine
from app.notifications.service import receiving
from app.settings import Settings
from app.web.deps import EdgeDep
from app.web.forms import TooLargeError

router = APIRouter(prefix="/messages")

_MOST_BYTES: Final = 4096
_UNREADABLE: Final = mark("This could not be understood.")


class Receipt(BaseModel):
    """What a gateway says of one message."""

    model_config = ConfigDict(extra="ignore")

    id: Annotated[str, Field(min_length=1, max_length=43)]
    status: Literal["delivered", "failed"]
    reason: Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_]*$")] = ""


async def _body(request: Request) -> bytes:
    """The body as it came, for its signature is over these very bytes.

    Raises:
        TooLargeError: no receipt is as long.
    """
    found = b""
    async for piece in request.stream():
        found += piece
        if len(found) > _MOST_BYTES:
            raise TooLargeError(mark("What you sent is too large."))
    return found


BodyDep = Annotated[bytes, Depends(_body)]


@router.post("/receipts", include_in_schema=False)
def receive(request: Request, edge: EdgeDep, body: BodyDep) -> Response:
    """A message arrived, or did not; said twice it changes nothing."""
    receipt = _heard(request, body)
    with edge.writing() as session:
        receiving.receive(
            session,
            receipt.id,
            arrived=receipt.status == "delivered",
            reason=receipt.reason,
            now=edge.now(),
        )
    return Response(status_code=204)


def _heard(request: Request, body: bytes) -> Receipt:
    """What was said, if it was said by who holds the key.

    Raises:
        NotFoundError: no gateway with a key is set up.
        ForbiddenError: the signature is wrong.
        InvalidError: it cannot be understood.
    """
    settings: Settings = request.app.state.settings
    if not settings.sms_gateway_key:
        raise NotFoundError(mark("There is nothing at this address."))
    if not is_genuine(settings.sms_gateway_key, body, request.headers.get(SIGNATURE, "")):
        raise ForbiddenError(mark("The signature is wrong or too old."))
    try:
        return Receipt.model_validate_json(body)
    except ValidationError as error:
        places = [str(one["loc"][0]) for one in error.errors(include_input=False) if one["loc"]]
        raise InvalidError(_UNREADABLE, fields=dict.fromkeys(places, _UNREADABLE)) from None

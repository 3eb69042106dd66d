"""What a program asks: format, parameters and files, from the address and the body alike.

Reads bodies as programs write them: any encoding of the standard's two, signed by nobody but the
key inside. Decides nothing.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.open311.rules.asking import Sent
from app.settings import Settings
from app.web.forms import TooLargeError

# Of a posted address only these count: what a report says stands in its body.
_FROM_ADDRESS: Final = ("api_key", "jurisdiction_id")
_MOST_FIELDS: Final = 2000  # a list of ids may be long
_MOST_FILES: Final = 40
_TOO_LARGE: Final = mark("What you sent is too large.")


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of one request, and its files if it is a post."""

    sent: Sent
    files: Sequence[UploadFile] = ()


async def _from_address(request: Request) -> Asked:
    return Asked(Sent.of(_address(request)))


async def _from_both(request: Request) -> AsyncIterator[Asked]:
    own = [pair for pair in _address(request) if pair[0] in _FROM_ADDRESS]
    if not request.headers.get("content-type", "").startswith("multipart/"):
        yield Asked(Sent.of([*_pairs(await _body(request)), *own]))
        return
    settings: Settings = request.app.state.settings
    data = await request.form(
        max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=settings.max_form_bytes
    )
    try:
        items = data.multi_items()
        pairs = [(name, value) for name, value in items if isinstance(value, str)]
        # A file field left empty comes as a part without a name or without content.
        files = [value for _, value in items if isinstance(value, UploadFile) and value.size]
        yield Asked(Sent.of([*pairs, *own]), files)
    finally:
        await data.close()


AskedDep = Annotated[Asked, Depends(_from_address)]
PostedDep = Annotated[Asked, Depends(_from_both)]


def _address(request: Request) -> list[tuple[str, str]]:
    return _pairs(request.scope["query_string"])


def _pairs(text: bytes) -> list[tuple[str, str]]:
    # Some clients send UTF-8 as it is, without percent signs; Starlette would read it as Latin-1.
    try:
        return parse_qsl(
            text.decode(errors="replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:
        raise InvalidError(mark("These are too many parameters.")) from error


async def _body(request: Request) -> bytes:
    settings: Settings = request.app.state.settings
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > settings.max_form_bytes:
            await _drain(request)
            raise TooLargeError(_TOO_LARGE)
    return bytes(found)


async def _drain(request: Request) -> None:
    # Unread, the rest would make the program see a broken connection instead of our answer.
    with suppress(RuntimeError):
        async for _ in request.stream():
            pass

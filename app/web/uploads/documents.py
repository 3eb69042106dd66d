"""Looks into a PDF for what could act by itself when somebody opens it.

Reads names, not meaning: it is no virus scanner, so documents are only ever sent as attachments.
"""

import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Final

from app.kernel.errors import InvalidError
from app.kernel.messages import mark

_END_WITHIN: Final = 1024
_MAX_UNPACKED: Final = 100_000_000
_MAX_STREAMS: Final = 20_000
_DICTIONARY: Final = 4096
_CHUNK: Final = 1 << 16
_OVERLAP: Final = 32
_DEFLATE: Final = 8
_UNCHECKABLE: Final = mark("This PDF is packed in a way we cannot check. Print it to a new PDF.")

_NAME_END: Final = rb"(?![A-Za-z0-9])"
_ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoToE|GoToR)"
    + _NAME_END
)
_ENCRYPTED: Final = re.compile(rb"/Encrypt" + _NAME_END)
_OBJECT_STREAM: Final = re.compile(rb"/ObjStm" + _NAME_END)
_UNREADABLE_FILTER: Final = re.compile(
    rb"/(?:ASCIIHexDecode|ASCII85Decode|LZWDecode|RunLengthDecode|AHx|A85|LZW|RL)" + _NAME_END
)
_STREAM: Final = re.compile(rb"(?<!end)stream(?:\r\n?|\n)")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")


def check(data: bytes) -> None:
    """Let a plain PDF pass.

    Raises:
        InvalidError: cut off, encrypted, with scripts, actions or files inside, or so
            packed that we cannot look into it.
    """
    if b"%%EOF" not in data[-_END_WITHIN:] or b"startxref" not in data:
        raise InvalidError(
            mark("This PDF is damaged or not complete. Save it again and resend it.")
        )
    names = _unescaped(data)
    if _ENCRYPTED.search(names):
        raise InvalidError(
            mark("This PDF is protected by a password. Save it without and resend it.")
        )
    if _OBJECT_STREAM.search(names) and _UNREADABLE_FILTER.search(names):
        raise InvalidError(
            mark("This PDF is packed in a way we cannot check. Print it to a new PDF.")
        )
    if _ACTIVE.search(names) or any(_ACTIVE.search(piece) for piece in _unpacked(data)):
        raise InvalidError(
            mark("This PDF holds scripts or other files. Print it to a new PDF and send that.")
        )


def _unescaped(data: bytes) -> bytes:
    # /J#61vaScript is the same name as /JavaScript.
    return _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), data)


def _unpacked(data: bytes) -> Iterator[bytes]:
    """The content of every packed stream, in overlapping pieces: objects may hide in any."""
    left = _MAX_UNPACKED
    streams = list(islice(_STREAM.finditer(data), _MAX_STREAMS + 1))
    if len(streams) > _MAX_STREAMS:
        raise InvalidError(_UNCHECKABLE)
    before = 0
    for start in streams:
        names = _unescaped(data[max(before, start.start() - _DICTIONARY) : start.start()])
        if _OBJECT_STREAM.search(names) and b"/Predictor" in names:
            raise InvalidError(_UNCHECKABLE)
        before = start.end()
        tail = b""
        for piece in _inflated(data, before):
            left -= len(piece)
            if left < 0:
                raise InvalidError(mark("This PDF is too large once unpacked. Send a smaller one."))
            yield _unescaped(tail + piece)
            tail = piece[-_OVERLAP:]


def _inflated(data: bytes, at: int) -> Iterator[bytes]:
    header = int.from_bytes(data[at : at + 2], "big")
    if header >> 8 & 15 != _DEFLATE or header % 31:
        return
    # Without the check sum at the end: readers ignore it when it is wrong, and so must we.
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    at += 2
    rest = data[at : at + _CHUNK]
    at += len(rest)
    try:
        while rest and not inflater.eof:
            if piece := inflater.decompress(rest, _CHUNK):
                yield piece
            rest = inflater.unconsumed_tail
            if not rest:
                rest = data[at : at + _CHUNK]
                at += len(rest)
    except zlib.error:
        # Readers show what comes before the fault; what that is, we cannot say.
        raise InvalidError(_UNCHECKABLE) from None

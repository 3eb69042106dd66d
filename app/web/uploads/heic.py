"""Decodes HEIC in a process of its own, so that a hostile photo can crash nothing but that.

Changed bytes have crashed a release of the decoder within seconds; it cannot be trusted inside.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

from app.kernel.errors import InvalidError
from app.web.uploads.sentences import DAMAGED, TOO_MANY_PIXELS

_PROGRAM: Final = str(Path(__file__).with_name("heic_child.py"))
_TOO_MANY: Final = 3
_SECONDS: Final = 30


def to_jpeg(data: bytes, *, max_pixels: int) -> bytes:
    """The photo as a JPEG of high quality, with its notes.

    Raises:
        InvalidError: too many pixels, or the decoder gave up, crashed or took too long.
    """
    try:
        child = subprocess.run(  # noqa: S603  # our own program and two numbers
            [sys.executable, "-I", _PROGRAM, str(max_pixels), str(_TOO_MANY)],
            input=data,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            cwd="/",
            env={},
        )
    except subprocess.TimeoutExpired:
        raise InvalidError(DAMAGED) from None
    if child.returncode == _TOO_MANY:
        raise InvalidError(TOO_MANY_PIXELS)
    if child.returncode:
        raise InvalidError(DAMAGED)
    return child.stdout

"""Says what went wrong and where, for logs and for those who look after the house.

Never with the values it went wrong with: they may be personal.
"""

import os
import traceback

from app.kernel.errors import DomainError


def describe(error: Exception) -> str:
    """The kind of an error and the place of ours it came from; of a refusal its sentence too."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}app{os.sep}" in frame.filename]
    places = dict.fromkeys(f"{frame.name}:{frame.lineno}" for frame in ours[-1:] + frames[-1:])
    said = f" ({error.msgid})" if isinstance(error, DomainError) else ""
    return f"{type(error).__name__}{said} at {', '.join(places)}"

"""The refusals that more than one decoder gives.

Sentences only.
"""

from typing import Final

from app.kernel.messages import mark

TOO_MANY_PIXELS: Final = mark("This picture has too many pixels. Send a smaller one.")
DAMAGED: Final = mark("This photo is damaged and cannot be opened. Take or choose another one.")

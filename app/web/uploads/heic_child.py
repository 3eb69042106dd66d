"""Turns one HEIC photo on standard input into a JPEG on standard output, then ends.

A program of its own (see `heic.py`): imports nothing of ours and has nothing to lose.
"""

import resource
import sys
from typing import Final

from PIL import Image
from pillow_heif import register_heif_opener

_MEMORY: Final = 2_000_000_000  # address space, of which a photo of 26 megapixels uses a tenth
_SECONDS: Final = 20


def main() -> None:
    """Decode with little rights to memory and time; notes on place and time go along.

    Arguments: the most pixels, and the exit code that says there are more.
    """
    most_pixels, too_many = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # our own limit is the stricter one
    with Image.open(sys.stdin.buffer, formats=["HEIF"]) as image:
        if image.width * image.height > most_pixels:
            sys.exit(too_many)
        upright = image.convert("RGB")
        upright.save(sys.stdout.buffer, "JPEG", quality=95, exif=image.getexif())


if __name__ == "__main__":
    main()

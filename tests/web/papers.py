"""Photos and documents as people have them, and some nobody should send."""

import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from PIL import Image

from app.kernel.files import FileStore

RED, BLUE = (200, 30, 30), (20, 60, 220)
HEIC = Path(__file__).parent / "samples" / "phone.heic"  # made with pillow-heif, 64 × 48


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    """Blue at the top left, red elsewhere."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (0, 0, size[0] // 2, size[1] // 2))
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def pdf(catalogue: bytes = b"", body: bytes = b"BT (hello) Tj ET", entries: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R" + catalogue + b">>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/Contents 4 0 R>>\nendobj\n"
        b"4 0 obj\n<</Length %d%b>>\nstream\n%b\nendstream\nendobj\n"
        b"trailer\n<</Root 1 0 R>>\nstartxref\n0\n%%%%EOF\n" % (len(body), entries, body)
    )


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is huge and holds next to nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(10_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def zip_file() -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("photo.jpg", picture())
    return target.getvalue()


Kept = tuple[FileStore, str, str]

"""A PDF is kept as it is, unless it could act by itself."""

import zlib
from pathlib import Path

import pytest

from app.kernel.errors import InvalidError
from app.kernel.files import FileStore
from app.web.uploads import FileKind, accept
from tests.web.papers import pdf, zip_file


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


def test_a_plain_pdf_is_kept_as_it_is(store: FileStore) -> None:
    sent = pdf(body=zlib.compress(b"BT (hello) Tj ET"), entries=b"/Filter/FlateDecode")

    kept = accept(sent, store=store)

    assert store.read(kept.sha256) == sent
    assert (kept.kind, kept.content_type) == (FileKind.DOCUMENT, "application/pdf")
    assert kept.width is None


PACKED = b"/Type/ObjStm/Filter/FlateDecode"
SCRIPT = b"5 0 <</S/JavaScript/JS(app.alert\\(1\\))>>"


def broken_sum(data: bytes) -> bytes:
    return zlib.compress(data)[:-4] + b"\0\0\0\0"


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "scripts"),
        (pdf(b"/OpenAction<</S/J#61vaScript/JS(app.alert(1))>>"), "scripts"),
        (pdf(b"/OpenAction<</S/Launch/F(cmd.exe)>>"), "scripts"),
        (pdf(b"/Names<</EmbeddedFiles 9 0 R>>"), "scripts"),
        (pdf(body=zlib.compress(SCRIPT), entries=PACKED), "scripts"),
        (pdf(body=zlib.compress(bytes(65_530) + SCRIPT), entries=PACKED), "scripts"),
        (pdf(body=broken_sum(SCRIPT), entries=PACKED), "scripts"),
        (pdf(body=zlib.compress(SCRIPT)[:-12] + b"\xff" * 12, entries=PACKED), "cannot check"),
        (pdf(body=SCRIPT.hex().encode(), entries=b"/Type/ObjStm/Filter/AHx"), "cannot check"),
        (
            pdf(body=zlib.compress(SCRIPT), entries=PACKED + b"/DecodeParms<</Predictor 12>>"),
            "cannot check",
        ),
        (pdf(body=b"stream\n" * 30_000), "cannot check"),
        (pdf(body=zlib.compress(bytes(150_000_000)), entries=PACKED), "too large once unpacked"),
        (pdf().replace(b"<</Root", b"<</Encrypt 8 0 R/Root"), "password"),
        (pdf()[:-8], "damaged"),
        (pdf() + zip_file() + bytes(2000), "damaged"),
    ],
)
def test_a_pdf_that_could_act_by_itself_is_refused(store: FileStore, sent: bytes, why: str) -> None:
    with pytest.raises(InvalidError, match=why):
        accept(sent, store=store)

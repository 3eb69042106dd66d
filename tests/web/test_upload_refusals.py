"""What is no photo, too large or broken is refused with a sentence and breaks nothing."""

import struct
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import UploadFile

from app.kernel.errors import InvalidError
from app.kernel.files import FileStore
from app.web.uploads import Limits, accept
from tests.web.papers import HEIC, picture, png_header, zip_file


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        zip_file(),
        b"GIF89a" + bytes(50),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"<html><script>alert(1)</script>",
        b"MZ" + bytes(100),
        b"II*\x00" + bytes(50),
        b"\x00\x00\x00\x1cftypmp42" + bytes(50),
        "路灯".encode(),
    ],
)
def test_what_only_calls_itself_a_photo_is_refused(store: FileStore, content: bytes) -> None:
    upload = UploadFile(BytesIO(content), filename="photo.jpg")

    with pytest.raises(InvalidError, match="not a photo or PDF"):
        accept(upload, store=store)
    with pytest.raises(InvalidError, match="Only photos"):  # and nobody is told to send a PDF
        accept(upload, store=store, limits=Limits(only_photos=True))


def test_an_empty_file_is_refused(store: FileStore) -> None:
    with pytest.raises(InvalidError, match="empty"):
        accept(b"", store=store)


def test_a_file_that_is_too_large_is_refused_without_reading_all_of_it(store: FileStore) -> None:
    content = BytesIO(bytes(20_000))

    with pytest.raises(InvalidError, match="too large"):
        accept(UploadFile(content), store=store, limits=Limits(max_bytes=1000))

    assert content.tell() == 1001


@pytest.mark.parametrize("size", [(50_000, 50_000), (12_000, 12_000), (2**31 - 1, 1), (7000, 7000)])
def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(
    store: FileStore, size: tuple[int, int]
) -> None:
    bomb = png_header(*size)

    with pytest.raises(InvalidError, match="too many pixels"):
        accept(bomb, store=store)

    assert len(bomb) < 1000


def test_a_jpeg_may_have_twice_the_pixels_because_it_is_not_decoded_in_full(
    store: FileStore,
) -> None:
    limits = Limits(max_pixels=10_000, max_edge=50)

    kept = accept(picture(size=(140, 140)), store=store, limits=limits)

    assert kept.width == 50
    with pytest.raises(InvalidError, match="too many pixels"):
        accept(picture("PNG", (140, 140)), store=store, limits=limits)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_photo_is_refused(store: FileStore, kind: str) -> None:
    whole = picture(kind, (400, 300))

    with pytest.raises(InvalidError, match="damaged"):
        accept(whole[: len(whole) // 2], store=store)


@given(st.binary(max_size=60), st.sampled_from(["JPEG", "PNG", "WEBP", "PDF"]))
def test_junk_behind_a_good_beginning_is_refused_and_never_breaks_anything(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, kind: str
) -> None:
    start = b"%PDF-1.7\n" if kind == "PDF" else picture(kind)[:30]

    with pytest.raises(InvalidError):
        accept(start + junk, store=FileStore(tmp_path_factory.getbasetemp() / "junk"))


def test_half_a_heic_photo_is_refused(store: FileStore) -> None:
    with pytest.raises(InvalidError, match="damaged"):
        accept(HEIC.read_bytes()[:400], store=store)


def test_a_heic_photo_with_too_many_pixels_is_refused(store: FileStore) -> None:
    with pytest.raises(InvalidError, match="too many pixels"):
        accept(HEIC.read_bytes(), store=store, limits=Limits(max_pixels=3000))


def test_a_heic_photo_that_lies_about_its_size_is_refused(store: FileStore) -> None:
    sent = HEIC.read_bytes()
    at = sent.index(b"ispe") + 8
    bomb = sent[:at] + struct.pack(">II", 50_000, 50_000) + sent[at + 8 :]

    with pytest.raises(InvalidError):
        accept(bomb, store=store)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)  # each starts a process
@given(st.lists(st.tuples(st.integers(0, 774), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_changed_heic_is_read_or_refused_but_breaks_nothing(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(HEIC.read_bytes())
    for at, byte in changes:
        data[at] = byte

    try:
        outcome = accept(
            bytes(data), store=FileStore(tmp_path_factory.getbasetemp() / "heic")
        ).content_type
    except InvalidError as refusal:
        outcome = refusal.code

    assert outcome in {"image/jpeg", "invalid"}

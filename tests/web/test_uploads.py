"""What people upload is made harmless or refused with a sentence; with real files."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational
from starlette.datastructures import UploadFile

from app.kernel.errors import InvalidError, NotFoundError, UnavailableError
from app.kernel.files import FileStore
from app.web.uploads import FileKind, Limits, accept, accept_all, serve

RED, BLUE = (200, 30, 30), (20, 60, 220)
HEIC = Path(__file__).parent / "samples" / "phone.heic"  # made with pillow-heif, 64 × 48


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


def notes(changes: dict[int, Any] | None = None) -> Image.Exif:
    """Notes as a phone writes them: maker, owner, time, place, held upright."""
    exif = Image.Exif()
    exif[0x010F] = "SECRETMAKER"
    exif[0x013B] = "SECRETOWNER"
    exif[0x0112] = 6  # turn by 90° to show
    exif.get_ifd(0x8769).update({0x9003: "2026:03:02 09:30:00"})
    place = {1: "N", 2: (26.0, 4.0, 30.0), 3: "E", 4: (119.0, 18.0, 0.0)}
    exif.get_ifd(0x8825).update(place | (changes or {}))
    return exif


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    """Blue at the top left, red elsewhere."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (0, 0, size[0] // 2, size[1] // 2))
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def opened(store: FileStore, sha256: str, variant: str = "") -> Image.Image:
    return Image.open(BytesIO(store.read(sha256, variant)))


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


def pdf(catalogue: bytes = b"", body: bytes = b"BT (hello) Tj ET", entries: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R" + catalogue + b">>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/Contents 4 0 R>>\nendobj\n"
        b"4 0 obj\n<</Length %d%b>>\nstream\n%b\nendstream\nendobj\n"
        b"trailer\n<</Root 1 0 R>>\nstartxref\n0\n%%%%EOF\n" % (len(body), entries, body)
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_keeps_its_picture_and_nothing_else(store: FileStore, kind: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    sent = picture(kind, exif=notes(), icc_profile=profile, comment=b"SECRETCOMMENT")

    kept = accept(sent, store=store)

    data = store.read(kept.sha256) + store.read(kept.sha256, "thumb")
    assert b"SECRETMAKER" in sent
    assert not [word for word in (b"SECRET", b"Exif", b"eXIf", b"ICC", b"iCCP") if word in data]
    assert kept.content_type == f"image/{kind.lower()}"
    assert kept.kind is FileKind.PHOTO
    assert kept.size == len(store.read(kept.sha256))


def test_words_hidden_in_a_png_are_gone(store: FileStore) -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "SECRETOWNER", zip=False)
    words.add_itxt("XML:com.adobe.xmp", "SECRETOWNER")

    kept = accept(picture("PNG", pnginfo=words), store=store)

    assert b"SECRETOWNER" not in store.read(kept.sha256)


def test_a_file_glued_behind_a_photo_is_gone(store: FileStore) -> None:
    kept = accept(picture() + b"PK\x03\x04 GLUED", store=store)

    assert b"GLUED" not in store.read(kept.sha256)


def test_a_photo_offers_where_and_when_it_was_taken(store: FileStore) -> None:
    kept = accept(picture(exif=notes()), store=store)

    assert kept.position == (119.3, 26.075)
    assert kept.taken_at == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # 09:30 in Shanghai


def test_a_photo_from_the_south_west_has_negative_degrees(store: FileStore) -> None:
    kept = accept(picture(exif=notes({1: "S", 3: "W"})), store=store)

    assert kept.position == (-119.3, -26.075)


@pytest.mark.parametrize(
    "place",
    [
        {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)},
        {2: (95.0, 0.0, 0.0)},
        {2: (1.0, 2.0)},
        {2: (IFDRational(0, 0),) * 3},
    ],
)
def test_a_nonsensical_place_is_not_offered(store: FileStore, place: dict[int, Any]) -> None:
    kept = accept(picture(exif=notes(place)), store=store)

    assert kept.position is None


def test_a_photo_without_notes_offers_nothing(store: FileStore) -> None:
    kept = accept(picture(), store=store)

    assert (kept.position, kept.taken_at) == (None, None)


def test_a_photo_taken_sideways_is_kept_upright(store: FileStore) -> None:
    kept = accept(picture(exif=notes()), store=store)

    shown = opened(store, kept.sha256).convert("RGB")
    assert (kept.width, kept.height) == shown.size == (48, 64)
    corner = shown.getpixel((44, 4))
    assert isinstance(corner, tuple)
    assert corner[2] > 150  # blue went from the top left to the top right


def test_a_huge_photo_is_reduced_and_has_a_thumbnail(store: FileStore) -> None:
    kept = accept(picture(size=(5000, 2500)), store=store)

    assert (kept.width, kept.height) == opened(store, kept.sha256).size == (3200, 1600)
    assert opened(store, kept.sha256, "thumb").size == (480, 240)


def test_a_transparent_picture_stays_so_and_its_thumbnail_is_on_white(store: FileStore) -> None:
    target = BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(target, "PNG")

    kept = accept(target.getvalue(), store=store)

    assert opened(store, kept.sha256).getpixel((5, 5)) == (0, 0, 0, 0)
    assert opened(store, kept.sha256, "thumb").getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK"])
def test_every_kind_of_colours_is_read(store: FileStore, mode: str) -> None:
    target = BytesIO()
    Image.new(mode, (20, 10)).save(target, "JPEG" if mode == "CMYK" else "PNG")

    kept = accept(target.getvalue(), store=store)

    assert opened(store, kept.sha256).mode in {"RGB", "RGBA"}


def test_a_heic_photo_becomes_a_jpeg(store: FileStore) -> None:
    kept = accept(HEIC.read_bytes(), store=store)

    assert kept.content_type == "image/jpeg"
    assert (kept.width, kept.height) == (64, 48)
    assert kept.position == (119.3, 26.075)
    assert kept.taken_at == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    assert b"Sample" not in store.read(kept.sha256)


def zip_file() -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("photo.jpg", picture())
    return target.getvalue()


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


def test_after_one_refusal_no_file_of_the_form_is_kept(store: FileStore, tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="File 2 was not accepted") as refusal:
        accept_all([picture(), zip_file()], store=store, field="photos")

    assert "not a photo" in refusal.value.fields["photos"]
    assert list(tmp_path.iterdir()) == []


def test_all_good_files_of_a_form_are_kept_in_their_order(store: FileStore) -> None:
    kept = accept_all([pdf(), UploadFile(BytesIO(picture()))], store=store, field="photos")

    assert [each.kind for each in kept] == [FileKind.DOCUMENT, FileKind.PHOTO]


def test_too_many_files_are_refused_before_one_is_opened(store: FileStore) -> None:
    with pytest.raises(InvalidError, match="too many files"):
        accept_all([b"junk"] * 7, store=store, field="photos")


def test_a_store_that_is_broken_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(UnavailableError, match="without files"):
        accept(picture(), store=FileStore(tmp_path / "file"))


Kept = tuple[FileStore, str, str]


@pytest.fixture
def keep(store: FileStore) -> Callable[[bytes], Kept]:
    def keep(sent: bytes) -> Kept:
        kept = accept(sent, store=store)
        return store, kept.sha256, kept.content_type

    return keep


def test_a_photo_is_shown_but_can_do_nothing(keep: Callable[[bytes], Kept]) -> None:
    answer = serve(*keep(picture()), name="RX1-1")

    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"] == 'inline; filename="RX1-1.jpg"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"].startswith("private")


def test_a_document_is_only_ever_downloaded(keep: Callable[[bytes], Kept]) -> None:
    answer = serve(*keep(pdf()), name="RX1-1")

    assert answer.headers["content-disposition"] == 'attachment; filename="RX1-1.pdf"'


def test_a_type_we_never_store_is_sent_as_bytes_to_save(keep: Callable[[bytes], Kept]) -> None:
    store, sha256, _ = keep(picture())

    answer = serve(store, sha256, "text/html", name="x")

    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_a_thumbnail_is_a_small_jpeg(keep: Callable[[bytes], Kept]) -> None:
    answer = serve(*keep(picture("PNG", (1000, 500))), name="x", thumbnail=True)

    assert answer.headers["content-type"] == "image/jpeg"
    with Image.open(answer.path) as shown:
        assert shown.size == (480, 240)


def test_a_file_that_is_gone_is_not_found(store: FileStore) -> None:
    with pytest.raises(NotFoundError):
        serve(store, "0" * 64, "image/jpeg", name="x")

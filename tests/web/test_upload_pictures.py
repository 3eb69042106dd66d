"""A photo is made harmless: its picture stays, everything else goes."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational

from app.kernel.files import FileStore
from app.web.uploads import FileKind, accept
from tests.web.papers import HEIC, picture


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


def opened(store: FileStore, sha256: str, variant: str = "") -> Image.Image:
    return Image.open(BytesIO(store.read(sha256, variant)))


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

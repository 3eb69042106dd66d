"""Files that are not what they say, and a store that has no room, on the pages people use."""

import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import func, select

from app.cases.models import Attachment
from app.settings import Settings
from tests.bad_input.conftest import Browsers, Matters
from tests.bad_input.doors import DESK, PORTAL, TYPED, Door, assert_understood, speak
from tests.portal import walking
from tests.support.city import City
from tests.web.papers import pdf, png_header

pytestmark = pytest.mark.parametrize("founded", ["sqlite"], indirect=True)
DOORS = pytest.mark.parametrize("door", [PORTAL[0], PORTAL[1], DESK[1], DESK[2]], ids=str)
ROOM = 64 * 1024


def a_zip() -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("灯.txt", "not a photo")
    return content.getvalue()


BAD = {
    "a zip": a_zip(),
    "50,000 × 50,000": png_header(50_000, 50_000),
    "half a photo": walking.a_photo()[:300],
    "a page": b"<!DOCTYPE html><script>alert(1)</script>",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a program": b"MZ" + bytes(2000),
    "a document that acts": pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
}


@DOORS
def test_a_file_that_is_not_what_it_says_is_refused_and_the_words_stay(
    browsers: Browsers, matters: Matters, city: City, door: Door
) -> None:
    door, pages = matters.at(door), browsers.at(door)

    for number, (what, content) in enumerate(BAD.items()):
        language = ("zh", "en")[number % 2]
        speak(pages, language)
        form = door.form(pages)
        files = {door.takes_files: ("灯.jpg", content, "image/jpeg")}
        refused = door.send(pages, door.filled(form), form, files)
        assert_understood(refused, 422, typed=TYPED, language=language)
        assert refused.tree.all("div", **{"class": "summary"}), what

    with city.db() as after:
        assert after.scalar(select(func.count()).select_from(Attachment)) == 0


@DOORS
def test_thirty_files_are_too_many_and_the_words_stay(
    browsers: Browsers, matters: Matters, city: City, door: Door
) -> None:
    door, pages = matters.at(door), browsers.at(door)
    form = door.form(pages)
    one = (door.takes_files, ("灯.jpg", walking.a_photo(), "image/jpeg"))

    answer = pages.http.post(form.action, data=door.filled(form), files=[one] * 30)

    refused = pages._looked_over(answer)  # noqa: SLF001  # its door takes one file a field only
    assert_understood(refused, 422, typed=TYPED)
    with city.db() as after:
        assert after.scalar(select(func.count()).select_from(Attachment)) == 0


@DOORS
def test_names_of_files_are_harmless_whatever_they_hold(
    browsers: Browsers, matters: Matters, door: Door
) -> None:
    door, pages = matters.at(door), browsers.at(door)

    for name in (
        "../../etc/passwd",
        "a" * 3000 + ".jpg",
        "\u202egpj.exe",
        "灯\x00.jpg",
        '";x=".jpg',
    ):
        form = door.form(pages)
        files = {door.takes_files: (name, a_zip(), "image/jpeg")}
        refused = door.send(pages, door.filled(form), form, files)
        assert_understood(refused, 422, typed=TYPED)


@contextmanager
def little_room(folder: Path) -> Iterator[None]:
    """The folder on a file system with room for next to nothing."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or mount is None or umount is None:
        pytest.skip("only root may mount a small file system to fill up")
    folder.mkdir(parents=True)
    mounted = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip(f"this machine does not let us mount: {mounted.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run([umount, str(folder)], check=True)


def a_large_photo() -> bytes:
    data = BytesIO()
    Image.effect_noise((700, 700), 90).convert("RGB").save(data, "JPEG", quality=95)
    return data.getvalue()


@DOORS
def test_a_store_without_room_keeps_the_words_and_takes_them_without_the_file(
    browsers: Browsers, matters: Matters, settings: Settings, city: City, door: Door
) -> None:
    door, pages = matters.at(door), browsers.at(door)
    form = door.form(pages)
    files = {door.takes_files: ("灯.jpg", a_large_photo(), "image/jpeg")}

    with little_room(settings.data_dir / "files"):
        refused = door.send(pages, door.filled(form), form, files)
        assert_understood(refused, 503, typed=TYPED)
        assert "灯.jpg" in refused.text
        again = pages.submit(refused.form(field=door.field))

    assert again.status == 200
    with city.db() as after:
        assert after.scalar(select(func.count()).select_from(Attachment)) == 0


def test_a_store_that_was_taken_away_is_one_clear_sentence(
    app: FastAPI, browsers: Browsers, matters: Matters
) -> None:
    door = matters.at(PORTAL[1])
    pages = browsers.at(door)
    form = door.form(pages)
    data_dir: Path = app.state.settings.data_dir
    shutil.rmtree(data_dir, ignore_errors=True)
    data_dir.write_bytes(b"")  # a file where the folder should be
    files = {door.takes_files: ("灯.jpg", walking.a_photo(), "image/jpeg")}

    refused = door.send(pages, door.filled(form), form, files)

    assert_understood(refused, 503, typed=TYPED)

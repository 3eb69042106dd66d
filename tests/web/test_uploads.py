"""The files of one form go in together, and come out with a safe type."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from starlette.datastructures import UploadFile

from app.kernel.errors import InvalidError, NotFoundError, UnavailableError
from app.kernel.files import FileStore
from app.web.uploads import FileKind, accept, accept_all, serve
from tests.web.papers import Kept, pdf, picture, zip_file


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


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

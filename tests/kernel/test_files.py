"""The store of files by content: whole or not at all, also on a full disk."""

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from app.kernel.errors import NotFoundError, UnavailableError
from app.kernel.files import FileStore

DATA = b"a photo"
HASH = sha256(DATA).hexdigest()
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


def everything_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_lies_under_its_hash_and_comes_back_whole(store: FileStore, tmp_path: Path) -> None:
    kept = store.put(DATA)

    assert kept == HASH
    assert store.read(kept) == DATA
    assert everything_in(tmp_path) == [f"{HASH[:2]}/{HASH[2:4]}/{HASH}"]
    assert store.path(kept).stat().st_mode & 0o077 == 0


def test_the_same_content_is_kept_once_however_many_send_it(
    store: FileStore, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(8) as threads:
        kept = set(threads.map(store.put, [DATA] * 32))

    assert kept == {HASH}
    assert len(everything_in(tmp_path)) == 1


def test_a_file_cut_short_by_a_crash_is_written_again(store: FileStore) -> None:
    place = store.path(store.put(DATA))
    place.write_bytes(DATA[:3])

    store.put(DATA)

    assert store.read(HASH) == DATA


def test_what_was_made_from_a_file_lies_beside_it_and_goes_with_it(
    store: FileStore, tmp_path: Path
) -> None:
    store.put(DATA)
    store.put_variant(HASH, "thumb", b"small")

    assert store.read(HASH, "thumb") == b"small"

    store.remove(HASH)
    store.remove(HASH)

    assert everything_in(tmp_path) == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", HASH[:-1], HASH.upper(), HASH + "/.."])
def test_only_a_hash_is_a_name(store: FileStore, name: str) -> None:
    store.put(DATA)

    with pytest.raises(NotFoundError):
        store.path(name)
    with pytest.raises(NotFoundError):
        store.path(HASH, "../x")


def test_a_file_that_is_not_kept_is_not_found(store: FileStore) -> None:
    with pytest.raises(NotFoundError, match="no longer there"):
        store.read(HASH)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 64 KB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    mounted = subprocess.run(words, check=False, capture_output=True)  # ours
    if mounted.returncode:
        pytest.skip("needs the right to mount a small tmpfs")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S607  # ours


def test_a_full_disk_is_one_clear_sentence_and_leaves_nothing_behind(tiny_disk: Path) -> None:
    store = FileStore(tiny_disk)
    kept = store.put(DATA)
    before = everything_in(tiny_disk)

    with pytest.raises(UnavailableError, match="no room left"):
        store.put(b"x" * 200_000)

    assert everything_in(tiny_disk) == before
    assert store.read(kept) == DATA


def test_a_full_disk_that_got_room_again_takes_the_file(tiny_disk: Path) -> None:
    store = FileStore(tiny_disk)
    ballast = tiny_disk / "ballast"
    ballast.write_bytes(bytes(56 * 1024))
    with pytest.raises(UnavailableError):
        store.put(b"x" * 20_000)
    ballast.unlink()

    kept = store.put(b"x" * 20_000)

    assert store.read(kept) == b"x" * 20_000


def test_a_store_that_cannot_be_written_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("a file where the folder should be")

    with pytest.raises(UnavailableError, match="cannot be stored just now"):
        FileStore(tmp_path / "uploads").put(DATA)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read_is_one_clear_sentence(store: FileStore) -> None:
    store.path(store.put(DATA)).chmod(0)

    with pytest.raises(UnavailableError, match="does not answer"):
        store.read(HASH)


def test_only_what_nobody_sent_again_counts_as_untouched(store: FileStore) -> None:
    old, again = store.put(DATA), store.put(b"another")
    for name in (old, again):
        os.utime(store.path(name), (0, 0))

    store.put(b"another")

    assert list(store.untouched(since=MORNING)) == [old]


def test_an_untouched_file_goes_with_what_was_made_from_it(
    store: FileStore, tmp_path: Path
) -> None:
    os.utime(store.path(store.put(DATA)), (0, 0))
    store.put_variant(HASH, "thumb", b"small")

    removed = store.remove_untouched(HASH, since=MORNING)
    again = store.remove_untouched(HASH, since=MORNING)

    assert (removed, again) == (True, False)
    assert everything_in(tmp_path) == []


def test_a_file_sent_again_between_the_look_and_the_broom_stays(store: FileStore) -> None:
    os.utime(store.path(store.put(DATA)), (0, 0))
    seen = list(store.untouched(since=MORNING))
    store.put(DATA)

    removed = store.remove_untouched(HASH, since=MORNING)

    assert seen == [HASH]
    assert not removed
    assert store.read(HASH) == DATA

"""Files sealed from their first byte: whole, or not at all."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import NotFoundError
from app.kernel.sealed_files import CHUNK, FileKey, SealedFiles, new_key, open_key
from app.kernel.secrets import FieldCipher, Keyring, SealError, Suite

NAME = "some-export-1"


def a_key(suite: Suite = "aes") -> FileKey:
    return new_key(FieldCipher(Keyring.from_master(bytes(32), suite)), aad="x")[1]


def a_file(folder: Path, key: FileKey, *pieces: bytes) -> SealedFiles:
    files = SealedFiles(folder)
    with files.writing(NAME, key) as sink:
        for piece in pieces:
            sink.write(piece)
    return files


@pytest.mark.parametrize("suite", ["aes", "sm"])
@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_written_is_read_again(tmp_path: Path, suite: Suite, size: int) -> None:
    key, data = a_key(suite), bytes(range(256)) * (size // 256) + bytes(size % 256)

    files = a_file(tmp_path, key, data)

    assert b"".join(files.pieces(NAME, key)) == data


@given(pieces=st.lists(st.binary(max_size=2 * CHUNK), max_size=4))
def test_it_does_not_matter_in_how_many_pieces_it_came(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    key = a_key()

    files = a_file(tmp_path_factory.mktemp("sealed"), key, *pieces)

    assert b"".join(files.pieces(NAME, key)) == b"".join(pieces)


def test_nothing_of_it_lies_on_the_disk_in_clear(tmp_path: Path) -> None:
    a_file(tmp_path, a_key(), "张三的电话".encode() * 20_000)

    assert all("张三".encode() not in path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize("spoil", ["change", "cut", "exchange", "empty"])
def test_a_file_that_was_tampered_with_does_not_open(tmp_path: Path, spoil: str) -> None:
    key = a_key()
    files = a_file(tmp_path, key, bytes(3 * CHUNK))
    path = tmp_path / NAME
    data = path.read_bytes()
    piece = CHUNK + 16
    path.write_bytes(
        {
            "change": data[:-1] + bytes([data[-1] ^ 1]),
            "cut": data[: 11 + piece],
            "exchange": data[:11] + data[11 + piece : 11 + 2 * piece] + data[11:],
            "empty": b"",
        }[spoil]
    )

    with pytest.raises(SealError):
        b"".join(files.pieces(NAME, key))


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    files = a_file(tmp_path, a_key(), b"x")

    with pytest.raises(SealError):
        b"".join(files.pieces(NAME, a_key()))


def test_a_key_is_kept_sealed_and_bound_to_its_row() -> None:
    cipher = FieldCipher(Keyring.from_master(bytes(32)))
    sealed, key = new_key(cipher, aad="exports|1")

    assert open_key(cipher, sealed, aad="exports|1").secret == key.secret
    with pytest.raises(SealError):
        open_key(cipher, sealed, aad="exports|2")


def test_a_key_sealed_anew_in_another_suite_still_opens_its_file(tmp_path: Path) -> None:
    old = FieldCipher(Keyring.from_master(bytes(32), "aes"))
    new = FieldCipher(Keyring({1: bytes(32), 2: bytes([7] * 32)}, "sm"))
    sealed, key = new_key(old, aad="x")
    files = a_file(tmp_path, key, b"data")

    resealed = new.encrypt(old.decrypt(sealed, aad="x"), aad="x")

    assert b"".join(files.pieces(NAME, open_key(new, resealed, aad="x"))) == b"data"


def test_a_file_whose_making_failed_leaves_nothing_behind(tmp_path: Path) -> None:
    files = SealedFiles(tmp_path)

    def fail_half_way() -> None:
        with files.writing(NAME, a_key()) as sink:
            sink.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../secret.key", "", "a/b", "short"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFoundError):
        list(SealedFiles(tmp_path).pieces(name, a_key()))

"""Sealed fields, blind indexes and the file the master keys lie in."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import UnavailableError
from app.kernel.keyfile import VARIABLE, add_master_key
from app.kernel.secrets import (
    ALGORITHMS,
    BlindIndex,
    FieldCipher,
    Keyring,
    SealError,
    Suite,
    load_master_key,
)

SUITES: tuple[Suite, ...] = get_args(Suite)
MASTER = bytes(range(32))
OTHER = bytes(range(1, 33))
PLACE = "citizens.name|7"

# Sealed once by this format's first version; must open for ever.
KEPT: dict[Suite, str] = {
    "aes": "0101000102030405060708090a0b1bce8b5779854dd3766580d7c3f68b3f2474fa16c7f5",
    "sm": "0102000102030405060708090a0b77f6144c2bd47d79810ef911e31a53290b3a72784da9",
}
KEPT_INDEX: dict[Suite, str] = {
    "aes": "187396d3209a2368c9f03c09f3a0ba9a",
    "sm": "dba8fa4948d1911fa9b80b378859c3db",
}


@pytest.fixture(params=SUITES)
def suite(request: pytest.FixtureRequest) -> Suite:
    return SUITES[SUITES.index(request.param)]


def cipher(suite: Suite, master: bytes = MASTER) -> FieldCipher:
    return FieldCipher(Keyring.from_master(master, suite))


def test_aes_gcm_gives_the_answers_of_its_specification() -> None:
    aes = ALGORITHMS["aes"]

    sealed = aes.seal(bytes(32), bytes(12), bytes(16), b"")

    assert sealed.hex() == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"


def test_sm4_gcm_gives_the_answers_of_rfc_8998() -> None:
    sm = ALGORITHMS["sm"]
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    pieces = (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA)
    plain = b"".join(bytes([piece]) * 8 for piece in pieces)

    sealed = sm.seal(key, nonce, plain, aad)

    assert sealed.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert sm.open(key, nonce, sealed, aad) == plain
    with pytest.raises(InvalidTag):
        sm.open(key, nonce, sealed[:-1] + b"\0", aad)


def test_sm3_gives_the_answer_of_its_specification() -> None:
    digest = hashes.Hash(ALGORITHMS["sm"].hash())
    digest.update(b"abc")

    assert digest.finalize().hex() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )


def test_what_was_sealed_long_ago_still_opens_and_is_found(suite: Suite) -> None:
    sealed = bytes.fromhex(KEPT[suite])

    assert cipher(suite).decrypt(sealed, aad=PLACE) == "张三"
    index = BlindIndex(Keyring.from_master(MASTER, suite))
    assert index.exact("phone", "17900001111").hex() == KEPT_INDEX[suite]


@given(st.text(), st.text(), st.sampled_from(SUITES))
def test_what_is_sealed_opens_again(text: str, aad: str, suite: Suite) -> None:
    sealed = cipher(suite).encrypt(text, aad=aad)

    assert len(sealed) == len(text.encode()) + 30
    assert cipher(suite).decrypt(sealed, aad=aad) == text


@given(st.integers(0), st.integers(1, 255), st.sampled_from(SUITES))
def test_a_single_changed_byte_is_noticed(at: int, flip: int, suite: Suite) -> None:
    sealed = bytearray(cipher(suite).encrypt("张三", aad=PLACE))
    sealed[at % len(sealed)] ^= flip

    with pytest.raises(SealError):
        cipher(suite).decrypt(bytes(sealed), aad=PLACE)


@pytest.mark.parametrize("junk", [b"", b"\x01", b"\x01\x01short", b"\x01\x09" + bytes(40)])
def test_what_was_never_sealed_is_refused(junk: bytes) -> None:
    with pytest.raises(SealError, match="not a sealed field"):
        cipher("aes").decrypt(junk, aad=PLACE)


def test_a_value_copied_into_another_row_does_not_open(suite: Suite) -> None:
    sealed = cipher(suite).encrypt("张三", aad="citizens.name|7")

    with pytest.raises(SealError, match="belongs elsewhere"):
        cipher(suite).decrypt(sealed, aad="citizens.name|8")


def test_another_master_key_does_not_open(suite: Suite) -> None:
    sealed = cipher(suite).encrypt("张三", aad=PLACE)

    with pytest.raises(SealError):
        cipher(suite, OTHER).decrypt(sealed, aad=PLACE)


def test_the_same_text_never_looks_the_same_twice(suite: Suite) -> None:
    one, two = (cipher(suite).encrypt("张三", aad=PLACE) for _ in range(2))

    assert one != two


def test_after_a_rotation_old_values_open_and_new_ones_use_the_new_key() -> None:
    before = cipher("aes")
    after = FieldCipher(Keyring.from_master({1: MASTER, 2: OTHER}, "sm"))
    old = before.encrypt("张三", aad=PLACE)

    new = after.encrypt(after.decrypt(old, aad=PLACE), aad=PLACE)

    assert not after.is_current(old)
    assert after.is_current(new)
    assert new[0] == 2
    with pytest.raises(SealError, match="version 2 is missing"):
        before.decrypt(new, aad=PLACE)


def test_during_a_rotation_a_value_is_found_under_its_old_index() -> None:
    stored = BlindIndex(Keyring.from_master(MASTER)).exact("phone", "17900001111")
    after = BlindIndex(Keyring.from_master({1: MASTER, 2: OTHER}, "sm"))

    assert after.exact("phone", "17900001111") != stored
    assert stored in after.candidates("phone", "17900001111")


def test_a_rotation_leaves_citizens_tokens_alone() -> None:
    before = Keyring.from_master(MASTER)
    after = Keyring.from_master({1: MASTER, 2: OTHER})

    assert before.derive("tokens") == after.derive("tokens")
    assert before.derive("tokens") != before.derive("cookies")


def test_a_blind_index_finds_a_value_however_it_was_spelt(suite: Suite) -> None:
    index = BlindIndex(Keyring.from_master(MASTER, suite))

    assert index.exact("id", "99010119900307002x") == index.exact("id", "９９0101 19900307 002X")
    assert index.tail("phone", "179-0000-1111") == index.tail("phone", "1111")
    assert len(index.exact("id", "1")) == 16


def test_equal_values_of_different_purposes_cannot_be_matched_up(suite: Suite) -> None:
    index = BlindIndex(Keyring.from_master(MASTER, suite))

    found = {index.exact("phone", "1111"), index.exact("id", "1111"), index.tail("phone", "1111")}

    assert len(found) == 3


@pytest.mark.parametrize("masters", [{}, {0: MASTER}, {256: MASTER}, {1: b"short"}])
def test_an_unusable_ring_is_refused(masters: dict[int, bytes]) -> None:
    with pytest.raises(ValueError, match="key"):
        Keyring.from_master(masters)


def test_the_first_start_makes_a_key_only_its_owner_can_read(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret.key"

    made = load_master_key(path, {})

    assert path.stat().st_mode & 0o777 == 0o600
    assert load_master_key(path, {}) == made
    assert [entry.name for entry in path.parent.iterdir()] == ["secret.key"]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"

    with ThreadPoolExecutor(8) as threads:
        keys = list(threads.map(lambda _: load_master_key(path, {}), range(16)))

    assert all(key == keys[0] for key in keys)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_file_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret.key"
    load_master_key(path, {})
    path.chmod(mode)

    with pytest.raises(UnavailableError, match="chmod 600"):
        load_master_key(path, {})


@pytest.mark.parametrize("content", ["", "# only a note\n", "1:AAAA", "x:y", "1:" + "A" * 43])
def test_a_damaged_key_file_is_refused_and_not_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secret.key"
    path.touch(0o600)
    path.write_text(content)

    with pytest.raises(UnavailableError, match="no usable key"):
        load_master_key(path, {})

    assert path.read_text() == content


def test_a_key_file_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(UnavailableError, match="cannot be read or made"):
        load_master_key(tmp_path / "file" / "secret.key", {})


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    load_master_key(path, {})
    entries = ",".join(line for line in path.read_text().splitlines() if not line.startswith("#"))

    given = load_master_key(tmp_path / "absent", {VARIABLE: entries})

    assert given == load_master_key(path, {})
    assert not (tmp_path / "absent").exists()


def test_an_added_key_seals_and_the_old_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    first = load_master_key(path, {})

    version = add_master_key(path)

    keys = load_master_key(path, {})
    assert version == 2
    assert keys[1] == first[1]
    assert Keyring.from_master(keys).current == 2
    assert path.stat().st_mode & 0o777 == 0o600

"""Encrypts single fields and makes them findable by equality, behind one interface for two suites.

Uses only the algorithms of the `cryptography` wheel; knows nothing of tables or columns.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.kernel.keyfile import load_master_key
from app.kernel.text import identifier

__all__ = [
    "ALGORITHMS",
    "Algorithm",
    "BlindIndex",
    "FieldCipher",
    "Keyring",
    "SealError",
    "Suite",
    "load_master_key",
]

Suite = Literal["aes", "sm"]
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
INDEX_BYTES: Final = 16
TAIL_LENGTH: Final = 4
HEADER_BYTES: Final = 2
_MAX_VERSION: Final = 255


class SealError(Exception):
    """A field cannot be read: it was changed, moved to another row, or its key is missing."""


class Algorithm(NamedTuple):
    """One way to seal; `number` is the second byte of what it sealed."""

    number: int
    suite: Suite
    key_bytes: int
    hash: Callable[[], hashes.HashAlgorithm]
    seal: Callable[[bytes, bytes, bytes, bytes], bytes]
    open: Callable[[bytes, bytes, bytes, bytes], bytes]


def _seal_aes(key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    return AESGCM(key).encrypt(nonce, plain, aad)


def _open_aes(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    return AESGCM(key).decrypt(nonce, sealed, aad)


def _seal_sm4(key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(aad)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def _open_sm4(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    body, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(aad)
    return decryptor.update(body) + decryptor.finalize()


ALGORITHMS: Final[dict[Suite, Algorithm]] = {
    "aes": Algorithm(1, "aes", 32, hashes.SHA256, _seal_aes, _open_aes),
    "sm": Algorithm(2, "sm", 16, hashes.SM3, _seal_sm4, _open_sm4),
}
_BY_NUMBER: Final = {algorithm.number: algorithm for algorithm in ALGORITHMS.values()}


@dataclass(frozen=True, slots=True)
class Keyring:
    """The master keys by version, and the suite new fields are sealed with.

    The highest version seals; all of them still open.
    """

    masters: Mapping[int, bytes]
    suite: Suite = "aes"

    def __post_init__(self) -> None:
        if not self.masters or not all(1 <= version <= _MAX_VERSION for version in self.masters):
            msg = "a key ring needs versions between 1 and 255"
            raise ValueError(msg)
        if any(len(master) < 32 for master in self.masters.values()):  # noqa: PLR2004  # 256 bits
            msg = "a master key needs at least 32 bytes"
            raise ValueError(msg)

    @classmethod
    def from_master(cls, master: bytes | Mapping[int, bytes], suite: Suite = "aes") -> "Keyring":
        """A ring of one key, or of those `open_keys` keeps up to date."""
        return cls({1: master} if isinstance(master, bytes) else master, suite)

    @property
    def current(self) -> int:
        """The version that seals."""
        return max(self.masters)

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose; they stay when a newer master key is added.

        For tokens in citizens' hands, which must go on working after a rotation.
        """
        return self.subkey(min(self.masters), f"derive {purpose}", 32, hashes.SHA256())

    def subkey(self, version: int, label: str, length: int, digest: hashes.HashAlgorithm) -> bytes:
        """The key for one use of one version, by HKDF.

        Raises:
            SealError: the ring has no such version.
        """
        try:
            master = self.masters[version]
        except KeyError:
            msg = f"master key version {version} is missing"
            raise SealError(msg) from None
        return HKDF(digest, length, salt=None, info=f"civicwindow {label}".encode()).derive(master)


class FieldCipher:
    """Seals text into `key version ‖ algorithm ‖ nonce ‖ ciphertext ‖ tag`.

    `aad` names the place the value belongs to, as `table.column|row id`: a value
    copied into another row or column does not open there.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._keys: dict[tuple[int, int], bytes] = {}

    @property
    def algorithm(self) -> Algorithm:
        """How something new is sealed."""
        return ALGORITHMS[self._keyring.suite]

    def encrypt(self, text: str, *, aad: str) -> bytes:
        """30 bytes more than the text; never twice the same."""
        algorithm = ALGORITHMS[self._keyring.suite]
        header = self.header
        nonce = secrets.token_bytes(NONCE_BYTES)
        key = self._key(header[0], algorithm)
        return header + nonce + algorithm.seal(key, nonce, text.encode(), header + aad.encode())

    def decrypt(self, sealed: bytes, *, aad: str) -> str:
        """The text, whichever known key and suite sealed it.

        Raises:
            SealError: changed, from another place, or the key is not in the ring.
        """
        algorithm = _BY_NUMBER.get(sealed[1]) if len(sealed) > HEADER_BYTES else None
        if algorithm is None or len(sealed) < HEADER_BYTES + NONCE_BYTES + TAG_BYTES:
            msg = "not a sealed field"
            raise SealError(msg)
        header, rest = sealed[:HEADER_BYTES], sealed[HEADER_BYTES:]
        key = self._key(header[0], algorithm)
        try:
            plain = algorithm.open(
                key, rest[:NONCE_BYTES], rest[NONCE_BYTES:], header + aad.encode()
            )
        except InvalidTag:
            msg = "a sealed field was changed or belongs elsewhere"
            raise SealError(msg) from None
        return plain.decode()

    @property
    def header(self) -> bytes:
        """The two bytes with which every value begins that is sealed now."""
        return bytes((self._keyring.current, ALGORITHMS[self._keyring.suite].number))

    def is_current(self, sealed: bytes) -> bool:
        """Whether a rotation may leave this value as it is."""
        return sealed[:HEADER_BYTES] == self.header

    def _key(self, version: int, algorithm: Algorithm) -> bytes:
        slot = (version, algorithm.number)
        if slot not in self._keys:
            self._keys[slot] = self._keyring.subkey(
                version, f"field {algorithm.suite}", algorithm.key_bytes, algorithm.hash()
            )
        return self._keys[slot]


class BlindIndex:
    """Makes a sealed value findable by equality: a keyed digest, one key for each purpose.

    Values are compared in one spelling (half-width, upper case, no blanks or hyphens).
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._macs: dict[tuple[int, Suite, str], hmac.HMAC] = {}

    def exact(self, purpose: str, text: str) -> bytes:
        """16 bytes standing for the value; to be stored and searched."""
        return self._digest(self._keyring.current, self._keyring.suite, purpose, text)

    def tail(self, purpose: str, text: str) -> bytes:
        """16 bytes standing for the last four signs.

        There are only 10,000 of them, so it tells much to who holds the key: ask for a
        second criterion and log each use (stack.md §5).
        """
        return self.exact(f"{purpose} tail", identifier(text)[-TAIL_LENGTH:])

    def candidates(self, purpose: str, text: str) -> list[bytes]:
        """`exact` under every key and suite, for searching while a rotation is under way."""
        versions = sorted(self._keyring.masters, reverse=True)
        return [self._digest(v, suite, purpose, text) for v in versions for suite in ALGORITHMS]

    def _digest(self, version: int, suite: Suite, purpose: str, text: str) -> bytes:
        slot = (version, suite, purpose)
        keyed = self._macs.get(slot)
        if keyed is None:
            digest = ALGORITHMS[suite].hash
            key = self._keyring.subkey(version, f"index {purpose}", 32, digest())
            keyed = self._macs[slot] = hmac.HMAC(key, digest())
        mac = keyed.copy()
        mac.update(identifier(text).encode())
        return mac.finalize()[:INDEX_BYTES]

"""Hands the keys to services without passing them through every call.

The edge, the worker and the commands put one `Vault` into each session's
`info`; services ask for it here. It holds keys in memory only.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from app.kernel.ids import Signer
from app.kernel.secrets import BlindIndex, FieldCipher, Keyring

_KEY: Final = "vault"


@dataclass(frozen=True, slots=True)
class Vault:
    """What is made of the master key: a signer, a cipher for columns, an index for finding."""

    signer: Signer
    cipher: FieldCipher
    blind: BlindIndex

    @classmethod
    def of(cls, keyring: Keyring) -> "Vault":
        return cls(
            signer=Signer(keyring.derive("tokens")),
            cipher=FieldCipher(keyring),
            blind=BlindIndex(keyring),
        )


def info_with(vault: Vault) -> dict[object, object]:
    """What to pass as `Session(info=…)`."""
    return {_KEY: vault}


def vault_of(session: Session) -> Vault:
    """The vault of this session.

    Raises:
        RuntimeError: whoever opened the session forgot it, a programming error.
    """
    vault = session.info.get(_KEY)
    if not isinstance(vault, Vault):
        msg = "this session was opened without a vault"
        raise RuntimeError(msg)  # noqa: TRY004  # not a wrong argument but a forgotten wiring
    return vault

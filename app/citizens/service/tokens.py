"""Keeps what a party's name is found by: keyed digests of its forms, and of tail with initial.

Whoever changes a name, a reading, a telephone or a state calls `rewrite`; keys being
rotated, too. Nothing here can be read back into a name.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from struct import pack, unpack
from typing import Final

from sqlalchemy import TextClause, text, update
from sqlalchemy.orm import Session

from app.citizens.models import Citizen
from app.citizens.queries import finding as queries
from app.citizens.queries.finding import Findable
from app.citizens.rules import CitizenState, PartyKind
from app.citizens.rules.forms import found_by
from app.citizens.rules.phones import base_of
from app.citizens.sealing import CONTACT, NAME, READING, TAIL, unseal
from app.kernel.text import identifier
from app.kernel.vault import Vault, vault_of

NAMES: Final = "citizen name"
TAILS: Final = "phone tail and initial"
BATCH: Final = 500
_SCHEME: Final = b"\x01"  # how forms are made; the first sign of what a party keeps
_BYTES: Final = 8
# Nobody looks for these by name; the restricted are only stored (个人信息保护法 art. 47).
_UNSEEN: Final = frozenset({CitizenState.MERGED, CitizenState.ANONYMISED, CitizenState.RESTRICTED})

# Twenty rows in one statement, spelled as each database takes a list.
_INSERT: Final[dict[str, TextClause]] = {
    "sqlite": text(
        "INSERT OR IGNORE INTO citizen_tokens (token, citizen_id) "
        "SELECT value, :citizen_id FROM json_each(:tokens)"
    ),
    "postgresql": text(
        "INSERT INTO citizen_tokens (token, citizen_id) SELECT CAST(value AS bigint), :citizen_id "
        "FROM json_array_elements_text(CAST(:tokens AS json)) ON CONFLICT DO NOTHING"
    ),
}
_DELETE: Final[dict[str, TextClause]] = {
    "sqlite": text(
        "DELETE FROM citizen_tokens WHERE citizen_id = :citizen_id "
        "AND token IN (SELECT value FROM json_each(:tokens))"
    ),
    "postgresql": text(
        "DELETE FROM citizen_tokens WHERE citizen_id = :citizen_id AND token IN "
        "(SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST(:tokens AS json)))"
    ),
}


def tokens_of(
    vault: Vault,
    name: str,
    phones: Iterable[str] = (),
    *,
    reading: str = "",
    kind: PartyKind = PartyKind.PERSON,
) -> tuple[int, ...]:
    """Everything a party of this name and these telephones is found by, under the newest key."""
    if not name:
        return ()
    exact = vault.blind.exact
    forms, initials = found_by(name, reading, kind)
    found = {_number(exact(NAMES, form)): None for form in forms}
    for tail in dict.fromkeys(identifier(base_of(phone))[-TAIL:] for phone in phones):
        for initial in initials:
            found[_number(exact(TAILS, tail + initial))] = None
    return tuple(found)


def candidates(vault: Vault, purpose: str, form: str) -> list[int]:
    """What a form is stored as under any key still in use."""
    return [_number(digest) for digest in vault.blind.candidates(purpose, form)]


def packed(tokens: Sequence[int]) -> bytes:
    """The list a party keeps of its own tokens."""
    return _SCHEME + pack(f">{len(tokens)}q", *tokens)


def put(session: Session, citizen_id: int, tokens: Sequence[int]) -> None:
    """Make a party findable; its own list is kept by the caller, who is just writing it."""
    if tokens:
        _say(session, _INSERT, citizen_id, tokens)


def put_many(session: Session, found_by: Mapping[int, Sequence[int]]) -> None:
    """As `put`, for parties just registered together."""
    said = [
        {"citizen_id": citizen_id, "tokens": json.dumps(tokens)}
        for citizen_id, tokens in found_by.items()
        if tokens
    ]
    if said:
        session.connection().execute(_INSERT[session.get_bind().dialect.name], said)


def rewrite(session: Session, citizen_id: int) -> None:
    """Let a party be found by what is true of it now; of merged and erased ones nothing stays."""
    rewrite_many(session, [citizen_id])


def rewrite_many(session: Session, citizen_ids: Sequence[int]) -> None:
    """As `rewrite`, for some hundreds at once."""
    phones: dict[int, list[str]] = {}
    vault = vault_of(session)
    for citizen_id, value, place in queries.living_phones(session, citizen_ids):
        phones.setdefault(citizen_id, []).append(unseal(vault, CONTACT, value, place))
    for one in queries.findables(session, citizen_ids):
        _rewrite(session, vault, one, phones.get(one.citizen_id, ()))


def make_findable(session: Session, *, limit: int = BATCH) -> int:
    """Write tokens for parties that have none yet, at most so many; how many there were.

    Can be stopped at any time: whoever has theirs is not asked for again.
    """
    waiting = queries.unfindable(session, limit)
    rewrite_many(session, waiting)
    return len(waiting)


def _rewrite(session: Session, vault: Vault, one: Findable, phones: Sequence[str]) -> None:
    new: tuple[int, ...] = ()
    if one.state not in _UNSEEN:
        name = unseal(vault, NAME, one.name, one.place)
        reading = unseal(vault, READING, one.reading, one.place)
        new = tokens_of(vault, name, phones, reading=reading, kind=one.kind)
    old = _unpacked(one.tokens)
    if gone := [token for token in old if token not in set(new)]:
        _say(session, _DELETE, one.citizen_id, gone)
    put(session, one.citizen_id, [token for token in new if token not in set(old)])
    if one.tokens != packed(new):
        session.execute(
            update(Citizen)
            .where(Citizen.id == one.citizen_id)
            .values(tokens=packed(new))
            .execution_options(synchronize_session=False)
        )


def _unpacked(kept: bytes | None) -> tuple[int, ...]:
    if not kept:
        return ()
    body = kept[len(_SCHEME) :]
    return unpack(f">{len(body) // _BYTES}q", body)


def _number(digest: bytes) -> int:
    """Half a digest as a key both databases hold as a number: a quarter of the room."""
    return int.from_bytes(digest[:_BYTES], signed=True)


def _say(
    session: Session, statements: dict[str, TextClause], citizen_id: int, tokens: Sequence[int]
) -> None:
    session.connection().execute(
        statements[session.get_bind().dialect.name],
        {"citizen_id": citizen_id, "tokens": json.dumps(tokens)},
    )

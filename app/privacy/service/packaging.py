"""Puts together everything held about a person, for them to read and to take along.

Follows the lines of `rules.holdings`, so that no table is forgotten; what is withheld and
why is said in the package. Sealed values are opened here and sealed again as one file.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.citizens.rules import number_of
from app.kernel import jobs
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, ForbiddenError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.kernel.sealed_files import FileKey, new_key, open_key
from app.kernel.secrets import SealError
from app.kernel.vault import Vault, vault_of
from app.privacy import queries
from app.privacy.models import DataRequest
from app.privacy.queries import holdings
from app.privacy.rules import PACKAGE_DAYS, PACKAGED, number_of_request
from app.privacy.rules.holding import Holding, Owner
from app.privacy.rules.holdings import ONLY_TO_THEM, WHOLE, of_owner
from app.privacy.service.asking import note

MAKE: Final = "privacy:make_package"
KEY: Final = "data_requests.package_key"
_NOT_READY: Final = mark("The package is not ready. It is made once you have noted who is asking.")
_NOT_IDENTIFIED: Final = mark("First make sure who is asking, and write down how.")
_ABOUT_YOU: Final = mark(
    "A matter of this person is about you or your unit. A colleague elsewhere hands it over."
)
_PLACE: Final = "place"
# A name kept by a merge goes back to the row it came from, and stays bound to it.
_BOUND: Final = {
    "citizen_merges.name": "citizens.name",
    "citizen_merges.reading": "citizens.reading",
}

Json = Any  # what json.dumps takes


def order(session: Session, request: DataRequest, *, now: datetime) -> None:
    """Have the package made, or made again, in the background.

    Raises:
        ConflictError: nothing is handed over for such a request, or nobody knows who asks.
    """
    if request.kind not in PACKAGED:
        raise ConflictError(mark("No package belongs to a request of this kind."))
    if request.identified_at is None:
        raise ConflictError(_NOT_IDENTIFIED)
    request.package_until = None
    jobs.enqueue(session, MAKE, {"request": request.id}, run_at=now, dedup=f"{MAKE}:{request.id}")


def begin(session: Session, request: DataRequest) -> tuple[str, FileKey]:
    """A name and a key for the package's file; the key is stored sealed."""
    name = random_token()
    sealed, key = new_key(vault_of(session).cipher, aad=f"{KEY}|{request.place}")
    request.package_name, request.package_key = name, sealed
    session.flush()
    return name, key


def deliver(session: Session, request: DataRequest, *, now: datetime) -> None:
    """It lies ready, for a month."""
    request.package_until = now + timedelta(days=PACKAGE_DAYS)
    session.flush()


def hand_over(
    session: Session,
    request_id: int,
    *,
    by: Author,
    now: datetime,
    officer: Actor | None = None,
) -> tuple[str, FileKey]:
    """Name and key of a package that may be given to the person now; writes down that it was.

    `officer` is who sees it besides the person.

    Raises:
        ForbiddenError: a matter of the person is about the officer or a unit of theirs.
        NotFoundError: there is no such request.
        ConflictError: nobody knows yet who is asking, or the package is not ready any more.
    """
    request = queries.get_request(session, request_id)
    if request.identified_at is None:
        raise ConflictError(_NOT_IDENTIFIED)
    ready = request.package_until is not None and request.package_until > now
    if not ready or request.package_name is None or request.package_key is None:
        raise ConflictError(_NOT_READY)
    if officer is not None and queries.is_any_about(session, _cases(session, request), officer):
        raise ForbiddenError(_ABOUT_YOU)
    request.handed_over_at, request.handed_over_by_id = now, by.id
    note(session, request, "privacy:package_handed_over", by, now=now)
    key = open_key(vault_of(session).cipher, request.package_key, aad=f"{KEY}|{request.place}")
    return request.package_name, key


def for_officer(text: str) -> str:
    """The package as an officer hands it over: without what is shown to the person alone."""
    content = json.loads(text)
    shown = [each for each in content["holdings"] if each["table"] not in ONLY_TO_THEM]
    return json.dumps({**content, "holdings": shown}, ensure_ascii=False, separators=(",", ":"))


def _cases(session: Session, request: DataRequest) -> list[int]:
    who = queries.get_who(session, request.citizen_id)
    return queries.cases_of(session, queries.family_of(session, who.id))


def gather(session: Session, request: DataRequest, *, now: datetime) -> str:
    """Everything held about the person who asked, as JSON."""
    who = queries.get_who(session, request.citizen_id)
    ids = queries.family_of(session, who.id)
    cases = queries.cases_of(session, ids)
    vault = vault_of(session)
    content = {
        "request": number_of_request(request.id),
        "citizen": number_of(who.id),
        "made_at": _plain(now),
        "holdings": [
            *_tables(session, vault, Owner.CITIZEN, ids, ids),
            *_tables(session, vault, Owner.CASE, cases, ids),
        ],
        "looked": [_row(each) for each in queries.looked_at(session, ids, cases)],
        "withheld": sorted(
            f"{line.table}.{column}"
            for owner in Owner
            for line in of_owner(owner)
            for column in line.withheld
        ),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _tables(
    session: Session, vault: Vault, owner: Owner, ids: Sequence[int], who: Sequence[int]
) -> Iterator[dict[str, Json]]:
    seen: dict[str, dict[str, dict[str, Json]]] = {}
    for line in of_owner(owner):
        if WHOLE in line.withheld:
            continue
        found = seen.setdefault(line.table, {})
        for stored in holdings.read(session, line, ids):
            if line.theirs and stored[line.theirs] not in who:
                continue  # somebody else's words about the same matter
            opened = _opened(vault, line, stored)
            found[json.dumps(opened, sort_keys=True)] = opened
    for table, found in seen.items():
        if found:
            yield {"table": table, "rows": list(found.values())}


def _opened(vault: Vault, line: Holding, stored: Mapping[str, Any]) -> dict[str, Json]:
    """One row in clear text; digests and places are left out, they say nothing."""
    table, place = holdings.table_of(line), stored.get(_PLACE)
    row: dict[str, Json] = {}
    for name, value in stored.items():
        is_sealed = isinstance(table.c[name].type, LargeBinary)
        if is_sealed and value is not None and place is not None:
            row[name] = _unsealed(vault, f"{bound_to(line.table, name)}|{place}", value)
        elif not is_sealed and not (name == _PLACE and line.table != "cases"):
            row[name] = _plain(value)
    return {name: value for name, value in row.items() if value not in (None, "", {})}


def bound_to(table: str, column: str) -> str:
    """The words a sealed value of this column is bound to, before its place."""
    name = f"{table}.{column}"
    return _BOUND.get(name, name)


def _unsealed(vault: Vault, aad: str, value: bytes) -> str:
    # Binary that was never sealed, such as an index, cannot be read by anybody.
    try:
        return vault.cipher.decrypt(value, aad=aad)
    except SealError:
        return ""


def _row(values: Mapping[str, Any]) -> dict[str, Json]:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: object) -> Json:
    match value:
        case None | bool() | int() | float() | dict() | list():
            return value
        case datetime():
            return value.isoformat(" ", "seconds")
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes():
            return value.hex()
    return str(value)

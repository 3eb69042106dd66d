"""Takes the content of a matter or a person away and leaves the bones: ids, dates, scores, seals.

Works off the lines of `rules.holdings`; what was written once is not touched, because
words were never stored there. Files leave the disk after the commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.cases.models import Case, Draft
from app.citizens.models import Citizen
from app.citizens.rules import number_of
from app.citizens.service import tokens
from app.kernel import jobs, search
from app.kernel.authors import Author
from app.kernel.db import Model
from app.privacy import queries
from app.privacy.models import DataRequest, Tombstone
from app.privacy.queries import Talk, holdings
from app.privacy.rules import TombstoneGround, number_of_talk
from app.privacy.rules.holding import Fate, Holding, Owner
from app.privacy.rules.holdings import of_owner

REMOVE_FILE: Final = "privacy:remove_file"
REMOVE_PACKAGE: Final = "privacy:remove_package"
_NO_SEAL: Final = b""


@dataclass(frozen=True, slots=True)
class Order:
    """Why something is erased, and on whose word; goes on to the tombstone."""

    ground: TombstoneGround
    by: Author
    rule_id: int | None = None
    batch_id: int | None = None
    request_id: int | None = None


def erase_case(session: Session, case_id: int, order: Order, *, now: datetime) -> None:
    """Take away what the matter says; whoever asked for it, when it ran and how it was rated stay.

    The caller has made sure that it is at its end and that no hold forbids it.
    """
    case = session.get_one(Case, case_id, with_for_update=True)
    files = queries.files_of(session, case_id)
    session.execute(delete(Draft).where(Draft.form.startswith(f"{case.number}/", autoescape=True)))
    search.remove(session, case_id)
    stone = Tombstone(
        case_id=case.id,
        number=case.number,
        case_kind=case.kind,
        category_id=case.category_id,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        digest=case.event_seal,
    )
    _put(session, stone, order, now)
    _work_off(session, Owner.CASE, [case_id])
    # The old address and query code open nothing any more.
    session.execute(
        update(Case)
        .where(Case.id == case_id)
        .values(
            token_generation=Case.token_generation + 1,
            row_version=Case.row_version + 1,
            version=Case.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    session.expire(case)
    _remove_files(session, files, now)


def erase_citizen(session: Session, citizen_id: int, order: Order, *, now: datetime) -> None:
    """Take away who somebody is, over every row merged into theirs; the bare row stays.

    The caller has made sure that nothing needs the person any more: no open matter, no hold.
    """
    for each in queries.family_of(session, citizen_id):
        citizen = session.get_one(Citizen, each, with_for_update=True)
        _remove_packages(session, each, now)
        stone = Tombstone(
            citizen_id=each,
            number=number_of(each),
            opened_at=citizen.created_at,
            digest=_NO_SEAL,
        )
        _put(session, stone, order, now)
        _work_off(session, Owner.CITIZEN, [each])
        session.execute(
            update(Citizen)
            .where(Citizen.id == each)
            .values(version=Citizen.version + 1, updated_at=now)
            .execution_options(synchronize_session=False)
        )
        session.expire(citizen)
        tokens.rewrite(session, each)
    _expire_exports(session, now)


def erase_talk(session: Session, talk_id: int, talk: Talk, order: Order, *, now: datetime) -> None:
    """Take away what was said in a conversation, and the number that called.

    The caller has made sure that it belongs to no person and to no matter.
    """
    stone = Tombstone(
        talk_id=talk_id,
        number=number_of_talk(talk_id),
        opened_at=talk.began_at,
        closed_at=talk.ended_at,
        digest=_NO_SEAL,
    )
    _put(session, stone, order, now)
    _work_off(session, Owner.TALK, [talk_id])


def _put(session: Session, stone: Tombstone, order: Order, now: datetime) -> None:
    stone.ground, stone.at, stone.by_id = order.ground, now, order.by.id
    stone.rule_id, stone.batch_id = order.rule_id, order.batch_id
    stone.request_id = order.request_id
    session.add(stone)
    session.flush()


def _work_off(session: Session, owner: Owner, ids: Sequence[int]) -> None:
    for line in of_owner(owner):
        if line.fate is not Fate.KEEP:
            _apply(session, line, ids)
    session.expire_all()


def _apply(session: Session, line: Holding, ids: Sequence[int]) -> None:
    table, theirs = holdings.table_of(line), holdings.rows_of(line, ids)
    if line.fate is Fate.DELETE:
        session.execute(delete(table).where(theirs))
    else:
        session.execute(update(table).where(theirs).values(dict(line.blank)))


def _remove_files(session: Session, files: Sequence[str], now: datetime) -> None:
    """Have files removed that no other row knows, once this transaction is committed."""
    still = queries.files_elsewhere(session, files)
    for sha256 in dict.fromkeys(files):
        if sha256 not in still:
            payload = {"sha256": sha256}
            jobs.enqueue(session, REMOVE_FILE, payload, run_at=now, dedup=f"file:{sha256}")


def _remove_packages(session: Session, citizen_id: int, now: datetime) -> None:
    for request in queries.packages_of(session, citizen_id):
        forget_package(session, request, now=now)


def forget_package(session: Session, request: DataRequest, *, now: datetime) -> None:
    """Take the key of a package away, and have its file removed after the commit."""
    name, request.package_key, request.package_name = request.package_name, None, None
    if name:
        payload = {"name": name}
        jobs.enqueue(session, REMOVE_PACKAGE, payload, run_at=now, dedup=f"package:{name}")
    session.flush()


def _expire_exports(session: Session, now: datetime) -> None:
    # A file cannot lose one row: without its key the whole file is unreadable; it lives a
    # week and can be ordered again. `exports.jobs.forget` takes the file off the disk.
    exports = Model.metadata.tables["exports"]
    session.execute(
        update(exports).where(exports.c.file_key.is_not(None)).values(file_key=None, expires_at=now)
    )


def is_file_needed(session: Session, sha256: str) -> bool:
    """Whether any row still knows the file."""
    return sha256 in queries.files_elsewhere(session, [sha256])

"""Reads for erasing: the files of a matter, who else knows them, holds, what is old enough.

Returns ids and counts; never a word of what would be erased.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    and_,
    bindparam,
    column,
    exists,
    func,
    or_,
    select,
    table,
)
from sqlalchemy.orm import Session

from app.cases.models import Attachment, Case
from app.catalogue.rules import CaseKind
from app.citizens.models import Citizen
from app.citizens.rules import CitizenState, number_of
from app.kernel.db import BigInt, UtcDateTime, rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.privacy.models import (
    DataRequest,
    LegalHold,
    RetentionBatch,
    RetentionItem,
    RetentionRule,
    Tombstone,
)
from app.privacy.rules import LIVING, BatchState, ItemState, RetentionLine

_TODAY: Final[BindParameter[date]] = bindparam("today")
_CUTOFF: Final[BindParameter[datetime]] = bindparam("cutoff")
_MOST: Final[BindParameter[int]] = bindparam("most")


def _in_force(today: ColumnElement[date]) -> ColumnElement[bool]:
    return and_(
        LegalHold.lifted_at.is_(None), or_(LegalHold.until.is_(None), LegalHold.until >= today)
    )


_HELD: Final = exists().where(
    _in_force(_TODAY),
    or_(
        LegalHold.case_id == Case.id,
        and_(LegalHold.citizen_id == Case.citizen_id, Case.citizen_id.is_not(None)),
    ),
)
_ERASED: Final = exists().where(Tombstone.case_id == Case.id)
_QUEUED: Final = exists().where(
    RetentionItem.case_id == Case.id, RetentionItem.state == ItemState.WAITING
)
_OLD: Final = and_(Case.closed_at < _CUTOFF, ~_ERASED, ~_QUEUED)
_GROUPS: Final = (
    select(Case.category_id, Case.kind, _HELD.label("is_held"), func.count())
    .where(_OLD)
    .group_by(Case.category_id, Case.kind, _HELD)
)


# By name: conversations stand beside this package, not under it.
_TALKS: Final = table(
    "interactions", column("citizen_id", BigInt), column("began_at", UtcDateTime())
)
_PERSON_HELD: Final = exists().where(_in_force(_TODAY), LegalHold.citizen_id == Citizen.id)
_UNNEEDED: Final = and_(
    Citizen.updated_at < _CUTOFF,
    Citizen.state.not_in([CitizenState.ANONYMISED, CitizenState.MERGED]),
    ~exists().where(Case.citizen_id == Citizen.id),
    ~exists().where(DataRequest.citizen_id == Citizen.id, DataRequest.status.in_(LIVING)),
    ~exists().where(_TALKS.c.citizen_id == Citizen.id, _TALKS.c.began_at >= _CUTOFF),
    ~exists().where(
        RetentionItem.citizen_id == Citizen.id, RetentionItem.state == ItemState.WAITING
    ),
)
_PEOPLE: Final = (
    select(Citizen.id)
    .where(_UNNEEDED, ~_PERSON_HELD)
    .order_by(Citizen.updated_at, Citizen.id)
    .limit(_MOST)
)
_PEOPLE_NUMBER: Final = (
    select(_PERSON_HELD.label("is_held"), func.count()).where(_UNNEEDED).group_by(_PERSON_HELD)
)


class Group(NamedTuple):
    """How many matters of a category and kind ended before an instant."""

    category_id: int | None
    kind: CaseKind
    is_held: bool
    number: int


class OldCase(NamedTuple):
    """One matter a dry run names."""

    id: int
    number: str
    category_name: str
    kind: CaseKind
    closed_at: datetime


def files_of(session: Session, case_id: int) -> list[str]:
    """The content hashes of a matter's files."""
    wanted = select(Attachment.sha256).where(Attachment.case_id == case_id)
    return list(session.scalars(wanted))


def files_elsewhere(session: Session, files: Sequence[str]) -> set[str]:
    """Which of these files some row knows."""
    if not files:
        return set()
    return set(session.scalars(select(Attachment.sha256).where(Attachment.sha256.in_(files))))


def packages_of(session: Session, citizen_id: int) -> Sequence[DataRequest]:
    """Requests of the person with a package in the store."""
    wanted = select(DataRequest).where(
        DataRequest.citizen_id == citizen_id, DataRequest.package_name.is_not(None)
    )
    return session.scalars(wanted).all()


def is_case_held(session: Session, case_id: int, *, today: date) -> bool:
    """Whether a hold on the matter or its citizen forbids erasing it."""
    held = select(_HELD).where(Case.id == case_id)
    return bool(rows(session, held, today=today)[0][0])


def is_citizen_held(session: Session, ids: Sequence[int], *, today: date) -> bool:
    """Whether a hold on the person, or on one of their matters, forbids erasing them."""
    theirs = select(Case.id).where(Case.citizen_id.in_(ids))
    wanted = select(LegalHold.id).where(
        _in_force(_TODAY), or_(LegalHold.citizen_id.in_(ids), LegalHold.case_id.in_(theirs))
    )
    return bool(rows(session, wanted.limit(1), today=today))


def is_case_erased(session: Session, case_id: int) -> bool:
    """Whether the matter has a tombstone."""
    wanted = select(Tombstone.id).where(Tombstone.case_id == case_id)
    return session.scalar(wanted) is not None


def groups_before(session: Session, cutoff: datetime, *, today: date) -> list[Group]:
    """What ended before that instant and was not erased yet, counted."""
    return [Group(*row) for row in rows(session, _GROUPS, cutoff=cutoff, today=today)]


def old_cases(
    session: Session,
    cutoff: datetime,
    pairs: Sequence[tuple[int | None, CaseKind]],
    *,
    today: date,
    most: int,
) -> list[OldCase]:
    """The matters of these categories and kinds that may be erased, the oldest first."""
    fitting = or_(*(_is_of(category_id, kind) for category_id, kind in pairs))
    wanted = (
        select(Case.id, Case.number, Case.category_name, Case.kind, Case.closed_at)
        .where(_OLD, ~_HELD, fitting)
        .order_by(Case.closed_at, Case.id)
        .limit(_MOST)
    )
    return [OldCase(*row) for row in rows(session, wanted, cutoff=cutoff, today=today, most=most)]


def old_people(session: Session, cutoff: datetime, *, today: date, most: int) -> list[int]:
    """Who has no matter any more and was not in touch since then, the longest ago first."""
    return [row[0] for row in rows(session, _PEOPLE, cutoff=cutoff, today=today, most=most)]


def count_people(session: Session, cutoff: datetime, *, today: date) -> tuple[int, int]:
    """How many they are, and how many more a hold keeps."""
    found = {
        bool(row[0]): row[1] for row in rows(session, _PEOPLE_NUMBER, cutoff=cutoff, today=today)
    }
    return found.get(False, 0), found.get(True, 0)


def _is_of(category_id: int | None, kind: CaseKind) -> ColumnElement[bool]:
    category = Case.category_id
    of_category = category.is_(None) if category_id is None else category == category_id
    return and_(of_category, Case.kind == kind)


def retention_lines(session: Session) -> list[RetentionLine]:
    """The rules in force."""
    wanted = select(
        RetentionRule.id, RetentionRule.category_id, RetentionRule.case_kind, RetentionRule.months
    ).where(RetentionRule.is_active.is_(True))
    return [RetentionLine(*row) for row in session.execute(wanted).all()]


def retention_rules(session: Session) -> Sequence[RetentionRule]:
    """Every rule, the general one first."""
    order = (RetentionRule.category_id.is_not(None), RetentionRule.id)
    return session.scalars(select(RetentionRule).order_by(*order)).all()


def find_rule(
    session: Session, category_id: int | None, case_kind: CaseKind | None
) -> RetentionRule | None:
    """The rule of exactly this category and kind."""
    same = (
        RetentionRule.category_id.is_not_distinct_from(category_id),
        RetentionRule.case_kind.is_not_distinct_from(case_kind),
    )
    return session.scalars(select(RetentionRule).where(*same)).one_or_none()


def get_batch(session: Session, batch_id: int) -> RetentionBatch:
    """One batch.

    Raises:
        NotFoundError: there is none with this id.
    """
    batch = session.get(RetentionBatch, batch_id)
    if batch is None:
        raise NotFoundError(mark("There is no such batch."))
    return batch


def list_batches(session: Session, *, most: int) -> Sequence[RetentionBatch]:
    """The latest batches."""
    wanted = select(RetentionBatch).order_by(RetentionBatch.id.desc()).limit(most)
    return session.scalars(wanted).all()


def waiting_batches(session: Session) -> list[int]:
    """Batches that are being worked off."""
    approved = RetentionBatch.state == BatchState.APPROVED
    return list(session.scalars(select(RetentionBatch.id).where(approved)))


def items_by_state(session: Session, batch_ids: Sequence[int]) -> dict[tuple[int, ItemState], int]:
    """How many matters of each batch stand how."""
    wanted = (
        select(RetentionItem.batch_id, RetentionItem.state, func.count())
        .where(RetentionItem.batch_id.in_(batch_ids))
        .group_by(RetentionItem.batch_id, RetentionItem.state)
    )
    return {(batch, state): number for batch, state, number in session.execute(wanted).all()}


def waiting_items(session: Session, batch_id: int, *, most: int) -> Sequence[RetentionItem]:
    """What is left of a batch, in order."""
    wanted = select(RetentionItem).where(
        RetentionItem.batch_id == batch_id, RetentionItem.state == ItemState.WAITING
    )
    return session.scalars(wanted.order_by(RetentionItem.id).limit(most)).all()


class ItemLine(NamedTuple):
    """One matter of a batch as a list shows it."""

    id: int
    number: str
    category_name: str
    kind: CaseKind | None  # None: it is a person
    closed_at: datetime | None
    months: int
    state: ItemState


_ITEMS: Final = (
    select(
        RetentionItem.id,
        RetentionItem.citizen_id,
        Case.number,
        Case.category_name,
        Case.kind,
        Case.closed_at,
        RetentionRule.months,
        RetentionItem.state,
    )
    .join(Case, Case.id == RetentionItem.case_id, isouter=True)
    .join(RetentionRule, RetentionRule.id == RetentionItem.rule_id)
    .where(RetentionItem.batch_id == bindparam("batch_id"), RetentionItem.id > bindparam("after"))
    .order_by(RetentionItem.id)
    .limit(_MOST)
)


def list_items(session: Session, batch_id: int, *, after: int = 0, most: int) -> list[ItemLine]:
    """The matters of a batch, a page at a time."""
    found = rows(session, _ITEMS, batch_id=batch_id, after=after, most=most)
    return [ItemLine(row[0], row[2] or number_of(row[1]), row[3] or "", *row[4:]) for row in found]


class HoldLine(NamedTuple):
    """One hold as a list shows it."""

    id: int
    case_number: str | None
    citizen_id: int | None
    reason: str
    until: date | None
    placed_at: datetime
    placed_by_id: int
    lifted_at: datetime | None


_HOLDS: Final = (
    select(
        LegalHold.id,
        Case.number,
        LegalHold.citizen_id,
        LegalHold.reason,
        LegalHold.until,
        LegalHold.placed_at,
        LegalHold.placed_by_id,
        LegalHold.lifted_at,
    )
    .join(Case, Case.id == LegalHold.case_id, isouter=True)
    .where(LegalHold.id < bindparam("before"))
    .order_by(LegalHold.id.desc())
    .limit(_MOST)
)


def list_holds(session: Session, *, before: int, most: int) -> list[HoldLine]:
    """Holds, the latest first, lifted ones too."""
    return [HoldLine(*row) for row in rows(session, _HOLDS, before=before, most=most)]


def get_hold(session: Session, hold_id: int) -> LegalHold:
    """One hold.

    Raises:
        NotFoundError: there is none with this id.
    """
    hold = session.get(LegalHold, hold_id)
    if hold is None:
        raise NotFoundError(mark("There is no such hold."))
    return hold


_STONES: Final = (
    select(
        Tombstone.id,
        Tombstone.number,
        Tombstone.case_kind,
        Tombstone.opened_at,
        Tombstone.closed_at,
        Tombstone.ground,
        Tombstone.batch_id,
        Tombstone.request_id,
        Tombstone.digest,
        Tombstone.at,
    )
    .where(Tombstone.id < bindparam("before"))
    .order_by(Tombstone.id.desc())
    .limit(_MOST)
)


class StoneLine(NamedTuple):
    """One line of the register of what was erased."""

    id: int
    number: str
    case_kind: CaseKind | None
    opened_at: datetime
    closed_at: datetime | None
    ground: str
    batch_id: int | None
    request_id: int | None
    digest: bytes
    at: datetime


def list_stones(session: Session, *, before: int, most: int) -> list[StoneLine]:
    """The register, the latest first."""
    return [StoneLine(*row) for row in rows(session, _STONES, before=before, most=most)]


def files_in(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Content hash and type of these attachments, as far as they are still there."""
    wanted = select(Attachment.id, Attachment.sha256, Attachment.content_type).where(
        Attachment.id.in_(ids)
    )
    return {row.id: (row.sha256, row.content_type) for row in session.execute(wanted)}

"""The whole catalogue as plain values, loaded once and kept until the next edit.

One small select per request tells whether the kept copy still holds.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, SessionTransaction

from app.catalogue.models import (
    CatalogueSetting,
    Category,
    DispatchRule,
    ReplyText,
    ReviewItem,
    TimeLimit,
)
from app.catalogue.rules import (
    CaseKind,
    CategoryEntry,
    ChosenLimit,
    DirectoryRule,
    FollowUps,
    LimitRow,
    Named,
    ProofKind,
    ReplyPurpose,
    ReviewPoint,
)
from app.kernel import revisions
from app.kernel.db import rows

REVISION_KEY: Final = "revision"
PROFILE_KEY: Final = "limit_profile"
FOLLOW_UPS_KEY: Final = "follow_ups"
DEFAULT_PROFILE: Final = "grades"
_KEPT: Final = 4
_HELD: Final = "catalogue.held"

CATALOGUE: Final = "catalogue"
revisions.follow(
    CATALOGUE,
    select(CatalogueSetting.value["token"].as_string().label("token")).where(
        CatalogueSetting.key == REVISION_KEY
    ),
)
_settings = select(CatalogueSetting.key, CatalogueSetting.value)
_categories = select(
    Category.id,
    Category.code,
    Category.parent_id,
    Category.level,
    Category.position,
    Category.name,
    Category.name_en,
    Category.hint,
    Category.hint_en,
    Category.initials,
    Category.pinyin,
    Category.kinds,
    Category.may_be_anonymous,
    Category.on_portal,
    Category.confidential,
    Category.default_urgency,
    Category.is_active,
    Category.version,
    Category.proofs,
).order_by(Category.level, Category.position, Category.code)
_rules = (
    select(
        DispatchRule.id, DispatchRule.category_id, DispatchRule.region_code, DispatchRule.unit_id,
        DispatchRule.basis,
    )
    .where(DispatchRule.is_active)
    .order_by(DispatchRule.position, DispatchRule.id)
)  # fmt: skip
_limits = select(TimeLimit).where(TimeLimit.is_active).order_by(TimeLimit.id)


_texts = (
    select(
        ReplyText.id,
        ReplyText.code,
        ReplyText.title,
        ReplyText.body,
        ReplyText.purpose,
        ReplyText.unit_id,
    )
    .where(ReplyText.is_active)
    .order_by(ReplyText.title, ReplyText.id)
)


_points = (
    select(ReviewItem.id, ReviewItem.code, ReviewItem.kind, ReviewItem.name, ReviewItem.name_en)
    .where(ReviewItem.is_active)
    .order_by(ReviewItem.position, ReviewItem.id)
)


@dataclass(frozen=True, slots=True)
class ReplyTextView:
    """A reply text as the desk offers it; without a unit it is for everybody."""

    id: int
    code: str
    title: str
    body: str
    purpose: ReplyPurpose
    unit_id: int | None = None


@dataclass(frozen=True, slots=True, eq=False)  # what is made of a copy is kept by it
class Snapshot:
    """The catalogue between two edits; `token` changes with every edit."""

    token: str
    profile: str
    categories: Mapping[int, CategoryEntry]
    rules: tuple[DirectoryRule, ...]
    limits: tuple[LimitRow, ...]
    texts: tuple[ReplyTextView, ...]
    points: tuple[ReviewPoint, ...]
    follow_ups: FollowUps

    def children(self, parent_id: int | None) -> tuple[CategoryEntry, ...]:
        """The entries directly under one, in their order."""
        return tuple(e for e in self.categories.values() if e.parent_id == parent_id)


class _Shelf:
    """A few snapshots by token. Tokens are random, so databases never mix."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Snapshot] = OrderedDict()
        self._lock = Lock()

    def find(self, token: str) -> Snapshot | None:
        with self._lock:
            return self._kept.get(token)

    def keep(self, kept: Snapshot) -> None:
        with self._lock:
            self._kept[kept.token] = kept
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


_shelf: Final = _Shelf()


def snapshot(session: Session) -> Snapshot:
    """The catalogue as this transaction sees it; asked for once in each."""
    transaction = session.get_transaction()
    held: tuple[SessionTransaction | None, Snapshot] | None = session.info.get(_HELD)
    if held is not None and transaction is not None and held[0] is transaction:
        return held[1]
    kept = _look(session)
    if kept.token:
        session.info[_HELD] = (session.get_transaction(), kept)
    return kept


def forget(session: Session) -> None:
    """Have this transaction look again; for whoever has just changed the catalogue."""
    session.info.pop(_HELD, None)
    revisions.forget(session)


def _look(session: Session) -> Snapshot:
    token = revisions.token_of(session, CATALOGUE)
    kept = _shelf.find(token) if token else None
    if kept is None:
        settings = {row.key: row.value for row in rows(session, _settings)}
        token = str(settings.get(REVISION_KEY, {}).get("token", ""))
        profile = str(settings.get(PROFILE_KEY, {}).get("profile", DEFAULT_PROFILE))
        follow_ups = FollowUps(**settings.get(FOLLOW_UPS_KEY, {}))
        kept = _load(session, token, profile, follow_ups)
        if token:
            _shelf.keep(kept)
    return kept


def _load(session: Session, token: str, profile: str, follow_ups: FollowUps) -> Snapshot:
    return Snapshot(
        token=token,
        profile=profile,
        categories=_load_categories(session),
        rules=tuple(
            DirectoryRule(
                id=row.id,
                line=line,
                category_id=row.category_id,
                region_code=row.region_code,
                unit_id=row.unit_id,
                basis=row.basis,
            )
            for line, row in enumerate(session.execute(_rules), start=1)
        ),
        limits=tuple(limit_row(limit) for limit in session.scalars(_limits)),
        texts=tuple(ReplyTextView(*row) for row in session.execute(_texts)),
        points=tuple(
            ReviewPoint(row.id, row.code, row.kind, Named(row.name, row.name_en))
            for row in session.execute(_points)
        ),
        follow_ups=follow_ups,
    )


def _load_categories(session: Session) -> dict[int, CategoryEntry]:
    found: dict[int, CategoryEntry] = {}
    # Parents come first: the rows are sorted by level.
    for row in session.execute(_categories):
        parent = found.get(row.parent_id) if row.parent_id is not None else None
        found[row.id] = _entry(row, parent)
    return dict(sorted(found.items(), key=lambda kept: _place(kept[1], found)))


def _place(entry: CategoryEntry, among: Mapping[int, CategoryEntry]) -> list[tuple[int, str]]:
    """Where an entry stands when each group is followed by what is in it."""
    return [(among[one].position, among[one].code) for one in entry.path]


def _entry(row: Row[*tuple[Any, ...]], parent: CategoryEntry | None) -> CategoryEntry:
    return CategoryEntry(
        id=row.id,
        code=row.code,
        parent_id=row.parent_id,
        level=row.level,
        position=row.position,
        name=Named(row.name, row.name_en),
        hint=Named(row.hint, row.hint_en),
        initials=row.initials,
        pinyin=row.pinyin,
        kinds=tuple(CaseKind(kind) for kind in row.kinds),
        may_be_anonymous=row.may_be_anonymous,
        on_portal=row.on_portal,
        confidential=row.confidential,
        default_urgency=row.default_urgency,
        is_active=row.is_active,
        version=row.version,
        path=(*(parent.path if parent else ()), row.id),
        parent_name=parent.name if parent else None,
        proofs=tuple(ProofKind(proof) for proof in row.proofs),
    )


def limit_row(limit: TimeLimit) -> LimitRow:
    """A row of the table as the rules read it."""
    return LimitRow(
        id=limit.id,
        profile=limit.profile,
        clock_kind=limit.clock_kind,
        case_kind=limit.case_kind,
        category_id=limit.category_id,
        urgency=limit.urgency,
        valid_from=limit.valid_from,
        valid_to=limit.valid_to,
        limit=ChosenLimit(
            code=limit.code,
            unit=limit.unit,
            value=limit.value,
            minutes=limit.minutes,
            close_of_business=limit.close_of_business,
            basis_text=limit.basis_text,
            basis_level=limit.basis_level,
            is_sample=limit.is_sample,
            region_code=limit.region_code,
        ),
    )

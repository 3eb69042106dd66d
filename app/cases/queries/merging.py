"""Reads of merges: who follows whom, who was merged from where, and who may see them.

Followers are listed with their numbers and states; who asked is read from the matter itself.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.kinds import Action, ApprovalKind, Status
from app.cases.merge_models import CaseMerge
from app.cases.models import Approval, Case, CaseAccused, CaseEvent, CaseText
from app.cases.queries.visibility import visible_clause
from app.cases.rules.joining import Side
from app.catalogue.rules import CaseKind
from app.departments.models import Unit
from app.kernel.db import rows
from app.kernel.paging import Order, Page, list_page

_FOLLOWING: Final = and_(
    Case.master_id == bindparam("master_id"), Case.status == Status.MERGED, Case.closed_at.is_(None)
)
_FOLLOWERS: Final = select(Case).where(_FOLLOWING).order_by(Case.id)
_IN_FORCE: Final = CaseMerge.ended_at.is_(None)
_JOINED: Final = (
    select(func.count()).select_from(Case).where(Case.master_id == bindparam("master_id"))
)
_BACK: Final = (
    select(CaseMerge.from_status, Unit.is_active)
    .join(Unit, Unit.id == CaseMerge.unit_id)
    .where(CaseMerge.follower_id == bindparam("case_id"), _IN_FORCE)
)
_CLAIMED: Final = select(Approval.case_id).where(
    Approval.kind == ApprovalKind.SEPARATION, Approval.decided_at.is_(None)
)
_SHARED: Final = (
    select(CaseText.public_text)
    .join(CaseEvent, CaseEvent.id == CaseText.event_id)
    .where(CaseEvent.case_id == bindparam("case_id"), CaseEvent.action == Action.SHARED_REPLY)
    .order_by(CaseEvent.seq.desc())
    .limit(1)
)


def count_joined(session: Session, master_id: int) -> int:
    """How many matters follow this one, or ended with it."""
    return int(rows(session, _JOINED, master_id=master_id)[0][0])


def followers_of(session: Session, master_id: int) -> Sequence[Case]:
    """The matters that follow this one now, in the order of their keys."""
    return session.scalars(_FOLLOWERS, {"master_id": master_id}).all()


def ready_to_end(session: Session, master_id: int) -> Sequence[Case]:
    """As `followers_of`, without those whose citizen says that theirs is another matter."""
    wanted = _FOLLOWERS.where(Case.id.not_in(_CLAIMED))
    return session.scalars(wanted, {"master_id": master_id}).all()


def merge_in_force(session: Session, follower_id: int) -> CaseMerge | None:
    """The merge by which this matter follows another now."""
    wanted = select(CaseMerge).where(CaseMerge.follower_id == follower_id, _IN_FORCE)
    return session.scalars(wanted).one_or_none()


def merges_in_force(session: Session, follower_ids: Sequence[int]) -> Sequence[CaseMerge]:
    """The same for several matters, in the order of the merges."""
    wanted = select(CaseMerge).where(CaseMerge.follower_id.in_(follower_ids), _IN_FORCE)
    return session.scalars(wanted.order_by(CaseMerge.id)).all()


def moved_with(session: Session, merge: CaseMerge) -> Sequence[CaseMerge]:
    """The merges in force that came about because this one took its followers along."""
    wanted = select(CaseMerge).where(CaseMerge.moved_with_id == merge.id, _IN_FORCE)
    return session.scalars(wanted.order_by(CaseMerge.id)).all()


def back_to(session: Session, case: Case) -> Status | None:
    """Where a merged matter would go back to; to dispatch where its unit is closed by now."""
    if case.status is not Status.MERGED:
        return None
    found = rows(session, _BACK, case_id=case.id)
    if not found:
        return None
    to_dispatch = Status.VERIFIED if case.kind is CaseKind.REPAIR else Status.ACCEPTED
    return found[0].from_status if found[0].is_active else to_dispatch


def side_of(session: Session, case: Case) -> Side:
    """The matter as the rules of joining look at it."""
    named = session.get(CaseAccused, case.id)
    accused = (named.unit_id, named.staff_id) if named else None
    return Side(case.id, case.kind, case.status, case.is_confidential, accused, case.master_id)


def shared_reply(session: Session, case_id: int) -> str:
    """The reply of the leading matter as this follower's citizen got it last; "" if none."""
    found = rows(session, _SHARED, case_id=case_id)
    return found[0].public_text if found else ""


_LIST: Final = select(
    Case.id,
    Case.number,
    Case.title,
    Case.status,
    Case.opened_at,
    Case.place,
    Case.is_anonymous,
    Case.callback_result,
    Case.urge_count,
    Approval.id.label("claim_id"),
).outerjoin(
    Approval,
    and_(
        Approval.case_id == Case.id,
        Approval.kind == ApprovalKind.SEPARATION,
        Approval.decided_at.is_(None),
    ),
)
_ORDER: Final = Order.by(Case.id)


def list_followers(
    session: Session, actor: Actor, master_id: int, *, cursor: str | None = None, size: int = 20
) -> Page[Row[*tuple[Any, ...]]]:
    """Who follows or followed this matter to its end, as far as the actor may know, paged."""
    wanted = _LIST.where(Case.master_id == master_id, visible_clause(actor))
    return list_page(session, wanted, _ORDER, cursor=cursor, size=size)


_MASTER: Final = select(Case.id, Case.number, Case.title, Case.status).where(
    Case.id == bindparam("master_id")
)


def leading(session: Session, case: Case, actor: Actor) -> Row[*tuple[Any, ...]] | None:
    """The matter this one follows, if it does and the actor may know of that one."""
    if case.master_id is None:
        return None
    found = rows(session, _MASTER.where(visible_clause(actor)), master_id=case.master_id)
    return found[0] if found else None


_WORDS: Final = select(CaseText.public_text).where(CaseText.event_id == bindparam("event_id"))
_ACCUSED: Final = select(CaseAccused.case_id).where(
    CaseAccused.case_id.in_(bindparam("ids", expanding=True))
)


def public_words(session: Session, event_id: int) -> str:
    """The public words of a line; "" if it has none."""
    found = rows(session, _WORDS, event_id=event_id)
    return found[0].public_text if found else ""


def with_accused(session: Session, case_ids: Sequence[int]) -> set[int]:
    """Which of these matters are about somebody already."""
    return {row.case_id for row in rows(session, _ACCUSED, ids=list(case_ids))}

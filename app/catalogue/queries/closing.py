"""What the catalogue says about closing: the review of replies, call-backs, the sample.

Reads only; the points in force come from the snapshot, the administration's list from the table.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import ReviewItem
from app.catalogue.queries.shelf import snapshot
from app.catalogue.rules import FollowUps, Named, ReviewKind, ReviewPoint
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark

_ITEMS: Final = select(
    ReviewItem.id,
    ReviewItem.code,
    ReviewItem.kind,
    ReviewItem.name,
    ReviewItem.name_en,
    ReviewItem.is_sample,
    ReviewItem.is_active,
).order_by(ReviewItem.kind, ReviewItem.position, ReviewItem.id)


@dataclass(frozen=True, slots=True)
class ReviewListing:
    """One item of the review as the administration lists it."""

    id: int
    code: str
    kind: ReviewKind
    text: Named
    is_sample: bool
    is_active: bool


def review_points(session: Session) -> tuple[ReviewPoint, ...]:
    """The items in force, in their order."""
    return snapshot(session).points


def follow_ups(session: Session) -> FollowUps:
    """How call-backs and the sample are done at present."""
    return snapshot(session).follow_ups


def list_review_items(session: Session) -> list[ReviewListing]:
    """Every item, switched off or not."""
    return [
        ReviewListing(
            row.id, row.code, row.kind, Named(row.name, row.name_en), row.is_sample, row.is_active
        )
        for row in rows(session, _ITEMS)
    ]


def get_review_item(session: Session, item_id: int) -> ReviewItem:
    """One item.

    Raises:
        NotFoundError: there is no such item.
    """
    item = session.get(ReviewItem, item_id)
    if item is None:
        raise NotFoundError(mark("There is no such entry in the catalogue."))
    return item

"""What the public of the demo city sees of repairs: some dozens released, one taken back.

Goes through the service a page would call; photos have a part hidden.
"""

from datetime import datetime, timedelta
from typing import Final

from app.accounts.rules import Role
from app.cases.models import Case
from app.cases.queries import list_attachments
from app.demo import queries
from app.demo.town import Town
from app.publishing import service
from app.publishing.rules import Box
from app.publishing.service import Photo, Release
from app.web.uploads.hiding import keep_hidden

_MOST: Final = 40
_SINCE: Final = timedelta(days=330)
_HIDDEN: Final = Box(560, 180, 190, 240)
_ANSWER: Final = "感谢反映，已安排维修，结果会在这里公布。"
_ALT: Final = "故障设施的照片"


def found(town: Town, *, now: datetime) -> None:
    """Release repairs of the last months, and take the last one back."""
    repairs = queries.placed_repairs(town.session, since=now - _SINCE, most=_MOST)
    for case in repairs:
        if service.is_releasable(town.session, case):
            _release(town, case, now)
    if repairs:
        reviewer = town.staffing.by_role[Role.REVIEWER][0]
        service.revoke(town.session, repairs[-1], actor=reviewer, now=now)


def _release(town: Town, case: Case, now: datetime) -> None:
    reviewer = town.staffing.by_role[Role.REVIEWER][0]
    what = Release(
        title=case.title,
        words=case.body,
        place=case.place,
        answer=_ANSWER if case.closed_at is None else "",
        photos=_photos(town, case),
    )
    service.release(town.session, case, what, actor=reviewer, now=case.closed_at or now)


def _photos(town: Town, case: Case) -> tuple[Photo, ...]:
    if town.store is None:
        return ()
    part = (_HIDDEN.x, _HIDDEN.y, _HIDDEN.width, _HIDDEN.height)
    return tuple(
        Photo(file.id, keep_hidden(town.store, file.sha256, [part]), _ALT, (_HIDDEN,))
        for file in list_attachments(town.session, case.id, public_only=True)[:1]
        if file.content_type.startswith("image/")
    )

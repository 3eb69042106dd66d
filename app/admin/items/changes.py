"""What a version of an item changed against the one before it, field by field."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep
from app.admin.frame import language_of
from app.admin.items.common import HOME, draft_of, show_version
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.service_items import queries
from app.service_items.rules.comparing import changes

router = APIRouter(prefix=HOME)
_FIRST: Final = mark("This is the first version; there is none before it.")


@router.get("/v/{version_id}/changes")
def show(request: Request, visit: VisitDep, version_id: int) -> Response:
    """The fields that differ, each as it was and as it is.

    Raises:
        NotFoundError: there is no such version, or none before it.
    """
    is_english = language_of(request) == "en"
    with visit.reading() as work:
        version = draft_of(work, version_id)
        rows = queries.versions_of(work.session, version.item_id)
        before = next((row for row in rows if row.number < version.number), None)
        if before is None:
            raise NotFoundError(_FIRST)
        found = changes(queries.get_version(work.session, before.id).content, version.content)
    context = {
        "before": before.number,
        "changes": [
            (one.part, one.field if is_english else one.heading, one.before, one.after)
            for one in found
        ],
    }
    return show_version(request, work.actor, version, "admin/item_changes", context)

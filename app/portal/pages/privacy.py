"""The privacy notice as everybody reads it: the version in force, in the reader's language.

Shown, not signed: state organs tell what they do with data, they do not ask leave to serve.
"""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.privacy.labels import PARTS
from app.privacy.service import notices
from app.web.deps import EdgeDep
from app.web.templating import render
from app.web.ui import locale_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class NoticePage:
    """The notice in its parts as (label, words); no title where none is in force."""

    title: str
    version: int
    valid_from: datetime | None
    is_sample: bool
    parts: tuple[tuple[str, str], ...]


@router.get("/privacy-notice", include_in_schema=False)
def privacy_notice(request: Request, edge: EdgeDep) -> Response:
    """What happens with data people give us."""
    language = str(locale_of(request))
    with edge.reading() as session:
        notice = notices.current(session, now=edge.now())
        if notice is None:
            page = NoticePage("", 0, None, is_sample=False, parts=())
        else:
            text = notices.text_of(notice)
            page = NoticePage(
                text.heading(language),
                notice.version,
                notice.valid_from,
                notice.is_sample,
                tuple((PARTS[part], words) for part, words in text.within(language)),
            )
    return render(request, "portal/privacy_notice", page)

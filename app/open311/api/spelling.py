"""In which language, zone and address space one request is answered."""

from fastapi import Request

from app.open311.views import Spelling
from app.settings import Settings
from app.web import i18n
from app.web.ui import locale_of, zone_of


def spelling_of(request: Request) -> Spelling:
    """How answers to this request are spelt; names of services are added where they are known."""
    settings: Settings = request.app.state.settings
    locale = locale_of(request)
    return Spelling(
        language=locale.tag,
        say=i18n.gettext,
        zone=zone_of(settings.zone),
        base_url=settings.base_url.rstrip("/"),
    )

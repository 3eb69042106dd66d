"""What a phone needs to keep the crew's pages: service worker, manifest, a page without signal.

Also the token by which what waited is sent. Public parts say nothing about anybody.
"""

from datetime import datetime
from hashlib import sha256
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.accounts.deps import VisitDep, Work
from app.crew.queries import crews_of
from app.crew.rules import leaves_phone_at
from app.crews import queries as crews
from app.kernel.messages import mark
from app.paths import static_dir
from app.web.assets import asset
from app.web.i18n import catalogue
from app.web.security import csrf_token
from app.web.templating import render
from app.web.ui import locale_of, zone_of

router = APIRouter(prefix="/crew")

_FILES: Final = ("app.css", "crew.css", "app.js", "crew.js", "icon.svg")
# As tokens.css names them; a manifest can name no token.
_THEME: Final = "#0b4a94"
_GROUND: Final = "#f3f5f8"
_ICONS: Final = (
    ("crew-192.png", "192x192", "any"),
    ("crew-512.png", "512x512", "any"),
    ("crew-512.png", "512x512", "maskable"),
)


@router.get("/sw.js")
async def worker() -> Response:
    """The service worker, with the names of the built files it keeps.

    Never kept by a cache: a new version of the house must reach a phone at once.
    """
    built = asset("crew-worker.js").rpartition("/")[2]
    program = (static_dir() / built).read_text("utf-8")
    files = [asset(name) for name in _FILES]
    version = sha256("".join([*files, built]).encode()).hexdigest()[:12]
    names = ",".join(f'"{name}"' for name in files)
    shell = f'self.SHELL={{version:"{version}",files:[{names}]}};\n'
    return Response(
        shell + program,
        media_type="text/javascript",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/crew"},
    )


@router.get("/app.webmanifest")
async def manifest(request: Request) -> Response:
    """What a phone shows when it puts the crew's pages on its first screen."""
    locale = locale_of(request)
    say = catalogue(locale).gettext
    return JSONResponse(
        {
            "id": "/crew",
            "name": say(mark("Civic Window for crews")),
            "short_name": say(mark("Crew")),
            "lang": locale.tag,
            "start_url": "/crew",
            "scope": "/crew",
            "display": "standalone",
            "orientation": "portrait",
            "theme_color": _THEME,
            "background_color": _GROUND,
            "icons": [
                {"src": asset(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for name, sizes, purpose in _ICONS
            ],
        },
        media_type="application/manifest+json",
        headers={"Cache-Control": "no-cache", "Vary": "Cookie, Accept-Language"},
    )


@router.get("/offline")
def offline(request: Request) -> Response:
    """What is shown without signal where nothing else lies on the phone."""
    return render(request, "crew/offline")


@router.get("/token")
def token(request: Request, visit: VisitDep) -> Response:
    """Who is signed in, a token for what waits, our time, and when today's list is to be gone."""
    with visit.reading() as work:
        until = _until(work, request)
        told = {
            "csrf": csrf_token(request),
            "who": work.actor.id,
            "now": work.now.isoformat(),
            "until": until.isoformat(),
        }
    return JSONResponse(told)


def _until(work: Work, request: Request) -> datetime:
    zone = zone_of(request.app.state.settings.zone)
    today = work.now.astimezone(zone).date()
    ends = [
        span[1]
        for crew in crews_of(work.session, work.actor)
        for span in crews.get_crew(work.session, crew.id, today=today).shift.spans_on(today)
    ]
    return leaves_phone_at(work.now, zone, max(ends, default=None))

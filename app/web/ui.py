"""What every page knows about the person looking at it: language, colours, size, way around.

Read from cookies and the address; nothing here asks the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from fastapi import Request

from app.settings import Settings
from app.web import i18n
from app.web.i18n import Locale
from app.web.security import csrf_token

THEMES: Final = ("auto", "light", "dark", "contrast")
ELDER: Final = ("off", "on", "max")
DENSITIES: Final = ("compact", "standard", "large")
KEYS: Final = ("on", "off")
_STAFF_PATHS: Final = frozenset(
    {"desk", "cases", "citizens", "repairs", "board", "admin", "crew", "account", "audit"}
    | {"sign-in", "sign-out", "segments", "signals", "exports", "privacy", "queue", "supervision"}
    | {"facilities", "inspections"}
)


class Face(StrEnum):
    """Who a page is for."""

    PORTAL = "portal"
    STAFF = "staff"


class Person(Protocol):
    """As much as a page must know about somebody signed in."""

    @property
    def name(self) -> str: ...

    def may(self, permission: StrEnum, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class NavItem:
    """One way in the header; `needs` any one of the permissions, or nothing.

    `bar` is the address of a strip that stands on top of every page of whoever may go
    this way, and renews itself; `key` leads there from every page.
    """

    label: str
    href: str
    face: Face
    needs: Sequence[StrEnum] = ()
    bar: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A way as shown: its words are still to be translated."""

    label: str
    href: str
    is_here: bool
    key: str = ""


@dataclass(frozen=True, slots=True)
class Ui:
    """The frame around every page; a template finds it as `ui`."""

    locale: Locale
    theme: str
    elder: str
    density: str
    keys: str
    session_ends: str
    face: Face
    path: str
    back: str
    csrf: str
    nav: tuple[Way, ...]
    bars: tuple[Way, ...]
    bar_seconds: int
    actor: Person | None
    city_name: str
    hotline: str
    is_demo: bool
    zone: ZoneInfo

    @property
    def lang(self) -> str:
        """As HTML names the language."""
        return self.locale.tag

    @property
    def is_staff(self) -> bool:
        """Whether this page belongs to the people behind the counter."""
        return self.face is Face.STAFF


@lru_cache(maxsize=8)
def zone_of(name: str) -> ZoneInfo:
    """The hall's time zone."""
    return ZoneInfo(name)


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """An instant on the hall's clock."""
    return at.astimezone(zone)


def ui_of(request: Request) -> Ui:
    """The frame of this request's page."""
    settings: Settings = request.app.state.settings
    cookies = request.cookies
    path = request.url.path
    face = Face.STAFF if path.split("/")[1] in _STAFF_PATHS else Face.PORTAL
    actor: Person | None = getattr(request.state, "actor", None)
    locale = locale_of(request)
    return Ui(
        locale=locale,
        theme=_one_of(THEMES, cookies.get("theme")),
        elder=_one_of(ELDER, cookies.get("elder")),
        density=_density_of(face, path, cookies.get("density")),
        keys=_one_of(KEYS, cookies.get("keys")),
        session_ends=_written_exactly(getattr(request.state, "session_ends", None)),
        face=face,
        path=path,
        back=back_of(request),
        csrf=csrf_token(request),
        nav=_ways(request.app.state.nav, face, actor, path),
        bars=_bars(request.app.state.nav, face, actor),
        bar_seconds=settings.bar_seconds,
        actor=actor,
        city_name=settings.city_name_en if locale is Locale.EN else settings.city_name,
        hotline=settings.hotline,
        is_demo=settings.demo,
        zone=zone_of(settings.zone),
    )


def _density_of(face: Face, path: str, wished: str | None) -> str:
    # A crew presses with a thumb or a glove: never the small controls of the desk.
    is_for_thumbs = path.split("/")[1] == "crew" and wished != "large"
    return "comfortable" if face is Face.PORTAL or is_for_thumbs else _one_of(DENSITIES, wished)


def locale_of(request: Request) -> Locale:
    """The language this request is answered in."""
    return i18n.chosen(request.cookies.get(i18n.COOKIE), request.headers.get("accept-language", ""))


def back_of(request: Request) -> str:
    """Where a change of colours returns to: this page; after a POST, its address alone."""
    query = request.url.query if request.method == "GET" else ""
    return f"{request.url.path}?{query}" if query else request.url.path


def _written_exactly(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _one_of(allowed: tuple[str, ...], wished: str | None) -> str:
    return wished if wished in allowed else allowed[0]


def _ways(items: Sequence[NavItem], face: Face, actor: Person | None, path: str) -> tuple[Way, ...]:
    open_ones = [item for item in items if item.face is face and _may_go(item, actor)]
    # /desk/talks lies below /desk: only the nearest of the ways is where one is.
    here = max((item.href for item in open_ones if _is_here(item.href, path)), key=len, default="")
    return tuple(Way(item.label, item.href, item.href == here, item.key) for item in open_ones)


def _bars(items: Sequence[NavItem], face: Face, actor: Person | None) -> tuple[Way, ...]:
    return tuple(
        Way(item.label, item.bar, is_here=False)
        for item in items
        if item.bar and item.face is face and _may_go(item, actor)
    )


def _may_go(item: NavItem, actor: Person | None) -> bool:
    if item.face is Face.PORTAL:
        return True
    return actor is not None and (not item.needs or any(map(actor.may, item.needs)))


def _is_here(href: str, path: str) -> bool:
    return path == href or (href != "/" and path.startswith(f"{href}/"))


def written_date(day: date | datetime) -> str:
    """As both languages of the hall read it: 2026-03-02."""
    return day.isoformat()[:10]


def written_time(at: datetime, zone: ZoneInfo) -> str:
    """As both languages of the hall read it: 2026-03-02 09:00."""
    return local(at if at.tzinfo else at.replace(tzinfo=UTC), zone).isoformat(" ", "minutes")[:16]

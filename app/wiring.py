"""The literal tables of the house: routers, subscribers, jobs, ways in the header.

Each feature adds its line; nothing is found by magic.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from fastapi import APIRouter, FastAPI

from app.kernel.events import Subscriber
from app.kernel.messages import mark
from app.web import health, preferences, proof
from app.web.ui import Face, NavItem

ROUTERS: Final[Sequence[APIRouter]] = (
    health.router,
    preferences.router,
    proof.router,
)

# Called with the application once at start, for exception handlers a feature brings along.
INSTALLERS: Final[Sequence[Callable[[FastAPI], None]]] = ()

SUBSCRIBERS: Final[Mapping[type, Sequence[Subscriber]]] = {}

NAV: Final[Sequence[NavItem]] = (
    NavItem(mark("Home"), "/", Face.PORTAL),
    NavItem(mark("Report a matter"), "/report", Face.PORTAL),
    NavItem(mark("Follow a matter"), "/track", Face.PORTAL),
    NavItem(mark("Workbench"), "/desk", Face.STAFF),
    NavItem(mark("Board"), "/board", Face.STAFF),
    NavItem(mark("Administration"), "/admin", Face.STAFF),
)

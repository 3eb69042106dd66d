"""How a person wants to see the pages: colours, size, language. Kept in cookies of their browser.

Works without script; says nothing to the database.
"""

import re
from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.web.forms import FormDep
from app.web.templating import see_other
from app.web.ui import DENSITIES, ELDER, KEYS, THEMES

router = APIRouter()

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "theme": THEMES,
    "elder": ELDER,
    "lang": ("zh", "en"),
    "density": DENSITIES,
    "keys": KEYS,
}
_YEAR: Final = 31_536_000
# Only a path of this site: neither `//elsewhere` nor `/\elsewhere`.
_HERE: Final = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f]*")


def safe_back(address: str) -> str:
    """The address if it leads to a page of this site, else the front page."""
    return address if _HERE.fullmatch(address) else "/"


@router.post("/prefs")
def change(request: Request, form: FormDep) -> Response:
    """Remember what was chosen and return to the page."""
    response = see_other(safe_back(form.text("back")))
    for name, allowed in CHOICES.items():
        if form.text(name) in allowed:
            response.set_cookie(
                name,
                form.text(name),
                max_age=_YEAR,
                httponly=True,
                samesite="lax",
                secure=request.app.state.settings.cookie_secure,
            )
    return response

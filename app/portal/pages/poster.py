"""A sheet to hang up beside a facility: what it is, and a code that leads to its report."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from app.facilities import queries as facilities
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.web.deps import EdgeDep
from app.web.qr import qr_of
from app.web.templating import render
from app.web.ui import locale_of
from app.web.unlisted import unlisted

router = APIRouter()
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class PosterPage:
    """What stands on the sheet; made for A4."""

    code: str
    kind: str
    name: str
    place: str
    href: str
    address: str
    qr: Markup


@router.get("/f/{code:path}/poster", include_in_schema=False)
def poster(request: Request, edge: EdgeDep, code: str) -> Response:
    """The sheet of one facility.

    Raises:
        NotFoundError: no facility has this number.
    """
    with edge.reading() as session:
        asset = facilities.find_asset(session, code[:_LONGEST])
        if asset is None:
            raise NotFoundError(mark("There is no facility with this number."))
        kind = facilities.get_type(session, asset.type_id)
    number = asset.plate or asset.code
    address = f"{edge.settings.base_url.rstrip('/')}{asset.address}"
    page = PosterPage(
        number,
        kind.name.within(str(locale_of(request))),
        asset.name,
        asset.place,
        asset.address,
        address,
        qr_of(address),
    )
    return unlisted(render(request, "portal/poster", page))

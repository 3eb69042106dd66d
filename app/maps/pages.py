"""The one address maps fetch their tiles from. Open to everybody; asks no database."""

from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.responses import Response

from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.maps.rules import Tile
from app.maps.shapes import URL, boundaries
from app.maps.sources import source_of
from app.web.deps import EdgeDep

router = APIRouter()
_AN_HOUR: Final = {"Cache-Control": "public, max-age=3600"}
_A_WEEK: Final = {"Cache-Control": "public, max-age=604800"}
_NOT_NOW: Final = {"Cache-Control": "no-store", "Retry-After": "30"}


@router.get("/tiles/{z}/{x}/{y}", include_in_schema=False)
def tile(z: int, x: int, y: int, edge: EdgeDep) -> Response:
    """One tile; a grey one with 503 while the source does not answer.

    Raises:
        NotFoundError: there is no such tile, or maps are drawn without tiles here.
    """
    wanted = Tile(z, x, y)
    source = source_of(edge.settings)
    if source is None or not wanted.exists:
        raise NotFoundError(mark("There is nothing at this address."))
    found = source.answer(wanted, edge.now())
    headers = _NOT_NOW if found.is_passing else _A_WEEK
    status = 503 if found.is_missing else 200
    return Response(found.data, status, headers, media_type=found.content_type)


@router.get(URL, include_in_schema=False)
def districts(edge: EdgeDep) -> Response:
    """The boundaries of the districts as GeoJSON.

    Raises:
        NotFoundError: this city has given none.
    """
    shapes = boundaries(edge.settings.data_dir, is_demo=edge.settings.demo)
    if shapes is None:
        raise NotFoundError(mark("This city has given no boundaries."))
    return Response(shapes.text, headers=_AN_HOUR, media_type="application/geo+json")


def install(app: FastAPI) -> None:
    """Open what tiles come from, so that a wrong setting is said at start and not on a map.

    Raises:
        ValueError: the tile file named is none.
    """
    source_of(app.state.settings)

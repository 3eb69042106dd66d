"""The call panel of a hall: numbers and counters in large letters, live, without a name."""

from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response, StreamingResponse

from app.kernel.errors import NotFoundError, UnavailableError
from app.kernel.messages import mark
from app.queueing.pages import shown
from app.queueing.pages.news import News, Revisions
from app.queueing.queries import halls, lines
from app.web.clients import client_address
from app.web.deps import Edge, EdgeDep
from app.web.templating import render

router = APIRouter(prefix="/queue")

_LAST_SEEN: Final = "last-event-id"
# A proxy that gathers an answer before it passes it on would keep the panel waiting.
_LIVE: Final = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}


def install(app: FastAPI) -> None:
    """Give the application its one look-out for changes."""
    edge: Edge = app.state.edge

    def read() -> Revisions:
        with edge.reading() as session:
            found = lines.revisions(session)
            return {one.code: found.get(one.id, 0) for one in halls.list_halls(session)}

    app.state.queue_news = News(read)


@router.get("/{hall}", include_in_schema=False)
def panel(request: Request, edge: EdgeDep, hall: str) -> Response:
    """The panel; fetched again by itself whenever something changed."""
    with edge.reading() as session:
        found = halls.get_hall(session, hall)
        return render(request, "queue/panel", shown.panel_page(session, found, now=edge.now()))


@router.get("/{hall}/events", include_in_schema=False)
async def events(request: Request, hall: str, seen: int = 0) -> Response:
    """Changes as they happen; a browser that lost the line says what it saw last.

    Raises:
        NotFoundError: there is no such hall.
        UnavailableError: too many listen already; a panel asks again by itself.
    """
    news: News = request.app.state.queue_news
    address = client_address(request)
    if not await news.knows(hall.upper()):
        raise NotFoundError(mark("There is no such hall."))
    if not news.has_room(address):
        raise UnavailableError(mark("Too many panels are listening. Try again in a minute."))
    last = request.headers.get(_LAST_SEEN, "")
    since = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else seen  # noqa: PLR2004  # digits of a bigint
    stream = news.stream(hall.upper(), since, address)
    return StreamingResponse(stream, media_type="text/event-stream", headers=_LIVE)

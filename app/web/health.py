"""What machines ask: is it alive, is it ready, how is it doing.

Tells nothing about people; the figures are for this machine or for who knows the token.
"""

import hmac

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import text

from app import migrating
from app.kernel.errors import DomainError, NotFoundError
from app.kernel.jobs import worker_alive
from app.kernel.messages import mark
from app.web.clients import is_from_here
from app.web.deps import Edge, EdgeDep
from app.web.metrics import Metrics

router = APIRouter()


@router.get("/healthz", include_in_schema=False)
async def alive() -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz", include_in_schema=False)
def ready(edge: EdgeDep) -> Response:
    """The database answers, its schema is this code's, and somebody runs the jobs."""
    checks = _checks(edge)
    is_ready = all(checks.values())
    body = {"status": "ok" if is_ready else "not ready", "checks": checks}
    return JSONResponse(body, 200 if is_ready else 503)


def _checks(edge: Edge) -> dict[str, bool]:
    try:
        with edge.reading() as session:
            session.execute(text("SELECT 1"))
            return {
                "database": True,
                "migrations": migrating.is_at_head(session.connection()),
                "worker": worker_alive(session, edge.now()),
            }
    except DomainError:
        return {"database": False}


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """The figures, for Prometheus.

    Raises:
        NotFoundError: the asker is not on this machine and knows no token.
    """
    token = request.app.state.settings.metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token:
        is_allowed = hmac.compare_digest(given.encode(), token.encode())
    else:
        is_allowed = is_from_here(request)
    if not is_allowed:
        raise NotFoundError(mark("There is nothing at this address."))
    figures: Metrics = request.app.state.metrics
    return Response(figures.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

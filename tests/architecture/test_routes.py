"""Every door is watched: who is asking, and was the form ours."""

import pytest
from fastapi import APIRouter, FastAPI

from app.accounts.deps import VisitDep
from app.web.forms import FormDep
from tests.architecture.routes import routes_of

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# Open to everybody; each line is a decision.
PUBLIC: set[str] = {
    "GET /healthz",
    "GET /metrics",
    "GET /pow/challenge",
    "GET /readyz",
    "GET /sign-in",
    "POST /prefs",
    "POST /sign-in",
    "POST /sign-out",
}
# Unsafe without a token of ours; each line says why.
WITHOUT_CSRF: set[str] = set()


@ONE_DATABASE
def test_every_route_knows_who_is_asking_or_is_public_by_decision(app: FastAPI) -> None:
    routes = routes_of(app)

    open_to_all = {route.name for route in routes if not route.asks_who}

    assert len(routes) > len(PUBLIC)
    assert open_to_all == PUBLIC


@ONE_DATABASE
def test_every_unsafe_route_verifies_its_form(app: FastAPI) -> None:
    routes = [route for route in routes_of(app) if route.is_unsafe]

    unverified = {route.name for route in routes if not route.verifies_csrf}

    assert routes
    assert unverified == WITHOUT_CSRF


def test_a_planted_door_is_seen() -> None:
    router = APIRouter()

    @router.post("/open")
    def _open() -> None: ...

    @router.post("/watched")
    def _watched(_visit: VisitDep, _form: FormDep) -> None: ...

    planted = FastAPI()
    planted.include_router(router, prefix="/planted")

    found = {route.path: route for route in routes_of(planted)}

    assert not found["/planted/open"].asks_who
    assert not found["/planted/open"].verifies_csrf
    assert found["/planted/watched"].asks_who
    assert found["/planted/watched"].verifies_csrf

"""No address that changes something may be reached without a form's token."""

from collections.abc import Iterator
from typing import get_args

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from app.web.forms import FormDep

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SAFE = {"GET", "HEAD", "OPTIONS"}
# No forms: their bodies are signed by a telephone system and by an SMS gateway.
SIGNED = {"/desk/incoming", "/messages/receipts"}
# Programs of partners, each with a key of its own and no browser's cookie (Open311).
KEYED = "/open311"
CHECKED = get_args(FormDep)[1].dependency


def calls(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from calls(inner)


def unguarded(app: FastAPI) -> tuple[int, list[str]]:
    """How many addresses change something, and those of them that check no token."""
    seen, open_doors = 0, []
    for context in iter_route_contexts(app.routes):
        dependant = getattr(context, "dependant", None)
        if dependant is None or not set(context.methods or ()) - SAFE:
            continue
        seen += 1
        if str(context.path).startswith(KEYED):
            continue
        if CHECKED not in calls(dependant) and context.path not in SIGNED:
            open_doors.append(str(context.path))
    return seen, open_doors


def test_every_address_that_changes_something_checks_the_forms_token(app: FastAPI) -> None:
    seen, open_doors = unguarded(app)

    assert seen > 5
    assert open_doors == []


def test_an_address_that_forgets_it_is_found(app: FastAPI) -> None:
    router = APIRouter()

    @router.post("/planted")
    def planted() -> None:
        """Changes something and checks nothing."""

    app.include_router(router)

    assert unguarded(app)[1] == ["/planted"]

"""Every door is watched: who is asking, and was the form ours."""

import pytest
from fastapi import APIRouter, FastAPI

from app.accounts.deps import VisitDep
from app.web.forms import FormDep
from tests.architecture.routes import routes_of

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# Open to everybody; each line is a decision.
PUBLIC: set[str] = {
    # What machines ask.
    "GET /healthz",
    "GET /metrics",
    "GET /readyz",
    # What a telephone system tells, signed with a key of its own (docs/telephone.md).
    "POST /desk/incoming",
    # What an SMS gateway says of a message it took, signed likewise (docs/sms-gateway.md).
    "POST /messages/receipts",
    # The doors themselves.
    "GET /pow/challenge",
    "GET /sign-in",
    "POST /prefs",
    "POST /sign-in",
    "POST /sign-out",
    # The portal: who reports need not say who they are.
    "GET /",
    "GET /geo/districts.json",
    "GET /tiles/{z}/{x}/{y}",
    # What a person released of repairs, where the operator has switched it on.
    "GET /map",
    "GET /f/{code:path}/poster",
    "GET /map/points.json",
    "GET /reports.atom",
    "GET /reports.csv",
    "GET /reports.geojson",
    "GET /reports/{public_no}",
    "GET /reports/{public_no}/photos/{n}",
    "POST /reports/{public_no}/follow",
    "GET /guide",
    "GET /guide/{code}",
    "GET /guide/{code}/form",
    "POST /guide/{code}/form",
    "GET /guide/{code}/sample/{material_id}",
    "GET /answers",
    "GET /answers/{code}",
    "GET /privacy-notice",
    "GET /report",
    "GET /report/alike",
    "GET /report/check",
    "GET /report/contact",
    "GET /report/details",
    "GET /report/files/{file_id}",
    "GET /report/place",
    "GET /report/urgent",
    "GET /report/what",
    "GET /track",
    "POST /answers/{code}/remark",
    "POST /report/alike",
    "POST /report/check",
    "POST /report/contact",
    "POST /report/details",
    "POST /report/forget",
    "POST /report/keep",
    "POST /report/place",
    "POST /report/urgent",
    "POST /report/what",
    "POST /track",
    # Something broken: the same, and the plates of facilities.
    "GET /f/{code:path}",
    "GET /report/repair",
    "GET /report/repair/call",
    "GET /report/repair/check",
    "GET /report/repair/contact",
    "GET /report/repair/danger",
    "GET /report/repair/files/{file_id}",
    "GET /report/repair/more",
    "GET /report/repair/counted",
    "GET /report/repair/near",
    "GET /report/repair/photo",
    "GET /report/repair/place",
    "GET /report/repair/what",
    "POST /f/{code:path}",
    "POST /report/repair/call",
    "POST /report/repair/check",
    "POST /report/repair/contact",
    "POST /report/repair/danger",
    "POST /report/repair/forget",
    "POST /report/repair/keep",
    "POST /report/repair/more",
    "POST /report/repair/near",
    "POST /report/repair/photo",
    "POST /report/repair/place",
    "POST /report/repair/what",
    # A watcher's link: the token is the key.
    "GET /w/{token}",
    "POST /w/{token}",
    # What was released, for programs of other cities; posting needs a key of theirs.
    "GET /open311/v2/discovery.{form}",
    "GET /open311/v2/requests.{form}",
    "GET /open311/v2/requests/{request_id}.{form}",
    "GET /open311/v2/servicerequestupdates.{form}",
    "GET /open311/v2/services.{form}",
    "GET /open311/v2/services/{service_code}.{form}",
    "GET /open311/v2/tokens/{token}.{form}",
    "DELETE GET OPTIONS PATCH POST PUT /open311{rest:path}",  # says that there is nothing
    "POST /open311/v2/requests.{form}",
    "POST /open311/v2/servicerequestupdates.{form}",
    # A repair lent to a contractor: the token is the key.
    "GET /job/{token}",
    "GET /job/{token}/photos/{file_id}",
    "POST /job/{token}",
    "POST /job/{token}/code",
    # What a phone needs before anybody has signed in on it; says nothing about anybody.
    "GET /crew/app.webmanifest",
    "GET /crew/offline",
    "GET /crew/sw.js",
    # The hall: numbers, without saying who one is; a ticket's token is its key.
    "GET /book",
    "GET /book/{hall}",
    "GET /booking/{token}",
    "GET /kiosk/{hall}",
    "GET /kiosk/{hall}/check-in",
    "GET /kiosk/{hall}/stuck",
    "GET /kiosk/{hall}/stuck/{token}",
    "GET /stuck",
    "GET /kiosk/{hall}/{token}",
    "GET /queue/{hall}",
    "GET /queue/{hall}/events",
    "GET /take",
    "GET /take/{hall}",
    "GET /ticket/{token}",
    "POST /book",
    "POST /book/{hall}",
    "POST /booking/{token}/cancel",
    "POST /kiosk/{hall}",
    "POST /kiosk/{hall}/check-in",
    "POST /kiosk/{hall}/stuck",
    "POST /stuck",
    "POST /ticket/{token}/rate",
    "POST /take/{hall}",
    "POST /ticket/{token}/back",
    # Whoever holds a paper may ask whether it is genuine, by its token or what is printed on it.
    "GET /verify",
    "GET /verify/{token}",
    "POST /verify",
    # My page: the citizen's own session is asked for inside (`portal.me`).
    "GET /my",
    "GET /my/code",
    "GET /my/contacts",
    "GET /my/contacts/code",
    "GET /my/contacts/{contact_id}/end",
    "GET /my/name",
    "GET /my/rights",
    "GET /my/same",
    "POST /my/code",
    "POST /my/code/check",
    "POST /my/consents",
    "POST /my/contacts",
    "POST /my/contacts/code",
    "POST /my/contacts/{contact_id}/end",
    "POST /my/link",
    "POST /my/name",
    "POST /my/requests",
    "POST /my/requests/{request_id}/end",
    "POST /my/requests/{request_id}/package",
    "POST /my/same",
    "POST /my/sign-out",
    "POST /my/too",  # whoever is signed in watches as themselves, anybody else as a browser
    "POST /my/watching/stop",
    "POST /my/wishes",
    # A citizen's own page: the token is the key.
    "GET /c/{token}",
    "GET /c/{token}/documents/{document_id}",
    "GET /c/{token}/files/{file_id}",
    "GET /c/{token}/slip",
    "GET /c/{token}/withdraw",
    "GET /rate/{token}",
    "GET /solved/{token}",
    "POST /c/{token}/answer",
    "POST /c/{token}/different",
    "POST /c/{token}/hearing",
    "POST /c/{token}/recheck",
    "POST /c/{token}/reopen",
    "POST /c/{token}/supplement",
    "POST /c/{token}/papers",
    "POST /c/{token}/urge",
    "POST /c/{token}/withdraw",
    "POST /rate/{token}",
    "POST /solved/{token}",
}
# Unsafe without a token of ours; each line says why.
WITHOUT_CSRF: set[str] = {
    "POST /desk/incoming",  # no browser sends it: its body is signed
    "POST /messages/receipts",  # likewise
    "POST /open311/v2/requests.{form}",  # a program sends it, with its key in the body
    "POST /open311/v2/servicerequestupdates.{form}",  # likewise
    "DELETE GET OPTIONS PATCH POST PUT /open311{rest:path}",  # does nothing
}


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

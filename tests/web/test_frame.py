"""What surrounds every answer: headers, figures, the log, health."""

import json

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.kernel.jobs import beat
from app.main import create_app
from app.settings import Settings
from app.web.i18n import Locale, speak
from app.web.middleware import CSP
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.web.conftest import Token

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SECRETS = ("7K3M9PQR", "17900008812", "张三丰", "203.0.113.9")


def addresses(app: FastAPI) -> list[str]:
    """One address of every route that can be asked for."""
    paths = [context.path for context in iter_route_contexts(app.routes)]
    return [path.replace("{", "").replace("}", "") for path in paths if path]


def test_every_route_carries_the_security_headers(app: FastAPI, client: TestClient) -> None:
    asked = addresses(app)

    answers = [client.get(path) for path in asked] + [client.get("/nowhere")]

    assert len(asked) > 8
    for answer in answers:
        assert answer.headers["content-security-policy"] == CSP, answer.url
        assert answer.headers["x-content-type-options"] == "nosniff"
        # Pages whose address carries a token tell nobody where they were (app/web/unlisted.py).
        assert answer.headers["referrer-policy"] in {"same-origin", "no-referrer"}
        assert answer.headers["x-request-id"]


def test_pages_are_never_stored_by_a_browser(client: TestClient) -> None:
    answer = client.get("/probe/form")

    assert answer.headers["cache-control"] == "no-store"


def test_a_fault_of_ours_carries_the_headers_too(client: TestClient, token: Token) -> None:
    answer = client.post("/probe/broken", data={"csrf": token()})

    assert answer.headers["content-security-policy"] == CSP


def test_behind_https_the_cookies_and_the_host_are_bound_to_it(
    settings: Settings, clock: StoppedClock
) -> None:
    app = create_app(settings.model_copy(update={"cookie_secure": True}), clock=clock)

    with TestClient(app) as client:
        answer = client.get("/nowhere")

    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"].startswith("max-age=")


def test_words_written_without_a_page_are_in_the_language_of_whoever_asks(
    client: TestClient,
) -> None:
    speak(Locale.EN)  # the last one served here spoke English

    at_first = client.get("/probe/words").json()
    english = client.get("/probe/words", headers={"accept-language": "en"}).json()
    again = client.get("/probe/words").json()

    assert (at_first, english, again) == ("保存", "Save", "保存")


def test_log_and_figures_name_templates_and_no_people(
    client: TestClient, token: Token, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get(f"/probe/token/{SECRETS[0]}?phone={SECRETS[1]}")
    client.get(f"/nowhere/{SECRETS[0]}", headers={"x-forwarded-for": SECRETS[3]})
    client.post("/probe/broken", data={"body": SECRETS[2], "csrf": token()})

    written = capsys.readouterr().out + client.get("/metrics").text

    assert "/probe/token/{token}" in written
    for secret in SECRETS:
        assert secret not in written


def test_a_line_of_the_log_is_json_with_the_number_shown_to_the_person(
    client: TestClient, token: Token, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = client.post("/probe/broken", data={"csrf": token()})

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    faults = [line for line in lines if line["event"] == "fault"]
    assert faults[0]["error"] == "ZeroDivisionError"
    assert faults[0]["request_id"] in answer.text
    assert any("probe.py" in place for place in faults[0]["where"])


def test_the_figures_are_hidden_from_other_machines(client: TestClient) -> None:
    forwarded = client.get("/metrics", headers={"x-forwarded-for": "203.0.113.9"})

    assert forwarded.status_code == 404
    assert client.get("/metrics").status_code == 404  # the test's client is not on loopback


def test_who_knows_the_token_may_read_the_figures(settings: Settings, clock: StoppedClock) -> None:
    app = create_app(settings.model_copy(update={"metrics_token": "let-me"}), clock=clock)

    with TestClient(app) as client:
        without = client.get("/metrics")
        with_it = client.get("/metrics", headers={"authorization": "Bearer let-me"})

    assert without.status_code == 404
    assert "civicwindow_requests_total" in with_it.text


def test_alive_and_not_ready_are_different_answers(client: TestClient) -> None:
    alive = client.get("/healthz")
    ready = client.get("/readyz")

    assert alive.json() == {"status": "ok"}
    assert ready.status_code == 503
    assert ready.json()["checks"]["database"] is True
    assert ready.json()["checks"]["worker"] is False


def test_ready_when_somebody_runs_the_jobs(client: TestClient, db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        beat(session, worker="w", now=MONDAY_9AM)

    checks = client.get("/readyz").json()["checks"]

    assert checks["database"]
    assert checks["worker"]


@pytest.mark.parametrize(
    ("address", "secure"), [("https://hall.example", True), ("http://x", False)]
)
def test_an_https_address_makes_the_cookies_secure(
    settings: Settings, address: str, *, secure: bool
) -> None:
    made = Settings(database_url=settings.database_url, base_url=address)

    assert made.cookie_secure is secure

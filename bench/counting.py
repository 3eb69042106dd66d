"""Drives the application inside this process: counts the SQL statements of one warm request.

A guide to where time goes, not a measurement of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from fastapi.testclient import TestClient
from sqlalchemy import event

from app.main import create_app
from app.settings import Settings
from app.web.deps import Edge
from bench import asking
from bench.asking import Answer, Ask, Endpoint, Speaks

_WARMING: Final = 3


@contextmanager
def inside(settings: Settings) -> Iterator[tuple[Speaks, list[str]]]:
    """The application to speak to, and the statements it sends, as they come."""
    app = create_app(settings)
    edge: Edge = app.state.edge
    seen: list[str] = []
    event.listen(edge.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    client = TestClient(app, follow_redirects=False)

    def speak(ask: Ask) -> Answer:
        client.cookies.clear()
        given = client.request(ask.method, ask.path, headers=dict(ask.headers), content=ask.body)
        return Answer(given.status_code, given.headers.get_list("Set-Cookie"), given.content)

    yield speak, seen
    edge.engine.dispose()


def statements(settings: Settings, endpoints: Sequence[Endpoint]) -> Mapping[str, int]:
    """How many statements one request of each endpoint sends; BEGIN and COMMIT not counted."""
    found: dict[str, int] = {}
    with inside(settings) as (speak, seen):
        for endpoint in endpoints:
            person = asking.sign_in(speak, endpoint.people[0])
            for _ in range(_WARMING):
                speak(endpoint.make(person))
            seen.clear()
            if speak(endpoint.make(person)).status == endpoint.status:
                found[endpoint.name] = sum(not said.startswith("BEGIN") for said in seen)
    return found

"""Somebody who asks about their data, and the officer's deeds as the tests do them."""

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.citizens.models import Citizen
from app.kernel.authors import Author
from app.privacy.models import DataRequest
from app.privacy.rules import (
    IdentityProof,
    RequestKind,
    Source,
)
from app.privacy.service import answering, asking
from app.wiring import JOBS
from app.worker import Worker
from tests.privacy.town import OFFICER, a_whole_matter, prepared
from tests.support.city import City
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PageClient

CITIZEN = Author(None, "citizen")


@pytest.fixture
def somebody(pages: PageClient, city: City) -> int:
    """A person with a whole matter behind them."""
    prepared(city)
    a_whole_matter(pages, city)
    with city.db() as session:
        return session.scalars(select(Citizen.id)).one()


def ask(city: City, citizen_id: int, kind: RequestKind, *, known: bool = True) -> int:
    with city.db.begin() as session:
        request = asking.open_request(
            session, citizen_id, kind, "请办理", source=Source.PORTAL, by=CITIZEN, now=MONDAY_9AM
        )
        if known:
            answering.identify(
                session, request.id, IdentityProof.DOCUMENT, version=1, by=OFFICER, now=MONDAY_9AM
            )
        return request.id


def version_of(city: City, request_id: int) -> int:
    with city.db() as session:
        return session.get_one(DataRequest, request_id).version


def do(city: City, deed: object, request_id: int, *words: object, by: Author = OFFICER) -> None:
    version = version_of(city, request_id)
    with city.db.begin() as session:
        deed(session, request_id, *words, version=version, by=by, now=MONDAY_9AM)  # type: ignore[operator]  # one of the service's deeds


def drain(app: FastAPI) -> None:
    Worker(app.state.edge, JOBS).drain()

"""A founded town behind the application, copied for each test; browsers in which staff sit."""

import base64
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.deps import limits_from
from app.accounts.rules import Actor, Role
from app.accounts.service import sessions
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.desk.worklist import counts
from app.kernel.db import make_engine
from app.kernel.vault import info_with
from app.settings import Settings
from app.web.security import SESSION_COOKIE
from tests.bad_input.doors import Door
from tests.portal import walking
from tests.support.city import ROOT, City, a_case, a_city
from tests.support.databases import Server
from tests.support.edges import MASTER_KEY, a_vault
from tests.support.pages import PASSWORD_HASH, PageClient

Db = sessionmaker[Session]

LAKE = "990101"
CLOSED_UNIT = 21
_UNITS = (
    (11, LAKE, "平湖区", "Lake District", UnitKind.DISTRICT, True),
    (CLOSED_UNIT, "990100", "已撤销的单位", "Closed Unit", UnitKind.BUREAU, False),
)


@dataclass(frozen=True)
class Founded:
    """Where a town lies, ready to be copied, and who works there."""

    place: str
    people: dict[Role, Actor]


def _found(url: str) -> dict[Role, Actor]:
    engine = make_engine(url)
    writing = engine.execution_options(writing=True)
    db = sessionmaker(writing, expire_on_commit=False, info=info_with(a_vault()))
    city = a_city(db, password_hash=PASSWORD_HASH)
    with db.begin() as session:
        for unit_id, region, name, name_en, kind, is_active in _UNITS:
            unit = Unit(
                id=unit_id,
                code=f"U{unit_id}",
                name=name,
                name_en=name_en,
                kind=kind,
                parent_id=ROOT,
                path=f"/{ROOT}/{unit_id}/",
                region_code=region,
                is_active=is_active,
            )
            session.add(unit)
    engine.dispose()
    return city.people


@pytest.fixture(scope="session")
def sqlite_town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Founded:
    """A file with the town in it."""
    path = tmp_path_factory.mktemp("town") / "town.db"
    shutil.copyfile(sqlite_template, path)
    return Founded(str(path), _found(f"sqlite:///{path}"))


@pytest.fixture(scope="session")
def pg_town(pg_server: Server, pg_template: str) -> Iterator[Founded]:
    """A database with the town in it."""
    with pg_server.database(template=pg_template, name="town") as url:
        yield Founded(f"{pg_server.prefix}_town", _found(url))


@pytest.fixture(params=["sqlite", "pg"])
def founded(request: pytest.FixtureRequest) -> Founded:
    """The town on each kind of database."""
    name = "sqlite_town" if request.param == "sqlite" else "pg_town"
    town: Founded = request.getfixturevalue(name)
    return town


@pytest.fixture
def database_url(request: pytest.FixtureRequest, founded: Founded, tmp_path: Path) -> Iterator[str]:
    """This test's own copy of the town."""
    if founded.place.endswith(".db"):
        path = tmp_path / "data" / "test.db"
        path.parent.mkdir()
        shutil.copyfile(founded.place, path)
        yield f"sqlite:///{path}"
    else:
        server: Server = request.getfixturevalue("pg_server")
        with server.database(template=founded.place) as url:
            yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The town's keys lie in a file, as in a real installation."""
    key_file = tmp_path / "secret.key"
    key_file.write_text(f"1:{base64.b64encode(MASTER_KEY).decode()}\n")
    key_file.chmod(0o600)
    return Settings(
        database_url=database_url,
        data_dir=tmp_path / "var",
        secret_key_file=key_file,
        worker_inside=False,
    )


@pytest.fixture
def city(founded: Founded, db: Db) -> Iterator[City]:
    """The town's people, and sessions with the application's own keys."""
    yield City(db, founded.people)
    counts.forget_all()


@dataclass(frozen=True)
class Browsers:
    """Opens browsers, with somebody signed in or nobody."""

    app: FastAPI
    city: City

    def enter(self, role: Role | None) -> PageClient:
        """A browser in which somebody with this role is signed in, or a visitor's."""
        http = TestClient(self.app, follow_redirects=False)
        if role is not None:
            limits, now = limits_from(self.app.state.settings), self.app.state.edge.now()
            with self.city.db.begin() as session:
                staff_id = self.city[role].id
                token = sessions.open_session(session, staff_id, now=now, limits=limits)
            http.cookies.set(SESSION_COOKIE, token)
        return PageClient(http)

    def at(self, door: Door) -> PageClient:
        """The browser of whoever stands at this door."""
        return self.enter(door.role)


@pytest.fixture
def browsers(app: FastAPI, city: City) -> Browsers:
    return Browsers(app, city)


@dataclass(frozen=True)
class Matters:
    """A matter nobody has touched yet, with its token and number, and a closed one."""

    token: str
    number: str
    closed: str

    def at(self, door: Door) -> Door:
        """The door of these matters."""
        return door.at(token=self.token, number=self.number, closed=self.closed)


@pytest.fixture
def matters(city: City) -> Matters:
    with city.db.begin() as session:
        new, old = a_case(session), a_case(session)
        closed = walking.token_of(session, old)
        found = Matters(walking.token_of(session, new), new.number, closed)
    walking.to_closed(city, closed)
    return found

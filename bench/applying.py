"""`python -m bench.applying`: an application from the box of the find to accepted; asserts nothing.

Every request of the walk is timed as the clerk waits for it, one walk after the other on an
application of this process, beside a transaction that writes one row; aim: two seconds (issue 5).
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlalchemy.orm import sessionmaker

from app import migrating
from app.accounts.models import Staff
from app.accounts.rules import Role
from app.accounts.service.hashing import hash_password
from app.citizens import service as citizens
from app.citizens.rules import number_of
from app.citizens.service import Person
from app.main import create_app
from app.settings import Settings
from app.web.deps import Edge
from bench import meters
from tests.service_requests.applying import MATERIALS, an_item
from tests.support.city import City, a_city
from tests.support.databases import Server, find_initdb, private_server
from tests.support.pages import PASSWORD, Files, Page, PageClient
from tests.web.papers import picture

_WALKS: Final = 12  # the first warms up and is not counted
_AIM: Final = 2.0  # seconds
_BARE: Final = 100
_SHEET: Final = (2480, 1754)  # A4 at 300 dpi, turned
_CODE: Final = "990100A001"
Step = Callable[[], Page]


def main() -> None:
    """Measure each database that is here."""
    print(meters.machine())
    with tempfile.TemporaryDirectory(prefix="bench-applying-") as folder:
        _measure("SQLite", f"sqlite:///{folder}/bench.db", Path(folder))
        if (initdb := find_initdb()) is None:
            sys.exit("PostgreSQL is not installed here: left out.")
        with (
            private_server(initdb, durable=True) as url,
            Server(url, "bench").database() as database,
        ):
            _measure("PostgreSQL", database, Path(folder))


def _measure(name: str, url: str, folder: Path) -> None:
    app = create_app(Settings(database_url=url, data_dir=folder, worker_inside=False))
    edge: Edge = app.state.edge
    migrating.upgrade(edge.engine)
    city = _founded(edge)
    walk = _Walk(PageClient(TestClient(app, follow_redirects=False)), picture("JPEG", _SHEET))
    with redirect_stdout(StringIO()):  # what the application logs of every request
        walk.clerk.sign_in(Role.CLERK.value)
        for number in range(_WALKS):
            walk.take(_known(city, number, edge))
    bare = _bare(edge)
    each = {step: median(every[1:]) for step, every in walk.times.items()}
    whole = sum(each.values())
    sign = "✓" if whole <= _AIM else "✗"
    print(
        f"\n{name}: {whole:.2f} s from the find to accepted, {whole / bare:,.0f} times a bare "
        f"write (aim {_AIM:.0f} s {sign})"
    )
    for step, seconds in each.items():
        print(f"  {step:26} {seconds * 1000:6.0f} ms")
    edge.engine.dispose()


class _Walk:
    """A clerk who takes in one application after the other; `times` are seconds by step."""

    def __init__(self, clerk: PageClient, scan: bytes) -> None:
        self.clerk = clerk
        self.times: dict[str, list[float]] = {}
        self._scan = scan

    def take(self, who: str) -> None:
        """Find, talk, item, one scan, accepted."""
        box = self.clerk.get("/citizens").form(field="q")
        known = self._timed("find", lambda: self.clerk.submit(box, q=who))
        talk = known.form(action="/desk/talks", field="citizen")
        page = self._timed("the form", lambda: self.clerk.submit(talk, press="apply"))
        ref = page.form(action="/desk/apply", field="version").values()["talk"][0]
        page = self._sent("the item", page, {"item": _CODE, "go": "show"})
        scan = {f"scan_{MATERIALS[0].key}": ("a.jpg", self._scan, "image/jpeg")}
        page = self._sent("a scan of 4 megapixels", page, {"go": "show"}, scan)
        verdicts = {f"v_{one.key}": "ok" for one in MATERIALS}
        page = self._sent("accepted, and its page", page, verdicts | {"go": "accept"})
        assert page.url.startswith("/cases/"), page.text[:400]  # noqa: S101  # else nothing is measured
        self.clerk.submit(self.clerk.get(f"/desk/talks/{ref}").form(action="/end"))

    def _timed(self, step: str, deed: Step) -> Page:
        began = perf_counter()
        page = deed()
        self.times.setdefault(step, []).append(perf_counter() - began)
        return page

    def _sent(
        self, step: str, page: Page, typed: Mapping[str, str], files: Files | None = None
    ) -> Page:
        form = page.form(action="/desk/apply", field="version")
        data = form.values() | {name: [text] for name, text in typed.items()}
        return self._timed(step, lambda: self.clerk.post(form.action, data, files=files))


def _founded(edge: Edge) -> City:
    """A town with an item that asks for three papers."""
    db = sessionmaker(edge.engine.execution_options(writing=True), expire_on_commit=False)
    city = a_city(db, now=edge.now(), password_hash=hash_password(PASSWORD), vault=edge.vault)
    with city.db.begin() as session:
        an_item(session, city, code=_CODE)
    return city


def _known(city: City, number: int, edge: Edge) -> str:
    """Somebody who comes to the counter, by number."""
    person = Person(name="夔示例", phone=f"1790000{number:04d}")
    with city.db.begin() as session:
        return number_of(citizens.register(session, person, now=edge.now()))


def _bare(edge: Edge) -> float:
    """Seconds a transaction takes that writes one row."""
    began = perf_counter()
    for _ in range(_BARE):
        with edge.writing() as session:
            session.execute(update(Staff).values(version=Staff.version))
    return (perf_counter() - began) / _BARE


if __name__ == "__main__":
    main()

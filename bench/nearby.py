"""`python -m bench.nearby [COUNT]`: what is open nearby among 100,000 or 1,000,000 reports.

Also a whole report with two photos. Rows are written in bulk beside the services, over a city of
sixty kilometres; pages are timed beside a bare endpoint of the same process. Asserts nothing.
"""

import sys
import tempfile
from contextlib import redirect_stdout
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Final

from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import migrating
from app.accounts.models import Staff
from app.cases.models import Case
from app.cases.queries.near import near_for_public
from app.facilities.models import FacilityType
from app.kernel.geo import Point
from app.main import create_app
from app.settings import Settings
from app.web.deps import Edge
from bench import bare, meters
from bench.repairs import fill
from tests.support.databases import Server, find_initdb, private_server
from tests.support.pages import Page, PageClient

_COUNT: Final = 100_000
_AIM: Final = 40
_ROUNDS: Final = 60
_BARE: Final = 300
_REPORTS: Final = 8
_WEST, _SOUTH, _SIDE = 82.7, 38.8, 0.6  # degrees: some sixty kilometres
_RADII: Final = (50, 250, 1000)
_LAMP: Final = "0120"


def main() -> None:
    """Measure each database that is here."""
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    count = numbers[0] if numbers else _COUNT
    print(meters.machine())
    with tempfile.TemporaryDirectory(prefix="bench-nearby-") as folder:
        _measure("SQLite", f"sqlite:///{folder}/bench.db", Path(folder), count)
        if (initdb := find_initdb()) is None:
            sys.exit("PostgreSQL is not installed here: left out.")
        with (
            private_server(initdb, durable=False) as url,
            Server(url, "bench").database() as database,
        ):
            _measure("PostgreSQL", database, Path(folder), count)


def _measure(name: str, url: str, folder: Path, count: int) -> None:
    settings = Settings(
        database_url=url, data_dir=folder, worker_inside=False, pow_threshold=10_000
    )
    app = create_app(settings)
    edge: Edge = app.state.edge
    migrating.upgrade(edge.engine)
    began = perf_counter()
    fill(edge, count, spot_of)
    print(f"\n{name}: {count:,} reports, one in twenty open, in {perf_counter() - began:.0f} s")
    least = _time_bare()
    for radius in _RADII:
        seconds, found = _search(edge, radius)
        print(
            f"  search within {radius:4} m       {seconds * 1000:7.2f} ms, {found:4.1f} found: "
            f"{seconds / least:5.1f} times a bare answer"
        )
    with redirect_stdout(StringIO()):  # what the application logs of every request
        page = _page(app, edge)
    mark = "✓" if page / least <= _AIM else "✗"
    print(f"  page of what is nearby    {page * 1000:7.2f} ms: {page / least:5.1f} times a bare "
          f"answer (aim {_AIM} {mark})")  # fmt: skip
    with redirect_stdout(StringIO()):
        sent, whole = _reports(app, edge)
    write = _time_write(edge)
    print(
        f"  sending a report with two photos {sent * 1000:.1f} ms: {sent / write:.1f} times a bare "
        f"write; its eight pages with both photos {whole:.2f} s"
    )
    edge.engine.dispose()


def spot_of(number: int) -> tuple[Decimal, Decimal]:
    """Where a report lies: a third of them in the middle of the city, the others all over it."""
    dice = Random(number)  # noqa: S311  # no secret, the same city each time
    if number % 3:
        x, y = dice.random(), dice.random()
    else:
        x, y = (min(max(dice.gauss(0.5, 0.05), 0), 1) for _ in range(2))
    lon, lat = _WEST + _SIDE * x, _SOUTH + _SIDE * y
    return Decimal(f"{lon:.6f}"), Decimal(f"{lat:.6f}")


def _time_bare() -> float:
    reader = TestClient(bare.app)
    taken = []
    for _ in range(_BARE):
        began = perf_counter()
        reader.get(bare.PATH).raise_for_status()
        taken.append(perf_counter() - began)
    return median(taken)


def _time_write(edge: Edge) -> float:
    taken = []
    for _ in range(_BARE // 10):
        began = perf_counter()
        with edge.writing() as session:
            session.execute(update(Staff).values(version=Staff.version))
        taken.append(perf_counter() - began)
    return median(taken)


def _lamp(session: Session) -> int:
    return session.scalars(select(FacilityType.id).where(FacilityType.code == _LAMP)).one()


def _commonest(session: Session) -> tuple[int, int]:
    """Type and category of which most is open, so that there is something to find."""
    wanted = (
        select(FacilityType.id, FacilityType.category_id)
        .join(Case, Case.category_id == FacilityType.category_id)
        .where(Case.closed_at.is_(None), Case.cell.is_not(None))
        .group_by(FacilityType.id, FacilityType.category_id)
        .order_by(func.count().desc())
    )
    found = session.execute(wanted.limit(1)).one()
    return found[0], found[1]


def _spots(session: Session, category: int) -> list[Point]:
    """Where open reports of a category lie in the thick of the city."""
    wanted = select(Case.lon, Case.lat).where(
        Case.category_id == category,
        Case.closed_at.is_(None),
        Case.lon.between(_WEST + 0.25, _WEST + 0.35),
        Case.lat.between(_SOUTH + 0.25, _SOUTH + 0.35),
    )
    found = session.execute(wanted.order_by(Case.id).limit(_ROUNDS))
    return [Point(float(lon or 0), float(lat or 0)) for lon, lat in found]


def _search(edge: Edge, radius: int) -> tuple[float, float]:
    """Seconds and hits of a search around places where something was reported."""
    taken, hits = [], []
    with edge.reading() as session:
        _, category = _commonest(session)
        for at in _spots(session, category):
            began = perf_counter()
            found = near_for_public(session, at, metres=radius, category_id=category, limit=500)
            taken.append(perf_counter() - began)
            hits.append(len(found))
    return median(taken[1:]), sum(hits) / len(hits)


def _page(app: object, edge: Edge) -> float:
    """Seconds of the page that shows what is open nearby, in the thick of the city."""
    reader = PageClient(TestClient(app, follow_redirects=False))  # type: ignore[arg-type]  # the application
    with edge.reading() as session:
        kind, category = _commonest(session)
        at = _spots(session, category)[0]
    _to_type(reader, at, kind)
    taken = []
    for _ in range(_ROUNDS):
        began = perf_counter()
        answer = reader.http.get("/report/repair/near")
        taken.append(perf_counter() - began)
        assert answer.status_code == 200, answer.headers  # noqa: S101, PLR2004  # else nothing is measured
    return median(taken[1:])


def _to_type(reader: PageClient, at: Point, kind: int) -> Page:
    reader.submit(reader.get("/report/repair/photo").form(field="photos"), press="next")
    form = reader.get("/report/repair/place").form(field="facility")
    reader.submit(form, lat=f"{at.lat:.6f}", lon=f"{at.lon:.6f}", place="样板路")
    form = reader.get("/report/repair/what?group=01").form(field="type")
    return reader.submit(form, press="next", type=str(kind))


def _reports(app: object, edge: Edge) -> tuple[float, float]:
    """Seconds of sending a report, and of all its pages with two photos of four megapixels."""
    with edge.reading() as session:
        kind = _lamp(session)
    sent, whole = [], []
    for number in range(_REPORTS):
        reader = PageClient(TestClient(app, follow_redirects=False))  # type: ignore[arg-type]  # the application
        began = perf_counter()
        form = reader.get("/report/repair/photo").form(field="photos")
        photos = [("photos", (f"{n}.jpg", _photo(n), "image/jpeg")) for n in range(2)]
        reader.http.post(form.action, data=form.values(), files=photos)
        page = _to_type(reader, Point(_WEST - 0.2 - number / 100, _SOUTH), kind)
        page = reader.submit(page.form(field="how"), how="dark", danger="none")
        page = reader.submit(page.form(field="body"))
        page = reader.submit(page.form(field="phone"), anonymous="yes")
        form = page.form(field="idempotency")
        at = perf_counter()
        answer = reader.http.post(form.action, data=form.values())
        sent.append(perf_counter() - at)
        assert "/slip" in answer.headers["location"]  # noqa: S101  # else nothing is measured
        reader.get(answer.headers["location"])
        whole.append(perf_counter() - began)
    return median(sent[1:]), median(whole[1:])


def _photo(number: int) -> bytes:
    data, dice = BytesIO(), Random(number)  # noqa: S311  # a picture, not a secret
    small = Image.frombytes("RGB", (80, 60), dice.randbytes(80 * 60 * 3))
    small.resize((2304, 1728)).save(data, "JPEG", quality=85)
    return data.getvalue()


if __name__ == "__main__":
    main()
